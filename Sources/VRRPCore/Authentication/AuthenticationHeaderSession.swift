public import NetPrimitives

/// Authentication type 2 of one virtual router: signs its advertisements and verifies those of others.
///
/// All routers of a virtual router share one key and, as keepalived does, one sequence: whoever sends continues from
/// the highest number heard. So an old packet of any of them is a replay, even of one that has been gone for long. A
/// router that starts again hears the active one first and goes on from there. What was heard is lost with this value:
/// after a restart, packets recorded before are accepted until a newer one is heard, the known limit of a manual key
/// (RFC 2402 §5). A router that goes on as the active one must be told where it was: silent backups expect more.
public struct AuthenticationHeaderSession: Hashable, Sendable {
  private var key: [UInt8]
  /// The highest sequence number sent or accepted; 0 before the first.
  public private(set) var lastSequence: UInt32
  /// The IP identification last used.
  public private(set) var lastIdentification: UInt16

  /// A session with `key`, at most eight bytes by keepalived's custom, any length here.
  ///
  /// - Parameters:
  ///   - key: The secret all routers share.
  ///   - lastSequence: Where an earlier session of this virtual router ended, when that is known.
  ///   - lastIdentification: Likewise.
  public init(key: [UInt8], lastSequence: UInt32 = 0, lastIdentification: UInt16 = 0) {
    self.key = key
    self.lastSequence = lastSequence
    self.lastIdentification = lastIdentification
  }

  /// Verifies the check value and the sequence number of `datagram`, and remembers the latter.
  ///
  /// To be called last, once ``AdvertisementGate`` has admitted the message: a number is only worth remembering when
  /// the advertisement counts.
  ///
  /// - Parameters:
  ///   - header: Decoded from `datagram`.
  ///   - datagram: The whole IPv4 datagram.
  ///   - authenticator: Computes the digests.
  /// - Throws: ``AuthenticationHeaderError/replay(sequence:)`` or
  ///   ``AuthenticationHeaderError/invalidIntegrityCheckValue``.
  public mutating func verify(
    _ header: AuthenticationHeader, datagram: borrowing RawSpan,
    using authenticator: borrowing some MessageAuthenticator & ~Copyable
  ) throws(AuthenticationHeaderError) {
    var headers = InlineArray<44, UInt8>(repeating: 0)
    for index in headers.indices { headers[index] = datagram.byte(at: index) }
    // Our peer's form first; the other costs a second digest only for peers that follow RFC 2402 to the letter.
    let usual = header.arrival.destination.isMulticast
    guard
      isAuthentic(header, headers, datagram, coversHopLimit: usual, using: authenticator)
        || isAuthentic(header, headers, datagram, coversHopLimit: !usual, using: authenticator)
    else { throw .invalidIntegrityCheckValue }
    // Equal is a replay: accepting it would let one recorded packet keep a dead router alive.
    guard header.sequence > lastSequence else { throw .replay(sequence: header.sequence) }
    lastSequence = header.sequence
  }

  private func isAuthentic(
    _ header: AuthenticationHeader, _ headers: InlineArray<44, UInt8>, _ datagram: borrowing RawSpan,
    coversHopLimit: Bool, using authenticator: borrowing some MessageAuthenticator & ~Copyable
  ) -> Bool {
    AuthenticationHeader.integrityCheckValue(
      of: headers, datagram.extracting(droppingFirst: AuthenticationHeader.messageOffset), key: key.span,
      coversHopLimit: coversHopLimit, using: authenticator
    ).isEqualInConstantTime(to: header.integrityCheckValue)
  }

  /// The IP header and the Authentication Header that carry `message`, signed, with the next sequence number.
  ///
  /// The kernel must send them as they are (`IP_HDRINCL`): the check value covers the IP identification. Allocates
  /// nothing.
  ///
  /// - Parameters:
  ///   - message: An encoded advertisement with authentication type 2.
  ///   - source: Our address; also the security parameters index.
  ///   - destination: The group or a peer.
  ///   - hopLimit: The TTL to send with.
  ///   - authenticator: Computes the digest.
  /// - Returns: The first 44 bytes of the datagram.
  public mutating func headers(
    for message: borrowing RawSpan, from source: IPv4Address, to destination: IPv4Address, hopLimit: UInt8 = 255,
    using authenticator: borrowing some MessageAuthenticator & ~Copyable
  ) -> AuthenticationHeader.Bytes {
    let byteCount = AuthenticationHeader.messageOffset &+ message.byteCount
    precondition(byteCount <= 0xffff)
    // RFC 2402 §2.5 forbids the number to wrap; at one advertisement per second that takes 136 years.
    lastSequence &+= 1
    // Zero would make the kernel choose one and spoil the check value.
    lastIdentification = lastIdentification == .max ? 1 : lastIdentification &+ 1

    var headers = InlineArray<44, UInt8>(repeating: 0)
    headers.write(0x45c0 as UInt16, at: 0)  // version, header length, DSCP CS6
    headers.write(UInt16(byteCount), at: 2)
    headers.write(lastIdentification, at: 4)
    headers.write(UInt16(hopLimit) << 8 | UInt16(AuthenticationHeader.protocolNumber), at: 8)
    headers.write(source.rawValue, at: 12)
    headers.write(destination.rawValue, at: 16)
    headers.write(UInt16(AdvertisementMessage.protocolNumber) << 8 | 4, at: 20)
    headers.write(source.rawValue, at: 24)
    headers.write(lastSequence, at: 28)
    var sum = InternetChecksum()
    for index in 0..<10 { sum.add(UInt16(headers[2 &* index]) << 8 | UInt16(headers[2 &* index &+ 1])) }
    headers.write(sum.value, at: 10)
    let value = AuthenticationHeader.integrityCheckValue(
      of: headers, message, key: key.span, coversHopLimit: destination.isMulticast, using: authenticator)
    headers.write(UInt32(truncatingIfNeeded: value.high >> 32), at: 32)
    headers.write(UInt32(truncatingIfNeeded: value.high), at: 36)
    headers.write(UInt32(truncatingIfNeeded: value.low >> 32), at: 40)
    return headers
  }

  /// Appends the whole IPv4 datagram that carries `message`: ``headers(for:from:to:hopLimit:using:)`` and the message.
  ///
  /// - Precondition: `output` has room for ``AuthenticationHeader/messageOffset`` bytes and the message.
  public mutating func seal(
    _ message: borrowing RawSpan, from source: IPv4Address, to destination: IPv4Address,
    into output: inout OutputSpan<UInt8>, using authenticator: borrowing some MessageAuthenticator & ~Copyable
  ) {
    precondition(output.freeCapacity >= AuthenticationHeader.messageOffset &+ message.byteCount)
    let headers = headers(for: message, from: source, to: destination, using: authenticator)
    for index in headers.indices { output.append(headers[index]) }
    output.append(message)
  }

  /// Goes on where an earlier session of this virtual router ended.
  public mutating func resume(after sequence: UInt32) { lastSequence = max(lastSequence, sequence) }

  /// Goes on with another key: numbers must not begin anew, or peers that keep theirs take us for a replay.
  public mutating func replaceKey(with key: [UInt8]) { self.key = key }
}
