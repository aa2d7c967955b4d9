public import NetPrimitives

extension AdvertisementMessage {
  /// Bytes of the authentication trailer that may follow a message (``HMACTrailer``).
  public static let trailerByteCount = 28

  /// Decodes and verifies the IP payload of one advertisement. Allocates nothing.
  ///
  /// - Parameters:
  ///   - payload: Exactly the bytes the IP header's length speaks of; Ethernet padding must be cut off.
  ///   - source: Source of the datagram; the pseudo-header needs it.
  ///   - destination: Destination of the datagram, of the same family.
  ///   - allowsTrailer: Whether exactly 28 bytes may follow the message; ``hasTrailer(in:)`` tells whether they do. The
  ///     checksum leaves them out; over IPv6 it may count them in.
  /// - Throws: The first check that failed, in the order of the error's cases.
  public init(
    decoding payload: borrowing RawSpan, from source: IPAddress, to destination: IPAddress,
    allowsTrailer: Bool = false
  ) throws(AdvertisementDecodingError) {
    precondition(source.family == destination.family, "one datagram has one family")
    guard payload.byteCount >= Self.headerByteCount else { throw .truncated(byteCount: payload.byteCount) }
    let versionAndType = payload.byte(at: 0)
    guard let version = ProtocolVersion(rawValue: versionAndType >> 4) else {
      throw .unsupportedVersion(versionAndType >> 4)
    }
    guard versionAndType & 0xf == 1 else { throw .unknownType(versionAndType & 0xf) }
    guard payload.byte(at: 1) != 0 else { throw .reservedVirtualRouterID }

    let family = source.family
    let count = payload.byte(at: 3)
    let length = Self.byteCount(version: version, family: family, addressCount: count)
    guard payload.byteCount == length || (allowsTrailer && payload.byteCount == length &+ Self.trailerByteCount) else {
      throw .lengthMismatch(addressCount: count, byteCount: payload.byteCount)
    }
    let authentication = try Self.authentication(
      of: version, in: payload, dataAt: length &- Self.authenticationDataByteCount(version: version, family: family),
      family)
    let kind = try Self.checksumKind(
      of: version, messageByteCount: length, in: payload, from: source, to: destination)
    guard let interval = Self.interval(of: version, in: payload) else { throw .zeroInterval }

    self.version = version
    self.family = family
    virtualRouterID = payload.byte(at: 1)
    priority = payload.byte(at: 2)
    addressCount = count
    self.interval = interval
    self.authentication = authentication
    checksumKind = kind
  }

  /// Whether an authentication trailer follows the message in `payload`, the bytes this value was decoded from.
  @inlinable
  public func hasTrailer(in payload: borrowing RawSpan) -> Bool { payload.byteCount > byteCount }

  private static func authentication(
    of version: ProtocolVersion, in payload: borrowing RawSpan, dataAt offset: Int, _ family: AddressFamily
  ) throws(AdvertisementDecodingError) -> Version2Authentication {
    switch version {
    case .v3:
      return .none
    case .v2:
      switch payload.byte(at: 4) {
      case 0: return .none
      case 1:
        let hasData = authenticationDataByteCount(version: version, family: family) > 0
        return .simplePassword(SimplePassword(rawValue: hasData ? payload.bigEndian64(at: offset) : 0))
      case 2: return .authenticationHeader
      case let type: throw .unknownAuthenticationType(type)
      }
    }
  }

  private static func interval(of version: ProtocolVersion, in payload: borrowing RawSpan) -> AdvertisementInterval? {
    switch version {
    case .v2: AdvertisementInterval(centiseconds: UInt16(payload.byte(at: 5)) &* 100)
    case .v3: AdvertisementInterval(centiseconds: payload.bigEndian16(at: 4) & 0xfff)
    }
  }

  /// Where both kinds are in use and, once in 65 535 pairs of addresses, both fit, the pseudo-header wins: it is what
  /// the widespread peers send.
  private static func checksumKind(
    of version: ProtocolVersion, messageByteCount: Int, in payload: borrowing RawSpan, from source: IPAddress,
    to destination: IPAddress
  ) throws(AdvertisementDecodingError) -> ChecksumKind {
    var sum = InternetChecksum()
    sum.add(payload.extracting(first: messageByteCount))
    let fitsAlone = sum.value == 0
    var sumWithPseudoHeader = sum
    sumWithPseudoHeader.addPseudoHeader(from: source, to: destination, byteCount: messageByteCount)
    let fitsWithPseudoHeader = sumWithPseudoHeader.value == 0
    switch ChecksumKind.fixed(version, over: source.family) {
    case .messageOnly where fitsAlone: return .messageOnly
    case .pseudoHeader where fitsWithPseudoHeader, nil where fitsWithPseudoHeader: return .pseudoHeader
    case nil where fitsAlone: return .messageOnly
    case nil where !destination.isMulticast:
      sum.addPseudoHeader(from: source, to: .vrrpGroup(source.family), byteCount: messageByteCount)
      guard sum.value == 0 else { throw .badChecksum }
      return .groupPseudoHeader
    case .pseudoHeader where payload.byteCount > messageByteCount:
      // Over IPv6 Linux fills the checksum in for a raw socket, and it sums the trailer too: so do keepalived's.
      sum.add(payload.extracting(droppingFirst: messageByteCount))
      sum.addPseudoHeader(from: source, to: destination, byteCount: payload.byteCount)
      guard sum.value == 0 else { throw .badChecksum }
      return .pseudoHeader
    case .messageOnly, .pseudoHeader, .groupPseudoHeader, nil: throw .badChecksum
    }
  }
}

extension InternetChecksum {
  /// Adds the pseudo-header of RFC 8200 §8.1; for IPv4 the same fields at IPv4's widths.
  mutating func addPseudoHeader(from source: IPAddress, to destination: IPAddress, byteCount: Int) {
    add(source)
    add(destination)
    add(UInt16(AdvertisementMessage.protocolNumber))
    add(UInt16(truncatingIfNeeded: byteCount))
  }

  /// Adds what `kind` sums besides the message.
  mutating func addPseudoHeader(
    of kind: ChecksumKind, from source: IPAddress, to destination: IPAddress, byteCount: Int
  ) {
    switch kind {
    case .messageOnly: break
    case .pseudoHeader: addPseudoHeader(from: source, to: destination, byteCount: byteCount)
    case .groupPseudoHeader: addPseudoHeader(from: source, to: .vrrpGroup(source.family), byteCount: byteCount)
    }
  }

  private mutating func add(_ address: IPAddress) {
    switch address {
    case .v4(let address): add(address)
    case .v6(let address): add(address)
    }
  }
}
