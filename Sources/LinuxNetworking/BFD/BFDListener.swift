public import BFDCore
import CLinuxShims
import Glibc
public import NetPrimitives

/// A UDP socket that hears BFD packets to any address of this host, of one family, on one of the two ports.
///
/// The kernel tells when each came and with which hop limit; without either nobody could be declared dead or far away.
/// Not thread-safe: it belongs to its loop.
public final class BFDListener {
  /// The family heard.
  public let family: AddressFamily
  /// Whether it hears sessions across routers.
  public let isMultihop: Bool
  private let descriptor: FileDescriptor
  /// Nothing that is in the queue now arrived before this instant.
  private var emptySince: MonotonicInstant

  /// Opens the socket on port 3784, or 4784 for sessions across routers.
  public init(_ family: AddressFamily, isMultihop: Bool) throws(SystemCallError) {
    self.family = family
    self.isMultihop = isMultihop
    descriptor = try ProbeSocket.open(family, SOCK_DGRAM, 0)
    emptySince = SystemClock.monotonic()
    try SocketOptions.set(descriptor, SOL_SOCKET, SocketOptions.receiveTimestamps, 1, "SO_TIMESTAMPNS")
    switch family {
    case .ipv4:
      try SocketOptions.set(descriptor, Int32(IPPROTO_IP), SocketOptions.ipReceiveTTL, 1, "IP_RECVTTL")
      try SocketOptions.set(descriptor, Int32(IPPROTO_IP), SocketOptions.ipPacketInfo, 1, "IP_PKTINFO")
    case .ipv6:
      let level = Int32(IPPROTO_IPV6)
      try SocketOptions.set(descriptor, level, IPV6_V6ONLY, 1, "IPV6_V6ONLY")
      try SocketOptions.set(descriptor, level, SocketOptions.ipv6ReceiveHopLimit, 1, "IPV6_RECVHOPLIMIT")
      try SocketOptions.set(descriptor, level, SocketOptions.ipv6ReceivePacketInfo, 1, "IPV6_RECVPKTINFO")
    }
    let port = isMultihop ? BFDPacket.multihopPort : BFDPacket.singleHopPort
    let number = descriptor.rawValue
    _ = try SystemCallError.check("bind(UDP port \(port))") {
      SocketAddress.with(.any(family), port: port, scope: 0) { Glibc.bind(number, $0, $1) }
    }
  }

  /// For the reactor; the socket keeps it and closes it.
  public var rawDescriptor: Int32 { descriptor.rawValue }

  /// Takes what waits, at most `limit` datagrams, without blocking, and hands each to `body`. Datagrams longer than the
  /// buffer are dropped: no packet is. Returns true when the queue is empty; after false there may be more.
  @discardableResult
  public func receive(
    into buffer: ReceiveBuffer, limit: Int = 256, _ body: (RawSpan, BFDArrival) -> Void
  ) throws(SystemCallError) -> Bool {
    try buffer.drain(descriptor.rawValue, limit: limit, emptySince: &emptySince) { index, clocks in
      guard !buffer.isTruncated(index) else { return }
      buffer.withDatagram(index) { bytes, control, name in
        if let arrival = arrival(control: control, name: name, clocks: clocks) { body(bytes, arrival) }
      }
    }
  }

  private func arrival(control: RawSpan, name: RawSpan, clocks: TimestampConverter) -> BFDArrival? {
    guard let source = SocketAddress.read(name) else { return nil }
    // Until the kernel says otherwise it came from too far away.
    var arrival = BFDArrival(
      source: source, destination: .any(family), hopLimit: 0, isMultihop: isMultihop, receivedAt: clocks.now)
    ControlMessages.forEach(in: control) { level, type, data in
      switch (level, type) {
      case (SOL_SOCKET, SocketOptions.receiveTimestamps) where data.byteCount >= 16:
        arrival.receivedAt = clocks.monotonic(seconds: data.host64(at: 0), nanoseconds: data.host64(at: 8))
      case (Int32(IPPROTO_IP), SocketOptions.ipTTL) where data.byteCount >= 4,
        (Int32(IPPROTO_IPV6), SocketOptions.ipv6HopLimit) where data.byteCount >= 4:
        arrival.hopLimit = UInt8(truncatingIfNeeded: data.host32(at: 0))
      case (Int32(IPPROTO_IP), SocketOptions.ipPacketInfo) where data.byteCount >= 12:
        arrival.destination = .v4(data.ipv4Address(at: 8))
      case (Int32(IPPROTO_IPV6), SocketOptions.ipv6PacketInfo) where data.byteCount >= 20:
        arrival.destination = .v6(data.ipv6Address(at: 0))
      default: break
      }
    }
    return arrival
  }
}
