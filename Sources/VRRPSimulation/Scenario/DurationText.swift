/// Durations and instants as scenarios and transcripts write them.
enum DurationText {
  /// `10s`, `1.5s`, `250ms`, `100us`, `10m`, `2h`: nanoseconds; `nil` for anything else, or more than 10¹⁸.
  static func parse(_ text: some StringProtocol) -> UInt64? {
    let units: [(suffix: String, nanoseconds: UInt64)] = [
      ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
      ("h", 3_600_000_000_000),
    ]
    let digits = text.utf8.prefix { ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || $0 == UInt8(ascii: ".") }
    let number = String(text.prefix(digits.count))
    let suffix = String(text.dropFirst(digits.count))
    guard let unit = units.first(where: { $0.suffix == suffix })?.nanoseconds else { return nil }
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = UInt64(parts[0]), whole <= 1_000_000_000_000_000_000 / unit else {
      return nil
    }
    var fraction: UInt64 = 0
    if parts.count == 2 {
      guard parts[1].utf8.count <= 9, let digits = UInt64(parts[1]) else { return nil }
      var scale: UInt64 = 1
      for _ in 0..<parts[1].utf8.count { scale *= 10 }
      fraction = digits * unit / scale
    }
    return whole * unit + fraction
  }

  /// Seconds with three decimals, cut off: `3.609`.
  static func seconds(_ nanoseconds: UInt64) -> String {
    let milliseconds = nanoseconds / 1_000_000
    let fraction = String(milliseconds % 1000)
    return String(milliseconds / 1000) + "." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
  }

  /// The shortest text that ``parse(_:)`` reads as `nanoseconds`.
  static func text(_ nanoseconds: UInt64) -> String {
    if nanoseconds % 1_000_000_000 == 0 { return "\(nanoseconds / 1_000_000_000)s" }
    if nanoseconds % 1_000_000 == 0 { return "\(nanoseconds / 1_000_000)ms" }
    return nanoseconds % 1000 == 0 ? "\(nanoseconds / 1000)us" : "\(nanoseconds)ns"
  }
}
