import HealthCheck
import VRRPRuntime

/// A probe that has a socket. Letting go of it closes the socket.
final class OpenProbe {
  let id: ProbeID
  let socket: ProbeSocket
  var session: ProbeSession<SystemToolbox>
  var isConnected = false
  /// On a connection with TLS, from the moment the connection is there.
  var tls: TLSClient?
  var hasShakenHands = false
  /// What the socket has not taken yet, from `sentCount` on.
  var outgoing: [UInt8] = []
  var sentCount = 0
  /// In the reactor, and what it watches for.
  var token: ReactorToken?
  var watchedInterest: Interest = []

  init(_ id: ProbeID, _ session: ProbeSession<SystemToolbox>, _ socket: consuming ProbeSocket) {
    self.id = id
    self.session = session
    self.socket = socket
  }

  /// Whether a stream that ends without a close alert was cut off (`tls_compliant`).
  var closesTLSProperly: Bool {
    guard hasShakenHands, case .stream(tls: let definition?, _) = session.transport else { return false }
    return definition.closesProperly
  }

  func clearOutgoing() {
    outgoing.removeAll(keepingCapacity: true)
    sentCount = 0
  }

  /// What the probe waits for now.
  var interest: Interest {
    guard isConnected else { return .writable }
    return sentCount < outgoing.count ? [.readable, .writable] : .readable
  }
}
