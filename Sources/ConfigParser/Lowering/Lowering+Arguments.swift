import NetPrimitives

extension Lowering {
  /// The value of a statement's arguments by its row; `nil` when they are wrong, with the reason reported.
  mutating func checked(_ statement: Statement, _ keyword: KeywordIndex) -> Value? {
    let arguments = arguments(statement)
    guard let first = arguments.first else { return valueWithoutArguments(statement, keyword) }
    let kind = Schema.argument(of: keyword)
    if let taken = kind.wordCount, arguments.count > taken {
      reportExtra(arguments.dropFirst(taken), Schema[keyword], statement)
    }
    let word = tree.words[first]
    switch kind {
    case .none, .optionalWords, .words, .script, .optionalScript, .user, .fifo, .forwarding, .virtualServer, .endpoint:
      return Value.none
    case .boolean:
      return boolean(word)
    case .integer(let range), .optionalInteger(let range):
      return integer(word, range, for: Schema.name(of: keyword)).map { .integer($0) }
    case .seconds(let range, let places):
      return decimal(word, scale: 9, places: places, range, for: Schema.name(of: keyword)).map { .nanoseconds($0) }
    case .milliseconds(let range):
      let nanoseconds = range.lowerBound * 1_000_000...range.upperBound * 1_000_000
      return decimal(word, scale: 6, places: 3, nanoseconds, for: Schema.name(of: keyword)).map { .nanoseconds($0) }
    case .weight(let range):
      return weight(arguments, range, for: Schema.name(of: keyword))
    case .name, .text, .optionalText, .path:
      return .word(word)
    case .interface:
      return interfaceName(word) ? .word(word) : nil
    case .address(let family):
      return address(word, family).map { .address($0) }
    case .choice(let choices):
      return choice(word, choices, ignoringCase: false, for: Schema.name(of: keyword))
    case .anyCaseChoice(let choices):
      return choice(word, choices, ignoringCase: true, for: Schema.name(of: keyword))
    }
  }

  /// Words nothing reads: a comment without its sign, or a second keyword on the line.
  private mutating func reportExtra(_ words: Range<Int>, _ row: Keyword, _ statement: Statement) {
    guard let first = words.first else { return }
    var range = tree.words[first].range
    range.upperBound = max(range.upperBound, statement.line.upperBound)
    if Diagnostic.looksLikeComment(bytes(tree.words[first])) {
      diagnostics.append(.commentWithoutHash(at: range))
      return
    }
    let isKeyword = Schema.find(bytes(tree.words[first]), in: statement.context) != nil
    let isSwitch = row.argument.wordCount == 0 && row.block == nil
    report(
      .extraArgument,
      isSwitch
        ? "'\(row.name)' takes no value: the line switches it on, whatever follows"
        : "'\(sources.text(of: range))' after '\(row.name)' is ignored", at: range,
      notes: isKeyword ? [Diagnostic.Note("each keyword stands on a line of its own")] : [])
  }

  private mutating func valueWithoutArguments(_ statement: Statement, _ keyword: KeywordIndex) -> Value? {
    switch Schema.argument(of: keyword) {
    case .none, .optionalText, .optionalScript, .optionalWords: return Value.none
    case .boolean: return .boolean(true)
    case .optionalInteger: return .integer(nil)
    case .integer, .seconds, .milliseconds, .weight, .name, .text, .path, .interface, .address, .endpoint, .choice,
      .anyCaseChoice, .script, .user, .fifo, .forwarding, .virtualServer, .words:
      report(.missingArgument, "'\(Schema.name(of: keyword))' needs a value", at: statement.line)
      return nil
    }
  }

  // MARK: Numbers

  /// A whole number in decimal.
  mutating func integer(_ word: Word, _ range: ClosedRange<Int64>, for name: String) -> Int64? {
    let bytes = bytes(word)
    var index = bytes.startIndex
    while index < bytes.endIndex, bytes[index].isBlank { index += 1 }
    let isNegative = index < bytes.endIndex && bytes[index] == UInt8(ascii: "-")
    if isNegative || (index < bytes.endIndex && bytes[index] == UInt8(ascii: "+")) { index += 1 }
    let digits = index
    var value: Int64 = 0
    while index < bytes.endIndex, bytes[index].isDigit {
      // Larger than any limit; going on cannot make it right.
      if value < 1 << 56 { value = value * 10 + Int64(bytes[index] - UInt8(ascii: "0")) }
      index += 1
    }
    guard index > digits else {
      report(.invalidNumber, "'\(text(word))' is no number; '\(name)' takes \(range.phrase)", at: word.range)
      return nil
    }
    if index < bytes.endIndex { reportTrailing(word, digits: index - bytes.startIndex, name) }
    if isNegative { value = -value }
    guard range.contains(value) else {
      report(.outOfRange, "\(text(word)) is out of range; '\(name)' takes \(range.phrase)", at: word.range)
      return nil
    }
    return value
  }

  /// A number with decimals as an integer of `10^-scale`; more than `places` decimals are rounded with a warning.
  mutating func decimal(
    _ word: Word, scale: Int, places: Int, _ range: ClosedRange<UInt64>, for name: String
  ) -> UInt64? {
    let bytes = bytes(word)
    var number = DecimalReader(scale: scale, places: places)
    var index = bytes.startIndex
    while index < bytes.endIndex, bytes[index].isBlank { index += 1 }
    if index < bytes.endIndex, bytes[index] == UInt8(ascii: "+") { index += 1 }
    while index < bytes.endIndex, number.take(bytes[index]) { index += 1 }
    guard let value = number.value else {
      report(.invalidNumber, "'\(text(word))' is no number; '\(name)' takes seconds such as 1 or 0.5", at: word.range)
      return nil
    }
    if index < bytes.endIndex { reportTrailing(word, digits: index - bytes.startIndex, name) }
    guard range.contains(value) else {
      let low = decimalText(range.lowerBound, scale: scale)
      let high = decimalText(range.upperBound, scale: scale)
      report(.outOfRange, "\(text(word)) is out of range; '\(name)' takes \(low) to \(high)", at: word.range)
      return nil
    }
    if number.isRounded {
      report(
        .roundedValue, "'\(name)' has \(places) decimals; \(text(word)) becomes \(decimalText(value, scale: scale))",
        at: word.range)
    }
    return value
  }

  /// keepalived takes such a number when it runs and refuses it under `-t`; a daemon must not read a third thing.
  private mutating func reportTrailing(_ word: Word, digits: Int, _ name: String) {
    let lower = Int(word.range.lowerBound)
    let number = SourceRange(source: word.range.source, lower, lower + digits)
    let rest = SourceRange(source: word.range.source, lower + digits, Int(word.range.upperBound))
    report(
      .trailingText, "'\(sources.text(of: rest))' is ignored: '\(name)' is \(sources.text(of: number))", at: rest,
      fixIts: [Diagnostic.FixIt("remove it", at: rest, replacement: "")])
  }

  mutating func weight(_ words: Range<Int>, _ range: ClosedRange<Int64>, for name: String) -> Value? {
    guard let first = words.first, let value = integer(tree.words[first], range, for: name) else { return nil }
    var isReversed = false
    for index in words.dropFirst() {
      if isWord(index, "reverse") {
        isReversed = true
      } else if !isWord(index, "noreverse") {
        report(
          .unknownValue, "'\(text(tree.words[index]))' is not 'reverse' or 'noreverse'", at: tree.words[index].range)
      }
    }
    return .weight(Value.Weight(value: value, isReversed: isReversed))
  }

  // MARK: Words of other kinds

  mutating func boolean(_ word: Word) -> Value? {
    for text in ["on", "true", "yes"] where text.utf8.elementsEqual(bytes(word)) { return .boolean(true) }
    for text in ["off", "false", "no"] where text.utf8.elementsEqual(bytes(word)) { return .boolean(false) }
    report(.invalidBoolean, "'\(text(word))' is none of on, true, yes, off, false, no", at: word.range)
    return nil
  }

  mutating func choice(_ word: Word, _ choices: [String], ignoringCase: Bool, for name: String) -> Value? {
    let bytes = bytes(word)
    for (index, choice) in choices.enumerated() {
      if choice.utf8.elementsEqual(bytes) { return .choice(index) }
      if ignoringCase, choice.utf8.elementsEqual(bytes, by: { $0.lowercased == $1.lowercased }) {
        return .choice(index)
      }
    }
    var fixIts: [Diagnostic.FixIt] = []
    let sameButCase = choices.first { $0.utf8.elementsEqual(bytes, by: { $0.lowercased == $1.lowercased }) }
    if let near = sameButCase ?? nearest(to: bytes, among: choices) {
      fixIts = [Diagnostic.FixIt("did you mean '\(near)'?", at: word.range, replacement: near)]
    }
    report(
      .unknownValue, "'\(text(word))' is no value of '\(name)'; it takes \(choices.joined(separator: ", "))",
      at: word.range, fixIts: fixIts)
    return nil
  }

  /// An interface's name as the kernel allows it.
  mutating func interfaceName(_ word: Word) -> Bool {
    let bytes = bytes(word)
    guard (1...15).contains(bytes.count), !bytes.contains(UInt8(ascii: "/")) else {
      report(.unknownValue, "'\(text(word))' cannot name an interface: 1 to 15 bytes without '/'", at: word.range)
      return false
    }
    return true
  }

  mutating func address(_ word: Word, _ family: AddressFamily?) -> IPAddress? {
    guard let address = IPAddress(utf8: bytes(word)) ?? addressWithoutLength(word) else {
      report(.invalidAddress, "'\(text(word))' is no IP address", at: word.range)
      return nil
    }
    if let family, family != address.family {
      report(.invalidAddress, "'\(text(word))' must be an \(family.name) address", at: word.range)
      return nil
    }
    return address
  }
}

extension Lowering {
  /// The address of `ADDRESS/LENGTH`, which keepalived takes where only an address is meant.
  private mutating func addressWithoutLength(_ word: Word) -> IPAddress? {
    guard let prefix = IPPrefix(utf8: bytes(word)) else { return nil }
    report(
      .ignoredPrefixLength, "a prefix length means nothing here", at: word.range,
      fixIts: [
        Diagnostic.FixIt("write '\(prefix.address)'", at: word.range, replacement: prefix.address.description)
      ])
    return prefix.address
  }
}

extension ClosedRange<Int64> {
  /// `1 to 255`.
  var phrase: String { "\(lowerBound) to \(upperBound)" }
}

extension AddressFamily {
  /// `IPv4` or `IPv6`.
  var name: String {
    switch self {
    case .ipv4: "IPv4"
    case .ipv6: "IPv6"
    }
  }
}
