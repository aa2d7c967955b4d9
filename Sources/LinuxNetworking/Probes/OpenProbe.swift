import HealthCheck
import VRRPRuntime

/// A probe that has a socket. Letting go of it closes the socket.
final class OpenProbe {
  let id: ProbeID
  let socket: ProbeSocket
  var session: ProbeSession<SystemToolbox>
  var isConnected = false
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

  /// What the probe waits for now.
  var interest: Interest {
    guard isConnected else { return .writable }
    return sentCount < outgoing.count ? [.readable, .writable] : .readable
  }
}
