public import NetPrimitives

/// Keyed digests, supplied by whoever runs the machines: this module contains no cryptography.
///
/// The message comes in three pieces that count as one, so that nothing needs to be copied together: what was rewritten
/// before it is digested in `head` and `tail`, and between them what stays where it was received.
public protocol MessageAuthenticator: ~Copyable {
  /// HMAC-MD5 (RFC 2104) of `head`, `body` and `tail` one after another.
  func hmacMD5(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>
  ) -> MessageDigest

  /// The first 128 bits of HMAC-SHA256 (RFC 2104 §5, RFC 4868) of `head`, `body` and `tail` one after another.
  func hmacSHA256(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>
  ) -> MessageDigest
}

/// The 128 bits of a digest.
public struct MessageDigest: Hashable, Sendable, BitwiseCopyable {
  /// Bytes 0…7 in network order.
  public var high: UInt64
  /// Bytes 8…15 in network order.
  public var low: UInt64

  /// The digest with these bytes.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The sixteen bytes at `offset`. Traps when out of bounds.
  @inlinable
  public init(_ bytes: borrowing RawSpan, at offset: Int = 0) {
    high = bytes.bigEndian64(at: offset)
    low = bytes.bigEndian64(at: offset &+ 8)
  }

  /// The first 96 bits, the rest zero (RFC 2403 §2).
  @inlinable
  public var truncatedTo96Bits: MessageDigest {
    MessageDigest(high: high, low: low & 0xffff_ffff_0000_0000)
  }

  /// Compares all bits whatever the first difference, so that the time tells an attacker nothing.
  @inlinable
  public func isEqualInConstantTime(to other: MessageDigest) -> Bool {
    (high ^ other.high) | (low ^ other.low) == 0
  }
}
