/// Characters that look like a blank or like nothing, and are part of a word all the same.
struct InvisibleCharacter: Hashable, Sendable {
  /// What Unicode calls it.
  let name: String
  /// Where it begins.
  let offset: Int
  /// Its bytes.
  let count: Int

  static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  private static let known: [(bytes: [UInt8], name: String)] = [
    ([0xc2, 0xa0], "no-break space"), ([0xc2, 0xad], "soft hyphen"), ([0xe3, 0x80, 0x80], "ideographic space"),
    ([0xe2, 0x80, 0x8b], "zero-width space"), ([0xe2, 0x80, 0x8c], "zero-width non-joiner"),
    ([0xe2, 0x80, 0x8d], "zero-width joiner"), ([0xe2, 0x80, 0x8e], "left-to-right mark"),
    ([0xe2, 0x80, 0x8f], "right-to-left mark"), ([0xe2, 0x80, 0xaf], "narrow no-break space"),
    ([0xe2, 0x81, 0xa0], "word joiner"), ([0xef, 0xbb, 0xbf], "byte order mark"), ([0xe2, 0x80, 0x82], "en space"),
    ([0xe2, 0x80, 0x83], "em space"), ([0xe2, 0x80, 0x89], "thin space"), ([0xe2, 0x80, 0xa8], "line separator"),
  ]

  /// Those outside of double quotes in a stretch of a line.
  static func find(in bytes: [UInt8], _ range: Range<Int>) -> [InvisibleCharacter] {
    var result: [InvisibleCharacter] = []
    var isQuoted = false
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
      let match =
        isQuoted || bytes[index] < 0x80
        ? nil : known.first { bytes[index..<range.upperBound].starts(with: $0.bytes) }
      if let match {
        result.append(InvisibleCharacter(name: match.name, offset: index, count: match.bytes.count))
        index += match.bytes.count
      } else {
        index += 1
      }
    }
    return result
  }
}
