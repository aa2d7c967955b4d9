/// A 48-bit hardware address.
public struct MACAddress: Hashable, Sendable, BitwiseCopyable {
  /// The 48 bits, first octet most significant; the upper 16 are zero.
  public let rawValue: UInt64

  /// The address in the low 48 bits of `rawValue`; the others are dropped.
  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue & 0xffff_ffff_ffff }

  /// `ff:ff:ff:ff:ff:ff`.
  public static let broadcast = MACAddress(rawValue: 0xffff_ffff_ffff)
  /// `00:00:00:00:00:00`.
  public static let zero = MACAddress(rawValue: 0)

  /// The virtual router MAC of RFC 9568 §7.3: `00-00-5E-00-01-{VRID}` for IPv4, `00-00-5E-00-02-{VRID}` for IPv6.
  @inlinable
  public static func virtualRouter(_ id: UInt8, _ family: AddressFamily) -> MACAddress {
    switch family {
    case .ipv4: MACAddress(rawValue: 0x0000_5e00_0100 | UInt64(id))
    case .ipv6: MACAddress(rawValue: 0x0000_5e00_0200 | UInt64(id))
    }
  }

  /// The multicast MAC of a group: RFC 1112 §6.4 for IPv4, RFC 2464 §7 for IPv6.
  @inlinable
  public static func multicast(_ group: IPAddress) -> MACAddress {
    switch group {
    case .v4(let group): MACAddress(rawValue: 0x0100_5e00_0000 | UInt64(group.rawValue & 0x7f_ffff))
    case .v6(let group): MACAddress(rawValue: 0x3333_0000_0000 | (group.low & 0xffff_ffff))
    }
  }
}

extension MACAddress: CustomStringConvertible {
  /// Parses six two-digit hexadecimal octets separated by colons.
  public init?(_ text: some StringProtocol) {
    var bits: UInt64 = 0
    var octets = 0
    for part in text.split(separator: ":", omittingEmptySubsequences: false) {
      guard part.utf8.count == 2, let octet = UInt8(part, radix: 16), part.utf8.first != UInt8(ascii: "+") else {
        return nil
      }
      bits = bits << 8 | UInt64(octet)
      octets += 1
    }
    guard octets == 6 else { return nil }
    rawValue = bits
  }

  /// Six lower-case octets separated by colons.
  public var description: String {
    var text = ""
    for index in 0..<6 {
      let octet = UInt8(truncatingIfNeeded: rawValue >> (40 - 8 * index))
      if index > 0 { text += ":" }
      if octet < 16 { text += "0" }
      text += String(octet, radix: 16)
    }
    return text
  }
}
