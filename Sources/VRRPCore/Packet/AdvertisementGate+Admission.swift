public import NetPrimitives

extension AdvertisementGate {
  /// Verifies one datagram. The order is part of the contract, since it decides which counter a datagram with several
  /// faults ends in:
  ///
  /// 1. family, source address, options, destination and sender, hop limit: what the IP header tells, before a byte is
  ///    read;
  /// 2. the message by itself (``AdvertisementMessage/init(decoding:from:to:allowsTrailer:)``), checksum included;
  /// 3. version, VRID, checksum kind;
  /// 4. authentication type and password, presence of a trailer;
  /// 5. the interval (version 2);
  /// 6. the address list.
  ///
  /// - Parameters:
  ///   - arrival: What the IP header says.
  ///   - payload: The message and, where one follows, its trailer; no Ethernet padding, no Authentication Header.
  /// - Returns: What the election needs to know.
  /// - Throws: The first check that failed.
  public func admit(
    _ arrival: AdvertisementArrival, payload: borrowing RawSpan
  ) throws(AdvertisementRejection) -> VerifiedAdvertisement {
    try checkAddresses(of: arrival)
    let message: AdvertisementMessage
    do {
      message = try AdvertisementMessage(
        decoding: payload, from: arrival.source, to: arrival.destination, allowsTrailer: trailer != .refused)
    } catch {
      throw .malformed(error)
    }
    guard message.version == version else { throw .versionMismatch(message.version) }
    guard message.virtualRouterID == virtualRouterID else { throw .virtualRouterIDMismatch(message.virtualRouterID) }
    if let requiredChecksum, ChecksumKind.fixed(version, over: family) == nil,
      message.checksumKind != requiredChecksum
    {
      throw .checksumKind(message.checksumKind)
    }
    try checkAuthentication(of: message, arrival)
    let hasTrailer = message.hasTrailer(in: payload)
    if trailer == .required, !hasTrailer { throw .trailer(.missing) }
    if version == .v2, message.interval != interval { throw .intervalMismatch(message.interval) }
    let addressListMatches = addressList.matches(message, in: payload)
    if addressListRule == .reject, !addressListMatches { throw .addressListMismatch }
    return VerifiedAdvertisement(
      source: arrival.source, priority: message.priority, interval: message.interval,
      checksumKind: message.checksumKind, addressListMatches: addressListMatches, hasTrailer: hasTrailer)
  }

  private func checkAddresses(of arrival: AdvertisementArrival) throws(AdvertisementRejection) {
    guard arrival.source.family == family, arrival.destination.family == family else {
      throw .wrongFamily(arrival.source.family == family ? arrival.destination.family : arrival.source.family)
    }
    guard !arrival.source.isUnspecified else { throw .unspecifiedSource }
    guard !arrival.source.isMulticast else { throw .multicastSource }
    guard arrival.source != ownAddress else { throw .ownSource }
    guard !arrival.hasOptions else { throw .options }
    let hopLimits: HopLimits
    switch audience {
    case .group:
      guard arrival.destination == .vrrpGroup(family) else { throw .unexpectedDestination(arrival.destination) }
      hopLimits = .linkOnly
    case .otherGroup(let group):
      guard arrival.destination == group else { throw .unexpectedDestination(arrival.destination) }
      hopLimits = .linkOnly
    case .peers(let peers, let acceptsStrangers, let strangerHopLimits):
      guard !arrival.destination.isMulticast else { throw .unexpectedDestination(arrival.destination) }
      if let peer = Self.peer(arrival.source, among: peers) {
        hopLimits = peer.hopLimits
      } else if acceptsStrangers {
        hopLimits = strangerHopLimits
      } else {
        throw .unknownPeer(arrival.source)
      }
    }
    guard hopLimits.contains(arrival.hopLimit) else { throw .hopLimit(arrival.hopLimit) }
  }

  private static func peer(_ address: IPAddress, among peers: [Peer]) -> Peer? {
    for index in peers.indices where peers[index].address == address { return peers[index] }
    return nil
  }

  private func checkAuthentication(
    of message: AdvertisementMessage, _ arrival: AdvertisementArrival
  ) throws(AdvertisementRejection) {
    switch (authentication, message.authentication) {
    case (.none, .none) where !arrival.hasAuthenticationHeader,
      (.authenticationHeader, .authenticationHeader) where arrival.hasAuthenticationHeader:
      return
    case (.simplePassword(let expected), .simplePassword(let received)) where !arrival.hasAuthenticationHeader:
      // Over IPv6 the type travels without the password (``AdvertisementMessage/authenticationDataByteCount``).
      guard family == .ipv6 || expected.isEqualInConstantTime(to: received) else { throw .wrongPassword }
    case (.none, _), (.simplePassword, _), (.authenticationHeader, _):
      throw .authenticationTypeMismatch(received: message.authentication.type)
    }
  }
}

extension IPAddress {
  /// The group VRRP routers of `family` listen on.
  @inlinable
  public static func vrrpGroup(_ family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: .v4(.vrrpGroup)
    case .ipv6: .v6(.vrrpGroup)
    }
  }
}

extension SimplePassword {
  /// Compares all eight bytes whatever the first difference, so that the time tells nothing.
  @inlinable
  public func isEqualInConstantTime(to other: SimplePassword) -> Bool { rawValue ^ other.rawValue == 0 }
}
