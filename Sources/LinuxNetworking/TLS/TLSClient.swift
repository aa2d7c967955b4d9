import Glibc
import HealthCheck
import NetPrimitives

/// One TLS connection of a client between memory and memory: what the peer sent goes in, what it is to be sent comes
/// out. The socket is the caller's.
final class TLSClient {
  /// How far the handshake is.
  enum Progress {
    case needsMore
    case done
    case failed(ProbeFailure.Reason)
  }

  /// What one read gives.
  enum Reception {
    case bytes(Range<Int>)
    case needsMore
    /// The peer closed, and said so.
    case closed
    case failed(ProbeFailure.Reason)
  }

  /// What an alert says that was never sent: "no application protocol" (RFC 7301 §3.2).
  private static let noApplicationProtocol: UInt8 = 120
  /// A failure of the protocol for which there is no alert of the peer.
  private static let ownAlert: UInt8 = 255

  private let context: TLSContext
  private let connection: OpaquePointer
  private let incoming: OpaquePointer
  private let outgoing: OpaquePointer
  private let verification: TLSDefinition.Verification
  private let needsHTTP2: Bool
  /// Days until the certificate ends; there after the handshake.
  private(set) var daysLeft: Int32?

  private var library: TLSLibrary { context.library }

  /// A connection that has not begun; `nil` when there is no memory, or a name is none.
  init?(_ context: TLSContext, _ definition: TLSDefinition, to target: ProbeConnection, offersHTTP2: Bool) {
    let library = context.library
    library.clearErrors()
    guard let connection = library.makeConnection(context.pointer) else { return nil }
    guard let incoming = library.makeStream(library.memoryMethod()),
      let outgoing = library.makeStream(library.memoryMethod())
    else {
      library.freeConnection(connection)
      return nil
    }
    // The connection owns both from here on.
    library.setStreams(connection, incoming, outgoing)
    self.context = context
    self.connection = connection
    self.incoming = incoming
    self.outgoing = outgoing
    verification = definition.verification
    needsHTTP2 = offersHTTP2
    library.becomeClient(connection)
    _ = library.control(
      connection, TLSLibrary.Number.modeControl, TLSLibrary.Number.releaseBuffersMode, nil)
    guard setNames(definition, target) else { return nil }
    if offersHTTP2 {
      let protocols: [UInt8] = [2, UInt8(ascii: "h"), UInt8(ascii: "2")]
      guard library.offerProtocols(connection, protocols, UInt32(protocols.count)) == 0 else { return nil }
    }
  }

  deinit {
    library.freeConnection(connection)
    library.clearErrors()
  }

  private func setNames(_ definition: TLSDefinition, _ target: ProbeConnection) -> Bool {
    if var name = definition.serverName?.utf8CString.map(\.self), IPAddress(definition.serverName ?? "") == nil {
      // An address is no host name, and is not sent (RFC 6066 §3).
      let isSet = name.withUnsafeMutableBytes {
        library.control(connection, TLSLibrary.Number.serverNameControl, 0, $0.baseAddress)
      }
      guard isSet == 1 else { return false }
    }
    guard definition.verification == .authorityAndName else { return true }
    let name = definition.serverName ?? target.address.description
    if IPAddress(name) != nil { return library.expectAddress(library.parameters(connection), name) == 1 }
    return library.expectHost(connection, name) == 1
  }
}

// MARK: - Talking

extension TLSClient {
  /// Takes what the peer sent. False when there is no memory.
  func feed(_ bytes: borrowing RawSpan) -> Bool {
    let count = Int32(clamping: bytes.byteCount)
    return bytes.withUnsafeBytes { library.writeStream(incoming, $0.baseAddress, count) } == count
  }

  /// Appends what the peer is to be sent.
  func drain(into output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      while true {
        let count = library.readStream(outgoing, buffer.baseAddress, Int32(buffer.count))
        guard count > 0 else { return }
        output.append(contentsOf: buffer[0..<Int(count)])
      }
    }
  }

  /// Goes on with the handshake, and at its end judges the certificate.
  func handshake() -> Progress {
    library.clearErrors()
    let result = library.handshake(connection)
    guard result != 1 else { return judge() }
    switch library.error(connection, result) {
    case TLSLibrary.Number.wantsRead, TLSLibrary.Number.wantsWrite: return .needsMore
    default: return .failed(.alert(library.takeAlert() ?? Self.ownAlert))
    }
  }

  /// Reads what was decrypted.
  func read(into buffer: inout [UInt8]) -> Reception {
    library.clearErrors()
    let count = buffer.withUnsafeMutableBytes { library.read(connection, $0.baseAddress, Int32(clamping: $0.count)) }
    if count > 0 { return .bytes(0..<Int(count)) }
    switch library.error(connection, count) {
    case TLSLibrary.Number.wantsRead, TLSLibrary.Number.wantsWrite: return .needsMore
    case TLSLibrary.Number.closed: return .closed
    default: return .failed(.alert(library.takeAlert() ?? Self.ownAlert))
    }
  }

  /// Encrypts what is to be sent. False on a connection that has failed.
  func write(_ bytes: [UInt8]) -> Bool {
    guard !bytes.isEmpty else { return true }
    library.clearErrors()
    return library.write(connection, bytes, Int32(clamping: bytes.count)) == Int32(clamping: bytes.count)
  }

  /// Says farewell: a close alert is to be sent.
  func close() {
    library.clearErrors()
    _ = library.shutdown(connection)
  }
}

// MARK: - Certificates

extension TLSClient {
  private func judge() -> Progress {
    guard let certificate = library.peerCertificate(connection) else {
      return verification == .none ? judgeProtocol() : .failed(.certificate(.missing))
    }
    defer { library.freeCertificate(certificate) }
    var (days, seconds): (Int32, Int32) = (0, 0)
    if let end = library.end(certificate), library.timeLeft(&days, &seconds, nil, end) == 1 { daysLeft = days }
    guard verification != .none else { return judgeProtocol() }
    switch library.verdict(connection) {
    case TLSLibrary.Number.verified: return judgeProtocol()
    case TLSLibrary.Number.expired: return .failed(.certificate(.expired))
    case TLSLibrary.Number.notYetValid: return .failed(.certificate(.notYetValid))
    case TLSLibrary.Number.wrongHost...TLSLibrary.Number.wrongAddress: return .failed(.certificate(.wrongName))
    default: return .failed(.certificate(.untrusted))
    }
  }

  /// HTTP/2 over TLS is agreed on, never assumed (RFC 9113 §3.2).
  private func judgeProtocol() -> Progress {
    guard needsHTTP2 else { return .done }
    var name: UnsafePointer<UInt8>?
    var length: UInt32 = 0
    library.chosenProtocol(connection, &name, &length)
    let chosen = Array(UnsafeBufferPointer(start: name, count: name == nil ? 0 : Int(length)))
    return chosen == Array("h2".utf8) ? .done : .failed(.alert(Self.noApplicationProtocol))
  }
}
