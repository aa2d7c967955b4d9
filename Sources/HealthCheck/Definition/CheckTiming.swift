/// When a check runs and how long it may take. All times are nanoseconds.
public struct CheckTiming: Hashable, Sendable, BitwiseCopyable {
  /// `delay_loop`: from the end of one round to the start of the next; for scripts from start to start. Above 0.
  public var delayLoopNanoseconds: UInt64
  /// `retry`: failures in a row a checker that is up forgives.
  public var retries: UInt32
  /// `delay_before_retry`: the wait before such a retry; 0 is at once.
  public var delayBeforeRetryNanoseconds: UInt64
  /// `warmup`: the first run comes 1 s plus a random part of this after the start.
  public var warmupNanoseconds: UInt64
  /// `connect_timeout`: the limit of connecting and of each later wait for the peer. Above 0.
  public var connectTimeoutNanoseconds: UInt64
  /// The limit of the whole check, whatever the peer does to stretch it. keepalived has none.
  public var deadlineNanoseconds: UInt64

  /// keepalived's default period: 60 s.
  public static let defaultDelayLoopNanoseconds: UInt64 = 60_000_000_000
  /// keepalived's default time to connect: 5 s.
  public static let defaultConnectTimeoutNanoseconds: UInt64 = 5_000_000_000

  /// Times as given. Without a warmup it is one `delay_loop`; without a deadline three times the time to connect: for
  /// connecting, for a TLS handshake and for the dialogue.
  public init(
    delayLoopNanoseconds: UInt64 = Self.defaultDelayLoopNanoseconds, retries: UInt32 = 1,
    delayBeforeRetryNanoseconds: UInt64 = 1_000_000_000, warmupNanoseconds: UInt64? = nil,
    connectTimeoutNanoseconds: UInt64 = Self.defaultConnectTimeoutNanoseconds, deadlineNanoseconds: UInt64? = nil
  ) {
    self.delayLoopNanoseconds = delayLoopNanoseconds
    self.retries = retries
    self.delayBeforeRetryNanoseconds = delayBeforeRetryNanoseconds
    self.warmupNanoseconds = warmupNanoseconds ?? delayLoopNanoseconds
    self.connectTimeoutNanoseconds = connectTimeoutNanoseconds
    let thrice = connectTimeoutNanoseconds.multipliedReportingOverflow(by: 3)
    self.deadlineNanoseconds = deadlineNanoseconds ?? (thrice.overflow ? .max : thrice.partialValue)
  }

  /// The defaults of a kind of checker.
  public init(for kind: CheckKind) { self = Overrides().resolved(for: kind) }
}

extension CheckTiming {
  /// What one level of the configuration says about timing; `nil` where it says nothing.
  ///
  /// A checker inherits from its real server, that from its virtual server, that from the kind's defaults:
  /// `checker.inheriting(from: realServer).inheriting(from: virtualServer).resolved(for: kind)`.
  public struct Overrides: Hashable, Sendable, BitwiseCopyable {
    /// `delay_loop` in nanoseconds, above 0.
    public var delayLoopNanoseconds: UInt64?
    /// `retry`: 0 is allowed at the checker only.
    public var retries: UInt32?
    /// `delay_before_retry` in nanoseconds.
    public var delayBeforeRetryNanoseconds: UInt64?
    /// `warmup` in nanoseconds.
    public var warmupNanoseconds: UInt64?
    /// `connect_timeout` in nanoseconds, above 0.
    public var connectTimeoutNanoseconds: UInt64?
    /// The limit of the whole check in nanoseconds, above 0.
    public var deadlineNanoseconds: UInt64?

    /// Nothing said.
    public init(
      delayLoopNanoseconds: UInt64? = nil, retries: UInt32? = nil, delayBeforeRetryNanoseconds: UInt64? = nil,
      warmupNanoseconds: UInt64? = nil, connectTimeoutNanoseconds: UInt64? = nil, deadlineNanoseconds: UInt64? = nil
    ) {
      self.delayLoopNanoseconds = delayLoopNanoseconds
      self.retries = retries
      self.delayBeforeRetryNanoseconds = delayBeforeRetryNanoseconds
      self.warmupNanoseconds = warmupNanoseconds
      self.connectTimeoutNanoseconds = connectTimeoutNanoseconds
      self.deadlineNanoseconds = deadlineNanoseconds
    }

    /// What this level says, and where it says nothing what `outer` says.
    public func inheriting(from outer: Overrides) -> Overrides {
      Overrides(
        delayLoopNanoseconds: delayLoopNanoseconds ?? outer.delayLoopNanoseconds,
        retries: retries ?? outer.retries,
        delayBeforeRetryNanoseconds: delayBeforeRetryNanoseconds ?? outer.delayBeforeRetryNanoseconds,
        warmupNanoseconds: warmupNanoseconds ?? outer.warmupNanoseconds,
        connectTimeoutNanoseconds: connectTimeoutNanoseconds ?? outer.connectTimeoutNanoseconds,
        deadlineNanoseconds: deadlineNanoseconds ?? outer.deadlineNanoseconds)
    }

    /// The times in force, the defaults of `kind` filled in.
    public func resolved(for kind: CheckKind) -> CheckTiming {
      let period = delayLoopNanoseconds ?? CheckTiming.defaultDelayLoopNanoseconds
      return CheckTiming(
        delayLoopNanoseconds: period,
        retries: retries ?? kind.defaultRetries,
        delayBeforeRetryNanoseconds: delayBeforeRetryNanoseconds ?? kind.defaultDelayBeforeRetry(period: period),
        warmupNanoseconds: warmupNanoseconds,
        connectTimeoutNanoseconds: connectTimeoutNanoseconds ?? CheckTiming.defaultConnectTimeoutNanoseconds,
        deadlineNanoseconds: deadlineNanoseconds)
    }
  }
}

extension CheckKind {
  /// Retries when no level names any: 1, for scripts 0, for DNS 3.
  fileprivate var defaultRetries: UInt32 {
    switch self {
    case .misc: 0
    case .dns: 3
    case .tcp, .http, .ssl, .smtp, .udp, .ping, .file, .bfd, .grpc, .agent: 1
    }
  }

  /// The wait before a retry when no level names any: 1 s, for HTTP 3 s, for DNS the period.
  fileprivate func defaultDelayBeforeRetry(period: UInt64) -> UInt64 {
    switch self {
    case .dns: period
    case .http, .ssl, .grpc: 3_000_000_000
    case .tcp, .smtp, .udp, .ping, .misc, .file, .bfd, .agent: 1_000_000_000
    }
  }
}
