/// The eight bytes of VRRPv2's plain-text password (RFC 2338 §5.3.10; removed by RFC 3768, alive in the field).
public struct SimplePassword: Hashable, Sendable, BitwiseCopyable {
  /// The bytes as one number in network order; a shorter password is padded with zero bytes.
  public let rawValue: UInt64

  /// The password with these eight bytes.
  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The first eight bytes of `text`, as every implementation truncates it; the configuration warns of more.
  public init(truncating text: some Sequence<UInt8>) {
    var bits: UInt64 = 0
    var count = 0
    for byte in text.prefix(8) {
      bits = bits << 8 | UInt64(byte)
      count += 1
    }
    rawValue = count == 0 ? 0 : bits << UInt64(8 * (8 - count))
  }
}
