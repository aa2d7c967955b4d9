public import NetPrimitives

/// `UDP_CHECK`: a datagram out; silence is good unless a reply is required.
public struct UDPConversation: Conversation, Hashable, Sendable {
  private let check: UDPCheck

  /// A conversation as `check` wants it.
  public init(_ check: UDPCheck) { self.check = check }

  public var step: ProbeStep { .reply }

  public mutating func begin(output: inout [UInt8]) -> Finding.Outcome? {
    output.append(contentsOf: check.payload)
    return nil
  }

  public mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    guard let reply = check.reply else { return .success(.unchanged) }
    let count = bytes.byteCount
    let maximum = reply.maximumLength.map(Int.init) ?? (reply.pattern.isEmpty ? Int.max : 255)
    guard (Int(reply.minimumLength)...max(maximum, Int(reply.minimumLength))).contains(count) else {
      return failed(.unexpectedLength(UInt32(clamping: count)))
    }
    for index in 0..<min(count, reply.pattern.count) where !reply.pattern[index].matches(bytes.byte(at: index)) {
      return failed(.unexpectedContent)
    }
    return .success(.unchanged)
  }

  public mutating func timedOut(_ reason: ProbeFailure.Reason) -> Finding.Outcome {
    check.reply == nil ? .success(.unchanged) : failed(reason)
  }
}

/// `PING_CHECK`: one echo request and its reply (RFC 792, RFC 4443 §4).
public struct PingConversation: Conversation, Hashable, Sendable {
  /// Bytes of payload after the eight of the header.
  public static let payloadByteCount = 24

  private let family: AddressFamily
  private let sequence: UInt16
  private let token: UInt64

  /// A ping with this sequence number; `token` is 64 random bits that only the right reply brings back.
  public init(_ family: AddressFamily, sequence: UInt16, token: UInt64) {
    self.family = family
    self.sequence = sequence
    self.token = token
  }

  public var step: ProbeStep { .reply }

  public mutating func begin(output: inout [UInt8]) -> Finding.Outcome? {
    var message = [UInt8](repeating: 0, count: 8 + Self.payloadByteCount)
    message[0] = family == .ipv4 ? 8 : 128
    message[6] = UInt8(truncatingIfNeeded: sequence >> 8)
    message[7] = UInt8(truncatingIfNeeded: sequence)
    for index in 0..<8 { message[8 + index] = UInt8(truncatingIfNeeded: token >> (56 - 8 * UInt64(index))) }
    if family == .ipv4 {
      // Kernel sockets for pings compute it too; raw ones do not. ICMPv6 checksums are always the kernel's.
      var sum = InternetChecksum()
      for index in stride(from: 0, to: message.count, by: 2) {
        sum.add(UInt16(message[index]) << 8 | UInt16(message[index + 1]))
      }
      message[2] = UInt8(truncatingIfNeeded: sum.value >> 8)
      message[3] = UInt8(truncatingIfNeeded: sum.value)
    }
    output.append(contentsOf: message)
    return nil
  }

  /// Takes a message without its IP header. What is not our reply is ignored: a late answer to an earlier ping is no
  /// failure of this one, as it is in keepalived.
  public mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    guard bytes.byteCount >= 16 else { return nil }
    let isReply = bytes.byte(at: 0) == (family == .ipv4 ? 0 : 129) && bytes.byte(at: 1) == 0
    guard isReply, bytes.bigEndian16(at: 6) == sequence, bytes.bigEndian64(at: 8) == token else { return nil }
    return .success(.unchanged)
  }
}
