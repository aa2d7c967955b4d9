import CLinuxShims
import Glibc
import NetPrimitives

/// A socket for ICMP and ICMPv6 echoes.
///
/// The kernel's ping sockets need no privilege but must be allowed to our group (`net.ipv4.ping_group_range`), which
/// new namespaces allow to nobody; raw sockets need CAP_NET_RAW. Whichever we may have will do, and no setting of the
/// host is touched.
enum EchoSocket {
  static func open(_ family: AddressFamily) throws(SystemCallError) -> (number: Int32, isRaw: Bool) {
    let icmp = family == .ipv4 ? Int32(IPPROTO_ICMP) : Int32(IPPROTO_ICMPV6)
    do {
      return (try ProbeSocket.open(family, SOCK_DGRAM, icmp).release(), false)
    } catch  where error.errno == EACCES || error.errno == EPERM || error.errno == EPROTONOSUPPORT {}
    let socket = try ProbeSocket.open(family, SOCK_RAW, icmp)
    // A raw socket hears every ICMP message of the host: all but echo replies stay in the kernel.
    switch family {
    case .ipv4:
      try SocketOptions.set(socket, rawLevel, 1, bytesOf: ~(UInt32(1) << 0), "ICMP_FILTER")
    case .ipv6:
      var blocked = (UInt32.max, UInt32.max, UInt32.max, UInt32.max, UInt32.max, UInt32.max, UInt32.max, UInt32.max)
      blocked.4 = ~(UInt32(1) << (129 - 128))
      try SocketOptions.set(socket, icmp, 1, bytesOf: blocked, "ICMP6_FILTER")
    }
    return (socket.release(), true)
  }

  /// `SOL_RAW`.
  private static let rawLevel: Int32 = 255
}
