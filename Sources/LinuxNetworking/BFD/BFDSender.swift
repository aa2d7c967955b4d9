public import BFDCore
import CLinuxShims
import Glibc
import NetPrimitives

/// The UDP socket one session sends from: a port of its own, the same for all its packets (RFC 5881 §4). It hears
/// nothing.
public final class BFDSender {
  /// The ports sessions send from.
  public static let ports: ClosedRange<UInt16> = 49_152...65_535
  /// The session's path.
  public let path: BFDPath
  private let descriptor: FileDescriptor

  /// Opens a socket for packets along `path` that leave with this TTL or hop limit, 1…255. `port` says where to begin
  /// looking for a free port; any number will do.
  public init(_ path: BFDPath, hopLimit: UInt8, port: UInt64) throws(SystemCallError) {
    self.path = path
    let family = path.neighbor.family
    descriptor = try ProbeSocket.open(family, SOCK_DGRAM, 0)
    try PacketFilter.attach(PacketFilter.dropAll(), to: descriptor)
    switch family {
    case .ipv4: try SocketOptions.set(descriptor, Int32(IPPROTO_IP), IP_TOS, Self.trafficClass, "IP_TOS")
    case .ipv6:
      let level = Int32(IPPROTO_IPV6)
      try SocketOptions.set(descriptor, level, IPV6_V6ONLY, 1, "IPV6_V6ONLY")
      try SocketOptions.set(descriptor, level, SocketOptions.ipv6TrafficClass, Self.trafficClass, "IPV6_TCLASS")
    }
    try setHopLimit(hopLimit)
    // After the traffic class, which would set it to something lower. 6 is the highest without CAP_NET_ADMIN.
    try? SocketOptions.set(descriptor, SOL_SOCKET, SO_PRIORITY, 6, "SO_PRIORITY")
    try? SocketOptions.set(descriptor, SOL_SOCKET, SO_PRIORITY, 7, "SO_PRIORITY")
    try Self.bind(descriptor, to: path.source ?? .any(family), firstPort: port)
  }

  /// Makes packets leave with this TTL or hop limit, 1…255, from now on.
  public func setHopLimit(_ hopLimit: UInt8) throws(SystemCallError) {
    switch path.neighbor.family {
    case .ipv4:
      try SocketOptions.set(descriptor, Int32(IPPROTO_IP), SocketOptions.ipTTL, Int32(hopLimit), "IP_TTL")
    case .ipv6:
      try SocketOptions.set(
        descriptor, Int32(IPPROTO_IPV6), IPV6_UNICAST_HOPS, Int32(hopLimit), "IPV6_UNICAST_HOPS")
    }
  }

  /// CS6, network control, as for adverts: a full queue must not look like a dead path.
  private static let trafficClass: Int32 = 0xc0

  private static func bind(
    _ descriptor: borrowing FileDescriptor, to source: IPAddress, firstPort: UInt64
  ) throws(SystemCallError) {
    let number = descriptor.rawValue
    var failure = SystemCallError(call: "bind(\(source))", errno: EADDRINUSE)
    for attempt in 0..<64 as Range<UInt64> {
      let offset = UInt16((firstPort % UInt64(ports.count) + attempt) % UInt64(ports.count))
      do {
        _ = try SystemCallError.check("bind(\(source))") {
          SocketAddress.with(source, port: ports.lowerBound + offset, scope: 0) { Glibc.bind(number, $0, $1) }
        }
        return
      } catch {
        failure = error
        guard error.errno == EADDRINUSE else { throw error }
      }
    }
    throw failure
  }

  /// Sends a packet now, or says why not; most reasons pass by themselves.
  public func send(_ packet: BFDPacket) throws(SystemCallError) {
    let bytes = [UInt8](capacity: BFDPacket.byteCount) { packet.encode(into: &$0) }
    let number = descriptor.rawValue
    let port = path.isMultihop ? BFDPacket.multihopPort : BFDPacket.singleHopPort
    _ = try SystemCallError.check("sendto(\(path.neighbor))") {
      SocketAddress.with(path.neighbor, port: port, scope: 0) { address, length in
        Int32(
          bytes.withUnsafeBytes {
            sendto(number, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL), address, length)
          })
      }
    }
  }
}
