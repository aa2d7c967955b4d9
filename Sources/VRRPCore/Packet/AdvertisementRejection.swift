public import NetPrimitives

/// Why a received datagram was not taken for an advertisement to this virtual router. A rejected datagram moves no
/// timer; each case has its counter in ``AdvertisementCounters``.
public enum AdvertisementRejection: Error, Hashable, Sendable, BitwiseCopyable {
  /// A datagram of the family this virtual router does not speak.
  case wrongFamily(AddressFamily)
  /// Source `0.0.0.0` or `::`, which no router has.
  case unspecifiedSource
  /// A group as the source, which no router has.
  case multicastSource
  /// Our own address as the source: a copy of our advertisement came back, or somebody has our address.
  case ownSource
  /// A TTL or hop limit that is not accepted: the datagram was forwarded (RFC 9568 §7.1).
  case hopLimit(UInt8)
  /// IPv4 options: no router sends any, and source routing is how packets arrive that should not.
  case options
  /// The bytes are no advertisement.
  case malformed(AdvertisementDecodingError)
  /// An advertisement of the other version (RFC 9568 §7.1).
  case versionMismatch(ProtocolVersion)
  /// An advertisement of another virtual router (RFC 9568 §7.1).
  case virtualRouterIDMismatch(UInt8)
  /// An authentication type other than the configured one (RFC 3768 §7.1), or an Authentication Header that is missing
  /// or not expected.
  case authenticationTypeMismatch(received: UInt8)
  /// The right type with the wrong password (RFC 2338 §7.1).
  case wrongPassword
  /// The Authentication Header does not verify.
  case authenticationHeader(AuthenticationHeaderError)
  /// The `auth_hmac` trailer is missing or does not verify.
  case trailer(HMACTrailerError)
  /// Another interval than ours; version 2 only (RFC 3768 §7.1).
  case intervalMismatch(AdvertisementInterval)
  /// A checksum that is valid but of the kind this virtual router does not accept.
  case checksumKind(ChecksumKind)
  /// Sent to a group or address this virtual router does not listen to.
  case unexpectedDestination(IPAddress)
  /// Sent by an address that is not among the unicast peers.
  case unknownPeer(IPAddress)
  /// The address list is not ours, and the policy is to reject that.
  case addressListMismatch
}
