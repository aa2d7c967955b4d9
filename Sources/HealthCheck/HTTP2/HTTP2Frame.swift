import NetPrimitives

/// A frame of HTTP/2 (RFC 9113 §4.1, §6).
struct HTTP2Frame {
  /// The frames a probe takes notice of; others are skipped (§4.1).
  enum Kind: UInt8 {
    case data = 0
    case headers = 1
    case resetStream = 3
    case settings = 4
    case pushPromise = 5
    case ping = 6
    case goAway = 7
    case windowUpdate = 8
    case continuation = 9
  }

  static let headerByteCount = 9
  /// `SETTINGS_MAX_FRAME_SIZE` as it is when nobody says otherwise (§6.5.2).
  static let payloadLimit = 16_384
  static let endStream: UInt8 = 0x1
  static let acknowledgement: UInt8 = 0x1
  static let endHeaders: UInt8 = 0x4
  static let padded: UInt8 = 0x8
  static let priority: UInt8 = 0x20

  /// The type's number; may be one we do not know.
  var type: UInt8
  var flags: UInt8
  var stream: UInt32
  var payload: [UInt8]

  static func append(
    _ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8], to output: inout [UInt8]
  ) {
    let count = payload.count
    output += [UInt8(count >> 16 & 0xff), UInt8(count >> 8 & 0xff), UInt8(count & 0xff), kind.rawValue, flags]
    for shift in [24, 16, 8, 0] as [UInt32] { output.append(UInt8(truncatingIfNeeded: stream >> shift)) }
    output += payload
  }

  /// The payload without padding and priority (§6.1, §6.2); `nil` when there is more padding than payload.
  var content: ArraySlice<UInt8>? {
    var rest = payload[...]
    var padding = 0
    if flags & Self.padded != 0 {
      guard let length = rest.popFirst() else { return nil }
      padding = Int(length)
    }
    if type == Kind.headers.rawValue, flags & Self.priority != 0 {
      guard rest.count >= 5 else { return nil }
      rest.removeFirst(5)
    }
    guard padding <= rest.count else { return nil }
    return rest.dropLast(padding)
  }
}

/// Cuts a stream of bytes into frames; holds at most one.
struct HTTP2FrameReader {
  private var buffer: [UInt8] = []

  /// The next complete frame in what was buffered and `bytes` from `offset` on, which moves; `nil` when more is needed.
  mutating func next(in bytes: borrowing RawSpan, from offset: inout Int) throws(ProbeFailure) -> HTTP2Frame? {
    take(HTTP2Frame.headerByteCount, in: bytes, from: &offset)
    guard buffer.count >= HTTP2Frame.headerByteCount else { return nil }
    let length = Int(buffer[0]) << 16 | Int(buffer[1]) << 8 | Int(buffer[2])
    guard length <= HTTP2Frame.payloadLimit else { throw ProbeFailure(.frame, .tooLong) }
    take(HTTP2Frame.headerByteCount + length, in: bytes, from: &offset)
    guard buffer.count == HTTP2Frame.headerByteCount + length else { return nil }
    var stream: UInt32 = 0
    for index in 5..<9 { stream = stream << 8 | UInt32(buffer[index]) }
    let frame = HTTP2Frame(
      type: buffer[3], flags: buffer[4], stream: stream & 0x7fff_ffff,
      payload: Array(buffer[HTTP2Frame.headerByteCount...]))
    buffer.removeAll(keepingCapacity: true)
    return frame
  }

  private mutating func take(_ wanted: Int, in bytes: borrowing RawSpan, from offset: inout Int) {
    while buffer.count < wanted, offset < bytes.byteCount {
      buffer.append(bytes.byte(at: offset))
      offset += 1
    }
  }
}
