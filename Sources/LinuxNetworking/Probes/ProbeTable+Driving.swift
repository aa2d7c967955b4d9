import Glibc
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
    guard case .stream(tls: let definition?, let offersHTTP2) = probe.session.transport else {
      return send(probe, now: now)
    }
    guard let context = toolbox.cache.context(definition),
      let tls = TLSClient(context, definition, to: probe.session.connection, offersHTTP2: offersHTTP2)
    else { return Finding(.inconclusive(.unusableDefinition)) }
    probe.tls = tls
    return shakeHands(probe, tls, now: now)
  }

  private mutating func receive(_ probe: OpenProbe, now: MonotonicInstant) -> Finding? {
    for _ in 0..<Self.readsPerTurn {
      switch probe.socket.receive(into: &buffer) {
      case .bytes(let range):
        let finding =
          if let tls = probe.tls {
            decrypt(range, probe, tls, now: now)
          } else {
            probe.session.received(buffer.span.bytes.extracting(range), now: now)
          }
        if let finding { return finding }
        // Answers go out before more is read, so that what a peer makes us say stays small.
        if let finding = send(probe, now: now) { return finding }
        if range.upperBound < buffer.count, !probe.socket.isDatagram { return nil }
      case .wouldBlock:
        return nil
      case .closed:
        if probe.closesTLSProperly { return probe.session.failed(.closedEarly, now: now) }
        return probe.session.peerClosed(now: now)
      case .failed(let error):
        return Self.finding(of: &probe.session, after: error, now: now)
      }
    }
    return nil
  }

  private func send(_ probe: OpenProbe, now: MonotonicInstant) -> Finding? {
    if probe.sentCount == probe.outgoing.count { probe.clearOutgoing() }
    let output = probe.session.takeOutput()
    if let tls = probe.tls {
      guard tls.write(output) else { return probe.session.failed(.alert(255), now: now) }
      tls.drain(into: &probe.outgoing)
    } else {
      probe.outgoing += output
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

// MARK: - TLS

extension ProbeTable {
  private func shakeHands(_ probe: OpenProbe, _ tls: TLSClient, now: MonotonicInstant) -> Finding? {
    switch tls.handshake() {
    case .needsMore:
      return send(probe, now: now)
    case .done:
      probe.hasShakenHands = true
      return probe.session.handshakeCompleted(now: now) ?? send(probe, now: now)
    case .failed(let reason):
      // The alert that tells the peer why; whether it arrives changes nothing.
      _ = send(probe, now: now)
      return probe.session.failed(reason, now: now)
    }
  }

  /// Takes what a peer sent over TLS.
  private mutating func decrypt(
    _ range: Range<Int>, _ probe: OpenProbe, _ tls: TLSClient, now: MonotonicInstant
  ) -> Finding? {
    guard tls.feed(buffer.span.bytes.extracting(range)) else { return Finding(.inconclusive(.system(errno: ENOMEM))) }
    if !probe.hasShakenHands {
      if let finding = shakeHands(probe, tls, now: now) { return finding }
      guard probe.hasShakenHands else { return nil }
    }
    while true {
      switch tls.read(into: &buffer) {
      case .bytes(let range):
        let finding = probe.session.received(buffer.span.bytes.extracting(range), now: now)
        if let finding { return finding }
      case .needsMore: return nil
      case .closed: return probe.session.peerClosed(now: now)
      case .failed(let reason): return probe.session.failed(reason, now: now)
      }
    }
  }

  /// The last words on a connection that ended well, and what is to be said about its certificate.
  func conclude(_ probe: OpenProbe, _ finding: inout Finding) {
    guard let tls = probe.tls, case .stream(tls: let definition?, _) = probe.session.transport else { return }
    if let days = tls.daysLeft, definition.expiryWarningDays > 0, days <= Int32(definition.expiryWarningDays) {
      finding.certificateDaysLeft = days
    }
    guard definition.closesProperly, probe.hasShakenHands, probe.sentCount == probe.outgoing.count else { return }
    probe.clearOutgoing()
    tls.close()
    tls.drain(into: &probe.outgoing)
    if !probe.outgoing.isEmpty { _ = probe.socket.send(probe.outgoing, from: 0) }
  }
}
