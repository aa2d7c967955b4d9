/// `$NAME=value`: text to be put in the place of `$NAME` and `${NAME}`.
struct Definition: Sendable {
  /// One line, or those of a definition whose lines end in a backslash.
  var lines: [[UInt8]]
  /// Where it is written.
  var range: SourceRange

  /// Whether the line begins with `$NAME=`.
  static func isStart(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    guard bytes[line].first == UInt8(ascii: "$") else { return false }
    let end = name(bytes, line.lowerBound + 1, line.upperBound)
    return end > line.lowerBound + 1 && end < line.upperBound && bytes[end] == UInt8(ascii: "=")
  }

  /// Whether the line begins with `$NAME=`, or may say so behind a condition or a sequence: a backslash at its end asks
  /// for another line.
  static func mayContinue(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    guard let first = bytes[line].first, bytes[line].contains(UInt8(ascii: "=")) else { return false }
    return first == UInt8(ascii: "@") || first == UInt8(ascii: "~") || isStart(bytes, line)
  }

  /// Where the name that starts at `start` ends; `start` itself when there is none.
  static func name(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    guard start < end, bytes[start].isNameStart else { return start }
    var index = start + 1
    while index < end, bytes[index].isNameStart || bytes[index].isDigit { index += 1 }
    return index
  }
}

/// A definition whose last line has not been seen.
struct Collecting: Sendable {
  var name: String
  var definition: Definition
}

extension UInt8 {
  /// A letter or an underscore.
  var isNameStart: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowercased) || self == UInt8(ascii: "_")
  }

  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  /// ASCII letters in lower case.
  var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}

extension Preprocessor {
  /// `$NAME=VALUE`.
  mutating func define(_ bytes: [UInt8], _ range: SourceRange) {
    let nameStart = Int(range.lowerBound) + 1
    let nameEnd = Definition.name(bytes, nameStart, Int(range.upperBound))
    let name = String(decoding: bytes[nameStart..<nameEnd], as: UTF8.self)
    let value = trim(bytes, nameEnd + 1, Int(range.upperBound))
    let definition = Definition(lines: [], range: range)
    collecting = Collecting(name: name, definition: definition)
    add(bytes[value], commentContinues: commentContinues)
  }

  /// A further line of a definition.
  mutating func collect(_ bytes: [UInt8], _ range: SourceRange) {
    let content = Comment.strip(bytes, range.offsets)
    let continues = Comment.endsInBackslash(bytes, content.end..<Int(range.upperBound))
    if content.isRewritten {
      add(content.bytes[trim(content.bytes, 0, content.bytes.count)], commentContinues: continues)
    } else {
      add(bytes[trim(bytes, Int(range.lowerBound), content.end)], commentContinues: continues)
    }
  }

  /// Takes one line; a backslash at its end, or at that of its comment, asks for another.
  private mutating func add(_ line: ArraySlice<UInt8>, commentContinues: Bool) {
    let continues = line.last == UInt8(ascii: "\\")
    guard continues || commentContinues else {
      if !line.isEmpty || collecting?.definition.lines.isEmpty == true {
        collecting?.definition.lines.append(Array(line))
      }
      finishCollecting()
      return
    }
    let count = (collecting?.definition.lines.reduce(0) { $0 + $1.count } ?? 0) + line.count
    guard count <= limits.lineBytes else {
      if let range = collecting?.definition.range {
        diagnostics.append(.limit("the text of a definition", limits.lineBytes, "bytes", at: range))
      }
      collecting = nil
      return
    }
    var kept = continues ? line.dropLast() : line
    while let last = kept.last, last.isBlank { kept = kept.dropLast() }
    collecting?.definition.lines.append(Array(kept))
  }

  mutating func finishCollecting() {
    guard let done = collecting else { return }
    definitions[done.name] = done.definition
    collecting = nil
  }

  /// The stretch without blanks around it.
  func trim(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Range<Int> {
    var start = start
    var end = end
    while start < end, bytes[start].isBlank { start += 1 }
    while end > start, bytes[end - 1].isBlank { end -= 1 }
    return start..<end
  }
}
