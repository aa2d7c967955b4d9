public import NetPrimitives

/// Turns the findings of one checker into a verdict that does not flap.
///
/// The machine of keepalived's checkers with clock, sockets and scripts taken out: it asks for probes and is told what
/// came of them. Feed it events and the time, carry out its effects in order, wake it at ``nextDeadline``.
/// `deadlineReached` before its time changes nothing, so a shell may wake early or twice.
public struct CheckMachine: Hashable, Sendable, BitwiseCopyable {
  /// Times and rhythm.
  public private(set) var policy: CheckPolicy
  /// Everything that changes.
  public private(set) var state: State

  /// A checker that first probes 1 s after `now` plus its share of the warmup.
  ///
  /// `spread` is 64 random bits: they pick the moment within `warmup`, so that thousands of checkers do not start at
  /// once. A machine draws no numbers itself.
  public init(_ policy: CheckPolicy, now: MonotonicInstant, spread: UInt64) {
    self.policy = policy
    state = State(
      phase: policy.rhythm == .observed ? .observing : .waiting(until: policy.start(after: now, spread: spread)),
      isUp: !policy.startsFailed,
      retries: policy.rhythm == .rounds ? 0 : policy.timing.retries)
  }

  /// Advances the machine. `effects` is cleared first, then filled in the order they are to be carried out.
  public mutating func handle(_ event: Event, now: MonotonicInstant, effects: inout CheckEffects) {
    effects.removeAll()
    state = next(after: event, now: now, effects: &effects)
  }

  /// When to call ``handle(_:now:effects:)`` with ``Event/deadlineReached``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? {
    switch state.phase {
    case .waiting(let until): until
    case .probing(let run): run.givenUpAt
    case .suspended, .observing: nil
    }
  }

  /// Takes on the times of a new configuration and keeps verdict and counters: a reload does not restart checks.
  ///
  /// `rhythm` must be of the same kind as before. A wait longer than the new period is cut to it.
  public mutating func adopt(_ newPolicy: CheckPolicy, now: MonotonicInstant) {
    policy = newPolicy
    let latest = now.advanced(byNanoseconds: newPolicy.timing.delayLoopNanoseconds)
    if case .waiting(let until) = state.phase, until > latest { state.phase = .waiting(until: latest) }
    if case .sequence(let count, _) = newPolicy.rhythm, state.step >= count {
      state.step = 0
      state.failedStep = nil
    }
    state.retries = min(state.retries, newPolicy.timing.retries)
  }

  /// Probes at `now` instead of waiting for a probe that another machine has under way.
  mutating func restart(at now: MonotonicInstant) { state.phase = .waiting(until: now) }
}

extension CheckMachine {
  /// What a checker remembers.
  public struct State: Hashable, Sendable, BitwiseCopyable {
    /// What it is doing.
    public var phase: Phase
    /// The verdict. Before the first conclusive finding it is what `alpha` says.
    public var isUp: Bool
    /// Whether a conclusive finding has been made.
    public var hasRun = false
    /// Failures forgiven so far.
    public var retries: UInt32
    /// The step to probe next: the index of a URL.
    public var step: UInt16 = 0
    /// The URL that took the checker down; it alone is probed until it succeeds.
    public var failedStep: UInt16?
    /// What the last success said about the weight.
    public var weight = WeightAdvice.unchanged
  }

  /// What a checker is doing.
  public enum Phase: Hashable, Sendable, BitwiseCopyable {
    /// Waits for the next probe. Can become: probing, suspended.
    case waiting(until: MonotonicInstant)
    /// Waits for what comes of a probe. Can become: waiting, suspended.
    case probing(Run)
    /// `ha_suspend` without the address: nothing is probed. Can become: waiting.
    case suspended
    /// Findings arrive by themselves. Never leaves.
    case observing
  }

  /// A probe under way.
  public struct Run: Hashable, Sendable, BitwiseCopyable {
    /// When it was started.
    public var startedAt: MonotonicInstant
    /// When the machine stops believing that the transport will ever answer.
    public var givenUpAt: MonotonicInstant
  }

  /// What happens to a checker.
  public enum Event: Hashable, Sendable, BitwiseCopyable {
    /// ``CheckMachine/nextDeadline`` has come.
    case deadlineReached
    /// What came of the probe last asked for. Ignored when none is under way.
    case probeEnded(Finding)
    /// A finding that nobody asked for, of a file or a session. Ignored by checkers that probe.
    case observed(Finding)
    /// The checked address left this host.
    case suspend
    /// It came back; `spread` is as for ``CheckMachine/init(_:now:spread:)``.
    case resume(spread: UInt64)
  }

  /// What the shell must now do.
  public enum Effect: Hashable, Sendable, BitwiseCopyable {
    /// Start a probe of this step and end it by the deadline.
    case startProbe(step: UInt16, deadline: MonotonicInstant)
    /// Drop the probe under way; its finding is not wanted.
    case cancelProbe
    /// Tell those concerned.
    case report(CheckReport)
  }
}

/// What a checker tells after each finding, news or not.
public struct CheckReport: Hashable, Sendable, BitwiseCopyable {
  /// The verdict now.
  public var isUp: Bool
  /// What is new about it.
  public var news: News
  /// What the checker says about the weight; `unchanged` while down.
  public var weight: WeightAdvice
  /// The finding behind it.
  public var finding: Finding
  /// The step probed: the index of a URL, otherwise 0.
  public var step: UInt16

  /// How a verdict relates to the one before.
  public enum News: Hashable, Sendable, BitwiseCopyable {
    /// The same, as far as anybody need know. A failure here was forgiven or is of a checker already down.
    case none
    /// The same as assumed at the start, now for a reason.
    case confirmed
    /// The other one.
    case changed
  }

  /// A report.
  public init(isUp: Bool, news: News, weight: WeightAdvice = .unchanged, finding: Finding, step: UInt16 = 0) {
    self.isUp = isUp
    self.news = news
    self.weight = weight
    self.finding = finding
    self.step = step
  }
}

/// The effects of one event, held inline and in order; no event causes more than two.
public struct CheckEffects: Sendable {
  private var storage: InlineArray<2, CheckMachine.Effect>
  /// How many there are.
  public private(set) var count = 0

  /// No effects.
  public init() { storage = InlineArray(repeating: .cancelProbe) }

  /// The effect at `index`, 0 being the first to carry out.
  public subscript(index: Int) -> CheckMachine.Effect {
    precondition(index >= 0 && index < count)
    return storage[index]
  }

  mutating func removeAll() { count = 0 }

  mutating func append(_ effect: CheckMachine.Effect) {
    precondition(count < 2, "an event caused more effects than any transition may")
    storage[count] = effect
    count += 1
  }
}
