/// An IPv6 address in host order, so that `<` is the order RFC 9568 §6.4.3 breaks ties by.
public struct IPv6Address: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The first 64 bits.
  public var high: UInt64
  /// The last 64 bits.
  public var low: UInt64

  /// The address with these 128 bits.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// `::`.
  public static let any = IPv6Address(high: 0, low: 0)
  /// `ff02::12`, the group VRRP routers listen on (RFC 9568 §5.1.2.2).
  public static let vrrpGroup = IPv6Address(high: 0xff02 << 48, low: 0x12)
  /// `ff02::1`, all nodes of the link.
  public static let allNodes = IPv6Address(high: 0xff02 << 48, low: 1)

  /// Whether the address is in ff00::/8.
  @inlinable
  public var isMulticast: Bool { high >> 56 == 0xff }

  /// Whether the address is in fe80::/10.
  @inlinable
  public var isLinkLocal: Bool { high >> 54 == 0xfe80 >> 6 }

  @inlinable
  public static func < (left: Self, right: Self) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }

  /// The eight 16-bit groups, first to last.
  var groups: InlineArray<8, UInt16> {
    var result = InlineArray<8, UInt16>(repeating: 0)
    for index in 0..<4 {
      result[index] = UInt16(truncatingIfNeeded: high >> (48 - 16 * index))
      result[index + 4] = UInt16(truncatingIfNeeded: low >> (48 - 16 * index))
    }
    return result
  }
}

extension IPv6Address {
  /// Parses the text forms of RFC 4291 §2.2, an embedded IPv4 tail included; no zone, nothing before or after.
  public init?(_ text: some StringProtocol) {
    var groups = InlineArray<8, UInt16>(repeating: 0)
    var count = 0
    var gap: Int?
    var rest = text[...]
    if rest.hasPrefix("::") {
      gap = 0
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      let group = rest.prefix { $0 != ":" }
      if group.contains(".") {
        guard group.endIndex == rest.endIndex, count <= 6, let tail = IPv4Address(group) else { return nil }
        groups[count] = UInt16(truncatingIfNeeded: tail.rawValue >> 16)
        groups[count + 1] = UInt16(truncatingIfNeeded: tail.rawValue)
        count += 2
        rest = rest[rest.endIndex...]
        break
      }
      guard count < 8, let value = Self.group(group) else { return nil }
      groups[count] = value
      count += 1
      rest = rest[group.endIndex...]
      guard rest.first == ":" else { break }
      rest = rest.dropFirst()
      if rest.first == ":" {
        guard gap == nil else { return nil }
        gap = count
        rest = rest.dropFirst()
      } else if rest.isEmpty {
        return nil
      }
    }
    guard rest.isEmpty, gap == nil ? count == 8 : count < 8 else { return nil }
    self.init(groups: groups, count: count, gap: gap ?? 8)
  }

  private init(groups: InlineArray<8, UInt16>, count: Int, gap: Int) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<count {
      let place = index < gap ? index : index + 8 - count
      let bits = UInt64(groups[index]) << (48 - 16 * (place & 3))
      if place < 4 { high |= bits } else { low |= bits }
    }
    self.init(high: high, low: low)
  }

  private static func group(_ text: some StringProtocol) -> UInt16? {
    var value: UInt16 = 0
    var digits = 0
    for byte in text.utf8 {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      digits += 1
      guard digits <= 4 else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return digits > 0 ? value : nil
  }
}

extension IPv6Address: CustomStringConvertible {
  /// The canonical form of RFC 5952 §4.
  public var description: String {
    let groups = groups
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      // One group alone is never shortened, and the first of equal runs wins (RFC 5952 §4.2.2, §4.2.3).
      if end - start > max(best.count, 1) { best = start..<end }
      start = end + 1
    }
    // IPv4-mapped addresses keep their dotted tail (RFC 5952 §5).
    if high == 0, low >> 32 == 0xffff {
      return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)))"
    }
    var text = ""
    var index = 0
    while index < 8 {
      if index == best.lowerBound, !best.isEmpty {
        text += "::"
        index = best.upperBound
        continue
      }
      if !text.isEmpty, !text.hasSuffix(":") { text += ":" }
      text += String(groups[index], radix: 16)
      index += 1
    }
    return text
  }
}
