/// The words of a script line, which is read by its own rules: both kinds of quotes, backslashes, no comment signs.
enum CommandLineWords {
  /// Splits at blanks outside of quotes. Quotes go, parts that touch are one word, and a backslash keeps the next
  /// character from ending a quote; both stay.
  static func split(_ text: ArraySlice<UInt8>) -> [[UInt8]] { split(text, unescaping: false) }

  /// Splits the command word itself into the argument vector: the same, with escapes replaced.
  static func arguments(_ command: [UInt8]) -> [String] {
    split(command[...], unescaping: true).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A word with its escapes replaced and nothing split: a regular expression, whose blanks and quotes are its own.
  static func unescaped(_ word: [UInt8]) -> String {
    var result: [UInt8] = []
    var index = 0
    while index < word.count {
      if word[index] == UInt8(ascii: "\\"), index + 1 < word.count {
        index += 1
        result.append(escape(word[...], &index))
      } else {
        result.append(word[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func split(_ text: ArraySlice<UInt8>, unescaping: Bool) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    var isInWord = false
    var quote: UInt8?
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      index += 1
      if byte == UInt8(ascii: "\\"), index < text.endIndex {
        isInWord = true
        if unescaping {
          word.append(escape(text, &index))
        } else {
          word += [byte, text[index]]
          index += 1
        }
      } else if byte == quote {
        quote = nil
      } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
        isInWord = true
      } else if quote == nil, byte.isBlank {
        if isInWord { words.append(word) }
        word = []
        isInWord = false
      } else {
        word.append(byte)
        isInWord = true
      }
    }
    if isInWord { words.append(word) }
    return words
  }

  /// The character a backslash sequence stands for; `index` is just behind the backslash.
  private static func escape(_ text: ArraySlice<UInt8>, _ index: inout Int) -> UInt8 {
    let byte = text[index]
    index += 1
    switch byte {
    case UInt8(ascii: "a"): return 0x07
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "E"): return 0x1b
    case UInt8(ascii: "f"): return 0x0c
    case UInt8(ascii: "n"): return 0x0a
    case UInt8(ascii: "r"): return 0x0d
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "v"): return 0x0b
    case UInt8(ascii: "c") where index < text.endIndex:
      index += 1
      return text[index - 1] & 0x1f
    case UInt8(ascii: "x"):
      return digits(text, &index, radix: 16, most: 2) ?? byte
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      index -= 1
      return digits(text, &index, radix: 8, most: 3) ?? byte
    default: return byte
    }
  }

  private static func digits(_ text: ArraySlice<UInt8>, _ index: inout Int, radix: UInt16, most: Int) -> UInt8? {
    var value: UInt16 = 0
    var count = 0
    while count < most, index < text.endIndex, let digit = text[index].hexadecimalDigit, UInt16(digit) < radix {
      value = value * radix + UInt16(digit)
      index += 1
      count += 1
    }
    return count > 0 ? UInt8(truncatingIfNeeded: value) : nil
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var hexadecimalDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
