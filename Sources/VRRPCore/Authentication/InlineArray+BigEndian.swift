extension InlineArray where Element == UInt8 {
  /// Writes two bytes in network order.
  mutating func write(_ value: UInt16, at offset: Int) {
    self[offset] = UInt8(truncatingIfNeeded: value >> 8)
    self[offset &+ 1] = UInt8(truncatingIfNeeded: value)
  }

  /// Writes four bytes in network order.
  mutating func write(_ value: UInt32, at offset: Int) {
    write(UInt16(truncatingIfNeeded: value >> 16), at: offset)
    write(UInt16(truncatingIfNeeded: value), at: offset &+ 2)
  }

  /// Writes eight bytes in network order.
  mutating func write(_ value: UInt64, at offset: Int) {
    write(UInt32(truncatingIfNeeded: value >> 32), at: offset)
    write(UInt32(truncatingIfNeeded: value), at: offset &+ 4)
  }
}
