// The only unsafe expressions of the pure modules: each load is preceded by the bounds check that makes it safe.
extension RawSpan {
  /// The byte at `offset`. Traps when out of bounds: decoders check lengths first and say so in a typed error.
  @inlinable
  public func byte(at offset: Int) -> UInt8 {
    precondition(offset >= 0 && offset < byteCount)
    return unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The two bytes at `offset` in network order. Traps when out of bounds.
  @inlinable
  public func bigEndian16(at offset: Int) -> UInt16 {
    precondition(offset >= 0 && byteCount >= 2 && offset <= byteCount &- 2)
    return unsafe UInt16(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// The four bytes at `offset` in network order. Traps when out of bounds.
  @inlinable
  public func bigEndian32(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && byteCount >= 4 && offset <= byteCount &- 4)
    return unsafe UInt32(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// The eight bytes at `offset` in network order. Traps when out of bounds.
  @inlinable
  public func bigEndian64(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && byteCount >= 8 && offset <= byteCount &- 8)
    return unsafe UInt64(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The IPv4 address at `offset`. Traps when out of bounds.
  @inlinable
  public func ipv4Address(at offset: Int) -> IPv4Address { IPv4Address(rawValue: bigEndian32(at: offset)) }

  /// The IPv6 address at `offset`. Traps when out of bounds.
  @inlinable
  public func ipv6Address(at offset: Int) -> IPv6Address {
    IPv6Address(high: bigEndian64(at: offset), low: bigEndian64(at: offset &+ 8))
  }

  /// The hardware address at `offset`. Traps when out of bounds.
  @inlinable
  public func macAddress(at offset: Int) -> MACAddress {
    MACAddress(rawValue: UInt64(bigEndian16(at: offset)) << 32 | UInt64(bigEndian32(at: offset &+ 2)))
  }
}

extension Span<UInt8> {
  /// Lends the same bytes as a `RawSpan`. The standard library's `bytes` is unsafe only because elements of other types
  /// may have padding.
  @inlinable
  public func withRawSpan<Result, Failure: Error>(
    _ body: (borrowing RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe bytes)
  }
}
