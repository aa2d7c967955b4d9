public import NetPrimitives
public import VRRPCore

/// Everything that is tracked, by name: it drives the machines and tells the engine what they found.
///
/// Objects nobody tracks do no harm but cost runs: give ``apply(_:isReload:now:)`` only those that are tracked. After
/// each call carry out ``takeEffects()`` in order.
public struct TrackingBoard: Sendable {
  /// What to do now, first to last. Cleared by ``takeEffects()``.
  public private(set) var effects: [Effect] = []
  /// When to call ``advance(to:)`` next; `nil` while nothing is pending.
  public private(set) var nextDeadline: MonotonicInstant?

  var scripts: [String: TrackedScript] = [:]
  var files: [String: TrackedFile] = [:]
  var processes: [String: TrackedProcess] = [:]
  var links: [String: LinkMonitor] = [:]
  var delays: [String: InterfaceDelayDefinition] = [:]
  var sessions: [String: TrackedSession] = [:]
  /// BFD sessions that are up and not on the board: at a reload the BFD process may be the first to know of one.
  var strangersUp: Set<String> = []

  private var runCount: UInt64 = 0

  /// A board with nothing on it.
  public init() {}

  /// The objects of a configuration that somebody tracks.
  public struct Objects: Hashable, Sendable {
    public var scripts: [TrackScriptDefinition] = []
    public var files: [TrackFileDefinition] = []
    public var processes: [TrackProcessDefinition] = []
    /// `interface_up_down_delays`, tracked or not.
    public var interfaceDelays: [InterfaceDelayDefinition] = []
    /// BFD sessions, with the weights of their own blocks.
    public var sessions: [TrackedObject] = []

    /// Nothing.
    public init() {}
  }

  /// One run of a script.
  public struct Run: Hashable, Sendable {
    public var script: String
    /// Never used again, by whichever script.
    public var number: UInt64

    /// Run `number`, of `script`.
    public init(script: String, number: UInt64) {
      self.script = script
      self.number = number
    }
  }

  /// What the shell must do.
  public enum Effect: Hashable, Sendable {
    /// Start the script in a process group of its own and tell ``TrackingBoard/runEnded(_:_:now:)``.
    case run(Run, ScriptCommand)
    /// Ask the run's process group to end (SIGTERM).
    case terminate(Run)
    /// End the run's process group (SIGKILL).
    case kill(Run)
    /// Watch the file at `path` and tell ``fileChanged(_:content:)``, now and whenever it changes. When there is
    /// something to write into it, that comes first.
    case watch(file: String, path: String, content: Content?)
    /// Watch it no more.
    case unwatch(file: String)
    /// A script ended otherwise than before.
    case reportOutcome(script: String, ScriptMonitor.Outcome)
    /// Tell ``VRRPEngine/track(_:_:now:)``.
    case track(TrackedKey, TrackedState)
    /// An interface is believed to be up or down from now on: tell ``VRRPEngine/update(_:now:)``.
    case believe(interface: String, isUp: Bool)

    /// What a file is given at start.
    public struct Content: Hashable, Sendable {
      public var text: String
      /// Whether a file that exists is given it, too.
      public var overwrites: Bool
    }
  }

  /// Takes the effects, to carry them out.
  public mutating func takeEffects() -> [Effect] {
    let taken = effects
    effects.removeAll()
    return taken
  }

  /// Finds ``nextDeadline`` anew after anything that may have moved it.
  mutating func findDeadline() {
    var next: MonotonicInstant?
    func consider(_ deadline: MonotonicInstant?) { next = .earlier(next, deadline) }
    for script in scripts.values { consider(script.monitor.nextDeadline) }
    for process in processes.values { consider(process.monitor.nextDeadline) }
    for link in links.values { consider(link.nextDeadline) }
    nextDeadline = next
  }

  mutating func nextRun(of script: String) -> Run {
    runCount += 1
    return Run(script: script, number: runCount)
  }

  mutating func ask(_ effect: Effect) { effects.append(effect) }
}

struct TrackedScript: Sendable {
  var definition: TrackScriptDefinition
  var monitor: ScriptMonitor
  var lastRun: TrackingBoard.Run?
}

struct TrackedFile: Sendable {
  var definition: TrackFileDefinition
  /// 0 for a file that does not exist; `nil` for one not read yet.
  var value: Int64?
}

struct TrackedSession: Sendable {
  var definition: TrackedObject
  var verdict: TrackedVerdict
}

struct TrackedProcess: Sendable {
  var definition: TrackProcessDefinition
  var pattern: ProcessPattern
  var monitor: ProcessMonitor
}
