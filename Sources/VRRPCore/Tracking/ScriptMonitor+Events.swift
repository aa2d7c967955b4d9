public import NetPrimitives

extension ScriptMonitor {
  /// How a script is run and judged.
  public struct Configuration: Hashable, Sendable, BitwiseCopyable {
    /// From the start of a run to the start of the next, in nanoseconds; not 0.
    public var intervalNanoseconds: UInt64
    /// How long a run may take, in nanoseconds; 0 stands for the interval.
    public var timeoutNanoseconds: UInt64
    /// Successes in a row until it counts as up, at least 1.
    public var rise: UInt32
    /// Failures in a row until it counts as down, at least 1.
    public var fall: UInt32
    /// Down instead of undecided until the first result.
    public var startsFailed: Bool
    /// What a run that exceeded its time is given to end by itself, in nanoseconds.
    public var graceNanoseconds: UInt64

    /// The defaults are keepalived's.
    public init(
      intervalNanoseconds: UInt64 = 1_000_000_000, timeoutNanoseconds: UInt64 = 0, rise: UInt32 = 1,
      fall: UInt32 = 1, startsFailed: Bool = false, graceNanoseconds: UInt64 = 1_000_000_000
    ) {
      precondition(intervalNanoseconds > 0, "a script without an interval would never rest")
      precondition(rise > 0 && fall > 0, "no result can decide before it is there")
      self.intervalNanoseconds = intervalNanoseconds
      self.timeoutNanoseconds = timeoutNanoseconds
      self.rise = rise
      self.fall = fall
      self.startsFailed = startsFailed
      self.graceNanoseconds = graceNanoseconds
    }

    /// As `definition` says.
    public init(_ definition: TrackScriptDefinition) {
      self.init(
        intervalNanoseconds: definition.intervalNanoseconds, timeoutNanoseconds: definition.timeoutNanoseconds,
        rise: definition.rise, fall: definition.fall, startsFailed: definition.startsFailed)
    }

    /// How long a run may take, in nanoseconds.
    public var effectiveTimeoutNanoseconds: UInt64 {
      timeoutNanoseconds == 0 ? intervalNanoseconds : timeoutNanoseconds
    }
  }

  /// What happens to a script.
  public enum Event: Hashable, Sendable, BitwiseCopyable {
    /// Somebody tracks it from now on.
    case start
    case deadlineReached
    /// The run that was asked for last is gone, or could not be started.
    case ended(Outcome)
    /// Nobody tracks it any more.
    case stop
  }

  /// How a run ended.
  public enum Outcome: Hashable, Sendable, BitwiseCopyable {
    /// With this exit status, 0…255; 0 is success.
    case exited(UInt8)
    /// By a signal that was not ours.
    case signaled(UInt8)
    /// It was still running after `limitNanoseconds`.
    case timedOut(limitNanoseconds: UInt64)
    /// It could not be started; the number is the system's.
    case notStarted(errorNumber: Int32)

    /// Whether the run counts for the script.
    public var isSuccess: Bool { self == .exited(0) }
  }

  /// What the shell must do now.
  public enum Command: Hashable, Sendable, BitwiseCopyable {
    /// Start the script in a process group of its own and tell when it has ended.
    case run
    /// Ask the process group to end (SIGTERM).
    case terminate
    /// End the process group (SIGKILL).
    case kill
  }

  /// What came of an event.
  public struct Step: Hashable, Sendable, BitwiseCopyable {
    public var command: Command?
    /// A result that differs from the last one.
    public var outcome: Outcome?
    /// A verdict that differs from the last one.
    public var verdict: TrackedVerdict?

    /// Nothing, or what is given.
    public init(command: Command? = nil, outcome: Outcome? = nil, verdict: TrackedVerdict? = nil) {
      self.command = command
      self.outcome = outcome
      self.verdict = verdict
    }
  }

  /// Where a script is between its runs.
  public enum Phase: Hashable, Sendable, BitwiseCopyable {
    case stopped
    case idle(nextRunAt: MonotonicInstant)
    case running(Run)
    /// Asked to end after its time was over; killed at `killAt`.
    case terminating(Run, killAt: MonotonicInstant)
    /// Killed, but not yet gone.
    case killing(Run)
  }

  /// A run that has started.
  public struct Run: Hashable, Sendable, BitwiseCopyable {
    public var startedAt: MonotonicInstant
    /// When the next one is due.
    public var nextRunAt: MonotonicInstant
  }
}
