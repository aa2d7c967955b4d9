public import NetPrimitives
public import VRRPCore

/// A script to be started.
public struct NotifyRun: Hashable, Sendable {
  /// Never used again.
  public var number: UInt64
  /// Whom it is about.
  public var subject: NotifySubject
  /// The script as configured.
  public var command: ScriptCommand
  /// What follows the configured arguments: `INSTANCE NAME STATE PRIORITY` for `notify`, nothing for all others.
  public var arguments: [String]
}

/// How a script ended.
public struct NotifyResult: Hashable, Sendable {
  /// Which of the subject's scripts.
  public var kind: NotifyScript.Kind
  public var outcome: ScriptMonitor.Outcome
  public var startedAt: MonotonicInstant
  /// From start to end, in nanoseconds.
  public var latencyNanoseconds: UInt64
}

/// One script that is to tell something.
public struct NotifyScript: Hashable, Sendable {
  var kind: Kind
  var command: ScriptCommand
  var arguments: [String]

  /// Which of a subject's scripts it is.
  public enum Kind: Hashable, Sendable, BitwiseCopyable {
    /// `notify_master` and its relatives.
    case specific(NotifyState)
    /// `notify`.
    case general(NotifyState)
    /// `notify_master_rx_lower_pri`.
    case lowerPriorityReceived
  }

  /// The scripts that tell of `state`, in the order in which they run.
  static func scripts(
    of subject: NotifySubject, _ state: NotifyState, priority: UInt8, in definition: NotifyDefinition
  ) -> [NotifyScript] {
    var scripts: [NotifyScript] = []
    if let command = definition.script(of: state) {
      scripts.append(NotifyScript(kind: .specific(state), command: command, arguments: []))
    }
    if let command = definition.any {
      let priority: UInt8 =
        switch subject.kind {
        case .instance: priority
        case .group: 0
        }
      let arguments = [subject.keepalivedName, subject.name, state.keepalivedName, "\(priority)"]
      scripts.append(NotifyScript(kind: .general(state), command: command, arguments: arguments))
    }
    return scripts
  }
}

extension NotifyDefinition {
  /// The script for `state`, if there is one.
  public func script(of state: NotifyState) -> ScriptCommand? {
    switch state {
    case .active: active
    case .backup: backup
    case .fault: fault
    case .stop: stop
    case .deleted: deleted
    }
  }
}

/// What one subject has in flight and in wait.
struct NotifyDesk: Sendable {
  var definition: NotifyDefinition
  /// The state that was told last.
  var lastState: NotifyState?
  private(set) var inFlight: Flight? {
    get { flights.first }
    set { flights = newValue.map { [$0] } ?? [] }
  }
  private(set) var waiting: [NotifyScript] = []
  private(set) var lastResult: NotifyResult? {
    get { results.first }
    set { results = newValue.map { [$0] } ?? [] }
  }
  /// At most one each: of a thousand subjects few have scripts, and the desks stand in a table that is half empty.
  private var flights: [Flight] = []
  private var results: [NotifyResult] = []
  private(set) var supersededCount: UInt64 = 0
  /// Taken out of the configuration: forgotten when done.
  var isRemoved = false

  struct Flight: Sendable {
    var kind: NotifyScript.Kind
    var startedAt: MonotonicInstant
    var killAt: MonotonicInstant
    var isKilled = false
  }

  init(_ definition: NotifyDefinition) { self.definition = definition }

  /// When the script in flight is killed; `nil` when none is, or when it was.
  var deadline: MonotonicInstant? {
    guard let inFlight, !inFlight.isKilled else { return nil }
    return inFlight.killAt
  }

  /// The subject is back: what it was told before counts no more, but what runs still runs.
  mutating func reopen() {
    isRemoved = false
    lastState = nil
    waiting = []
  }

  /// What waits is no longer so: `scripts` take its place.
  mutating func supersede(with scripts: [NotifyScript]) {
    let states = Set(waiting.compactMap { $0.state })
    supersededCount += UInt64(states.count)
    waiting = scripts
  }

  mutating func enqueueOnce(_ script: NotifyScript) {
    if !waiting.contains(where: { $0.kind == script.kind }) { waiting.append(script) }
  }

  /// The script in flight has until `latest` at most.
  mutating func hasten(to latest: MonotonicInstant) {
    if let killAt = inFlight?.killAt { inFlight?.killAt = min(killAt, latest) }
  }

  mutating func start(now: MonotonicInstant, limit: UInt64) -> NotifyScript {
    let script = waiting.removeFirst()
    inFlight = Flight(kind: script.kind, startedAt: now, killAt: now.advanced(byNanoseconds: limit))
    return script
  }

  /// The script in flight is killed, but not yet gone.
  mutating func expire() { inFlight?.isKilled = true }

  mutating func finish(_ outcome: ScriptMonitor.Outcome, now: MonotonicInstant) {
    guard let flight = inFlight else { return }
    let latency = now.nanoseconds(since: flight.startedAt)
    let limit = flight.killAt.nanoseconds(since: flight.startedAt)
    lastResult = NotifyResult(
      kind: flight.kind, outcome: flight.isKilled ? .timedOut(limitNanoseconds: limit) : outcome,
      startedAt: flight.startedAt, latencyNanoseconds: latency)
    inFlight = nil
  }
}

extension NotifyScript {
  /// The state it tells of; `nil` when it tells of something else.
  fileprivate var state: NotifyState? {
    switch kind {
    case .specific(let state), .general(let state): state
    case .lowerPriorityReceived: nil
    }
  }
}
