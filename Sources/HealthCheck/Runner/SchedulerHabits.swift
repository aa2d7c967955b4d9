import NetPrimitives

/// What a ``CheckScheduler`` may do to be cheap where thousands of checks run.
public struct SchedulerHabits: Hashable, Sendable, BitwiseCopyable {
  /// Probes that fall due within so many nanoseconds start together, and so one waking serves many; 0 starts each by
  /// itself. Never more than a hundredth of a check's `delay_loop`. A probe is late by this at the most, never early.
  public var gatheringNanoseconds: UInt64
  /// A success that says what the last one said is not reported. Failures always are.
  public var omitsRepetitions: Bool

  /// What the daemon does: 50 ms, and no repetitions.
  public static let thrifty = SchedulerHabits(gatheringNanoseconds: 50_000_000, omitsRepetitions: true)

  /// Habits; by default every probe at its instant and every report.
  public init(gatheringNanoseconds: UInt64 = 0, omitsRepetitions: Bool = false) {
    self.gatheringNanoseconds = gatheringNanoseconds
    self.omitsRepetitions = omitsRepetitions
  }

  /// When to advance a machine: its own deadline, or for a probe that is to start the next instant at which others of
  /// the same period start too.
  func deadline(of machine: CheckMachine) -> MonotonicInstant? {
    guard gatheringNanoseconds > 0, case .waiting(let until) = machine.state.phase else { return machine.nextDeadline }
    let step = min(gatheringNanoseconds, machine.policy.timing.delayLoopNanoseconds / 100)
    guard step > 1, case let past = until.nanoseconds % step, past > 0 else { return until }
    return until.advanced(byNanoseconds: step - past)
  }
}

extension CheckReport {
  /// Whether this tells nobody anything after `other`.
  func repeats(_ other: CheckReport) -> Bool {
    guard news == .none, isUp == other.isUp, weight == other.weight else { return false }
    guard case .success = finding.outcome, case .success = other.finding.outcome else { return false }
    return finding.certificateDaysLeft == nil && other.finding.certificateDaysLeft == nil
  }
}
