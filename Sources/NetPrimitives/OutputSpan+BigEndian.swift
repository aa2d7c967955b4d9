extension OutputSpan<UInt8> {
  /// Appends two bytes in network order. Traps without room.
  @inlinable
  public mutating func append(bigEndian value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  /// Appends four bytes in network order. Traps without room.
  @inlinable
  public mutating func append(bigEndian value: UInt32) {
    append(bigEndian: UInt16(truncatingIfNeeded: value >> 16))
    append(bigEndian: UInt16(truncatingIfNeeded: value))
  }

  /// Appends eight bytes in network order. Traps without room.
  @inlinable
  public mutating func append(bigEndian value: UInt64) {
    append(bigEndian: UInt32(truncatingIfNeeded: value >> 32))
    append(bigEndian: UInt32(truncatingIfNeeded: value))
  }

  /// Appends the four bytes of an address. Traps without room.
  @inlinable
  public mutating func append(_ address: IPv4Address) { append(bigEndian: address.rawValue) }

  /// Appends the sixteen bytes of an address. Traps without room.
  @inlinable
  public mutating func append(_ address: IPv6Address) {
    append(bigEndian: address.high)
    append(bigEndian: address.low)
  }

  /// Appends the six bytes of a hardware address. Traps without room.
  @inlinable
  public mutating func append(_ address: MACAddress) {
    append(bigEndian: UInt16(truncatingIfNeeded: address.rawValue >> 32))
    append(bigEndian: UInt32(truncatingIfNeeded: address.rawValue))
  }

  /// Appends a copy of `bytes`. Traps without room.
  @inlinable
  public mutating func append(_ bytes: borrowing RawSpan) {
    for offset in 0..<bytes.byteCount { append(bytes.byte(at: offset)) }
  }
}
