public import NetPrimitives
public import VRRPCore

extension VRRPEngine where World: ~Copyable {
  /// Takes one datagram of protocol 112.
  ///
  /// Whatever fails a check is counted and told, and moves nothing (RFC 9568 §7.1).
  ///
  /// - Parameters:
  ///   - payload: What follows the IP header, without padding.
  ///   - arrival: What the IP header says.
  ///   - interface: Where it came in.
  ///   - receivedAt: When the kernel received it, not after `now`.
  ///   - now: The time.
  public mutating func receive(
    _ payload: borrowing RawSpan, as arrival: AdvertisementArrival, on interface: InterfaceIndex,
    receivedAt: MonotonicInstant, now: MonotonicInstant
  ) {
    // The VRID is the second byte in both versions; a shorter packet is nobody's.
    guard payload.byteCount > 1 else { return }
    let key = RoutingKey(interface, arrival.source.family, virtualRouterID: payload.byte(at: 1))
    guard let place = place(of: key, to: arrival.destination) else {
      if tellsUnknownRouters { tellUnknown(key, payload.byte(at: 1), from: arrival.source, on: interface) }
      return
    }
    do throws(AdvertisementRejection) {
      guard let verified = try records[place]?.admit(arrival, payload: payload) else { return }
      if verified.hasTrailer { try verifyTrailer(of: payload, from: arrival.source, at: place, now: now) }
      take(verified, at: place, receivedAt: receivedAt, now: now)
    } catch {
      reject(error, from: arrival.source, at: place)
    }
  }

  /// Takes one datagram of protocol 51, IP header included: an advert of version 2 behind an Authentication Header.
  ///
  /// The parameters are those of ``receive(_:as:on:receivedAt:now:)``.
  public mutating func receive(
    sealed datagram: borrowing RawSpan, on interface: InterfaceIndex, receivedAt: MonotonicInstant,
    now: MonotonicInstant
  ) {
    guard datagram.byteCount >= AuthenticationHeader.messageOffset else { return }
    // Behind options, too, so that a header that has some is counted.
    let offset = 4 * Int(datagram.byte(at: 0) & 15) + AuthenticationHeader.byteCount + 1
    guard datagram.byteCount > offset else { return }
    let key = RoutingKey(interface, .ipv4, virtualRouterID: datagram.byte(at: offset))
    let destination = IPAddress.v4(datagram.ipv4Address(at: 16))
    guard let place = place(of: key, to: destination), records[place]?.security.header != nil else { return }
    let source = IPAddress.v4(datagram.ipv4Address(at: 12))
    do throws(AdvertisementRejection) {
      let header: AuthenticationHeader
      do { header = try AuthenticationHeader(decodingDatagram: datagram) } catch { throw .authenticationHeader(error) }
      let message = datagram.extracting(droppingFirst: AuthenticationHeader.messageOffset)
      guard let verified = try records[place]?.admit(header.arrival, payload: message) else { return }
      let authenticator = world.authenticator
      do {
        try records[place]?.security.header?.verify(header, datagram: datagram, using: authenticator)
      } catch {
        throw .authenticationHeader(error)
      }
      rememberSequence(of: place)
      take(verified, at: place, receivedAt: receivedAt, now: now)
    } catch {
      reject(error, from: source, at: place)
    }
  }

  private mutating func verifyTrailer(
    of payload: borrowing RawSpan, from source: IPAddress, at place: Int, now: MonotonicInstant
  ) throws(AdvertisementRejection) {
    let authenticator = world.authenticator
    let utcNanoseconds = wallClockOffset &+ now.nanoseconds
    let skew: Int64?
    do {
      skew = try records[place]?.security.verifier?.verify(
        payload, from: source, utcNanoseconds: utcNanoseconds, using: authenticator)
    } catch {
      throw .trailer(error)
    }
    guard let skew, let limit = records[place]?.security.policy?.noticeableSkewMilliseconds, abs(skew) > limit,
      tellsFirst(AdvertisementRejection.skewBit, of: place)
    else { return }
    world.report(.clockSkew(RouterHandle(rawValue: place), source: source, milliseconds: skew))
  }

  private mutating func reject(_ rejection: AdvertisementRejection, from source: IPAddress, at place: Int) {
    records[place]?.counters.count(rejection)
    guard tellsFirst(rejection.kindBit, of: place) else { return }
    world.report(.rejection(RouterHandle(rawValue: place), rejection, source: source))
  }

  private mutating func take(
    _ verified: VerifiedAdvertisement, at place: Int, receivedAt: MonotonicInstant, now: MonotonicInstant
  ) {
    guard let verified = records[place]?.take(verified) else { return }
    if !verified.addressListMatches, tellsFirst(AdvertisementRejection.addressListMismatch.kindBit, of: place) {
      world.report(.addressListMismatch(RouterHandle(rawValue: place), source: verified.source))
    }
    let advertisement = VirtualRouter.Advertisement(
      source: verified.source, priority: verified.priority, interval: verified.interval, receivedAt: receivedAt)
    handle(.received(advertisement), of: place, now: now)
  }

  /// Each once: there are no more than the 255 of a segment.
  private mutating func tellUnknown(
    _ key: RoutingKey, _ id: UInt8, from source: IPAddress, on interface: InterfaceIndex
  ) {
    guard unknownRouters.insert(key).inserted,
      let name = interfaces.first(where: { $0.value.index == interface })?.key
    else { return }
    world.report(
      .unknownRouter(interface: name, family: source.family, virtualRouterID: id, source: source))
  }

  /// Whether this kind was not told since the last change of role: what a peer sends must not fill our logs.
  private mutating func tellsFirst(_ bit: UInt64, of place: Int) -> Bool {
    records[place]?.tellsFirst(bit) ?? false
  }
}

extension AdvertisementRejection {
  /// For clocks that differ: no rejection, but told as seldom as one.
  static let skewBit: UInt64 = 1 << 27

  /// One bit for each kind, whatever its details.
  var kindBit: UInt64 {
    switch self {
    case .wrongFamily: 1 << 0
    case .unspecifiedSource: 1 << 1
    case .multicastSource: 1 << 2
    case .ownSource: 1 << 3
    case .hopLimit: 1 << 4
    case .malformed(let error): error.kindBit << 5
    case .versionMismatch: 1 << 16
    case .virtualRouterIDMismatch: 1 << 17
    case .authenticationTypeMismatch: 1 << 18
    case .wrongPassword: 1 << 19
    case .authenticationHeader: 1 << 20
    case .trailer: 1 << 21
    case .intervalMismatch: 1 << 22
    case .checksumKind: 1 << 23
    case .unexpectedDestination: 1 << 24
    case .unknownPeer: 1 << 25
    case .addressListMismatch: 1 << 26
    case .options: 1 << 28
    }
  }
}

extension AdvertisementDecodingError {
  /// One bit for each kind, below bit 8.
  fileprivate var kindBit: UInt64 {
    switch self {
    case .truncated: 1 << 0
    case .unsupportedVersion: 1 << 1
    case .unknownType: 1 << 2
    case .reservedVirtualRouterID: 1 << 3
    case .unknownAuthenticationType: 1 << 4
    case .lengthMismatch: 1 << 5
    case .badChecksum: 1 << 6
    case .zeroInterval: 1 << 7
    }
  }
}
