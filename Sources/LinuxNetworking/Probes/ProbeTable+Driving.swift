import HealthCheck
import NetPrimitives
import VRRPRuntime

extension ProbeTable {
  /// Lets a probe and its socket talk. A finding ends it.
  mutating func drive(_ probe: OpenProbe, _ readiness: Readiness, now: MonotonicInstant) -> Finding? {
    if !probe.isConnected {
      if readiness.contains(.error) || readiness.contains(.hangUp) {
        let error = probe.socket.pendingError()
        if error != 0 { return Self.finding(of: &probe.session, after: error, now: now) }
      }
      guard readiness.contains(.writable) else { return nil }
      return begin(probe, now: now)
    }
    if readiness != .writable, let finding = receive(probe, now: now) { return finding }
    return send(probe, now: now)
  }

  /// The connection is there.
  mutating func begin(_ probe: OpenProbe, now: MonotonicInstant) -> Finding? {
    probe.isConnected = true
    if let finding = probe.session.connected(now: now) { return finding }
    return send(probe, now: now)
  }

  private mutating func receive(_ probe: OpenProbe, now: MonotonicInstant) -> Finding? {
    for _ in 0..<Self.readsPerTurn {
      switch probe.socket.receive(into: &buffer) {
      case .bytes(let range):
        let finding = probe.session.received(buffer.span.bytes.extracting(range), now: now)
        if let finding { return finding }
        // Answers go out before more is read, so that what a peer makes us say stays small.
        if let finding = send(probe, now: now) { return finding }
        if range.upperBound < buffer.count, !probe.socket.isDatagram { return nil }
      case .wouldBlock:
        return nil
      case .closed:
        return probe.session.peerClosed(now: now)
      case .failed(let error):
        return Self.finding(of: &probe.session, after: error, now: now)
      }
    }
    return nil
  }

  private func send(_ probe: OpenProbe, now: MonotonicInstant) -> Finding? {
    let output = probe.session.takeOutput()
    if !output.isEmpty {
      if probe.sentCount == probe.outgoing.count {
        (probe.outgoing, probe.sentCount) = (output, 0)
      } else {
        probe.outgoing += output
      }
    }
    while probe.sentCount < probe.outgoing.count {
      switch probe.socket.send(probe.outgoing, from: probe.sentCount) {
      case .sent(let count): probe.sentCount += count
      case .wouldBlock: return nil
      case .failed(let error): return Self.finding(of: &probe.session, after: error, now: now)
      }
    }
    return nil
  }

  /// A finding out of an error number: of the target where the network or the peer speaks, else of ourselves.
  static func finding(
    of session: inout ProbeSession<SystemToolbox>, after error: Int32, now: MonotonicInstant
  ) -> Finding {
    let local = Finding(.inconclusive(.system(errno: error)))
    guard let reason = ProbeFailure.Reason(errno: error) else { return local }
    return session.failed(reason, now: now) ?? local
  }
}
