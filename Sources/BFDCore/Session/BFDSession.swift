public import NetPrimitives

/// One BFD session, seen from one end, as a value (RFC 5880 §6.8, asynchronous mode).
///
/// The clock, the wire and the dice are taken out: feed it events, the time and random bits, carry out the effects it
/// asks for in order, and wake it at ``nextDeadline``.
///
/// The contract with the shell:
/// - time never goes backwards from call to call;
/// - ``Event/deadlineReached`` before the deadline changes nothing, so waking early or twice is harmless;
/// - whatever has arrived is handed over before the deadline is: a late shell must not declare a neighbour dead whose
///   packets it has not read yet;
/// - only packets that were decoded, and that belong to this session, arrive.
public struct BFDSession: Hashable, Sendable, BitwiseCopyable {
  /// What was configured.
  public private(set) var configuration: Configuration
  /// `bfd.SessionState`. One line of the package assigns it.
  public private(set) var state: BFDState
  /// `bfd.LocalDiag`: why the session last left the state Up.
  public private(set) var diagnostic: BFDDiagnostic
  /// What the neighbour said last.
  public private(set) var remote: Remote
  /// Whether a Poll Sequence (§6.5) is under way.
  public private(set) var isPolling: Bool
  /// The Desired Min TX Interval that counts in our own pace, in microseconds; while a Poll Sequence announces a
  /// longer one it is still the one of before (§6.8.3).
  private var paceMicroseconds: UInt32
  /// The Required Min RX Interval that counts in the Detection Time, in microseconds; while a Poll Sequence announces
  /// a shorter one it is still the one of before (§6.8.3).
  private var patienceMicroseconds: UInt32
  /// When the last periodic packet was sent, or due; `nil` before the first.
  private var sentAt: MonotonicInstant?
  /// When the next is due; `nil` while none is.
  private var sendAt: MonotonicInstant?
  /// When the neighbour will have been silent for too long; `nil` while nothing is expected of it.
  private var silentAt: MonotonicInstant?
  /// When a session that was disabled has said so for long enough.
  private var endsAt: MonotonicInstant?
  /// Whether it was told to start.
  private var isStarted: Bool

  /// A session that waits for ``Event/start``.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    state = .down
    diagnostic = .none
    remote = Remote()
    isPolling = false
    paceMicroseconds = configuration.idleMicroseconds
    patienceMicroseconds = configuration.requiredReceiveMicroseconds
    isStarted = false
  }

  /// When to call ``handle(_:jitter:now:effects:)`` with ``Event/deadlineReached``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? { .earlier(.earlier(sendAt, silentAt), endsAt) }

  /// Whether nothing more will ever come of it: disabled, and the neighbour had time to hear it.
  public var isOver: Bool { state == .adminDown && nextDeadline == nil }

  /// Advances the machine. `effects` is cleared first, then filled in the order they are to be carried out.
  ///
  /// `jitter` is 64 random bits, new ones for each call: they decide by how much the next periodic packet comes before
  /// its interval is over (§6.8.7).
  public mutating func handle(_ event: Event, jitter: UInt64, now: MonotonicInstant, effects: inout BFDEffects) {
    effects.removeAll()
    let before = state
    let step = next(after: event, now: now)
    state = step.state
    if before != state { enter(from: before, because: step.diagnostic, now: now, effects: &effects) }
    finish(event, hasChanged: before != state, jitter: jitter, now: now, effects: &effects)
  }

  /// Goes on with other settings: a session that is up stays up, and tells its neighbour by a Poll Sequence. The
  /// discriminator stays.
  public mutating func reconfigure(_ wanted: Configuration, jitter: UInt64, now: MonotonicInstant) {
    let old = configuration
    configuration = wanted
    configuration.discriminator = old.discriminator
    guard configuration != old, state != .adminDown, isStarted else { return }
    if state == .up {
      if desiredMicroseconds != old.desiredSendMicroseconds
        || wanted.requiredReceiveMicroseconds != old.requiredReceiveMicroseconds
      {
        isPolling = true
      }
      paceMicroseconds = min(paceMicroseconds, desiredMicroseconds)
      patienceMicroseconds = max(patienceMicroseconds, wanted.requiredReceiveMicroseconds)
    } else {
      paceMicroseconds = desiredMicroseconds
      patienceMicroseconds = wanted.requiredReceiveMicroseconds
    }
    schedule(jitter: jitter, now: now)
  }
}

// MARK: - Transitions

extension BFDSession {
  /// What an event makes of the state, and why.
  private struct Step {
    var state: BFDState
    var diagnostic: BFDDiagnostic

    static func to(_ state: BFDState, _ diagnostic: BFDDiagnostic = .none) -> Step {
      Step(state: state, diagnostic: diagnostic)
    }
  }

  /// The state machine of §6.2 and §6.8.6. What it stays in, it stays in with the diagnostic it has.
  private mutating func next(after event: Event, now: MonotonicInstant) -> Step {
    let stay = Step.to(state, diagnostic)
    switch (state, event) {
    case (.adminDown, _): return stay
    case (_, .disable): return .to(.adminDown, .administrativelyDown)
    case (_, .start):
      isStarted = true
      return stay
    case (_, .deadlineReached):
      guard let silentAt, silentAt <= now else { return stay }
      forgetNeighbor()
      return state == .down ? stay : .to(.down, .detectionTimeExpired)
    case (_, .received(let arrival)):
      guard isStarted else { return stay }
      hear(arrival)
      return next(after: arrival.packet.state)
    }
  }

  /// What the neighbour's state makes of ours (§6.8.6).
  private func next(after remote: BFDState) -> Step {
    switch (state, remote) {
    case (.down, .down): .to(.initializing)
    case (.down, .initializing): .to(.up)
    case (.initializing, .initializing), (.initializing, .up): .to(.up)
    case (.initializing, .adminDown), (.up, .adminDown), (.up, .down): .to(.down, .neighborSignaledDown)
    case (.adminDown, _), (.down, .adminDown), (.down, .up), (.initializing, .down), (.up, .initializing), (.up, .up):
      .to(state, diagnostic)
    }
  }

  private mutating func enter(
    from old: BFDState, because reason: BFDDiagnostic, now: MonotonicInstant, effects: inout BFDEffects
  ) {
    diagnostic = reason
    // Going up the pace changes from idle to what was configured, and the neighbour is asked to confirm it.
    isPolling = state == .up
    paceMicroseconds = desiredMicroseconds
    patienceMicroseconds = configuration.requiredReceiveMicroseconds
    effects.append(
      .report(Transition(from: old, to: state, diagnostic: diagnostic, remoteDiagnostic: remote.diagnostic)))
  }
}

// MARK: - Hearing

extension BFDSession {
  private mutating func hear(_ arrival: Arrival) {
    let packet = arrival.packet
    remote = Remote(packet)
    remote.heardAt = arrival.receivedAt
    if packet.flags.contains(.final), isPolling { endPoll() }
  }

  private mutating func endPoll() {
    isPolling = false
    paceMicroseconds = desiredMicroseconds
    patienceMicroseconds = configuration.requiredReceiveMicroseconds
  }

  /// A neighbour that was silent for a Detection Time is a stranger (§6.8.1, `bfd.RemoteDiscr`), and may be heard from
  /// with other numbers.
  private mutating func forgetNeighbor() {
    remote.discriminator = 0
    remote.state = .down
    remote.requiredReceiveMicroseconds = 1
    remote.isDemanding = false
    silentAt = nil
  }

  /// §6.8.4, in nanoseconds: the neighbour's multiplier times the slower of what it wants to send and what we want to
  /// receive. 0 before it was heard.
  public var detectionNanoseconds: UInt64 {
    UInt64(remote.multiplier) * UInt64(max(patienceMicroseconds, remote.desiredSendMicroseconds)) * 1000
  }

  /// How long the neighbour waits for us, in nanoseconds.
  public var remoteDetectionNanoseconds: UInt64 { UInt64(configuration.multiplier) * sendNanoseconds }
}

// MARK: - Sending

extension BFDSession {
  /// `bfd.DesiredMinTxInterval`: never below a second while not up (§6.8.3).
  private var desiredMicroseconds: UInt32 {
    state == .up
      ? configuration.desiredSendMicroseconds
      : max(configuration.idleMicroseconds, configuration.desiredSendMicroseconds, 1_000_000)
  }

  /// The interval between periodic packets before jitter, in nanoseconds (§6.8.2).
  public var sendNanoseconds: UInt64 {
    UInt64(max(paceMicroseconds, remote.requiredReceiveMicroseconds)) * 1000
  }

  /// Whether packets are sent periodically at all (§6.8.7).
  private var sendsPeriodically: Bool {
    guard isStarted, remote.requiredReceiveMicroseconds != 0 else { return false }
    if configuration.isPassive, remote.discriminator == 0 { return false }
    return !(remote.isDemanding && state == .up && remote.state == .up && !isPolling)
  }

  private func packet(_ flags: BFDPacket.Flags) -> BFDPacket {
    BFDPacket(
      state: state, diagnostic: diagnostic, flags: flags, multiplier: configuration.multiplier,
      myDiscriminator: configuration.discriminator, yourDiscriminator: remote.discriminator,
      desiredSendMicroseconds: desiredMicroseconds,
      requiredReceiveMicroseconds: configuration.requiredReceiveMicroseconds)
  }

  /// Sends what is due and sets the timers, after the state has been settled.
  private mutating func finish(
    _ event: Event, hasChanged: Bool, jitter: UInt64, now: MonotonicInstant, effects: inout BFDEffects
  ) {
    if case .disable(let lingers) = event { disable(hasChanged: hasChanged, lingers: lingers, now: now) }
    if let endsAt, endsAt <= now {
      self.endsAt = nil
      sendAt = nil
    }
    var isAnswer = false
    if case .received(let arrival) = event, isStarted, state != .adminDown {
      silentAt = arrival.receivedAt.advanced(byNanoseconds: detectionNanoseconds)
      isAnswer = arrival.packet.flags.contains(.poll)
    }
    let isDue = sendAt.map { $0 <= now } ?? false
    let mayTalk = remote.discriminator != 0 || !configuration.isPassive
    if isAnswer {
      effects.append(.send(packet(.final)))
    } else if mayTalk, isDue || (hasChanged && remote.requiredReceiveMicroseconds != 0) {
      // What differs from the packet before is sent at once, to be known sooner (§6.8.7).
      effects.append(.send(packet(isPolling ? .poll : [])))
    }
    if isDue || hasChanged {
      // The next packet is due one interval after this was due, so a late wake-up does not shift the cadence; one that
      // is later than an interval starts a new one.
      let due = isDue ? sendAt ?? now : now
      sentAt = now.nanoseconds(since: due) < sendNanoseconds / 2 ? due : now
      sendAt = nil
    }
    if state == .adminDown {
      if endsAt != nil, sendAt == nil { sendAt = now.advanced(byNanoseconds: jittered(jitter)) }
    } else {
      schedule(jitter: jitter, now: now)
    }
  }

  /// Leaves nothing pending but, with `lingers`, what tells the neighbour for one Detection Time (§6.8.16).
  private mutating func disable(hasChanged: Bool, lingers: Bool, now: MonotonicInstant) {
    silentAt = nil
    guard hasChanged, lingers, remote.discriminator != 0 else {
      if !lingers || hasChanged { (endsAt, sendAt) = (nil, nil) }
      return
    }
    endsAt = now.advanced(byNanoseconds: remoteDetectionNanoseconds)
  }

  /// Sets when the next periodic packet is due; one that is due already stays so unless the interval became another.
  private mutating func schedule(jitter: UInt64, now: MonotonicInstant) {
    guard sendsPeriodically else {
      sendAt = nil
      return
    }
    guard let sentAt else {
      sendAt = now
      return
    }
    let latest = sentAt.advanced(byNanoseconds: sendNanoseconds)
    let earliest = sentAt.advanced(byNanoseconds: sendNanoseconds - sendNanoseconds / 4)
    if let sendAt, (earliest...latest).contains(sendAt) { return }
    sendAt = max(now, sentAt.advanced(byNanoseconds: jittered(jitter)))
  }

  /// The interval made shorter by up to a quarter; with a multiplier of 1 by at least a tenth, so that a packet is
  /// there before the neighbour gives up (§6.8.7).
  private func jittered(_ jitter: UInt64) -> UInt64 {
    let interval = sendNanoseconds
    let floor = interval - interval / 4
    let span = configuration.multiplier == 1 ? interval / 10 * 9 - floor : interval / 4
    return floor + jitter % (span + 1)
  }
}
