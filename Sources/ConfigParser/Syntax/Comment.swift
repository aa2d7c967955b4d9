/// Comments: from `!` or `#` outside of double quotes to the end of the line.
enum Comment {
  /// A line without its comment.
  struct Stripped {
    /// Where the content ends in the line.
    var end: Int
    /// The content when it had to be rewritten, else empty.
    var bytes: [UInt8]
    /// Whether an escaped comment sign was found.
    var isRewritten: Bool
  }

  /// The line without its comment. `\#` and `\!` are plain characters; a word with one is put in quotes, where the
  /// sign needs no escape.
  static func strip(_ bytes: [UInt8], _ line: Range<Int>) -> Stripped {
    var isQuoted = false
    var hasEscape = false
    var index = line.lowerBound
    scan: while index < line.upperBound {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        isQuoted.toggle()
      case UInt8(ascii: "!"), UInt8(ascii: "#"):
        if !isQuoted { break scan }
      case UInt8(ascii: "\\"):
        let next = index + 1
        if !isQuoted, next < line.upperBound, bytes[next] == UInt8(ascii: "!") || bytes[next] == UInt8(ascii: "#") {
          hasEscape = true
          index = next
        }
      default: break
      }
      index += 1
    }
    guard hasEscape else { return Stripped(end: index, bytes: [], isRewritten: false) }
    return Stripped(end: index, bytes: rewrite(bytes[line.lowerBound..<index]), isRewritten: true)
  }

  /// Whether a line of a definition asks for another one: by a backslash where its content ends, or as the very last
  /// character of its comment. keepalived joins lines before it looks for comments.
  static func asksForAnotherLine(_ bytes: [UInt8], _ line: Range<Int>) -> Bool {
    let content = strip(bytes, line).end
    var last = content
    while last > line.lowerBound, bytes[last - 1].isBlank { last -= 1 }
    if last > line.lowerBound, bytes[last - 1] == UInt8(ascii: "\\") { return true }
    return endsInBackslash(bytes, content..<line.upperBound)
  }

  /// Whether a comment ends in a backslash, which no blank may follow.
  static func endsInBackslash(_ bytes: [UInt8], _ comment: Range<Int>) -> Bool {
    var end = comment.upperBound
    while end > comment.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return end > comment.lowerBound && bytes[end - 1] == UInt8(ascii: "\\")
  }

  private static func rewrite(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var word: [UInt8] = []
    var hasEscape = false
    var isQuoted = false
    var index = line.startIndex
    func finish(_ result: inout [UInt8]) {
      if hasEscape { result.append(UInt8(ascii: "\"")) }
      result += word
      if hasEscape { result.append(UInt8(ascii: "\"")) }
      word = []
      hasEscape = false
    }
    while index < line.endIndex {
      let byte = line[index]
      let next = line.index(after: index)
      if isQuoted || byte == UInt8(ascii: "\"") || byte.isBlank || byte == UInt8(ascii: "{")
        || byte == UInt8(ascii: "}")
      {
        finish(&result)
        if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
        result.append(byte)
      } else if byte == UInt8(ascii: "\\"), next < line.endIndex,
        line[next] == UInt8(ascii: "!") || line[next] == UInt8(ascii: "#")
      {
        hasEscape = true
        word.append(line[next])
        index = next
      } else {
        word.append(byte)
      }
      index = line.index(after: index)
    }
    finish(&result)
    return result
  }
}
