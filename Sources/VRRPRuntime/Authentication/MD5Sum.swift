/// The MD5 (RFC 1321) of content that arrives piecewise: what genhash prints and `digest` is compared with.
///
/// It tells contents apart and protects nothing.
public struct MD5Sum {
  private var feeder = BlockFeeder<MD5Digest>()

  /// The sum of nothing so far.
  public init() {}

  /// Adds bytes.
  public mutating func update(_ bytes: borrowing RawSpan) { feeder.append(bytes) }

  /// The 16 bytes of the sum. Nothing is called after it.
  public mutating func finish() -> [UInt8] {
    let words = feeder.finish().words
    return (0..<MD5Digest.byteCount).map { UInt8(truncatingIfNeeded: words[$0 / 4] >> UInt32(24 - 8 * ($0 % 4))) }
  }
}
