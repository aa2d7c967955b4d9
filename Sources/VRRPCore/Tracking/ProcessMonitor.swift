public import NetPrimitives

/// How many processes of a kind run, and whether that is as many as there should be (`vrrp_track_process`).
public struct ProcessMonitor: Hashable, Sendable {
  /// The bounds and delays.
  public var configuration: Configuration
  /// Whether there are as many as there should be; undecided before the first ``Event/scanned(_:)``.
  public private(set) var verdict: TrackedVerdict
  /// The processes that count.
  public private(set) var processes: Set<Int32>
  /// When to call ``handle(_:now:)`` with ``Event/deadlineReached``; `nil` while nothing is pending.
  public private(set) var nextDeadline: MonotonicInstant?
  /// What is waited for.
  public private(set) var wait: Wait?

  /// A monitor that has not looked yet.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    verdict = .undecided
    processes = []
    nextDeadline = nil
    wait = nil
  }

  /// Which delay runs.
  public enum Wait: Hashable, Sendable, BitwiseCopyable { case forkDelay, terminateDelay }

  /// How many processes there should be.
  public struct Configuration: Hashable, Sendable, BitwiseCopyable {
    /// At least so many.
    public var minimum: Int
    /// At most so many; `nil` for any number.
    public var maximum: Int?
    /// How long a change that a new process made must last, in nanoseconds: it may be about to become another program.
    public var forkDelayNanoseconds: UInt64
    /// How long a change that the end of a process made must last, in nanoseconds: it may be started again.
    public var terminateDelayNanoseconds: UInt64

    /// At least `minimum` processes.
    public init(
      minimum: Int = 1, maximum: Int? = nil, forkDelayNanoseconds: UInt64 = 0, terminateDelayNanoseconds: UInt64 = 0
    ) {
      self.minimum = minimum
      self.maximum = maximum
      self.forkDelayNanoseconds = forkDelayNanoseconds
      self.terminateDelayNanoseconds = terminateDelayNanoseconds
    }

    /// As `definition` says; `quorum_max 0` means that none may run.
    public init(_ definition: TrackProcessDefinition) {
      self.init(
        minimum: definition.maximum == 0 ? 0 : Int(definition.quorum), maximum: definition.maximum.map { Int($0) },
        forkDelayNanoseconds: definition.forkDelayNanoseconds,
        terminateDelayNanoseconds: definition.terminateDelayNanoseconds)
    }

    func isSatisfied(by count: Int) -> Bool { count >= minimum && maximum.map { count <= $0 } ?? true }
  }

  /// What happens to the processes that count.
  public enum Event: Hashable, Sendable {
    /// All of them, by their identifiers: at start, and after events were lost.
    case scanned(Set<Int32>)
    /// One started, or became what counts.
    case started(Int32)
    /// One ended, or became another program. Identifiers that do not count are ignored.
    case ended(Int32)
    case deadlineReached
  }

  /// Advances the machine.
  ///
  /// - Returns: The verdict if it changed.
  public mutating func handle(_ event: Event, now: MonotonicInstant) -> TrackedVerdict? {
    let before = processes.count
    switch event {
    case .scanned(let found): processes = found
    case .started(let process): processes.insert(process)
    case .ended(let process): processes.remove(process)
    case .deadlineReached: break
    }
    let seen: TrackedVerdict = configuration.isSatisfied(by: processes.count) ? .up : .down
    guard seen != verdict else {
      wait = nil
      nextDeadline = nil
      return nil
    }
    if verdict == .undecided {
      guard case .scanned = event else { return nil }
      return settle(seen)
    }
    if nextDeadline == nil {
      wait = processes.count < before ? .terminateDelay : .forkDelay
      nextDeadline = now.advanced(
        byNanoseconds: wait == .forkDelay
          ? configuration.forkDelayNanoseconds : configuration.terminateDelayNanoseconds)
    }
    guard let deadline = nextDeadline, deadline <= now else { return nil }
    return settle(seen)
  }

  private mutating func settle(_ seen: TrackedVerdict) -> TrackedVerdict {
    verdict = seen
    wait = nil
    nextDeadline = nil
    return seen
  }
}
