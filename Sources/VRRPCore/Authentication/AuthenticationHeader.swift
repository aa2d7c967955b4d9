import NetPrimitives

/// The IP Authentication Header around a version-2 advertisement (RFC 2402 §2, RFC 2338 §5.3.6.3) and the facts of the
/// IPv4 header before it.
///
/// The integrity check is HMAC-MD5-96 (RFC 2403); with it the header is 24 bytes long.
public struct AuthenticationHeader: Hashable, Sendable, BitwiseCopyable {
  /// What the IP header says of the advertisement.
  public var arrival: AdvertisementArrival
  /// The security parameters index: the source address, by VRRP's custom.
  public var securityParametersIndex: UInt32
  /// The sequence number, from 1.
  public var sequence: UInt32
  /// The 96 bits of the integrity check value.
  public var integrityCheckValue: MessageDigest

  /// The bytes of the IP header and the Authentication Header.
  public typealias Bytes = InlineArray<44, UInt8>

  /// IP protocol number of the Authentication Header.
  public static let protocolNumber: UInt8 = 51
  /// Bytes of the Authentication Header.
  public static let byteCount = 24
  /// Bytes of an IPv4 header without options.
  public static let ipHeaderByteCount = 20
  /// Bytes before the message.
  public static let messageOffset = ipHeaderByteCount + byteCount
  /// Length in units of four bytes, minus two (RFC 2402 §2.2).
  private static let lengthField: UInt8 = 4

  /// Decodes the headers of a datagram as a raw IPv4 socket delivers it. Verifies nothing cryptographic.
  ///
  /// - Throws: The first check that failed.
  public init(decodingDatagram datagram: borrowing RawSpan) throws(AuthenticationHeaderError) {
    guard datagram.byteCount >= Self.messageOffset else { throw .truncated(byteCount: datagram.byteCount) }
    guard datagram.byte(at: 0) == 0x45 else { throw .unsupportedIPHeader }
    guard Int(datagram.bigEndian16(at: 2)) == datagram.byteCount else {
      throw .truncated(byteCount: datagram.byteCount)
    }
    guard datagram.bigEndian16(at: 6) & 0x3fff == 0 else { throw .fragmented }
    guard datagram.byte(at: 9) == Self.protocolNumber else { throw .unexpectedProtocol(datagram.byte(at: 9)) }
    guard datagram.byte(at: 20) == AdvertisementMessage.protocolNumber else {
      throw .unexpectedProtocol(datagram.byte(at: 20))
    }
    guard datagram.byte(at: 21) == Self.lengthField else { throw .unexpectedHeaderLength(datagram.byte(at: 21)) }
    arrival = AdvertisementArrival(
      source: .v4(datagram.ipv4Address(at: 12)), destination: .v4(datagram.ipv4Address(at: 16)),
      hopLimit: datagram.byte(at: 8), hasAuthenticationHeader: true)
    securityParametersIndex = datagram.bigEndian32(at: 24)
    guard .v4(IPv4Address(rawValue: securityParametersIndex)) == arrival.source else {
      throw .unexpectedSecurityParametersIndex(securityParametersIndex)
    }
    sequence = datagram.bigEndian32(at: 28)
    integrityCheckValue = MessageDigest(
      high: datagram.bigEndian64(at: 32), low: UInt64(datagram.bigEndian32(at: 40)) << 32)
  }

  /// The integrity check value of a datagram under `key`: over the IP header with its mutable fields zeroed, the
  /// Authentication Header with its check value zeroed, and the message (RFC 2402 §3.3.3).
  ///
  /// - Parameters:
  ///   - headers: Both headers as they stand in the datagram.
  ///   - message: What follows them.
  ///   - key: The secret.
  ///   - coversHopLimit: Whether the TTL counts as immutable. RFC 2402 zeroes it; keepalived does so for unicast but
  ///     leaves it in for multicast, where it is always 255.
  ///   - authenticator: Computes the digest.
  /// - Returns: The 96 bits, the rest zero.
  static func integrityCheckValue(
    of headers: Bytes, _ message: borrowing RawSpan, key: borrowing Span<UInt8>,
    coversHopLimit: Bool, using authenticator: borrowing some MessageAuthenticator & ~Copyable
  ) -> MessageDigest {
    var headers = headers
    headers[1] = 0  // TOS
    headers[6] = 0  // flags and fragment offset
    headers[7] = 0
    if !coversHopLimit { headers[8] = 0 }
    headers[10] = 0  // header checksum
    headers[11] = 0
    for index in 32..<44 { headers[index] = 0 }
    let nothing = InlineArray<0, UInt8>(repeating: 0)
    return authenticator.hmacMD5(key: key, head: headers.span, body: message, tail: nothing.span).truncatedTo96Bits
  }
}
