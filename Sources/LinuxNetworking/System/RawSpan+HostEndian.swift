import NetPrimitives

// The kernel's structures are in the machine's own byte order. Each load is bounds-checked and traps outside.
extension RawSpan {
  /// The two bytes at `offset` in host order.
  func host16(at offset: Int) -> UInt16 { bigEndian16(at: offset).bigEndian }

  /// The four bytes at `offset` in host order.
  func host32(at offset: Int) -> UInt32 { bigEndian32(at: offset).bigEndian }

  /// The eight bytes at `offset` in host order.
  func host64(at offset: Int) -> UInt64 { bigEndian64(at: offset).bigEndian }
}
