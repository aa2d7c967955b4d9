public import NetPrimitives

/// One probe over the network: its conversation, its timeouts, and the finding at the end.
///
/// The transport is the caller's. It opens what ``transport`` says, tells the session what happens, sends what
/// ``takeOutput()`` gives and wakes the session at ``nextDeadline``. The first call that returns a finding ends the
/// session; the caller closes.
///
/// Two clocks run: `connect_timeout` begins anew with each sign of life, the deadline never does. A peer that sends one
/// byte a second satisfies the first and not the second.
public struct ProbeSession<Toolbox: ProbeToolbox> {
  /// What the caller opens.
  public enum Transport: Hashable, Sendable {
    /// A TCP connection; TLS on it when there is a definition, with `h2` offered by ALPN when told so.
    case stream(tls: TLSDefinition?, offersHTTP2: Bool)
    /// A TCP connection of which only the SYN-ACK matters: it should be answered with a reset, by closing.
    case knock
    /// A connected UDP socket, so that ICMP errors come back as failures.
    case datagram
    /// An ICMP or ICMPv6 echo socket.
    case echo(AddressFamily)
  }

  private enum Phase: Hashable { case connecting, handshaking, talking }

  /// What to open.
  public let transport: Transport
  /// Where to.
  public let connection: ProbeConnection
  /// Whether TLS comes before the dialogue.
  private let isSecured: Bool
  private var dialogue: Dialogue<Toolbox>
  private var phase = Phase.connecting
  private var output: [UInt8] = []
  private let startedAt: MonotonicInstant
  private let deadline: MonotonicInstant
  private let patience: UInt64
  private var silentUntil: MonotonicInstant

  /// A session for one step of a probe, `nil` for scripts, files and BFD sessions.
  ///
  /// Query ids and echo tokens are made of the start's nonce, so that nobody can answer unasked.
  public init?(_ start: ProbeStart, toolbox: Toolbox, now: MonotonicInstant) {
    guard let opening = Self.opening(of: start, toolbox: toolbox) else { return nil }
    dialogue = opening.dialogue
    connection = opening.connection
    transport = opening.transport
    isSecured = opening.isSecured
    startedAt = now
    deadline = start.deadline
    patience = start.definition.timing.connectTimeoutNanoseconds
    silentUntil = now.advanced(byNanoseconds: patience)
  }

  /// When to call ``deadlineReached(now:)``.
  public var nextDeadline: MonotonicInstant { min(silentUntil, deadline) }

  /// What is to be sent now; the caller owns it, the session forgets it.
  public mutating func takeOutput() -> [UInt8] {
    let taken = output
    output.removeAll()
    return taken
  }

  /// The connection is there (TCP), or the socket (UDP, ICMP).
  public mutating func connected(now: MonotonicInstant) -> Finding? {
    guard phase == .connecting else { return nil }
    silentUntil = now.advanced(byNanoseconds: patience)
    if isSecured {
      phase = .handshaking
      return nil
    }
    phase = .talking
    return finding(dialogue.handle(.connected, output: &output), now: now)
  }

  /// The TLS handshake is done; whether the certificate will do has been judged.
  public mutating func handshakeCompleted(now: MonotonicInstant) -> Finding? {
    guard phase == .handshaking else { return nil }
    silentUntil = now.advanced(byNanoseconds: patience)
    phase = .talking
    return finding(dialogue.handle(.connected, output: &output), now: now)
  }

  /// Bytes arrived; for datagrams and echoes exactly one, without its IP header.
  public mutating func received(_ bytes: borrowing RawSpan, now: MonotonicInstant) -> Finding? {
    guard phase == .talking else { return nil }
    if case .stream = transport { silentUntil = now.advanced(byNanoseconds: patience) }
    return finding(dialogue.receive(bytes, output: &output), now: now)
  }

  /// The peer closed its side.
  public mutating func peerClosed(now: MonotonicInstant) -> Finding? {
    guard phase == .talking else { return failed(.closedEarly, now: now) }
    return finding(dialogue.handle(.closed, output: &output), now: now)
  }

  /// The transport failed: refused, unreachable, reset, an alert, a certificate.
  public mutating func failed(_ reason: ProbeFailure.Reason, now: MonotonicInstant) -> Finding? {
    finding(.failure(ProbeFailure(step, reason)), now: now)
  }

  /// ``nextDeadline`` has come; before it this does nothing.
  public mutating func deadlineReached(now: MonotonicInstant) -> Finding? {
    guard nextDeadline <= now else { return nil }
    let reason: ProbeFailure.Reason = deadline <= now ? .deadlinePassed : .timedOut
    guard phase == .talking else { return failed(reason, now: now) }
    return finding(dialogue.handle(.timedOut(reason), output: &output), now: now)
  }

  /// The step the probe is at.
  public var step: ProbeStep {
    switch phase {
    case .connecting: .connect
    case .handshaking: .tlsHandshake
    case .talking: dialogue.step
    }
  }

  private func finding(_ outcome: Finding.Outcome?, now: MonotonicInstant) -> Finding? {
    outcome.map { Finding($0, latencyNanoseconds: now.nanoseconds(since: startedAt)) }
  }
}
