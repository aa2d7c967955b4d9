import NetPrimitives

/// The 28 bytes `auth_hmac` puts after an advertisement (draft-cassen-vrrp-auth-hmac, as keepalived 2.4.2 sends it).
public struct HMACTrailer: Hashable, Sendable, BitwiseCopyable {
  /// Which key signed, 1…255.
  public var keyID: UInt8
  /// When it was signed, and which of that instant.
  public var sequence: SequenceNumber
  /// The first 128 bits of HMAC-SHA256.
  public var digest: MessageDigest

  /// Bytes on the wire.
  public static let byteCount = AdvertisementMessage.trailerByteCount
  /// The only type defined: HMAC-SHA256 cut to 128 bits.
  static let type: UInt8 = 1

  /// When an advertisement was signed: 32 bits of UTC seconds since 1970, 16 of the second's binary fraction, and 16
  /// that tell apart what was signed within one tick. Ordered by serial-number arithmetic (RFC 1982), so that the
  /// seconds may wrap in 2106.
  public struct SequenceNumber: Hashable, Sendable, BitwiseCopyable {
    /// Seconds, fraction and counter from the most significant bit down.
    public var rawValue: UInt64

    /// The sequence with these bits.
    @inlinable
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The first of the tick of 1/65 536 s that `utcNanoseconds`, nanoseconds since 1970, falls into.
    @inlinable
    public init(utcNanoseconds: UInt64) {
      let (seconds, nanoseconds) = utcNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
      rawValue = seconds << 32 | ((nanoseconds << 16) / 1_000_000_000) << 16
    }

    /// How far this one is after `other`, in units of 2⁻³² s; negative when before.
    @inlinable
    func distance(from other: Self) -> Int64 { Int64(bitPattern: rawValue &- other.rawValue) }

    /// Whether this one comes after `other`.
    @inlinable
    public func isNewer(than other: Self) -> Bool { distance(from: other) > 0 }
  }

  /// A trailer; ``HMACSigner`` makes valid ones.
  @inlinable
  public init(keyID: UInt8, sequence: SequenceNumber, digest: MessageDigest) {
    self.keyID = keyID
    self.sequence = sequence
    self.digest = digest
  }

  /// Decodes the trailer, the last 28 bytes of `payload`.
  ///
  /// - Throws: ``HMACTrailerError/malformed``.
  /// - Precondition: `payload` is at least that long.
  public init(decodingEndOf payload: borrowing RawSpan) throws(HMACTrailerError) {
    let bytes = payload.extracting(last: Self.byteCount)
    guard bytes.byte(at: 0) == Self.type, bytes.byte(at: 1) != 0, bytes.bigEndian16(at: 2) == 0 else {
      throw .malformed
    }
    keyID = bytes.byte(at: 1)
    sequence = SequenceNumber(rawValue: bytes.bigEndian64(at: 4))
    digest = MessageDigest(bytes, at: 12)
  }

  /// The trailer's bytes.
  public var bytes: InlineArray<28, UInt8> {
    var result = InlineArray<28, UInt8>(repeating: 0)
    result[0] = Self.type
    result[1] = keyID
    result.write(sequence.rawValue, at: 4)
    result.write(digest.high, at: 12)
    result.write(digest.low, at: 20)
    return result
  }

  /// What the digest of `message` from `source` must be: over a pseudo-header, the message with its checksum read as
  /// zero, and this trailer with its digest read as zero.
  func expectedDigest(
    of message: borrowing RawSpan, from source: IPAddress, key: borrowing Span<UInt8>,
    using authenticator: borrowing some MessageAuthenticator & ~Copyable
  ) -> MessageDigest {
    // The pseudo-header of twenty bytes, then the fixed fields of the message.
    var head = InlineArray<28, UInt8>(repeating: 0)
    head[0] = source.family.rawValue
    head[1] = message.byte(at: 0) >> 4
    head[2] = message.byte(at: 1)
    switch source {
    case .v4(let address):
      head.write(address.rawValue, at: 4)
    case .v6(let address):
      head.write(address.high, at: 4)
      head.write(address.low, at: 12)
    }
    for index in 0..<6 { head[20 &+ index] = message.byte(at: index) }
    var unsigned = self
    unsigned.digest = MessageDigest(high: 0, low: 0)
    return authenticator.hmacSHA256(
      key: key, head: head.span, body: message.extracting(droppingFirst: AdvertisementMessage.headerByteCount),
      tail: unsigned.bytes.span)
  }
}
