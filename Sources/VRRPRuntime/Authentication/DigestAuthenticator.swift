public import VRRPCore

/// HMAC-MD5 and HMAC-SHA256 (RFC 2104) without a library: two digests of a hundred lines take no memory where OpenSSL
/// takes megabytes (docs/decisions/0022), and a simulated world can use them, too.
///
/// Neither digest branches or looks anything up by its input, so the time it takes depends on lengths alone.
public struct DigestAuthenticator: MessageAuthenticator, Hashable, Sendable {
  /// An authenticator; it has no state.
  public init() {}

  public func hmacMD5(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>
  ) -> MessageDigest {
    Self.hmac(MD5Digest.self, key: key, head: head, body: body, tail: tail)
  }

  public func hmacSHA256(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>
  ) -> MessageDigest {
    Self.hmac(SHA256Digest.self, key: key, head: head, body: body, tail: tail)
  }

  private static func hmac<Digest: BlockDigest>(
    _ type: Digest.Type, key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan,
    tail: borrowing Span<UInt8>
  ) -> MessageDigest {
    let block = keyBlock(type, key)
    var inner = BlockFeeder<Digest>()
    for index in block.indices { inner.append(block[index] ^ 0x36) }
    inner.append(head)
    inner.append(body)
    inner.append(tail)
    var outer = BlockFeeder<Digest>()
    for index in block.indices { outer.append(block[index] ^ 0x5c) }
    outer.append(wordsOf: inner.finish())
    let words = outer.finish().words
    return MessageDigest(
      high: UInt64(words[0]) << 32 | UInt64(words[1]), low: UInt64(words[2]) << 32 | UInt64(words[3]))
  }

  /// The key padded to a block; one that is longer than a block counts as its digest (RFC 2104 §2).
  private static func keyBlock<Digest: BlockDigest>(
    _ type: Digest.Type, _ key: borrowing Span<UInt8>
  ) -> InlineArray<64, UInt8> {
    var block = InlineArray<64, UInt8>(repeating: 0)
    guard key.count > 64 else {
      for index in key.indices { block[index] = key[index] }
      return block
    }
    var feeder = BlockFeeder<Digest>()
    feeder.append(key)
    let words = feeder.finish().words
    for index in 0..<Digest.byteCount {
      block[index] = UInt8(truncatingIfNeeded: words[index >> 2] >> UInt32(24 &- 8 &* (index & 3)))
    }
    return block
  }
}
