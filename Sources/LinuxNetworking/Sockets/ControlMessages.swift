import NetPrimitives

/// Walks what recvmsg(2) returns beside a datagram: `struct cmsghdr` (length, level, type), then data, padded to 8
/// bytes.
enum ControlMessages {
  /// Bytes of `struct cmsghdr` on 64-bit Linux.
  static let headerByteCount = 16

  /// Bytes one message with `byteCount` of data takes (`CMSG_SPACE`).
  static func space(_ byteCount: Int) -> Int { headerByteCount + aligned(byteCount) }

  /// Calls `body` for each well-formed message; stops at the first length that does not fit.
  static func forEach(in control: RawSpan, _ body: (_ level: Int32, _ type: Int32, _ data: RawSpan) -> Void) {
    var offset = 0
    while control.byteCount - offset >= headerByteCount {
      let length = control.host64(at: offset)
      guard length >= headerByteCount, length <= control.byteCount - offset else { return }
      let level = Int32(bitPattern: control.host32(at: offset + 8))
      let type = Int32(bitPattern: control.host32(at: offset + 12))
      body(level, type, control.extracting((offset + headerByteCount)..<(offset + Int(length))))
      // The last message may come without its padding.
      offset = min(offset + aligned(Int(length)), control.byteCount)
    }
  }

  private static func aligned(_ count: Int) -> Int { (count + 7) & ~7 }
}
