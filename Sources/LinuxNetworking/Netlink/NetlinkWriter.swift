import NetPrimitives

/// Builds netlink messages one after the other in one array, whose memory it keeps between batches.
struct NetlinkWriter {
  /// Sequence numbers begin here and count up, so that an answer tells its message.
  static let firstSequence: UInt32 = 1

  private(set) var bytes: [UInt8] = []
  /// How many messages were begun.
  private(set) var messageCount = 0
  /// Where the message being written starts.
  private var messageStart = 0

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  /// The sequence number of the next message.
  var nextSequence: UInt32 { Self.firstSequence &+ UInt32(truncatingIfNeeded: messageCount) }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    messageCount = 0
    messageStart = 0
  }

  /// Writes one message: header, then what `body` appends. The length is filled in afterwards.
  mutating func message(
    type: UInt16, flags: UInt16, sequence: UInt32, _ body: (inout NetlinkWriter) -> Void
  ) {
    messageStart = bytes.count
    messageCount += 1
    append(UInt32(0))
    append(type)
    append(flags)
    append(sequence)
    append(UInt32(0))
    body(&self)
    patch(UInt32(bytes.count - messageStart), at: messageStart)
  }

  /// Gives the last message these flags, too.
  mutating func addFlagsToLastMessage(_ flags: UInt16) {
    guard messageCount > 0 else { return }
    let ordered = flags.littleEndian
    bytes[messageStart + 6] |= UInt8(truncatingIfNeeded: ordered)
    bytes[messageStart + 7] |= UInt8(truncatingIfNeeded: ordered >> 8)
  }

  /// Takes flags away from the last message.
  mutating func removeFlagsFromLastMessage(_ flags: UInt16) {
    guard messageCount > 0 else { return }
    let ordered = flags.littleEndian
    bytes[messageStart + 6] &= ~UInt8(truncatingIfNeeded: ordered)
    bytes[messageStart + 7] &= ~UInt8(truncatingIfNeeded: ordered >> 8)
  }

  mutating func append(_ value: UInt8) { bytes.append(value) }

  mutating func append(_ value: UInt16) { appendHostOrder(value, count: 2) }

  mutating func append(_ value: UInt32) { appendHostOrder(value, count: 4) }

  mutating func append(_ address: IPAddress) {
    switch address {
    case .v4(let address): appendNetworkOrder(UInt64(address.rawValue), count: 4)
    case .v6(let address):
      appendNetworkOrder(address.high, count: 8)
      appendNetworkOrder(address.low, count: 8)
    }
  }

  mutating func attribute(_ type: UInt16, _ value: UInt8) { attribute(type) { $0.append(value) } }
  mutating func attribute(_ type: UInt16, _ value: UInt16) { attribute(type) { $0.append(value) } }
  mutating func attribute(_ type: UInt16, _ value: UInt32) { attribute(type) { $0.append(value) } }
  mutating func attribute(_ type: UInt16, _ value: IPAddress) { attribute(type) { $0.append(value) } }

  mutating func attribute(_ type: UInt16, _ value: MACAddress) {
    attribute(type) { $0.appendNetworkOrder(value.rawValue, count: 6) }
  }

  /// A string with its terminating zero.
  mutating func attribute(_ type: UInt16, _ value: String) {
    attribute(type) { writer in
      for byte in value.utf8 { writer.append(byte) }
      writer.append(UInt8(0))
    }
  }

  /// An attribute with whatever `body` appends, further attributes included; padded to four bytes.
  mutating func attribute(_ type: UInt16, _ body: (inout NetlinkWriter) -> Void) {
    lengthPrefixed { writer in
      writer.append(type)
      body(&writer)
    }
  }

  /// Two bytes of length, themselves counted, before what `body` appends; then padding to four bytes, not counted.
  mutating func lengthPrefixed(_ body: (inout NetlinkWriter) -> Void) {
    let start = bytes.count
    append(UInt16(0))
    body(&self)
    patch(UInt16(bytes.count - start), at: start)
    while bytes.count & 3 != 0 { bytes.append(0) }
  }

  mutating func appendNetworkOrder(_ value: UInt64, count: Int) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - index)))) }
  }

  private mutating func appendHostOrder(_ value: some FixedWidthInteger, count: Int) {
    // Least significant first is the host's order on every machine Swift's Linux runs on but one; `littleEndian`
    // swaps there.
    let ordered = UInt64(truncatingIfNeeded: value.littleEndian)
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: ordered >> UInt64(8 * index))) }
  }

  private mutating func patch(_ value: some FixedWidthInteger, at offset: Int) {
    let ordered = UInt64(truncatingIfNeeded: value.littleEndian)
    for index in 0..<(value.bitWidth / 8) {
      bytes[offset + index] = UInt8(truncatingIfNeeded: ordered >> UInt64(8 * index))
    }
  }
}
