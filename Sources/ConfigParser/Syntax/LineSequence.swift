/// `~SEQ(…)`, `~SEQx(…)` and `~LST(…)`: the rest of the line once for each value.
struct LineSequence {
  /// How the values are told.
  enum Kind: Hashable { case decimal, hexadecimal, list }

  var kind: Kind
  /// What stands in the parentheses.
  var arguments: Range<Int>
  /// The line to repeat.
  var rest: Range<Int>

  static func isStart(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    parse(bytes, line) != nil
  }

  static func parse(_ bytes: [UInt8], _ line: Range<Int>) -> LineSequence? {
    let text = bytes[line]
    let kind: Kind
    let open: Int
    if text.starts(with: "~SEQ(".utf8) {
      (kind, open) = (.decimal, line.lowerBound + 4)
    } else if text.starts(with: "~SEQx(".utf8) {
      (kind, open) = (.hexadecimal, line.lowerBound + 5)
    } else if text.starts(with: "~LST(".utf8) {
      (kind, open) = (.list, line.lowerBound + 4)
    } else {
      return nil
    }
    guard let close = text[open...].firstIndex(of: UInt8(ascii: ")")) else { return nil }
    return LineSequence(kind: kind, arguments: (open + 1)..<close, rest: (close + 1)..<line.upperBound)
  }

  /// The items between commas, without blanks around them; braces hold items together.
  static func items(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var result: [ArraySlice<UInt8>] = []
    var start = text.startIndex
    var depth = 0
    for index in text.indices {
      switch text[index] {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ",") where depth <= 0:
        result.append(trimmed(text[start..<index]))
        start = index + 1
      default: break
      }
    }
    result.append(trimmed(text[start...]))
    return result
  }

  /// What stands between braces, or the item itself.
  static func members(_ item: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    guard item.first == UInt8(ascii: "{"), item.last == UInt8(ascii: "}") else { return [item] }
    return items(item.dropFirst().dropLast())
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, first.isBlank { text = text.dropFirst() }
    while let last = text.last, last.isBlank { text = text.dropLast() }
    return text
  }

  /// A number as C writes them: decimal, `0x` hexadecimal, `0` octal.
  static func number(_ text: ArraySlice<UInt8>) -> Int64? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative ? text.dropFirst() : text
    guard let first = digits.first, first.isDigit else { return nil }
    let string = String(decoding: digits, as: UTF8.self)
    let value: Int64? =
      if string.hasPrefix("0x") || string.hasPrefix("0X") {
        Int64(string.dropFirst(2), radix: 16)
      } else if string.utf8.count > 1, first == UInt8(ascii: "0") {
        Int64(string, radix: 8)
      } else {
        Int64(string)
      }
    return value.map { isNegative ? -$0 : $0 }
  }
}

extension Preprocessor {
  /// Repeats the rest of a line.
  mutating func sequence(_ bytes: [UInt8], _ range: SourceRange) {
    guard let sequence = LineSequence.parse(bytes, range.offsets) else { return }
    let written = SourceRange(source: range.source, sequence.arguments.lowerBound, sequence.arguments.upperBound)
    // The arguments may be definitions themselves.
    let arguments = expandedArguments(bytes, written)
    let items = LineSequence.items(arguments[...])
    guard let first = items.first, !isExhausted else { return }
    guard depth < limits.expansionDepth else {
      diagnostics.append(.limit("repeating lines", limits.expansionDepth, "repetitions inside one another", at: range))
      return
    }
    depth += 1
    defer { depth -= 1 }
    let rest = SourceRange(source: range.source, sequence.rest.lowerBound, sequence.rest.upperBound)
    switch sequence.kind {
    case .decimal, .hexadecimal:
      count(Array(items), first, isHexadecimal: sequence.kind == .hexadecimal, bytes, rest, at: written)
    case .list:
      list(items.dropFirst(), first, bytes, rest, at: written)
    }
  }

  private mutating func expandedArguments(_ bytes: [UInt8], _ range: SourceRange) -> [UInt8] {
    var result = Array(bytes[range.offsets])
    for _ in 0..<limits.expansionDepth {
      var next: [UInt8] = []
      var isChanged = false
      var index = 0
      while index < result.count {
        if result[index] == UInt8(ascii: "$"), let reference = reference(result, index, result.count),
          let definition = definitions[reference.words[0]], definition.lines.count <= 1
        {
          next += definition.lines.first ?? []
          isChanged = true
          index = reference.end
        } else {
          next.append(result[index])
          index += 1
        }
      }
      guard isChanged, next.count <= limits.lineBytes else { break }
      result = next
    }
    return result
  }

  private mutating func count(
    _ items: [ArraySlice<UInt8>], _ name: ArraySlice<UInt8>, isHexadecimal: Bool, _ bytes: [UInt8],
    _ rest: SourceRange, at range: SourceRange
  ) {
    let numbers = items.dropFirst().compactMap { LineSequence.number($0) }
    guard isVariable(name), numbers.count == items.count - 1, (1...3).contains(numbers.count) else {
      diagnostics.append(
        Diagnostic(.invalidSequence, "a sequence is '~SEQ(NAME, [START, [STEP,]] END)' with whole numbers", at: range))
      return
    }
    let end = numbers[numbers.count - 1]
    // Alone, the end decides where to start from: 1, 2 … END, or -1, -2 … END, or 1, 0.
    let start = numbers.count > 1 ? numbers[0] : end < 0 ? -1 : 1
    let step = numbers.count > 2 ? numbers[1] : start <= end ? 1 : -1
    guard step != 0, step > 0 ? start <= end : start >= end else {
      diagnostics.append(
        Diagnostic(.invalidSequence, "steps of \(step) never lead from \(start) to \(end)", at: range))
      return
    }
    guard !isHexadecimal || min(start, end) >= 0 else {
      diagnostics.append(Diagnostic(.invalidSequence, "'~SEQx' has no negative numbers", at: range))
      return
    }
    let variable = String(decoding: name, as: UTF8.self)
    let outer = definitions[variable]
    var value = start
    while step > 0 ? value <= end : value >= end, spend(0, at: rest) {
      let text = String(value, radix: isHexadecimal ? 16 : 10)
      definitions[variable] = Definition(lines: [Array(text.utf8)], range: range)
      line(bytes, rest, mayHoldReferences: true)
      let (next, overflow) = value.addingReportingOverflow(step)
      if overflow { break }
      value = next
    }
    definitions[variable] = outer
  }

  private mutating func list(
    _ values: ArraySlice<ArraySlice<UInt8>>, _ name: ArraySlice<UInt8>, _ bytes: [UInt8], _ rest: SourceRange,
    at range: SourceRange
  ) {
    let names = LineSequence.members(name)
    guard names.allSatisfy({ isVariable($0) }) else {
      diagnostics.append(
        Diagnostic(
          .invalidSequence, "a list is '~LST(NAME, VALUE …)' or '~LST({NAME, …}, {VALUE, …} …)'", at: range))
      return
    }
    let variables = names.map { String(decoding: $0, as: UTF8.self) }
    let outer = variables.map { definitions[$0] }
    for value in values where spend(0, at: rest) {
      let members = name.first == UInt8(ascii: "{") ? LineSequence.members(value) : [value]
      guard members.count <= variables.count else {
        diagnostics.append(
          Diagnostic(
            .invalidSequence, "\(members.count) values for \(variables.count) names", at: range))
        continue
      }
      for (index, variable) in variables.enumerated() {
        let text = index < members.count ? Array(members[index]) : []
        definitions[variable] = Definition(lines: [text], range: range)
      }
      line(bytes, rest, mayHoldReferences: true)
    }
    for (variable, definition) in zip(variables, outer) { definitions[variable] = definition }
  }

  private func isVariable(_ name: ArraySlice<UInt8>) -> Bool {
    !name.isEmpty && Definition.name(Array(name), 0, name.count) == name.count
  }
}
