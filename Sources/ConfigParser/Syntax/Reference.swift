/// `$NAME` or `${NAME …}` in a line.
struct Reference {
  /// The name and, in braces, its arguments.
  var words: [String]
  /// One past the reference.
  var end: Int
  var isBraced: Bool
}

extension Preprocessor {
  /// The reference that starts at the `$` at `start`.
  func reference(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Reference? {
    let next = start + 1
    guard next < end else { return nil }
    if bytes[next] == UInt8(ascii: "{") {
      guard let close = bytes[next..<end].firstIndex(of: UInt8(ascii: "}")) else { return nil }
      let words = bytes[(next + 1)..<close].split { $0.isBlank }
      guard let name = words.first, Definition.name(bytes, name.startIndex, name.endIndex) == name.endIndex else {
        return nil
      }
      return Reference(words: words.map { String(decoding: $0, as: UTF8.self) }, end: close + 1, isBraced: true)
    }
    let nameEnd = Definition.name(bytes, next, end)
    guard nameEnd > next else { return nil }
    return Reference(
      words: [String(decoding: bytes[next..<nameEnd], as: UTF8.self)], end: nameEnd, isBraced: false)
  }

  /// The lines to put in its place; `nil` to leave it as it is. `isLast`: nothing follows on its line.
  mutating func replacement(for reference: Reference, at range: SourceRange, isLast: Bool) -> [[UInt8]]? {
    let name = reference.words[0]
    if let definition = definitions[name], reference.words.count == 1 {
      guard reference.isBraced || endsReference(range) else {
        diagnostics.append(.unbracedReference(name, range))
        return nil
      }
      guard definition.lines.count <= 1 || isLast else {
        diagnostics.append(
          Diagnostic(
            .misusedDefinition, "'\(name)' has several lines; nothing may follow it on a line", at: range,
            notes: [Diagnostic.Note("it is defined here", at: definition.range)]))
        return nil
      }
      return definition.lines
    }
    if reference.isBraced, let text = builtin(reference.words, at: range) { return [Array(text.utf8)] }
    return nil
  }

  /// `$NAME` counts only before a blank, a comma, a closing parenthesis or the end of the line.
  private func endsReference(_ range: SourceRange) -> Bool {
    let bytes = sources.texts[Int(range.source)].bytes
    let end = Int(range.upperBound)
    guard end < bytes.count else { return true }
    return bytes[end].isBlank || bytes[end] == UInt8(ascii: ",") || bytes[end] == UInt8(ascii: ")")
  }

  /// The definitions that are always there.
  private mutating func builtin(_ words: [String], at range: SourceRange) -> String? {
    switch (words[0], words.count) {
    case ("_PWD", 1): return directory()
    case ("_INSTANCE", 1): return configID
    case ("_HASH", 1): return "#"
    case ("_BANG", 1): return "!"
    case ("_ENV", 2): return provider.environment(words[1]) ?? ""
    case ("_RANDOM", 1...3): return random(words, at: range)
    default: return nil
    }
  }

  /// The directory of the file being read, absolute when that can be told: what it stands in may be resolved again.
  private func directory() -> String {
    let directory = Include.directory(of: including.last ?? "")
    guard !directory.hasPrefix("/"), let base = provider.environment("PWD"), base.hasPrefix("/") else {
      return directory
    }
    return directory == "." ? base : base + "/" + directory
  }

  /// `${_RANDOM [MIN [MAX]]}`, 0 to 32767 without them.
  private mutating func random(_ words: [String], at range: SourceRange) -> String? {
    var bounds: [UInt32] = []
    for word in words.dropFirst() {
      guard word.utf8.allSatisfy({ $0.isDigit }), let bound = UInt32(word) else {
        diagnostics.append(Diagnostic(.invalidNumber, "'\(word)' is no bound of a random number", at: range))
        return nil
      }
      bounds.append(bound)
    }
    let low = bounds.first ?? 0
    let high = bounds.count > 1 ? bounds[1] : 32_767
    guard low <= high else {
      diagnostics.append(Diagnostic(.outOfRange, "\(low) is above \(high); the number is \(low)", at: range))
      return "\(low)"
    }
    return "\(UInt64(low) + provider.random(below: UInt64(high) - UInt64(low) + 1))"
  }

  /// Says which references of a line that is done stay as they are. In quotes they may belong to a script.
  mutating func reportUndefined(_ bytes: [UInt8], _ range: SourceRange) {
    var isQuoted = false
    var index = Int(range.lowerBound)
    let end = Int(range.upperBound)
    while index < end {
      if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if bytes[index] == UInt8(ascii: "#") || bytes[index] == UInt8(ascii: "!"), !isQuoted { return }
      guard bytes[index] == UInt8(ascii: "$"), let reference = reference(bytes, index, end) else {
        index += 1
        continue
      }
      let name = reference.words[0]
      let near = nearest(to: Array(name.utf8), among: definitions.keys.sorted())
      let place = SourceRange(source: range.source, index, reference.end)
      if definitions[name] == nil, near != nil || (reference.isBraced && !isQuoted), !diagnostics.isFull {
        diagnostics.append(.undefinedDefinition(name, at: place, near: near))
      }
      index = reference.end
    }
  }
}
