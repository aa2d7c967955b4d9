public import NetPrimitives

/// A command run again and again, whose success or failure is tracked (`vrrp_script`).
///
/// Runs are counted from start to start and never overlap. A run that exceeds its time counts as a failure at that
/// moment, is asked to end, and killed when it does not; until it is gone no other starts.
public struct ScriptMonitor: Hashable, Sendable, BitwiseCopyable {
  /// What was configured.
  public private(set) var configuration: Configuration
  /// Whether the script counts as up.
  public private(set) var verdict: TrackedVerdict
  /// Results against ``verdict`` in a row.
  public private(set) var streak: UInt32
  /// Where the machine is.
  public private(set) var phase: Phase
  /// How the last run ended; `nil` before the first has.
  public private(set) var lastOutcome: Outcome?
  /// From the start of the last finished run to its end, or to the limit it exceeded, in nanoseconds.
  public private(set) var lastLatencyNanoseconds: UInt64
  /// Whether a result was counted: the first one decides alone.
  private var hasResult: Bool

  /// A monitor that waits for ``Event/start``. With `isAssumedUp` it counts as up until its first result, which decides
  /// alone all the same: a script that a reload brings must not take a router down that has served so far.
  public init(_ configuration: Configuration, isAssumedUp: Bool = false) {
    self.configuration = configuration
    verdict = configuration.startsFailed ? .down : (isAssumedUp ? .up : .undecided)
    streak = 0
    phase = .stopped
    lastOutcome = nil
    lastLatencyNanoseconds = 0
    hasResult = false
  }

  /// When to call ``handle(_:now:)`` with ``Event/deadlineReached``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? {
    switch phase {
    case .stopped, .killing: nil
    case .idle(let nextRunAt): nextRunAt
    case .running(let run): run.startedAt.advanced(byNanoseconds: configuration.effectiveTimeoutNanoseconds)
    case .terminating(_, let killAt): killAt
    }
  }

  /// Advances the machine. Waking it early or twice changes nothing.
  public mutating func handle(_ event: Event, now: MonotonicInstant) -> Step {
    switch (phase, event) {
    case (.stopped, .start): return run(dueAt: now, now: now)
    case (.stopped, .deadlineReached), (.stopped, .ended), (.stopped, .stop): return Step()

    case (.idle(let dueAt), .deadlineReached): return dueAt <= now ? run(dueAt: dueAt, now: now) : Step()
    case (.idle, .start), (.idle, .ended): return Step()
    case (.idle, .stop):
      phase = .stopped
      return Step()

    case (.running(let run), .deadlineReached): return expire(run, now: now)
    case (.running(let run), .ended(let outcome)):
      var step = count(outcome, latency: now.nanoseconds(since: run.startedAt))
      step.command = rest(after: run, now: now)
      return step
    case (.terminating(let run, let killAt), .deadlineReached):
      guard killAt <= now else { return Step() }
      phase = .killing(run)
      return Step(command: .kill)
    case (.terminating(let run, _), .ended), (.killing(let run), .ended):
      return Step(command: rest(after: run, now: now))
    case (.killing, .deadlineReached), (.running, .start), (.terminating, .start), (.killing, .start): return Step()
    case (.running, .stop), (.terminating, .stop), (.killing, .stop):
      phase = .stopped
      return Step(command: .kill)
    }
  }

  /// Goes on with other settings: a reload keeps what is known, and a running script runs on.
  public mutating func reconfigure(_ wanted: Configuration, now: MonotonicInstant) {
    configuration = wanted
    if case .idle(let nextRunAt) = phase {
      phase = .idle(nextRunAt: min(nextRunAt, now.advanced(byNanoseconds: wanted.intervalNanoseconds)))
    }
  }
}

// MARK: - Runs

extension ScriptMonitor {
  private mutating func run(dueAt: MonotonicInstant, now: MonotonicInstant) -> Step {
    // The cadence counts from when the run was due, so being woken late does not add up; runs missed are not made up.
    let planned = dueAt.advanced(byNanoseconds: configuration.intervalNanoseconds)
    let next = planned > now ? planned : now.advanced(byNanoseconds: configuration.intervalNanoseconds)
    phase = .running(Run(startedAt: now, nextRunAt: next))
    return Step(command: .run)
  }

  private mutating func rest(after run: Run, now: MonotonicInstant) -> Command? {
    guard run.nextRunAt <= now else {
      phase = .idle(nextRunAt: run.nextRunAt)
      return nil
    }
    return self.run(dueAt: now, now: now).command
  }

  private mutating func expire(_ run: Run, now: MonotonicInstant) -> Step {
    let elapsed = now.nanoseconds(since: run.startedAt)
    let limit = configuration.effectiveTimeoutNanoseconds
    guard elapsed >= limit else { return Step() }
    phase = .terminating(run, killAt: now.advanced(byNanoseconds: configuration.graceNanoseconds))
    var step = count(.timedOut(limitNanoseconds: limit), latency: elapsed)
    step.command = .terminate
    return step
  }

  private mutating func count(_ outcome: Outcome, latency: UInt64) -> Step {
    lastLatencyNanoseconds = latency
    let isNews = outcome != lastOutcome
    lastOutcome = outcome
    let before = verdict
    let seen: TrackedVerdict = outcome.isSuccess ? .up : .down
    if !hasResult {
      hasResult = true
      verdict = seen
    } else if seen == verdict {
      streak = 0
    } else {
      streak += 1
      if streak >= (outcome.isSuccess ? configuration.rise : configuration.fall) {
        verdict = seen
        streak = 0
      }
    }
    return Step(outcome: isNews ? outcome : nil, verdict: verdict == before ? nil : verdict)
  }
}
