/// Why bytes are no advertisement, whoever it was meant for. One case for each check of RFC 9568 §7.1 and RFC 3768 §7.1
/// that needs no configuration, so that each has its own counter.
public enum AdvertisementDecodingError: Error, Hashable, Sendable, BitwiseCopyable {
  /// Fewer bytes than the eight fixed ones ("complete VRRP packet", RFC 9568 §7.1).
  case truncated(byteCount: Int)
  /// A version other than 2 and 3 ("MUST verify the VRRP version").
  case unsupportedVersion(UInt8)
  /// A type other than ADVERTISEMENT (RFC 9568 §5.2.2: "MUST be discarded").
  case unknownType(UInt8)
  /// VRID 0, which no virtual router can have (RFC 9568 §5.2.3).
  case reservedVirtualRouterID
  /// An authentication type above 2 (RFC 3768 §5.3.6); version 2 only.
  case unknownAuthenticationType(UInt8)
  /// The count field and the length of the datagram disagree ("complete VRRP packet", RFC 9568 §7.1). A trailer that
  /// the caller did not allow ends here too.
  case lengthMismatch(addressCount: UInt8, byteCount: Int)
  /// No checksum in use fits ("MUST verify the VRRP checksum").
  case badChecksum
  /// Interval 0: a peer that followed it would take over at once and for ever. RFC 9568 §5.2.7 gives it no meaning.
  case zeroInterval
}
