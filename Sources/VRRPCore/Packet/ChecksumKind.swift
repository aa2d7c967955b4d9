/// Which bytes the checksum of an advertisement covers.
///
/// Version 2 sums the message alone (RFC 3768 §5.3.8) and IPv6 always adds the pseudo-header (RFC 9568 §5.2.8). For
/// version 3 over IPv4 the field is split: RFC 9568 §5.2.8 sums the message alone, while keepalived and FRR add a
/// pseudo-header by default, as RFC 5798 was commonly read. Both are accepted there.
public enum ChecksumKind: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  /// The VRRP message alone.
  case messageOnly
  /// The message and the pseudo-header of source, destination, length and protocol number.
  case pseudoHeader
  /// The same with the family's group for a destination, whatever the destination is: what keepalived up to 1.3.6 sends
  /// to unicast peers (`old_unicast_checksum`).
  case groupPseudoHeader

  /// The only kind `version` over `family` knows; `nil` where both are in use.
  @inlinable
  public static func fixed(_ version: ProtocolVersion, over family: AddressFamily) -> ChecksumKind? {
    switch (version, family) {
    case (.v2, .ipv4): .messageOnly
    case (.v3, .ipv4): nil
    case (.v2, .ipv6), (.v3, .ipv6): .pseudoHeader
    }
  }
}
