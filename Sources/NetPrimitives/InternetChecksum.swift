/// The RFC 1071 ones'-complement sum, fed piecewise so that a pseudo-header needs no scratch buffer.
public struct InternetChecksum: Sendable, BitwiseCopyable {
  @usableFromInline var sum: UInt64 = 0

  /// An empty sum.
  @inlinable
  public init() {}

  /// Adds one 16-bit word, in host order.
  @inlinable
  public mutating func add(_ word: UInt16) { sum &+= UInt64(word) }

  /// Adds two 16-bit words, in host order.
  @inlinable
  public mutating func add(_ word: UInt32) {
    add(UInt16(truncatingIfNeeded: word >> 16))
    add(UInt16(truncatingIfNeeded: word))
  }

  /// Adds the four bytes of an address.
  @inlinable
  public mutating func add(_ address: IPv4Address) { add(address.rawValue) }

  /// Adds the sixteen bytes of an address.
  @inlinable
  public mutating func add(_ address: IPv6Address) {
    add(UInt32(truncatingIfNeeded: address.high >> 32))
    add(UInt32(truncatingIfNeeded: address.high))
    add(UInt32(truncatingIfNeeded: address.low >> 32))
    add(UInt32(truncatingIfNeeded: address.low))
  }

  /// Adds `bytes`; an odd last byte is padded with zero, so only the last piece may be odd.
  @inlinable
  public mutating func add(_ bytes: borrowing RawSpan) {
    var offset = 0
    // Wider words fold to the same sum (RFC 1071 §2), and 64 bits hold four thousand million of 32.
    while offset &+ 7 < bytes.byteCount {
      let words = bytes.bigEndian64(at: offset)
      sum &+= (words >> 32) &+ (words & 0xffff_ffff)
      offset &+= 8
    }
    while offset &+ 1 < bytes.byteCount {
      add(bytes.bigEndian16(at: offset))
      offset &+= 2
    }
    if offset < bytes.byteCount {
      add(UInt16(bytes.byte(at: offset)) << 8)
    }
  }

  /// The value to store in the checksum field, or to compare with zero when the field was summed too.
  @inlinable
  public var value: UInt16 {
    var folded = sum
    while folded > 0xffff { folded = (folded & 0xffff) &+ (folded >> 16) }
    return ~UInt16(truncatingIfNeeded: folded)
  }
}
