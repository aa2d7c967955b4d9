/// The Huffman code of RFC 7541 Appendix B.
///
/// The code is canonical: codes of one length are consecutive, in the order of their symbols. So the lengths say it
/// all, and decoding needs a few numbers per length instead of a tree.
enum HPACKHuffman {
  /// The length of the code of each symbol in bits; the last one is the end of string.
  private static let lengths: [UInt8] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
    5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
    15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7,
    7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
    24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21,
    23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
    26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24,
    21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
    26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
  ]

  private static let longest = 30

  /// The symbols, by length of code and then by value: the order of their codes.
  private static let symbols: [UInt16] = {
    var sorted: [UInt16] = []
    for length in 1...UInt8(longest) {
      for symbol in lengths.indices where lengths[symbol] == length { sorted.append(UInt16(symbol)) }
    }
    return sorted
  }()

  /// For each length the code of its first symbol and how many it has.
  private static let levels: [(first: UInt32, count: UInt32)] = {
    var levels: [(first: UInt32, count: UInt32)] = [(0, 0)]
    var code: UInt32 = 0
    for length in 1...UInt8(longest) {
      code <<= 1
      let count = UInt32(lengths.count { $0 == length })
      levels.append((code, count))
      code += count
    }
    return levels
  }()

  /// Decodes `bytes`; `nil` when they are not padded with the start of the end of string, hold it whole, or come to
  /// more than `limit` bytes (RFC 7541 §5.2).
  static func decode(_ bytes: ArraySlice<UInt8>, limit: Int) -> [UInt8]? {
    var decoded: [UInt8] = []
    var code: UInt32 = 0
    var length = 0
    var index = 0
    for byte in bytes {
      for shift in stride(from: 7, through: 0, by: -1) {
        code = code << 1 | UInt32(byte >> UInt8(shift) & 1)
        length += 1
        let level = levels[length]
        if code < level.first + level.count {
          let symbol = symbols[index + Int(code - level.first)]
          guard symbol < 256, decoded.count < limit else { return nil }
          decoded.append(UInt8(symbol))
          (code, length, index) = (0, 0, 0)
        } else {
          index += Int(level.count)
          guard length < longest else { return nil }
        }
      }
    }
    // What is left must be fewer than eight ones.
    return length < 8 && code == (1 << UInt32(length)) - 1 ? decoded : nil
  }
}
