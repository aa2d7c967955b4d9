public import NetPrimitives

/// What the fixed fields of an advertisement say (RFC 9568 §5.1, RFC 3768 §5.1): a small value without the address
/// list, which stays in the bytes it came from.
///
/// Decoding and encoding allocate nothing. A value that was decoded passed every check that needs no configuration;
/// whether it is meant for a given virtual router is for ``AdvertisementGate`` to say.
public struct AdvertisementMessage: Hashable, Sendable, BitwiseCopyable {
  /// The version that decides the layout.
  public var version: ProtocolVersion
  /// The family of the datagram, hence of every address in the list.
  public var family: AddressFamily
  /// VRID, 1…255.
  public var virtualRouterID: UInt8
  /// 0…255; 0 says that the active router leaves, 255 that it owns the addresses.
  public var priority: UInt8
  /// How many addresses the list holds, 0…255.
  public var addressCount: UInt8
  /// Advertisement_Interval; never 0 on the wire.
  public var interval: AdvertisementInterval
  /// The authentication fields; ``Version2Authentication/none`` in version 3.
  public var authentication: Version2Authentication
  /// Which bytes the checksum covers.
  public var checksumKind: ChecksumKind

  /// A message to be encoded.
  ///
  /// - Precondition: The VRID is not 0, the version can express the interval, authentication is of version 2, and the
  ///   checksum kind is one that version and family know.
  public init(
    version: ProtocolVersion, family: AddressFamily, virtualRouterID: UInt8, priority: UInt8, addressCount: UInt8,
    interval: AdvertisementInterval, authentication: Version2Authentication = .none, checksumKind: ChecksumKind
  ) {
    precondition(virtualRouterID != 0, "VRID 0 is reserved")
    precondition(interval.isExpressible(in: version), "the interval does not fit the version's field")
    precondition(version == .v2 || authentication == .none, "version 3 has no authentication")
    let fixed = ChecksumKind.fixed(version, over: family)
    precondition(fixed == nil || fixed == checksumKind, "version and family know one checksum only")
    self.version = version
    self.family = family
    self.virtualRouterID = virtualRouterID
    self.priority = priority
    self.addressCount = addressCount
    self.interval = interval
    self.authentication = authentication
    self.checksumKind = checksumKind
  }

  /// IP protocol number of VRRP (RFC 9568 §5.1.1.4).
  public static let protocolNumber: UInt8 = 112
  /// Bytes before the address list.
  public static let headerByteCount = 8
  /// The longest message: 255 IPv6 addresses.
  public static let maximumByteCount = headerByteCount + 255 * 16

  /// Bytes after the address list: the authentication data of version 2.
  ///
  /// No RFC describes version 2 over IPv6. keepalived, which speaks it, leaves the data out there even when the type
  /// says that a password follows.
  @inlinable
  public static func authenticationDataByteCount(version: ProtocolVersion, family: AddressFamily) -> Int {
    version == .v2 && family == .ipv4 ? 8 : 0
  }

  /// Bytes of a message with `addressCount` addresses, any trailer left out.
  @inlinable
  public static func byteCount(version: ProtocolVersion, family: AddressFamily, addressCount: UInt8) -> Int {
    headerByteCount &+ Int(addressCount) &* family.addressByteCount
      &+ authenticationDataByteCount(version: version, family: family)
  }

  /// Bytes of this message, any trailer left out.
  @inlinable
  public var byteCount: Int {
    Self.byteCount(version: version, family: family, addressCount: addressCount)
  }

  /// Address `index` of the list in `payload`, the bytes this value was decoded from.
  ///
  /// - Precondition: `index` is below ``addressCount`` and `payload` holds the whole message.
  @inlinable
  public func address(at index: Int, in payload: borrowing RawSpan) -> IPAddress {
    precondition(index >= 0 && index < Int(addressCount))
    let offset = Self.headerByteCount &+ index &* family.addressByteCount
    return switch family {
    case .ipv4: .v4(payload.ipv4Address(at: offset))
    case .ipv6: .v6(payload.ipv6Address(at: offset))
    }
  }
}
