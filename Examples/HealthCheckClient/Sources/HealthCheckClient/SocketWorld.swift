import Dispatch
import Glibc
import HealthCheck

/// Probes over blocking sockets on threads of Dispatch: the least a world needs. It speaks no TLS.
struct SocketWorld: ProbeWorld {
  var now: MonotonicInstant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicInstant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  @concurrent func sleep(until instant: MonotonicInstant) async throws {
    try await Task.sleep(for: .nanoseconds(instant.nanoseconds(since: now)))
  }

  @concurrent func probe(_ start: ProbeStart) async -> Finding {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: run(start)) }
    }
  }

  private func run(_ start: ProbeStart) -> Finding {
    guard var session = ProbeSession(start, toolbox: EmptyToolbox(), now: now) else {
      return Finding(.inconclusive(.unusableDefinition))
    }
    let kind: __socket_type
    switch session.transport {
    case .stream(tls: nil, _): kind = SOCK_STREAM
    case .datagram: kind = SOCK_DGRAM
    case .stream, .echo: return Finding(.inconclusive(.unusableDefinition))
    }
    let family = session.connection.address.family == .ipv4 ? AF_INET : AF_INET6
    let descriptor = socket(family, Int32(kind.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { return Finding(.inconclusive(.system(errno: errno))) }
    defer { close(descriptor) }
    if connect(descriptor, to: session.connection) != 0, errno != EINPROGRESS {
      return session.failed(reason(errno), now: now) ?? Finding(.inconclusive(.cancelled))
    }
    return converse(&session, over: descriptor)
  }

  /// Lets the session and the socket talk until there is a finding.
  private func converse(_ session: inout ProbeSession<EmptyToolbox>, over descriptor: Int32) -> Finding {
    var isConnected = false
    var unsent: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while true {
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if !isConnected || !unsent.isEmpty { watched.events |= Int16(POLLOUT) }
      // Rounded up, so that the deadline has come when poll says so.
      let patience = (session.nextDeadline.nanoseconds(since: now) + 999_999) / 1_000_000
      guard poll(&watched, 1, Int32(clamping: patience)) > 0 else {
        if let finding = session.deadlineReached(now: now) { return finding }
        continue
      }
      if !isConnected {
        let error = pendingError(of: descriptor)
        guard error == 0 else { return session.failed(reason(error), now: now) ?? Finding(.inconclusive(.cancelled)) }
        isConnected = true
        if let finding = session.connected(now: now) { return finding }
      } else if watched.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno != EAGAIN, let finding = session.failed(reason(errno), now: now) { return finding }
        if count == 0, let finding = session.peerClosed(now: now) { return finding }
        if count > 0 {
          let finding = buffer.span.extracting(0..<count).withRawSpan { session.received($0, now: now) }
          if let finding { return finding }
        }
      }
      unsent += session.takeOutput()
      if !unsent.isEmpty {
        let count = send(descriptor, unsent, unsent.count, Int32(MSG_NOSIGNAL))
        if count > 0 { unsent.removeFirst(count) }
      }
    }
  }

  private func connect(_ descriptor: Int32, to connection: ProbeConnection) -> Int32 {
    switch connection.address {
    case .v4(let address):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = connection.port.bigEndian
      name.sin_addr.s_addr = address.rawValue.bigEndian
      return withUnsafeBytes(of: &name) { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) {
          Glibc.connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    case .v6(let address):
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_port = connection.port.bigEndian
      withUnsafeMutableBytes(of: &name.sin6_addr) { bytes in
        bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      return withUnsafeBytes(of: &name) { bytes in
        bytes.withMemoryRebound(to: sockaddr.self) {
          Glibc.connect(descriptor, $0.baseAddress, socklen_t(MemoryLayout<sockaddr_in6>.size))
        }
      }
    }
  }

  private func pendingError(of descriptor: Int32) -> Int32 {
    var error: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
    return error
  }

  private func reason(_ error: Int32) -> ProbeFailure.Reason {
    switch error {
    case ECONNREFUSED: .refused
    case ECONNRESET, ECONNABORTED, EPIPE: .reset
    case ETIMEDOUT: .timedOut
    default: .unreachable
    }
  }
}
