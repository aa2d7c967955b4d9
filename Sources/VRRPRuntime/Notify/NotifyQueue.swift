public import NetPrimitives
public import VRRPCore

/// Who is told of changes, in which order and when.
///
/// For each subject one script runs at a time. What happens meanwhile waits, and the newest state replaces one that has
/// not been told yet: a slow script is told late what is so, never for long what was. Lines and mails go out at once;
/// they cost nothing to wait for.
public struct NotifyQueue: Sendable {
  /// What to do now, first to last. Cleared by ``takeEffects()``.
  public private(set) var effects: [Effect] = []
  /// When to call ``advance(to:)`` next; `nil` while nothing runs, or all that does was killed.
  public private(set) var nextDeadline: MonotonicInstant?
  private var desks: [NotifySubject: NotifyDesk] = [:]
  /// Whose script each run is. With a thousand subjects few have one, and only those are looked at.
  private var flights: [UInt64: NotifySubject] = [:]
  private var limits: Limits
  private var runCount: UInt64 = 0

  /// A queue in which nobody is known.
  public init(limits: Limits = Limits()) { self.limits = limits }

  /// How long scripts may run.
  public struct Limits: Hashable, Sendable, BitwiseCopyable {
    /// In nanoseconds, from start to kill.
    public var run: UInt64
    /// The same for the scripts of a subject that stops: the daemon waits for them.
    public var stop: UInt64

    /// keepalived waits for the scripts of a stop for a second, and for ever for all others.
    public init(run: UInt64 = 60_000_000_000, stop: UInt64 = 1_000_000_000) {
      self.run = run
      self.stop = stop
    }
  }

  /// What the shell must do.
  public enum Effect: Hashable, Sendable {
    /// Start the script in a process group of its own and tell ``NotifyQueue/runEnded(_:_:now:)``.
    case run(NotifyRun)
    /// End the run's process group (SIGKILL): its time is over.
    case kill(number: UInt64)
    /// Write to every FIFO of virtual routers; what a FIFO does not take at once is lost.
    case writeLine(NotifyLine)
    /// Call the webhook, if there is one, and send mail where that is wanted.
    case alert(NotifySubject, NotifyState, priority: UInt8, isMailed: Bool)
  }

  /// Makes `definition` what holds for `subject` from now on. Its state is kept, so a reload tells nobody anything; a
  /// subject that was taken out and comes back starts anew.
  public mutating func define(_ subject: NotifySubject, as definition: NotifyDefinition) {
    guard let place = desks.index(forKey: subject) else {
      desks[subject] = NotifyDesk(definition)
      return
    }
    desks.values[place].definition = definition
    if desks.values[place].isRemoved { desks.values[place].reopen() }
  }

  /// Takes the effects, to carry them out.
  public mutating func takeEffects() -> [Effect] {
    let taken = effects
    effects.removeAll()
    return taken
  }

  /// Whether nothing runs and nothing waits: a process that stops may end. Nothing waits but for what runs.
  public var isIdle: Bool { flights.isEmpty }

  /// The last script of `subject` that ended, for dumps and metrics.
  public func lastResult(of subject: NotifySubject) -> NotifyResult? { desks[subject]?.lastResult }

  /// How many states of `subject` were replaced by newer ones before their scripts could be started.
  public func supersededCount(of subject: NotifySubject) -> UInt64 { desks[subject]?.supersededCount ?? 0 }
}

// MARK: - Events

extension NotifyQueue {
  /// `subject` has become `state`. Told in keepalived's order: the script of the state, `notify`, the FIFOs, mail.
  ///
  /// A state the subject was told to be in already is not told again: members of a group follow it and are followed.
  /// Nor is anything told of a subject that was taken out: its end was.
  public mutating func changed(
    _ subject: NotifySubject, to state: NotifyState, priority: UInt8, now: MonotonicInstant
  ) {
    guard var desk = desks[subject], !desk.isRemoved, desk.lastState != state else { return }
    desk.lastState = state
    let scripts = NotifyScript.scripts(of: subject, state, priority: priority, in: desk.definition)
    desk.supersede(with: scripts)
    if state.isFinal { desk.hasten(to: now.advanced(byNanoseconds: limits.stop)) }
    desks[subject] = desk
    startNext(of: subject, now: now)
    effects.append(.writeLine(NotifyLine(subject, .state(state), priority: priority)))
    effects.append(.alert(subject, state, priority: priority, isMailed: desk.definition.sendsMail))
  }

  /// An active instance heard an advert of lower priority. Its script waits its turn, once however often this happens.
  public mutating func lowerPriorityReceived(_ subject: NotifySubject, priority: UInt8, now: MonotonicInstant) {
    guard var desk = desks[subject] else { return }
    if let command = desk.definition.lowerPriorityReceived {
      desk.enqueueOnce(NotifyScript(kind: .lowerPriorityReceived, command: command, arguments: []))
      desks[subject] = desk
      startNext(of: subject, now: now)
    }
    effects.append(.writeLine(NotifyLine(subject, .lowerPriorityReceived, priority: priority)))
  }

  /// The effective priority of an instance changed: a line, if that is asked for, and no script.
  public mutating func priorityChanged(_ subject: NotifySubject, to priority: UInt8) {
    guard let desk = desks[subject], desk.definition.reportsPriorityChanges else { return }
    let event: NotifyLine.Event = desk.lastState == .active ? .activePriority : .backupPriority
    effects.append(.writeLine(NotifyLine(subject, event, priority: priority)))
  }

  /// Writes the state of `subject` once more (`fifo_write_vrrp_states_on_reload`).
  public mutating func repeatState(of subject: NotifySubject, priority: UInt8) {
    guard let state = desks[subject]?.lastState else { return }
    effects.append(.writeLine(NotifyLine(subject, .state(state), priority: priority)))
  }

  /// A reload took `subject` out. An instance is reported as deleted when that was asked for, as a fault otherwise;
  /// nobody is told of a group. It is forgotten once its scripts have ended.
  public mutating func removed(_ subject: NotifySubject, priority: UInt8, now: MonotonicInstant) {
    guard let definition = desks[subject]?.definition else { return }
    switch subject.kind {
    case .instance:
      changed(subject, to: definition.reportsDeletion ? .deleted : .fault, priority: priority, now: now)
    case .group: break
    }
    desks[subject]?.isRemoved = true
    desks[subject]?.hasten(to: now.advanced(byNanoseconds: limits.stop))
    findDeadline()
    forgetIfDone(subject)
  }

  /// The run with `number` ended, or could not be started.
  public mutating func runEnded(_ number: UInt64, _ outcome: ScriptMonitor.Outcome, now: MonotonicInstant) {
    guard let subject = flights.removeValue(forKey: number) else { return }
    desks[subject]?.finish(outcome, now: now)
    startNext(of: subject, now: now)
    forgetIfDone(subject)
  }

  /// Kills what has run for too long.
  public mutating func advance(to now: MonotonicInstant) {
    guard let nextDeadline, nextDeadline <= now else { return }
    for (number, subject) in flights.sorted(by: { $0.key < $1.key }) {
      guard let deadline = desks[subject]?.deadline, deadline <= now else { continue }
      desks[subject]?.expire()
      effects.append(.kill(number: number))
    }
    findDeadline()
  }

  private mutating func findDeadline() {
    nextDeadline = flights.values.reduce(nil) { .earlier($0, desks[$1]?.deadline) }
  }

  private mutating func startNext(of subject: NotifySubject, now: MonotonicInstant) {
    defer { findDeadline() }
    guard var desk = desks[subject], desk.inFlight == nil, !desk.waiting.isEmpty else { return }
    runCount += 1
    flights[runCount] = subject
    let isLast = desk.isRemoved || desk.lastState?.isFinal == true
    let limit = isLast ? limits.stop : limits.run
    let script = desk.start(now: now, limit: limit)
    desks[subject] = desk
    effects.append(
      .run(NotifyRun(number: runCount, subject: subject, command: script.command, arguments: script.arguments)))
  }

  private mutating func forgetIfDone(_ subject: NotifySubject) {
    guard let desk = desks[subject], desk.isRemoved, desk.inFlight == nil, desk.waiting.isEmpty else { return }
    desks[subject] = nil
  }
}
