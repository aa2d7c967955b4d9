import NetPrimitives

/// The header of a netlink message.
struct NetlinkHeader: Hashable, Sendable {
  static let byteCount = 16

  var type: UInt16
  var flags: UInt16
  var sequence: UInt32
  var port: UInt32
}

/// Takes datagrams of netlink apart. Lengths that do not fit end the walk: the kernel does not send any, an impostor's
/// must not harm.
enum NetlinkReader {
  /// Calls `body` with each whole message; returns false when bytes were left that make none.
  @discardableResult
  static func forEachMessage(in datagram: RawSpan, _ body: (NetlinkHeader, RawSpan) -> Void) -> Bool {
    var offset = 0
    while datagram.byteCount - offset >= NetlinkHeader.byteCount {
      let length = datagram.host32(at: offset)
      guard length >= NetlinkHeader.byteCount, length <= datagram.byteCount - offset else { return false }
      let header = NetlinkHeader(
        type: datagram.host16(at: offset + 4), flags: datagram.host16(at: offset + 6),
        sequence: datagram.host32(at: offset + 8), port: datagram.host32(at: offset + 12))
      body(header, datagram.extracting((offset + NetlinkHeader.byteCount)..<(offset + Int(length))))
      offset = min(offset + aligned(Int(length)), datagram.byteCount)
    }
    return offset == datagram.byteCount
  }

  /// Calls `body` with each attribute from `offset` on; the type comes without its two flag bits.
  static func forEachAttribute(in bytes: RawSpan, from offset: Int = 0, _ body: (UInt16, RawSpan) -> Void) {
    var offset = offset
    while bytes.byteCount - offset >= 4 {
      let length = Int(bytes.host16(at: offset))
      guard length >= 4, length <= bytes.byteCount - offset else { return }
      body(bytes.host16(at: offset + 2) & 0x3fff, bytes.extracting((offset + 4)..<(offset + length)))
      offset = min(offset + aligned(length), bytes.byteCount)
    }
  }

  /// The error number, positive, of an error message; 0 acknowledges. `nil` when cut short.
  static func errorNumber(_ payload: RawSpan) -> Int32? {
    guard payload.byteCount >= 4 else { return nil }
    let value = Int32(bitPattern: payload.host32(at: 0))
    return value == .min ? nil : abs(value)
  }

  /// What the kernel says in words beside an error (`NLMSGERR_ATTR_MSG`), or nothing.
  static func errorText(_ header: NetlinkHeader, _ payload: RawSpan) -> String {
    guard header.flags & NetlinkFlag.extendedAcknowledgement != 0, payload.byteCount >= 20 else { return "" }
    // Without the cap the failed message follows in full, its own length first.
    let original = header.flags & NetlinkFlag.capped != 0 ? 16 : aligned(Int(min(payload.host32(at: 4), 1 << 20)))
    var text = ""
    guard 4 + original <= payload.byteCount else { return "" }
    forEachAttribute(in: payload, from: 4 + original) { type, value in
      if type == 1 { text = string(value) }
    }
    return text
  }

  /// A string up to its zero, invalid bytes replaced.
  static func string(_ bytes: RawSpan) -> String {
    var length = 0
    while length < bytes.byteCount, bytes.byte(at: length) != 0 { length += 1 }
    return String(unsafeUninitializedCapacity: length) { buffer in
      for index in 0..<length { buffer[index] = bytes.byte(at: index) }
      return length
    }
  }

  /// An address of 4 or 16 bytes.
  static func address(_ bytes: RawSpan) -> IPAddress? {
    switch bytes.byteCount {
    case 4: .v4(bytes.ipv4Address(at: 0))
    case 16: .v6(bytes.ipv6Address(at: 0))
    default: nil
    }
  }

  private static func aligned(_ count: Int) -> Int { (count + 3) & ~3 }
}
