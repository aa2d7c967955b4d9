import CLinuxShims
import Glibc
import NetPrimitives
import VRRPCore

/// A netlink socket with a receive buffer of its own; the base of ``RouteSocket``,
/// ``RouteMonitor`` and ``ServiceSocket``.
final class NetlinkSocket {
  let descriptor: FileDescriptor
  private let buffer: UnsafeMutableRawBufferPointer

  /// The kernel never makes a longer datagram for us than the buffer we read with, up to 32 KiB.
  private static let bufferByteCount = 32_768

  /// Opens `family` (0 for rtnetlink) and subscribes to `groups`, a bit mask.
  init(family: Int32, groups: UInt32, receiveLimitBytes: Int32) throws(SystemCallError) {
    descriptor = try FileDescriptor("socket(AF_NETLINK, SOCK_RAW, \(family))") {
      socket(
        AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), family)
    }
    buffer = .allocate(byteCount: Self.bufferByteCount, alignment: 16)
    let level = SocketOptions.netlinkLevel
    // Errors in words, without a copy of the request; kernels that cannot are fine, too.
    try? SocketOptions.set(descriptor, level, 11, 1, "NETLINK_EXT_ACK")
    try? SocketOptions.set(descriptor, level, 10, 1, "NETLINK_CAP_ACK")
    // The kernel checks dump requests and honours their filters.
    try? SocketOptions.set(descriptor, level, 12, 1, "NETLINK_GET_STRICT_CHK")
    try limit(receiveLimitBytes, isForced: true)
    try bind(groups: groups)
  }

  /// How many bytes the kernel queues. Beyond what the administrator allows everybody only by force, and that only with
  /// CAP_NET_ADMIN.
  private func limit(_ bytes: Int32, isForced: Bool) throws(SystemCallError) {
    if isForced {
      do {
        try SocketOptions.set(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, bytes, "SO_RCVBUFFORCE")
        return
      } catch {}
    }
    try SocketOptions.set(descriptor, SOL_SOCKET, SO_RCVBUF, bytes, "SO_RCVBUF")
  }

  /// Gives the socket the room that was configured; without any it keeps what it has.
  func follow(_ buffer: ReceiveBufferDefinition) throws(SystemCallError) {
    guard let bytes = buffer.byteCount else { return }
    try limit(Int32(clamping: bytes), isForced: buffer.isForced)
  }

  /// Makes room for a datagram of so many bytes, which the kernel refuses above a limit of about 200 KiB. Needs
  /// CAP_NET_ADMIN.
  func allow(sending count: Int) throws(SystemCallError) {
    guard count > 100_000 else { return }
    let bytes = Int32(clamping: count * 2)
    try SocketOptions.set(
      descriptor, SOL_SOCKET, SO_SNDBUFFORCE, bytes, "SO_SNDBUFFORCE", needs: .netAdmin)
  }

  /// How many bytes the kernel queues at present: twice what was asked for, as socket(7) has it.
  var receiveLimitBytes: Int32 {
    var bytes: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    _ = getsockopt(descriptor.rawValue, SOL_SOCKET, SO_RCVBUF, &bytes, &length)
    return bytes
  }

  deinit { buffer.deallocate() }

  private func bind(groups: UInt32) throws(SystemCallError) {
    // struct sockaddr_nl: family, padding, port (the kernel chooses), groups.
    var address = (UInt16(AF_NETLINK), UInt16(0), UInt32(0), groups)
    let number = descriptor.rawValue
    let result = withUnsafeBytes(of: &address) { bytes in
      Glibc.bind(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, 12)
    }
    guard result == 0 else { throw SystemCallError("bind(AF_NETLINK)", needs: .netAdmin) }
  }

  /// Sends one datagram of whole messages. The kernel has carried them out, or refused them, when this returns.
  func send(_ bytes: [UInt8]) throws(SystemCallError) {
    let number = descriptor.rawValue
    let sent = bytes.withUnsafeBytes { bytes in
      while true {
        let result = Glibc.send(number, bytes.baseAddress, bytes.count, 0)
        if result >= 0 || errno != EINTR { return result }
      }
    }
    guard sent == bytes.count else { throw SystemCallError("send(AF_NETLINK)", needs: .netAdmin) }
  }

  /// Takes one datagram without blocking and hands it to `body`; false when none waits. ENOBUFS tells that the kernel
  /// had to drop some. What did not come from the kernel is passed over.
  func receive(_ body: (RawSpan) -> Void) throws(SystemCallError) -> Bool {
    while true {
      var address = (UInt16(0), UInt16(0), UInt32(0), UInt32(0))
      var addressLength: socklen_t = 12
      let number = descriptor.rawValue
      let place = buffer
      let count = withUnsafeMutableBytes(of: &address) { bytes in
        recvfrom(
          number, place.baseAddress, place.count, Int32(MSG_DONTWAIT | MSG_TRUNC),
          bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, &addressLength)
      }
      if count < 0 {
        switch errno {
        case EINTR: continue
        case EAGAIN: return false
        default: throw SystemCallError("recv(AF_NETLINK)")
        }
      }
      guard count <= place.count else { throw SystemCallError(call: "recv(AF_NETLINK)", errno: EMSGSIZE) }
      guard address.2 == 0 else { continue }
      body(UnsafeRawBufferPointer(rebasing: place[..<count]).bytes)
      return true
    }
  }

  /// How long the kernel may owe us an answer.
  static let answerMilliseconds: Int32 = 5000

  /// As ``receive(_:)``, but waits: for answers the kernel owes us.
  func receiveAnswer(
    timeoutMilliseconds: Int32 = NetlinkSocket.answerMilliseconds, _ body: (RawSpan) -> Void
  ) throws(SystemCallError) {
    while try !receive(body) {
      var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, timeoutMilliseconds)
      if ready == 0 { throw SystemCallError(call: "recv(AF_NETLINK)", errno: ETIMEDOUT) }
      if ready < 0, errno != EINTR { throw SystemCallError("poll") }
    }
  }
}
