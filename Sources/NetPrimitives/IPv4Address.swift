/// An IPv4 address in host order, so that `<` is the order RFC 9568 §6.4.3 breaks ties by.
public struct IPv4Address: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The 32 bits, most significant octet first.
  public var rawValue: UInt32

  /// The address with these 32 bits.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The address `a.b.c.d`.
  @inlinable
  public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    rawValue = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
  }

  /// `0.0.0.0`.
  public static let any = IPv4Address(rawValue: 0)
  /// `224.0.0.18`, the group VRRP routers listen on (RFC 9568 §5.1.1.2).
  public static let vrrpGroup = IPv4Address(224, 0, 0, 18)

  /// Whether the address is in 224.0.0.0/4.
  @inlinable
  public var isMulticast: Bool { rawValue >> 28 == 0xe }

  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address {
  /// Parses dotted-decimal notation: four numbers 0…255 without leading zeros, nothing before or after.
  public init?(_ text: some StringProtocol) { self.init(reading: text.utf8) }

  /// The same from the bytes of a text, without making a string of them.
  public init?(utf8 text: ArraySlice<UInt8>) { self.init(reading: text) }

  private init?(reading text: some Sequence<UInt8>) {
    var bits: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var dots = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        // A leading zero reads as octal elsewhere; refusing it keeps one spelling for one address.
        guard digits == 0 || octet != 0 else { return nil }
        octet = octet * 10 + UInt32(byte &- UInt8(ascii: "0"))
        digits += 1
        guard digits <= 3, octet <= 255 else { return nil }
      case UInt8(ascii: "."):
        guard digits > 0, dots < 3 else { return nil }
        bits = bits << 8 | octet
        octet = 0
        digits = 0
        dots += 1
      default:
        return nil
      }
    }
    guard dots == 3, digits > 0 else { return nil }
    rawValue = bits << 8 | octet
  }
}

extension IPv4Address: CustomStringConvertible {
  /// Dotted-decimal notation.
  public var description: String {
    "\(rawValue >> 24).\(rawValue >> 16 & 0xff).\(rawValue >> 8 & 0xff).\(rawValue & 0xff)"
  }
}
