/// Reads `digits[.digits]` or `.digits` byte by byte into an integer.
struct DecimalReader {
  private let scale: Int
  private let places: Int
  private var digits = 0
  private var decimals: Int?
  private var total: UInt64 = 0
  /// Whether a digit beyond `places` was not zero.
  private(set) var isRounded = false

  /// A reader of numbers in units of `10^-scale` that keeps `places` decimals.
  init(scale: Int, places: Int) {
    self.scale = scale
    self.places = min(places, scale)
  }

  /// Whether `byte` continues the number.
  mutating func take(_ byte: UInt8) -> Bool {
    if byte == UInt8(ascii: "."), decimals == nil {
      decimals = 0
      return true
    }
    guard byte.isDigit else { return false }
    let digit = UInt64(byte - UInt8(ascii: "0"))
    if let place = decimals {
      decimals = place + 1
      guard place < places else {
        if digit != 0 { isRounded = true }
        if place == places, digit >= 5 { total = total.addingSaturated(Self.power(scale - places)) }
        return true
      }
      total = total.addingSaturated(digit * Self.power(scale - place - 1))
    } else {
      digits += 1
      // Seconds up to a few centuries fit; beyond that the value only has to stay too large.
      let (product, overflow) = total.multipliedReportingOverflow(by: 10)
      total = overflow ? .max : product.addingSaturated(digit.multipliedSaturated(by: Self.power(scale)))
    }
    return true
  }

  /// The number, or `nil` without a digit.
  var value: UInt64? { digits > 0 || decimals ?? 0 > 0 ? total : nil }

  private static func power(_ exponent: Int) -> UInt64 {
    var result: UInt64 = 1
    for _ in 0..<exponent { result *= 10 }
    return result
  }
}

extension UInt64 {
  func addingSaturated(_ other: UInt64) -> UInt64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  func multipliedSaturated(by other: UInt64) -> UInt64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

/// `value` units of `10^-scale` without trailing zeros: 1500 at scale 3 is `1.5`.
func decimalText(_ value: UInt64, scale: Int) -> String {
  var digits = Array("\(value)".utf8)
  while digits.count <= scale { digits.insert(UInt8(ascii: "0"), at: 0) }
  var fraction = digits.suffix(scale)
  while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
  let whole = String(decoding: digits.dropLast(scale), as: UTF8.self)
  return fraction.isEmpty ? whole : whole + "." + String(decoding: fraction, as: UTF8.self)
}
