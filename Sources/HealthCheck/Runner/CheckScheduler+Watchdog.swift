public import NetPrimitives

extension CheckScheduler {
  /// Nanoseconds since the subscriber's check last made a finding, was added or resumed; `nil` for strangers.
  ///
  /// The figure that shows a checker that silently stopped: it must stay below ``probeAgeLimit(of:)``.
  public func probeAge(of subscriber: Subscriber, now: MonotonicInstant) -> UInt64? {
    slotOfSubscriber[subscriber].map { now.nanoseconds(since: checks[$0].agesSince) }
  }

  /// The oldest a finding may become in nanoseconds: two periods and the limit of a probe, and before the first finding
  /// the warmup too. `nil` for strangers, for what is only observed, and for the suspended.
  public func probeAgeLimit(of subscriber: Subscriber) -> UInt64? {
    slotOfSubscriber[subscriber].flatMap { limit(of: checks[$0]) }
  }

  /// Whose checks have not made a finding for too long, in no order. Empty unless something is broken.
  public func overdue(now: MonotonicInstant) -> [Subscriber] {
    var late: [Subscriber] = []
    for check in checks where !check.isVacant {
      guard let limit = limit(of: check) else { continue }
      if now.nanoseconds(since: check.agesSince) > limit { late += check.subscribers }
    }
    return late
  }

  /// The state of a subscriber's check, for dumps and metrics; `nil` for strangers.
  public func state(of subscriber: Subscriber) -> CheckMachine.State? {
    slotOfSubscriber[subscriber].map { checks[$0].machine.state }
  }

  /// The last report made to a subscriber of this check, for dumps and metrics; `nil` before the first.
  public func lastReport(to subscriber: Subscriber) -> CheckReport? {
    slotOfSubscriber[subscriber].flatMap { checks[$0].lastReport }
  }

  private func limit(of check: Check) -> UInt64? {
    guard check.machine.policy.rhythm != .observed, check.machine.state.phase != .suspended else { return nil }
    let timing = check.machine.policy.timing
    let period = max(timing.delayLoopNanoseconds, timing.delayBeforeRetryNanoseconds)
    let warmup = check.isWarmingUp ? timing.warmupNanoseconds : 0
    let parts = [period, period, check.machine.policy.probeLimitNanoseconds, warmup, 2_000_000_000]
    return parts.reduce(0) { sum, part in
      let next = sum.addingReportingOverflow(part)
      return next.overflow ? .max : next.partialValue
    }
  }
}
