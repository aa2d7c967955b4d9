import NetPrimitives

extension CheckMachine {
  /// How long after a probe's deadline the machine waits for its transport to say so: 1 s.
  static let patienceNanoseconds: UInt64 = 1_000_000_000

  /// The whole transition table: one arm for each pair of phase and event.
  func next(after event: Event, now: MonotonicInstant, effects: inout CheckEffects) -> State {
    switch (state.phase, event) {
    case (.waiting(let until), .deadlineReached):
      return until <= now ? startProbe(now: now, effects: &effects) : state
    case (.waiting, .suspend):
      return state.entering(.suspended)
    case (.waiting, .probeEnded), (.waiting, .observed), (.waiting, .resume):
      return state

    case (.probing(let run), .deadlineReached):
      guard run.givenUpAt <= now else { return state }
      effects.append(.cancelProbe)
      let silence = now.nanoseconds(since: run.startedAt)
      return conclude(
        .failure(.probe, .lost, latencyNanoseconds: silence), startedAt: run.startedAt, now: now, effects: &effects)
    case (.probing(let run), .probeEnded(let finding)):
      return conclude(finding, startedAt: run.startedAt, now: now, effects: &effects)
    case (.probing, .suspend):
      effects.append(.cancelProbe)
      return state.entering(.suspended)
    case (.probing, .observed), (.probing, .resume):
      return state

    case (.suspended, .resume(let spread)):
      return state.entering(.waiting(until: policy.start(after: now, spread: spread)))
    case (.suspended, .deadlineReached), (.suspended, .probeEnded), (.suspended, .observed), (.suspended, .suspend):
      return state

    case (.observing, .observed(let finding)):
      return conclude(finding, startedAt: now, now: now, effects: &effects)
    case (.observing, .deadlineReached), (.observing, .probeEnded), (.observing, .suspend), (.observing, .resume):
      return state
    }
  }

  private func startProbe(now: MonotonicInstant, effects: inout CheckEffects) -> State {
    let deadline = now.advanced(byNanoseconds: policy.probeLimitNanoseconds)
    effects.append(.startProbe(step: state.step, deadline: deadline))
    let givenUpAt = deadline.advanced(byNanoseconds: Self.patienceNanoseconds)
    return state.entering(.probing(Run(startedAt: now, givenUpAt: givenUpAt)))
  }
}

// MARK: - Conclusions

extension CheckMachine {
  private func conclude(
    _ finding: Finding, startedAt: MonotonicInstant, now: MonotonicInstant, effects: inout CheckEffects
  ) -> State {
    let conclusion =
      switch finding.outcome {
      case .success(let weight): afterSuccess(weight)
      case .failure: afterFailure()
      case .inconclusive: Conclusion(state: state, wait: policy.timing.delayLoopNanoseconds)
      }
    var next = conclusion.state
    let news: CheckReport.News =
      if next.isUp != state.isUp { .changed } else { conclusion.isConfirmation ? .confirmed : .none }
    effects.append(
      .report(CheckReport(isUp: next.isUp, news: news, weight: next.weight, finding: finding, step: state.step)))
    next.phase = phase(waiting: conclusion.wait, startedAt: startedAt, now: now)
    return next
  }

  private func phase(waiting wait: UInt64, startedAt: MonotonicInstant, now: MonotonicInstant) -> Phase {
    switch policy.rhythm {
    case .observed: .observing
    // A script's period runs from start to start; one that took longer than its period follows at once.
    case .script: .waiting(until: max(startedAt.advanced(byNanoseconds: wait), now))
    case .plain, .quietStart, .rounds, .sequence: .waiting(until: now.advanced(byNanoseconds: wait))
    }
  }

  private func afterSuccess(_ weight: WeightAdvice) -> Conclusion {
    var next = state
    next.retries = 0
    let period = policy.timing.delayLoopNanoseconds
    if case .sequence(let count, let recoversFast) = policy.rhythm {
      let hurries = recoversFast && !state.isUp
      if state.failedStep != nil {
        // The URL that failed is back; only a full round from the first one proves the server.
        next.failedStep = nil
        next.step = 0
        return Conclusion(state: next, wait: hurries ? 0 : period)
      }
      guard state.step + 1 >= count else {
        next.step += 1
        return Conclusion(state: next, wait: hurries ? 0 : period)
      }
      next.step = 0
    }
    next.isUp = true
    next.hasRun = true
    next.weight = weight
    return Conclusion(state: next, wait: period, isConfirmation: !state.hasRun)
  }

  private func afterFailure() -> Conclusion {
    switch policy.rhythm {
    case .plain, .quietStart, .script: afterPlainFailure()
    case .rounds: afterFailedAttempt()
    case .sequence: afterFailedURL()
    case .observed: Conclusion(state: state.down(), wait: 0, isConfirmation: !state.hasRun)
    }
  }

  private func afterPlainFailure() -> Conclusion {
    let timing = policy.timing
    let mayBeNews = state.isUp || (!state.hasRun && policy.rhythm != .quietStart)
    if mayBeNews && state.retries >= timing.retries {
      return Conclusion(state: state.down(), wait: timing.delayLoopNanoseconds, isConfirmation: !state.hasRun)
    }
    var next = state
    next.hasRun = true
    guard state.isUp else { return Conclusion(state: next, wait: timing.delayLoopNanoseconds) }
    next.retries += 1
    return Conclusion(state: next, wait: timing.delayBeforeRetryNanoseconds)
  }

  private func afterFailedAttempt() -> Conclusion {
    let timing = policy.timing
    guard state.retries >= timing.retries else {
      var next = state
      next.retries += 1
      return Conclusion(state: next, wait: timing.delayBeforeRetryNanoseconds)
    }
    return Conclusion(state: state.down(), wait: timing.delayLoopNanoseconds, isConfirmation: !state.hasRun)
  }

  private func afterFailedURL() -> Conclusion {
    let timing = policy.timing
    let longWait = max(timing.delayBeforeRetryNanoseconds, timing.delayLoopNanoseconds)
    if state.failedStep != nil { return Conclusion(state: state, wait: longWait) }
    guard state.retries >= timing.retries else {
      var next = state
      next.retries += 1
      return Conclusion(state: next, wait: timing.delayBeforeRetryNanoseconds)
    }
    var next = state.down()
    next.failedStep = state.step
    return Conclusion(state: next, wait: longWait, isConfirmation: !state.hasRun)
  }
}

/// The state after a finding, and how long until the next probe.
private struct Conclusion {
  var state: CheckMachine.State
  /// Nanoseconds.
  var wait: UInt64
  /// Whether the first conclusive finding agrees with what was assumed.
  var isConfirmation = false
}

extension CheckMachine.State {
  fileprivate func entering(_ phase: CheckMachine.Phase) -> Self {
    var next = self
    next.phase = phase
    return next
  }

  /// Down, with nothing left of the retries and of the weight a success had advised.
  fileprivate func down() -> Self {
    var next = self
    next.isUp = false
    next.hasRun = true
    next.retries = 0
    next.weight = .unchanged
    return next
  }
}

extension CheckPolicy {
  /// The first probe: 1 s after `now` plus a part of the warmup picked by `spread`.
  func start(after now: MonotonicInstant, spread: UInt64) -> MonotonicInstant {
    let share = spread.multipliedFullWidth(by: timing.warmupNanoseconds).high
    return now.advanced(byNanoseconds: 1_000_000_000).advanced(byNanoseconds: share)
  }
}
