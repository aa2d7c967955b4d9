/// How a checker turns findings into a verdict: its times and the rhythm of its kind.
public struct CheckPolicy: Hashable, Sendable, BitwiseCopyable {
  /// Periods, retries and limits.
  public var timing: CheckTiming
  /// `alpha`.
  public var startsFailed: Bool
  /// What differs from kind to kind.
  public var rhythm: Rhythm

  /// How rounds and retries follow each other.
  public enum Rhythm: Hashable, Sendable, BitwiseCopyable {
    /// TCP, UDP, ping: `retry` failures are forgiven while up, none while down.
    case plain
    /// DNS: as `plain`, but a first failure of a checker that began failed is no news.
    case quietStart
    /// SMTP: each round makes up to `retry` more attempts, also at the start and while down.
    case rounds
    /// Scripts: as `plain`, times counted from the start of a run, each run limited by its own timeout.
    case script(timeoutNanoseconds: UInt64)
    /// HTTP: so many URLs in turn; up only after all of them succeeded.
    case sequence(count: UInt16, recoversFast: Bool)
    /// Files and BFD sessions: nothing is probed, findings arrive.
    case observed
  }

  /// A policy.
  public init(timing: CheckTiming, startsFailed: Bool = false, rhythm: Rhythm = .plain) {
    self.timing = timing
    self.startsFailed = startsFailed
    self.rhythm = rhythm
  }

  /// The policy a definition asks for. `FILE_CHECK` takes no notice of `alpha`: a file has a value from the start.
  public init(_ definition: CheckDefinition) {
    timing = definition.timing
    startsFailed = definition.startsFailed
    switch definition.probe {
    case .tcp, .udp, .ping, .grpc, .agent:
      rhythm = .plain
    case .dns:
      rhythm = .quietStart
    case .smtp:
      rhythm = .rounds
    case .misc(let check):
      rhythm = .script(timeoutNanoseconds: check.timeoutNanoseconds)
    case .http(let check):
      rhythm = .sequence(count: UInt16(clamping: max(check.urls.count, 1)), recoversFast: check.recoversFast)
    case .bfd:
      rhythm = .observed
    case .file:
      rhythm = .observed
      startsFailed = false
    }
  }

  /// The limit of one probe in nanoseconds.
  public var probeLimitNanoseconds: UInt64 {
    switch rhythm {
    case .script(let timeout): timeout
    case .plain, .quietStart, .rounds, .sequence, .observed: timing.deadlineNanoseconds
    }
  }
}
