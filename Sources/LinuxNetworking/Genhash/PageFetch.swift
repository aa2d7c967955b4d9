import Glibc
import HealthCheck
import NetPrimitives

/// Fetches one page and waits for it: for commands, not for daemons.
final class PageFetch {
  /// Why there is no page.
  enum Failure: Error {
    /// There was no connection, or it fell silent.
    case connection(ProbeFailure)
    /// Something of our own.
    case local(String)
  }

  private let socket: ProbeSocket
  private let connection: ProbeConnection
  private let patience: UInt64
  private var tls: TLSClient?
  private var step = ProbeStep.connect
  private static let bufferByteCount = 16_384

  /// Connects, and shakes hands if there is TLS.
  init(_ check: HTTPCheck, timeoutNanoseconds: UInt64) throws(Failure) {
    connection = check.connection
    patience = timeoutNanoseconds
    socket = try Self.open(check.connection)
    if !socket.isConnected {
      try wait(for: POLLOUT)
      let error = socket.pendingError()
      guard error == 0 else { throw Self.failure(.connect, error) }
    }
    guard let definition = check.tls else { return }
    step = .tlsHandshake
    try shakeHands(definition)
  }

  /// Sends `request` and hands what comes to `take`, until that says that it is enough or the peer closes.
  func exchange(
    _ request: [UInt8], _ take: (borrowing RawSpan) throws(ProbeFailure) -> Bool
  ) throws(Failure) {
    var buffer = [UInt8](repeating: 0, count: Self.bufferByteCount)
    step = .statusLine
    if let tls {
      guard tls.write(request) else { throw fault(.alert(255)) }
      try flush(tls)
    } else {
      try send(request)
    }
    do {
      while let range = try receive(into: &buffer) {
        if let tls {
          guard tls.feed(buffer.span.bytes.extracting(range)) else { throw Failure.local("no memory") }
          while let range = try decrypt(tls, into: &buffer) {
            if try take(buffer.span.bytes.extracting(range)) { return }
          }
        } else if try take(buffer.span.bytes.extracting(range)) {
          return
        }
      }
    } catch let failure as ProbeFailure {
      throw .connection(failure)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .local("\(error)")
    }
  }

  private static func open(_ connection: ProbeConnection) throws(Failure) -> ProbeSocket {
    do { return try ProbeSocket(.stream(tls: nil, offersHTTP2: false), to: connection) } catch {
      throw failure(.connect, error.errno)
    }
  }

  private func shakeHands(_ definition: TLSDefinition) throws(Failure) {
    let context: TLSContext
    do { context = try TLSContext(TLSContext.Key(definition)) } catch { throw .local(error.description) }
    guard let client = TLSClient(context, definition, to: connection, offersHTTP2: false) else {
      throw .local("TLS: no memory")
    }
    tls = client
    var buffer = [UInt8](repeating: 0, count: Self.bufferByteCount)
    while true {
      let progress = client.handshake()
      try flush(client)
      switch progress {
      case .done: return
      case .failed(let reason): throw fault(reason)
      case .needsMore: break
      }
      guard let range = try receive(into: &buffer) else { throw fault(.closedEarly) }
      guard client.feed(buffer.span.bytes.extracting(range)) else { throw .local("no memory") }
    }
  }

  private func decrypt(_ tls: TLSClient, into buffer: inout [UInt8]) throws(Failure) -> Range<Int>? {
    switch tls.read(into: &buffer) {
    case .bytes(let range): return range
    case .needsMore, .closed: return nil
    case .failed(let reason): throw fault(reason)
    }
  }

  private func flush(_ tls: TLSClient) throws(Failure) {
    var output: [UInt8] = []
    tls.drain(into: &output)
    try send(output)
  }

  private func send(_ bytes: [UInt8]) throws(Failure) {
    var sent = 0
    while sent < bytes.count {
      switch socket.send(bytes, from: sent) {
      case .sent(let count): sent += count
      case .wouldBlock: try wait(for: POLLOUT)
      case .failed(let error): throw Self.failure(step, error)
      }
    }
  }

  /// Waits for something and reads it; `nil` at the end of the stream.
  private func receive(into buffer: inout [UInt8]) throws(Failure) -> Range<Int>? {
    while true {
      switch socket.receive(into: &buffer) {
      case .bytes(let range): return range
      case .closed: return nil
      case .wouldBlock: try wait(for: POLLIN)
      case .failed(let error): throw Self.failure(step, error)
      }
    }
  }

  private func wait(for events: Int32) throws(Failure) {
    var watched = pollfd(fd: socket.descriptor.rawValue, events: Int16(events), revents: 0)
    let limit = Int32(clamping: patience / 1_000_000)
    var result = poll(&watched, 1, limit)
    while result < 0, errno == EINTR { result = poll(&watched, 1, limit) }
    guard result != 0 else { throw fault(.timedOut) }
  }

  private func fault(_ reason: ProbeFailure.Reason) -> Failure { .connection(ProbeFailure(step, reason)) }

  private static func failure(_ step: ProbeStep, _ error: Int32) -> Failure {
    ProbeFailure.Reason(errno: error).map { .connection(ProbeFailure(step, $0)) }
      ?? .local("\(ErrorNumber.text(error)) (\(ErrorNumber.name(error)))")
  }
}
