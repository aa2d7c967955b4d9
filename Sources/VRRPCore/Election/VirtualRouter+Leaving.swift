import NetPrimitives

// The way out of office (docs/decisions/0006).
extension VirtualRouter {
  /// The good-bye, and then either the addresses at once or, when they can be served on, with the successor's first
  /// advert.
  mutating func leave(
    to destination: Leaving.Destination, _ cause: Transition.Cause, servesOn: Bool, now: MonotonicInstant,
    effects: inout EffectBuffer
  ) -> State {
    effects.append(.sendAdvertisement(priority: 0))
    let leaving = Leaving(to: destination, cause: cause, releaseAt: now.advanced(byNanoseconds: handOverNanoseconds))
    return servesOn && configuration.handsOver ? .leaving(leaving) : finish(leaving, now: now, effects: &effects)
  }

  /// A second shutdown is in a hurry.
  mutating func stop(_ leaving: Leaving, now: MonotonicInstant, effects: inout EffectBuffer) -> State {
    guard leaving.to != .initialize else { return finish(leaving, now: now, effects: &effects) }
    return .leaving(Leaving(to: .initialize, cause: .shutdown, releaseAt: leaving.releaseAt))
  }

  mutating func fail(
    _ leaving: Leaving, servesOn: Bool, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> State {
    guard leaving.to != .initialize else { return finish(leaving, now: now, effects: &effects) }
    let failed = Leaving(to: .fault, cause: .ineligible, releaseAt: leaving.releaseAt)
    return servesOn ? .leaving(failed) : finish(failed, now: now, effects: &effects)
  }

  /// The good-bye is said, and somebody may be on the way already: the router goes on as a backup.
  func recovered(_ leaving: Leaving) -> Leaving {
    var leaving = leaving
    if leaving.to == .fault { leaving.to = .backup }
    return leaving
  }

  mutating func heed(
    _ advertisement: Advertisement, in leaving: Leaving, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> State {
    hasHeardPeer = true
    // Priority 0 is another one leaving, not a successor.
    guard advertisement.priority != 0 else { return state }
    return finish(leaving, successor: advertisement, now: now, effects: &effects)
  }

  mutating func finish(
    _ leaving: Leaving, successor: Advertisement? = nil, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> State {
    effects.append(.releaseAddresses)
    switch leaving.to {
    case .initialize:
      effects.append(.report(Transition(from: .active, to: .initialize, cause: leaving.cause)))
      return .initialize
    case .fault:
      effects.append(.report(Transition(from: .active, to: .fault, cause: leaving.cause)))
      return .fault
    case .backup:
      effects.append(.report(Transition(from: .active, to: .backup, cause: leaving.cause)))
      if let successor, isOutranked(by: successor) { return .backup(listening(to: successor, now: now)) }
      let restEnd = now.advanced(byNanoseconds: groupRestNanoseconds)
      return .backup(listening(since: restEnd, activeInterval: configuration.interval))
    }
  }
}
