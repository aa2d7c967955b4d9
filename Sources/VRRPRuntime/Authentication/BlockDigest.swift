import NetPrimitives

/// A digest that works in blocks of 64 bytes: MD5 or SHA-256.
protocol BlockDigest {
  /// Bytes of the result.
  static var byteCount: Int { get }
  /// The length field of the last block, as its eight bytes read in network order.
  static func length(_ bitCount: UInt64) -> UInt64
  /// The state, as the words of the result read in network order; unused words are zero.
  var words: InlineArray<8, UInt32> { get }

  init()
  mutating func absorb(_ block: borrowing InlineArray<64, UInt8>)
}

/// Feeds bytes to a digest, block by block. Allocates nothing.
struct BlockFeeder<Digest: BlockDigest> {
  private var digest = Digest()
  private var block = InlineArray<64, UInt8>(repeating: 0)
  private var used = 0
  private var byteCount: UInt64 = 0

  mutating func append(_ byte: UInt8) {
    block[used] = byte
    used &+= 1
    byteCount &+= 1
    guard used == 64 else { return }
    digest.absorb(block)
    used = 0
  }

  mutating func append(_ bytes: borrowing Span<UInt8>) {
    for index in bytes.indices { append(bytes[index]) }
  }

  mutating func append(_ bytes: borrowing RawSpan) {
    for offset in 0..<bytes.byteCount { append(bytes.byte(at: offset)) }
  }

  mutating func append(wordsOf digest: Digest) {
    let words = digest.words
    for index in 0..<(Digest.byteCount / 4) {
      for byte in 0..<4 { append(UInt8(truncatingIfNeeded: words[index] >> UInt32(24 &- 8 &* byte))) }
    }
  }

  /// Appends the padding and the length, and returns the result.
  mutating func finish() -> Digest {
    let length = Digest.length(byteCount &* 8)
    append(0x80)
    while used != 56 { append(0) }
    for index in 0..<8 { append(UInt8(truncatingIfNeeded: length >> UInt64(56 &- 8 &* index))) }
    return digest
  }
}

extension UInt32 {
  /// The bits moved `count` places up; those that leave come back below. `count` is 1…31.
  func rotatedLeft(by count: UInt32) -> UInt32 { self &<< count | self &>> (32 &- count) }
}
