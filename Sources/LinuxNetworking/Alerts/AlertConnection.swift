import CLinuxShims
import Glibc
import HealthCheck
import NetPrimitives

/// A connection to a server that takes alerts. It waits, each time until a deadline: only a process that may wait uses
/// it.
final class AlertConnection {
  /// The other side, as it was named.
  let host: String
  private let socket: FileDescriptor
  private var tls: TLSClient?
  private var buffer = [UInt8](repeating: 0, count: 4096)

  /// Why there is no connection, in words.
  struct Failure: Error { let text: String }

  /// Whose certificate is good.
  struct Trust {
    /// Whether it must be that of the host, signed by an authority we trust.
    var verifies: Bool
    /// A file of authorities in the place of the system's.
    var authorityFile: String?
  }

  /// What one wait gives.
  enum Reception {
    case bytes([UInt8])
    case closed
    case timedOut
  }

  /// Looks `host` up and connects to the first of its addresses that answers. The name servers' time is theirs to
  /// choose; each address gets an even share of what is left.
  init(to host: String, port: UInt16, by deadline: MonotonicInstant) throws(Failure) {
    self.host = host
    socket = try Self.connect(to: host, port: port, by: deadline)
  }

  private static func connect(
    to host: String, port: UInt16, by deadline: MonotonicInstant
  ) throws(Failure) -> FileDescriptor {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG
    if host.utf8.contains(UInt8(ascii: ":")) { hints.ai_flags = AI_NUMERICSERV | AI_NUMERICHOST }
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, "\(port)", &hints, &list)
    guard status == 0, let first = list else {
      throw Failure(text: "\(host): \(String(cString: gai_strerror(status)))")
    }
    defer { freeaddrinfo(list) }
    let entries = sequence(first: first) { $0.pointee.ai_next }.map(\.pointee)
    var reason = "\(host): no address"
    for (index, entry) in entries.enumerated() {
      let now = SystemClock.monotonic()
      let share = deadline.nanoseconds(since: now) / UInt64(entries.count - index)
      do {
        return try connect(entry, by: now.advanced(byNanoseconds: share))
      } catch {
        reason = "\(host) port \(port): \(ErrorNumber.text(error.errno))"
      }
    }
    throw Failure(text: reason)
  }

  private static func connect(
    _ entry: addrinfo, by deadline: MonotonicInstant
  ) throws(SystemCallError) -> FileDescriptor {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = try FileDescriptor("socket") { Glibc.socket(entry.ai_family, type, 0) }
    let number = descriptor.rawValue
    if Glibc.connect(number, entry.ai_addr, entry.ai_addrlen) == 0 { return descriptor }
    guard errno == EINPROGRESS else { throw SystemCallError("connect") }
    guard wait(number, for: POLLOUT, until: deadline) else { throw SystemCallError(call: "connect", errno: ETIMEDOUT) }
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    _ = try SystemCallError.check("getsockopt") { getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &length) }
    guard error == 0 else { throw SystemCallError(call: "connect", errno: error) }
    return descriptor
  }

  /// Waits until the descriptor is ready; false when it was not in time.
  private static func wait(_ number: Int32, for events: Int32, until deadline: MonotonicInstant) -> Bool {
    while true {
      let left = deadline.nanoseconds(since: SystemClock.monotonic())
      var entry = pollfd(fd: number, events: Int16(events), revents: 0)
      // Rounded up, so that the last wait is not many of none.
      let result = poll(&entry, 1, Int32(clamping: (left + 999_999) / 1_000_000))
      if result > 0 { return true }
      if result == 0 || errno != EINTR { return false }
    }
  }
}

// MARK: - Talking

extension AlertConnection {
  /// Sends all of `bytes`; false when the other side is gone or does not take them in time.
  func send(_ bytes: [UInt8], by deadline: MonotonicInstant) -> Bool {
    guard let tls else { return transmit(bytes, by: deadline) }
    return tls.write(bytes) && flush(tls, by: deadline)
  }

  /// What comes next.
  func receive(by deadline: MonotonicInstant) -> Reception {
    guard let tls else { return take(by: deadline) }
    while true {
      switch tls.read(into: &buffer) {
      case .bytes(let range): return .bytes(Array(buffer[range]))
      case .closed, .failed: return .closed
      case .needsMore: break
      }
      switch take(by: deadline) {
      case .bytes(let bytes):
        guard tls.feed(bytes.span.bytes), flush(tls, by: deadline) else { return .closed }
      case .closed: return .closed
      case .timedOut: return .timedOut
      }
    }
  }

  /// Goes on in TLS.
  func encrypt(trusting trust: Trust, by deadline: MonotonicInstant) throws(Failure) {
    let definition = TLSDefinition(
      serverName: host, verification: trust.verifies ? .authorityAndName : .none, authorityFile: trust.authorityFile)
    let client: TLSClient?
    do {
      let context = try TLSContext(TLSContext.Key(definition))
      // The name is what counts; the address is used only where there is none.
      client = TLSClient(
        context, definition, to: ProbeConnection(to: .any(.ipv4), port: 0), offersHTTP2: false)
    } catch {
      throw Failure(text: error.description)
    }
    guard let client else { throw Failure(text: "TLS cannot be started") }
    while true {
      let progress = client.handshake()
      guard flush(client, by: deadline) else { throw Failure(text: "the connection ended during the TLS handshake") }
      switch progress {
      case .done:
        tls = client
        return
      case .failed(let reason): throw Failure(text: "TLS: \(reason.description)")
      case .needsMore: break
      }
      switch take(by: deadline) {
      case .bytes(let bytes):
        guard client.feed(bytes.span.bytes) else { throw Failure(text: "TLS: out of memory") }
      case .closed: throw Failure(text: "the connection ended during the TLS handshake")
      case .timedOut: throw Failure(text: "no answer in time during the TLS handshake")
      }
    }
  }

  private func flush(_ client: TLSClient, by deadline: MonotonicInstant) -> Bool {
    var bytes: [UInt8] = []
    client.drain(into: &bytes)
    return transmit(bytes, by: deadline)
  }

  private func transmit(_ bytes: [UInt8], by deadline: MonotonicInstant) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      do {
        if let count = try socket.write(Array(rest)) {
          rest = rest.dropFirst(count)
        } else if !Self.wait(socket.rawValue, for: POLLOUT, until: deadline) {
          return false
        }
      } catch {
        return false
      }
    }
    return true
  }

  private func take(by deadline: MonotonicInstant) -> Reception {
    while true {
      do {
        guard let count = try socket.read(into: &buffer, at: 0) else {
          guard Self.wait(socket.rawValue, for: POLLIN, until: deadline) else { return .timedOut }
          continue
        }
        return count == 0 ? .closed : .bytes(Array(buffer[..<count]))
      } catch {
        return .closed
      }
    }
  }
}
