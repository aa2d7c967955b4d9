import NetPrimitives

extension VirtualRouter {
  /// The whole transition table: one arm for each pair of state and event, none left to `default`.
  mutating func next(
    after event: Event, from state: State, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> State {
    switch (state, event) {
    case (.initialize, .startup(let isEligible)):
      return isEligible
        ? start(from: .initialize, now: now, effects: &effects) : enterFault(from: .initialize, &effects)
    case (.initialize, .resume):
      return becomeActive(.startup, from: .initialize, now: now, effects: &effects)
    case (.initialize, .shutdown), (.initialize, .deadlineReached), (.initialize, .received),
      (.initialize, .eligibilityLost), (.initialize, .eligibilityGained), (.initialize, .contested),
      (.initialize, .clockJumped), (.initialize, .groupActivates), (.initialize, .groupYields):
      return state

    case (.fault, .eligibilityGained):
      return start(from: .fault, now: now, effects: &effects)
    case (.fault, .shutdown):
      return stop(from: .fault, &effects)
    case (.fault, .startup), (.fault, .resume), (.fault, .deadlineReached), (.fault, .received),
      (.fault, .eligibilityLost), (.fault, .contested), (.fault, .clockJumped), (.fault, .groupActivates),
      (.fault, .groupYields):
      return state

    case (.backup, .shutdown):
      return stop(from: .backup, &effects)
    case (.backup, .eligibilityLost):
      return enterFault(from: .backup, &effects)
    case (.backup(let backup), .deadlineReached):
      return expire(backup, now: now, effects: &effects)
    case (.backup(let backup), .received(let advertisement)):
      return .backup(heed(advertisement, in: backup, now: now))
    case (.backup(let backup), .clockJumped):
      return .backup(listening(since: now, activeInterval: backup.activeInterval, isRelisten: true))
    case (.backup(let backup), .groupActivates):
      guard case .group(let cause) = backup.wait else { return state }
      return becomeActive(cause, from: .backup, now: now, effects: &effects)
    case (.backup, .startup), (.backup, .resume), (.backup, .eligibilityGained), (.backup, .contested),
      (.backup, .groupYields):
      return state

    case (.active, .shutdown):
      return leave(to: .initialize, .shutdown, servesOn: true, now: now, effects: &effects)
    case (.active, .eligibilityLost(let canServe)):
      return leave(to: .fault, .ineligible, servesOn: canServe, now: now, effects: &effects)
    case (.active(let active), .deadlineReached):
      return .active(serve(active, now: now, effects: &effects))
    case (.active(let active), .received(let advertisement)):
      return dispute(advertisement, in: active, now: now, effects: &effects)
    case (.active(let active), .contested):
      return .active(answerContest(in: active, now: now, effects: &effects))
    case (.active, .clockJumped):
      return standBack(now: now, effects: &effects)
    case (.active, .groupYields(let canServe)):
      // Nobody outranked us here, so nobody here takes over unless told to.
      return leave(to: .backup, .groupYielded, servesOn: canServe, now: now, effects: &effects)
    case (.active, .startup), (.active, .resume), (.active, .eligibilityGained), (.active, .groupActivates):
      return state

    case (.leaving(let leaving), .shutdown):
      return stop(leaving, now: now, effects: &effects)
    case (.leaving(let leaving), .eligibilityLost(let canServe)):
      return fail(leaving, servesOn: canServe, now: now, effects: &effects)
    case (.leaving(let leaving), .eligibilityGained):
      return .leaving(recovered(leaving))
    case (.leaving(let leaving), .clockJumped):
      return finish(leaving, now: now, effects: &effects)
    case (.leaving(let leaving), .deadlineReached):
      return leaving.releaseAt <= now ? finish(leaving, now: now, effects: &effects) : state
    case (.leaving(let leaving), .received(let advertisement)):
      return heed(advertisement, in: leaving, now: now, effects: &effects)
    case (.leaving, .startup), (.leaving, .resume), (.leaving, .contested), (.leaving, .groupActivates),
      (.leaving, .groupYields):
      return state

    case (_, .priorityChanged(let priority)):
      if !configuration.ownsAddresses { self.priority = min(max(priority, 1), 254) }
      return state
    case (_, .primaryAddressChanged(let address)):
      configuration.primaryAddress = address
      return state
    }
  }

  /// Withdraws a router that was not running for so long that its peers must have taken over: it would otherwise
  /// wake up convinced of owning what somebody else owns by now. It then listens, and contends like anybody else.
  func fenced(now: MonotonicInstant, effects: inout EffectBuffer) -> State {
    guard case .active(let active) = state, now.nanoseconds(since: active.advertiseAt) > gapNanoseconds else {
      return state
    }
    return standBack(now: now, effects: &effects)
  }
}

// MARK: - Entering states

extension VirtualRouter {
  private func start(from role: Role, now: MonotonicInstant, effects: inout EffectBuffer) -> State {
    if configuration.ownsAddresses {
      return becomeActive(.startup, from: role, now: now, effects: &effects)
    }
    effects.append(.report(Transition(from: role, to: .backup, cause: .startup)))
    var backup = listening(since: now, activeInterval: configuration.interval)
    if configuration.startsActive { backup.wait = .eagerStart }
    return .backup(backup)
  }

  private func stop(from role: Role, _ effects: inout EffectBuffer) -> State {
    effects.append(.report(Transition(from: role, to: .initialize, cause: .shutdown)))
    return .initialize
  }

  private func enterFault(from role: Role, _ effects: inout EffectBuffer) -> State {
    effects.append(.report(Transition(from: role, to: .fault, cause: .ineligible)))
    return .fault
  }

  /// The advert goes first, so that a rival steps down before neighbours are told of us.
  func becomeActive(
    _ cause: Transition.Cause, from role: Role, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> State {
    let announcement = configuration.announcement
    effects.append(.sendAdvertisement(priority: priority))
    effects.append(.acquireAddresses)
    if announcement.repeats > 0 { effects.append(.announceAddresses(repeats: announcement.repeats)) }
    effects.append(.report(Transition(from: role, to: .active, cause: cause)))
    let delay = announcement.secondBurstDelayNanoseconds
    let refresh = announcement.refreshNanoseconds
    return .active(
      Active(
        advertiseAt: now.advanced(byNanoseconds: configuration.interval.nanoseconds),
        secondBurstAt: delay > 0 && announcement.repeats > 0 ? now.advanced(byNanoseconds: delay) : nil,
        refreshAt: refresh > 0 ? now.advanced(byNanoseconds: delay).advanced(byNanoseconds: refresh) : nil,
        extraAt: following(now, every: configuration.extraAnnouncementNanoseconds),
        contestEchoAt: nil,
        contestBurstAt: nil,
        contestQuietUntil: now,
        answeredAt: nil))
  }

  func listening(
    since start: MonotonicInstant, activeInterval: AdvertisementInterval, isRelisten: Bool = false
  ) -> Backup {
    Backup(
      armedAt: start, wait: .activeDown, activeInterval: activeInterval, preemptAt: nil, isRelisten: isRelisten,
      speaker: nil)
  }

  /// As a backup that has just heard a better router.
  mutating func listening(to better: Advertisement, now: MonotonicInstant) -> Backup {
    let interval = claim.believe(better, own: configuration.interval)
    let heardAt = min(better.receivedAt, now)
    var backup = listening(since: heardAt, activeInterval: interval)
    backup.speaker = speaker(of: better, believing: interval, at: heardAt)
    return backup
  }

  /// Active was not running: addresses first, then the word of it, which makes whoever is active announce itself again,
  /// for neighbours may still believe in us.
  private func standBack(now: MonotonicInstant, effects: inout EffectBuffer) -> State {
    effects.append(.releaseAddresses)
    effects.append(.sendAdvertisement(priority: 0))
    effects.append(.report(Transition(from: .active, to: .backup, cause: .clockGap)))
    return .backup(listening(since: now, activeInterval: configuration.interval, isRelisten: true))
  }
}

// MARK: - Backup

extension VirtualRouter {
  private func expire(_ backup: Backup, now: MonotonicInstant, effects: inout EffectBuffer) -> State {
    guard let deadline = deadline(of: backup), deadline <= now else { return .backup(backup) }
    let lateness = now.nanoseconds(since: deadline)
    if lateness > gapNanoseconds, !backup.isRelisten {
      // We, not the active router, were absent. Listen for one full interval before believing it dead.
      return .backup(listening(since: now, activeInterval: backup.activeInterval, isRelisten: true))
    }
    let cause: Transition.Cause =
      switch backup.wait {
      case .activeDown: .activeDown
      case .skew: .activeLeft
      case .eagerStart: .startup
      case .group(let cause): cause
      }
    if configuration.isGrouped {
      var ready = backup
      ready.wait = .group(cause)
      return .backup(ready)
    }
    return becomeActive(cause, from: .backup, now: now, effects: &effects)
  }

  /// RFC 9568 §6.4.2, with `preempt_delay`.
  private mutating func heed(_ advertisement: Advertisement, in backup: Backup, now: MonotonicInstant) -> Backup {
    hasHeardPeer = true
    let heardAt = min(advertisement.receivedAt, now)
    if advertisement.priority == 0 {
      switch backup.wait {
      case .skew, .group:
        // A second good-bye must not postpone the take-over the first one started.
        return backup
      case .activeDown, .eagerStart:
        var hurried = backup
        hurried.armedAt = heardAt
        hurried.wait = .skew
        return hurried
      }
    }
    var preemptAt: MonotonicInstant?
    if configuration.preempts, advertisement.priority < priority {
      guard configuration.preemptDelayNanoseconds > 0 else { return backup }
      let end = backup.preemptAt ?? heardAt.advanced(byNanoseconds: configuration.preemptDelayNanoseconds)
      // Its timer runs out and we take over.
      guard now < end else { return backup }
      preemptAt = end
    }
    let interval = claim.believe(advertisement, own: configuration.interval)
    var heard = listening(since: max(heardAt, backup.armedAt), activeInterval: interval)
    heard.preemptAt = preemptAt
    heard.speaker = speaker(of: advertisement, believing: interval, at: heardAt)
    if case .activeDown = backup.wait { attend(backup.speaker, in: &heard, heardAt: heardAt) }
    return heard
  }

  /// Two speak at once when a contest ends, the loser for the last time. What a worse router says counts as heard when
  /// the better one is due to speak again: or the loser's short interval would make us take a winner for dead that
  /// advertises more slowly, time and again (docs/decisions/0016).
  private func attend(_ better: Speaker?, in heard: inout Backup, heardAt: MonotonicInstant) {
    guard let better, let worse = heard.speaker, better.outranks(worse), better.nextAt > heardAt else { return }
    heard.armedAt = max(heard.armedAt, better.nextAt)
    heard.speaker = better
  }

  private func speaker(
    of advertisement: Advertisement, believing interval: AdvertisementInterval, at heardAt: MonotonicInstant
  ) -> Speaker {
    let isBelieved = interval == advertisement.interval
    return Speaker(
      priority: advertisement.priority, source: advertisement.source,
      nextAt: isBelieved ? heardAt.advanced(byNanoseconds: interval.nanoseconds) : heardAt)
  }
}

// MARK: - Active

extension VirtualRouter {
  /// Sends and announces what is due.
  private func serve(_ active: Active, now: MonotonicInstant, effects: inout EffectBuffer) -> Active {
    var active = active
    if active.advertiseAt <= now {
      effects.append(.sendAdvertisement(priority: priority))
      active.advertiseAt = following(active.advertiseAt, every: configuration.interval.nanoseconds, now: now)
    }
    var repeats: UInt8 = 0
    if let at = active.secondBurstAt, at <= now {
      active.secondBurstAt = nil
      repeats = max(repeats, configuration.announcement.repeats)
    }
    if let at = active.refreshAt, at <= now {
      active.refreshAt = following(at, every: configuration.announcement.refreshNanoseconds, now: now)
      repeats = max(repeats, configuration.announcement.refreshRepeats)
    }
    if let at = active.contestEchoAt, at <= now {
      active.contestEchoAt = nil
      repeats = max(repeats, contestRepeats)
    }
    if let at = active.contestBurstAt, at <= now {
      active = quieted(active, now: now)
      repeats = max(repeats, contestRepeats)
    }
    if let at = active.extraAt, at <= now {
      active.extraAt = following(at, every: configuration.extraAnnouncementNanoseconds, now: now)
      effects.append(.announceElsewhere)
    }
    if repeats > 0 { effects.append(.announceAddresses(repeats: repeats)) }
    return active
  }

  /// The next beat of a cadence; beats missed by a late shell are skipped, not made up for in a burst.
  private func following(_ beat: MonotonicInstant, every period: UInt64, now: MonotonicInstant) -> MonotonicInstant {
    let next = beat.advanced(byNanoseconds: period)
    return next > now ? next : now.advanced(byNanoseconds: period)
  }

  func following(_ start: MonotonicInstant, every period: UInt64) -> MonotonicInstant? {
    period > 0 ? start.advanced(byNanoseconds: period) : nil
  }

  /// RFC 9568 §6.4.3.
  private mutating func dispute(
    _ advertisement: Advertisement, in active: Active, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> State {
    if configuration.ownsAddresses, configuration.ignoresAsOwner { return .active(active) }
    hasHeardPeer = true
    let isFarewell = advertisement.priority == 0
    guard !isFarewell, isOutranked(by: advertisement) else {
      // Whoever speaks here, or leaves, may have answered for our addresses until now.
      var active = answer(in: active, isUrgent: isFarewell, now: now, effects: &effects)
      active = answerContest(in: active, now: now, effects: &effects)
      if !isFarewell {
        effects.append(.reportContest(source: advertisement.source, priority: advertisement.priority))
      }
      return .active(active)
    }
    if configuration.sendsLastAdvertisement { effects.append(.sendAdvertisement(priority: priority)) }
    effects.append(.releaseAddresses)
    effects.append(.report(Transition(from: .active, to: .backup, cause: .outranked)))
    return .backup(listening(to: advertisement, now: now))
  }

  /// Higher priority wins, then the higher primary address (RFC 9568 §6.4.3).
  func isOutranked(by advertisement: Advertisement) -> Bool {
    if advertisement.priority != priority { return advertisement.priority > priority }
    return advertisement.source > configuration.primaryAddress
  }

  /// An advert at once, and the timer set anew (RFC 9568 §6.4.3), but no more than twice an interval. A farewell is
  /// urgent and answered more often, for silence would let a backup take over beside us.
  private func answer(
    in active: Active, isUrgent: Bool, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> Active {
    guard isUrgent || configuration.answersLowerPriority, mayAnswer(active, isUrgent: isUrgent, now: now) else {
      return active
    }
    effects.append(.sendAdvertisement(priority: priority))
    var active = active
    active.advertiseAt = now.advanced(byNanoseconds: configuration.interval.nanoseconds)
    active.answeredAt = now
    return active
  }

  private func mayAnswer(_ active: Active, isUrgent: Bool, now: MonotonicInstant) -> Bool {
    guard let last = active.answeredAt else { return true }
    return now.nanoseconds(since: last) >= (isUrgent ? urgentAnswerQuietNanoseconds : answerQuietNanoseconds)
  }

  /// Announces again, now or as soon as the last time is old enough; the last evidence is never left without an answer.
  private func answerContest(in active: Active, now: MonotonicInstant, effects: inout EffectBuffer) -> Active {
    guard contestRepeats > 0, active.contestBurstAt == nil else { return active }
    if active.contestQuietUntil <= now {
      effects.append(.announceAddresses(repeats: contestRepeats))
      return quieted(active, now: now)
    }
    var active = active
    active.contestBurstAt = active.contestQuietUntil
    return active
  }

  /// A contest was just answered with an announcement.
  private func quieted(_ active: Active, now: MonotonicInstant) -> Active {
    var active = active
    active.contestBurstAt = nil
    active.contestQuietUntil = now.advanced(byNanoseconds: Self.contestQuietNanoseconds)
    active.contestEchoAt = active.contestEchoAt ?? following(now, every: configuration.contestSecondBurstNanoseconds)
    return active
  }
}
