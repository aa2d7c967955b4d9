/// What a tracked file says.
public enum TrackedFileContent {
  /// The longest piece of a file that is looked at, in bytes.
  public static let maximumLength = 127

  /// The number at the beginning of `bytes`, in the notation of C: decimal, hexadecimal after `0x`, octal after `0`,
  /// each with an optional sign and white space before it. What follows the number does not count; no number is 0, and
  /// a number too large is the largest there is. A file that does not exist has no bytes.
  public static func value(of bytes: borrowing Span<UInt8>) -> Int64 {
    let count = min(bytes.count, maximumLength)
    var index = 0
    while index < count, isSpace(bytes[index]) { index += 1 }
    var isNegative = false
    if index < count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
      isNegative = bytes[index] == UInt8(ascii: "-")
      index += 1
    }
    var radix: UInt8 = 10
    if index < count, bytes[index] == UInt8(ascii: "0") {
      radix = 8
      let isHexadecimal = index + 2 < count && bytes[index + 1] | 0x20 == UInt8(ascii: "x")
      if isHexadecimal, digit(bytes[index + 2], below: 16) != nil {
        radix = 16
        index += 2
      }
    }
    var value: Int64 = 0
    while index < count, let digit = digit(bytes[index], below: radix) {
      let (product, overflow) = value.multipliedReportingOverflow(by: Int64(radix))
      let (sum, carry) = product.addingReportingOverflow(isNegative ? -digit : digit)
      if overflow || carry { return isNegative ? .min : .max }
      value = sum
      index += 1
    }
    return value
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  private static func digit(_ byte: UInt8, below radix: UInt8) -> Int64? {
    let value: UInt8
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): value = byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): value = byte - UInt8(ascii: "A") + 10
    default: return nil
    }
    return value < radix ? Int64(value) : nil
  }
}

extension TrackFileDefinition {
  /// What to write into the file at start: `nil` leaves it alone. Never at a reload, when the number in it is the
  /// state.
  public func initialContent(exists: Bool) -> String? {
    guard let initialValue, !exists || overwrites else { return nil }
    return "\(initialValue)\n"
  }
}
