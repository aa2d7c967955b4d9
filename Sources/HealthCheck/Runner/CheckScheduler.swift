public import NetPrimitives

/// Runs thousands of checks: identical ones once, spread over time, and never forgetting one.
///
/// Subscribers (a real server's third checker, say) each want a ``CheckDefinition``. Equal definitions share one
/// ``CheckMachine``, so a host behind five hundred virtual services is probed once per period and not five hundred
/// times. ``setSubscriptions(_:now:effects:)`` is the reload: what stays the same keeps its verdict, its counters and
/// its probe under way. A value like every machine: no clock, no sockets; random numbers come from the seed.
public struct CheckScheduler<Subscriber: Hashable & Sendable>: Sendable {
  /// What the shell must now do, in order.
  public enum Effect: Hashable, Sendable {
    /// Make this probe and hand back its finding with ``CheckScheduler/probeEnded(_:finding:now:effects:)``.
    case start(ProbeStart)
    /// Drop this probe; its finding is not wanted.
    case cancel(ProbeID)
    /// Tell a subscriber.
    case report(CheckReport, to: Subscriber)
  }

  struct Check: Sendable {
    var definition: CheckDefinition
    var machine: CheckMachine
    var subscribers: [Subscriber]
    /// Gone; its slot may be used again. Not an optional: that would be copied whole to read one field of it.
    var isVacant = false
    var running: ProbeID?
    /// Since when a finding is waited for: the last one, the start, or the end of a suspension.
    var agesSince: MonotonicInstant
    /// Whether the next probe may be put off by the warmup.
    var isWarmingUp: Bool
    var lastReport: CheckReport?

    /// Returns whether what was reported is what the last report said: a success as before.
    mutating func handle(_ event: CheckMachine.Event, now: MonotonicInstant, effects: inout CheckEffects) -> Bool {
      let wasSuspended = machine.state.phase == .suspended
      machine.handle(event, now: now, effects: &effects)
      if wasSuspended, machine.state.phase != .suspended { (agesSince, isWarmingUp) = (now, true) }
      var isRepetition = false
      for index in 0..<effects.count {
        guard case .report(let report) = effects[index] else { continue }
        isRepetition = lastReport.map { report.repeats($0) } ?? false
        (agesSince, isWarmingUp, lastReport) = (now, false, report)
      }
      return isRepetition
    }
  }

  /// The checks, by slot; a slot is used again when its check has gone.
  var checks: [Check] = []
  private var freeSlots: [Int] = []
  var slotOfDefinition: [CheckDefinition: Int] = [:]
  var slotOfSubscriber: [Subscriber: Int] = [:]
  var suspended: Set<Subscriber> = []
  /// The numbers and states last told, for checks that join later.
  private var fileValues: [String: Int64] = [:]
  private var sessions: [String: Bool] = [:]
  private var deadlines = DeadlineQueue()
  private var random: SplitMix64
  private var lastProbe: UInt64 = 0
  private var scratch = CheckEffects()
  private let habits: SchedulerHabits

  /// A scheduler without checks. The seed, 64 bits, decides the spread of starts and the nonces of probes; take it from
  /// the system's generator, or, to replay a run, from a log.
  public init(seed: UInt64, habits: SchedulerHabits = SchedulerHabits()) {
    random = SplitMix64(seed: seed)
    self.habits = habits
  }

  /// When to call ``deadlineReached(now:effects:)``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? { deadlines.first?.deadline }

  /// Whether any subscriber's check is suspended.
  public var hasSuspensions: Bool { !suspended.isEmpty }

  /// How many checks run: at most as many as there are subscribers.
  public var checkCount: Int { slotOfDefinition.count }
}

// MARK: - Events

extension CheckScheduler {
  /// Advances every check whose time has come. Effects are appended.
  public mutating func deadlineReached(now: MonotonicInstant, effects: inout [Effect]) {
    while let first = deadlines.first, first.deadline <= now {
      advance(first.owner, .deadlineReached, now: now, effects: &effects)
    }
  }

  /// Takes what came of a probe. Ignored when the probe was cancelled or has been answered. Effects are appended.
  public mutating func probeEnded(
    _ id: ProbeID, finding: Finding, now: MonotonicInstant, effects: inout [Effect]
  ) {
    guard id.slot < checks.count, checks[id.slot].running == id else { return }
    checks[id.slot].running = nil
    advance(id.slot, .probeEnded(finding), now: now, effects: &effects)
  }

  /// Takes the number in a tracked file, as ``FileCheck/value(of:)`` reads it; a missing file is 0.
  public mutating func fileChanged(
    _ name: String, value: Int64, now: MonotonicInstant, effects: inout [Effect]
  ) {
    fileValues[name] = value
    observe(now: now, effects: &effects) { probe in
      guard case .file(let check) = probe, check.trackFile == name else { return nil }
      return check.finding(value: value)
    }
  }

  /// Takes the state of a BFD session.
  public mutating func sessionChanged(
    _ name: String, isUp: Bool, now: MonotonicInstant, effects: inout [Effect]
  ) {
    sessions[name] = isUp
    observe(now: now, effects: &effects) { probe in
      guard case .bfd(let check) = probe, check.session == name else { return nil }
      return check.finding(isUp: isUp)
    }
  }

  /// Suspends or resumes a subscriber's check (`ha_suspend`). A check that others want too goes on for them.
  public mutating func setSuspended(
    _ isSuspended: Bool, _ subscriber: Subscriber, now: MonotonicInstant, effects: inout [Effect]
  ) {
    guard let slot = slotOfSubscriber[subscriber] else { return }
    let check = checks[slot]
    guard isSuspended != suspended.contains(subscriber) else { return }
    if isSuspended {
      suspended.insert(subscriber)
      if check.subscribers.allSatisfy({ suspended.contains($0) }) {
        advance(slot, .suspend, now: now, effects: &effects)
      }
    } else {
      suspended.remove(subscriber)
      advance(slot, .resume(spread: random.next()), now: now, effects: &effects)
      catchUp(subscriber, with: check, effects: &effects)
    }
  }

  private mutating func observe(
    now: MonotonicInstant, effects: inout [Effect], finding: (CheckDefinition.Probe) -> Finding?
  ) {
    for slot in checks.indices {
      guard !checks[slot].isVacant, let finding = finding(checks[slot].definition.probe) else { continue }
      advance(slot, .observed(finding), now: now, effects: &effects)
    }
  }

  private mutating func advance(
    _ slot: Int, _ event: CheckMachine.Event, now: MonotonicInstant, effects: inout [Effect]
  ) {
    // In place, field by field: a check is large, and this is what happens for each of thousands each second.
    let isRepetition = checks[slot].handle(event, now: now, effects: &scratch)
    for index in 0..<scratch.count {
      switch scratch[index] {
      case .startProbe(let step, let deadline):
        lastProbe += 1
        let id = ProbeID(serial: lastProbe, slot: slot)
        checks[slot].running = id
        effects.append(
          .start(
            ProbeStart(
              id: id, definition: checks[slot].definition, step: step, deadline: deadline, nonce: random.next())))
      case .cancelProbe:
        if let running = checks[slot].running { effects.append(.cancel(running)) }
        checks[slot].running = nil
      case .report(let report):
        if isRepetition, habits.omitsRepetitions { break }
        for subscriber in checks[slot].subscribers where suspended.isEmpty || !suspended.contains(subscriber) {
          effects.append(.report(report, to: subscriber))
        }
      }
    }
    deadlines.set(habits.deadline(of: checks[slot].machine), of: slot)
  }

  /// Tells a subscriber that joins late what is known already.
  private func catchUp(_ subscriber: Subscriber, with check: Check, effects: inout [Effect]) {
    guard check.machine.state.hasRun, var report = check.lastReport, !suspended.contains(subscriber) else { return }
    report.isUp = check.machine.state.isUp
    report.weight = check.machine.state.weight
    report.news = report.isUp == check.definition.startsFailed ? .changed : .confirmed
    effects.append(.report(report, to: subscriber))
  }
}

// MARK: - Reload

extension CheckScheduler {
  /// Makes `wanted` the subscriptions. What stays the same goes on undisturbed; new checks start spread over their
  /// warmup; a check of which only times changed keeps its verdict. Effects are appended.
  public mutating func setSubscriptions(
    _ wanted: [(subscriber: Subscriber, definition: CheckDefinition)], now: MonotonicInstant,
    effects: inout [Effect]
  ) {
    var next: [Subscriber: Int] = [:]
    next.reserveCapacity(wanted.count)
    var members: [Int: [Subscriber]] = [:]
    for (subscriber, definition) in wanted where next[subscriber] == nil {
      let slot = slot(of: definition, after: slotOfSubscriber[subscriber], now: now)
      next[subscriber] = slot
      members[slot, default: []].append(subscriber)
    }
    suspended = suspended.filter { next[$0] != nil }
    let before = slotOfSubscriber
    let oldChecks = checks
    slotOfSubscriber = next
    for slot in checks.indices where !checks[slot].isVacant {
      guard let subscribers = members[slot] else {
        remove(slot, effects: &effects)
        continue
      }
      let wasSuspended = checks[slot].machine.state.phase == .suspended
      checks[slot].subscribers = subscribers
      for subscriber in subscribers where before[subscriber] != slot {
        let check = checks[slot]
        // Whoever comes from a check of the same probe with the same verdict knows it.
        let old = before[subscriber].map { oldChecks[$0] }
        let isKnown =
          old?.definition.probe == check.definition.probe && old?.machine.state.isUp == check.machine.state.isUp
          && old?.machine.state.weight == check.machine.state.weight
        if !isKnown { catchUp(subscriber, with: check, effects: &effects) }
      }
      let isSuspended = subscribers.allSatisfy { suspended.contains($0) }
      if isSuspended != wasSuspended {
        advance(slot, isSuspended ? .suspend : .resume(spread: random.next()), now: now, effects: &effects)
      }
      if let finding = knownFinding(of: slot) { advance(slot, .observed(finding), now: now, effects: &effects) }
    }
  }

  /// The slot of a check of `definition`, made if there is none; a check of the same probe at `oldSlot` bequeaths its
  /// state.
  private mutating func slot(of definition: CheckDefinition, after oldSlot: Int?, now: MonotonicInstant) -> Int {
    var identity = definition
    // Who logs what is the subscriber's affair.
    identity.logsEveryFailure = false
    if let slot = slotOfDefinition[identity] { return slot }
    let policy = CheckPolicy(identity)
    var machine = CheckMachine(policy, now: now, spread: random.next())
    var check = Check(
      definition: identity, machine: machine, subscribers: [], agesSince: now, isWarmingUp: true)
    if let old = oldSlot.map({ checks[$0] }), old.definition.probe == identity.probe {
      machine = old.machine.successor(policy, now: now)
      check.machine = machine
      (check.agesSince, check.isWarmingUp, check.lastReport) = (old.agesSince, old.isWarmingUp, old.lastReport)
    }
    let slot = freeSlots.popLast() ?? checks.count
    if slot == checks.count { checks.append(check) } else { checks[slot] = check }
    slotOfDefinition[identity] = slot
    deadlines.set(habits.deadline(of: machine), of: slot)
    return slot
  }

  /// What is known already about the file or session of a check that has not been told.
  private func knownFinding(of slot: Int) -> Finding? {
    guard !checks[slot].machine.state.hasRun else { return nil }
    switch checks[slot].definition.probe {
    case .file(let file): return fileValues[file.trackFile].map { file.finding(value: $0) }
    case .bfd(let bfd): return sessions[bfd.session].map { bfd.finding(isUp: $0) }
    case .tcp, .http, .smtp, .dns, .udp, .ping, .misc, .grpc, .agent: return nil
    }
  }

  private mutating func remove(_ slot: Int, effects: inout [Effect]) {
    if let running = checks[slot].running { effects.append(.cancel(running)) }
    slotOfDefinition[checks[slot].definition] = nil
    deadlines.set(nil, of: slot)
    checks[slot].isVacant = true
    checks[slot].running = nil
    checks[slot].subscribers = []
    freeSlots.append(slot)
  }
}

extension CheckMachine {
  /// This machine under another policy, for a check of its own: a probe under way stays with the old one.
  func successor(_ policy: CheckPolicy, now: MonotonicInstant) -> CheckMachine {
    var next = self
    next.adopt(policy, now: now)
    if case .probing = next.state.phase { next.restart(at: now) }
    return next
  }
}
