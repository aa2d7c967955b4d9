import CLinuxShims
import Glibc
import HealthCheck
import NetPrimitives

/// A non-blocking socket that is connected, or is about to be, to the target of a probe.
struct ProbeSocket: ~Copyable {
  let descriptor: FileDescriptor
  /// Whether one read is one datagram.
  let isDatagram: Bool
  /// Whether the connection was made at once.
  let isConnected: Bool
  /// A raw IPv4 socket hands over the IP header as well.
  private let hasHeader: Bool

  enum Reception {
    /// What was read, a range of the buffer; for datagrams, one without its IP header.
    case bytes(Range<Int>)
    case wouldBlock
    case closed
    case failed(errno: Int32)
  }

  enum Transmission {
    case sent(Int)
    case wouldBlock
    case failed(errno: Int32)
  }

  /// Opens what `transport` says and begins to connect. The error is of any of the calls it takes.
  init(_ transport: ProbeSession<SystemToolbox>.Transport, to connection: ProbeConnection) throws(SystemCallError) {
    let family = connection.address.family
    let isEcho = transport == .echo(family)
    let opened: (number: Int32, isRaw: Bool)
    switch transport {
    case .stream, .knock: opened = (try Self.open(family, SOCK_STREAM, 0).release(), false)
    case .datagram: opened = (try Self.open(family, SOCK_DGRAM, 0).release(), false)
    case .echo: opened = try EchoSocket.open(family)
    }
    let socket = FileDescriptor(owning: opened.number)
    try Self.setOptions(socket, connection, isEcho: isEcho)
    if transport == .knock { Self.prepareKnock(socket) }
    isConnected = try Self.connect(socket, connection)
    switch transport {
    case .stream, .knock: isDatagram = false
    case .datagram, .echo: isDatagram = true
    }
    hasHeader = opened.isRaw && family == .ipv4
    descriptor = socket
  }

  static func open(
    _ family: AddressFamily, _ kind: __socket_type, _ protocol: Int32
  ) throws(SystemCallError) -> FileDescriptor {
    let domain = family == .ipv4 ? AF_INET : AF_INET6
    let type = Int32(kind.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    return try FileDescriptor("socket") { socket(domain, type, `protocol`) }
  }

  private static func setOptions(
    _ descriptor: borrowing FileDescriptor, _ connection: ProbeConnection, isEcho: Bool
  ) throws(SystemCallError) {
    if connection.mark != 0 {
      try SocketOptions.set(
        descriptor, SOL_SOCKET, SocketOptions.mark, bytesOf: connection.mark, "SO_MARK", needs: .netAdmin)
    }
    if let interface = connection.interface {
      try SocketOptions.bind(descriptor, toInterfaceNamed: interface)
    }
    guard connection.localAddress != nil || connection.localPort != 0 else { return }
    if connection.localPort == 0, !isEcho {
      // The port is chosen by connect, which knows the other end: far more probes fit.
      try? SocketOptions.set(
        descriptor, Int32(IPPROTO_IP), SocketOptions.bindAddressNoPort, 1, "IP_BIND_ADDRESS_NO_PORT")
    } else {
      try SocketOptions.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR")
    }
    let local = connection.localAddress ?? .any(connection.address.family)
    let number = descriptor.rawValue
    _ = try SystemCallError.check("bind(\(local))") {
      SocketAddress.with(local, port: isEcho ? 0 : connection.localPort, scope: connection.scope) {
        Glibc.bind(number, $0, $1)
      }
    }
  }

  /// Answers a SYN-ACK with a reset: the acknowledgement is put off, for at most 200 ms, and the close that comes first
  /// breaks the connection off. Where either option is refused the connection is made and closed as any other.
  private static func prepareKnock(_ descriptor: borrowing FileDescriptor) {
    try? SocketOptions.set(descriptor, Int32(IPPROTO_TCP), TCP_QUICKACK, 0, "TCP_QUICKACK")
    try? SocketOptions.set(
      descriptor, SOL_SOCKET, SO_LINGER, bytesOf: linger(l_onoff: 1, l_linger: 0), "SO_LINGER")
  }

  /// Whether it was done at once.
  private static func connect(
    _ descriptor: borrowing FileDescriptor, _ connection: ProbeConnection
  ) throws(SystemCallError) -> Bool {
    let number = descriptor.rawValue
    do {
      _ = try SystemCallError.check("connect") {
        SocketAddress.with(connection.address, port: connection.port, scope: connection.scope) {
          Glibc.connect(number, $0, $1)
        }
      }
      return true
    } catch  where error.errno == EINPROGRESS {
      return false
    }
  }
}

extension ProbeSocket {
  /// The error that waits on the socket, 0 for none.
  func pendingError() -> Int32 {
    var error: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor.rawValue, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else { return errno }
    return error
  }

  /// Reads once.
  func receive(into buffer: inout [UInt8]) -> Reception {
    while true {
      let count = buffer.withUnsafeMutableBytes { recv(descriptor.rawValue, $0.baseAddress, $0.count, 0) }
      if count < 0 {
        switch errno {
        case EINTR: continue
        case EAGAIN: return .wouldBlock
        default: return .failed(errno: errno)
        }
      }
      guard isDatagram else { return count == 0 ? .closed : .bytes(0..<count) }
      guard hasHeader else { return .bytes(0..<count) }
      // The header's length in words of four bytes is in its first byte (RFC 791 §3.1).
      let header = count > 0 ? Int(buffer[0] & 0x0f) * 4 : 0
      return .bytes(min(header, count)..<count)
    }
  }

  /// Sends `bytes` from an offset on; a datagram whole.
  func send(_ bytes: [UInt8], from offset: Int) -> Transmission {
    while true {
      let count = bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
        return Glibc.send(descriptor.rawValue, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 { return .sent(count) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return .wouldBlock
      default: return .failed(errno: errno)
      }
    }
  }
}

extension ProbeConnection {
  /// The number of the interface, for addresses that mean nothing without one.
  fileprivate var scope: UInt32 { interface.map { if_nametoindex($0) } ?? 0 }
}
