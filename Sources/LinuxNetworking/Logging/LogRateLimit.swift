import NetPrimitives

/// How many lines of one kind pass: a burst, then one for each interval. Bounded in memory whatever keys come.
public struct LogRateLimit: Sendable {
  /// Lines that pass at once.
  public let burst: UInt32
  /// Time that earns one more line.
  public let intervalNanoseconds: UInt64

  private struct Bucket {
    var fullAt: MonotonicInstant
    var suppressed: UInt64
  }

  private var buckets: [UInt64: Bucket] = [:]
  private static let maximumBuckets = 256
  /// Where all keys go that come when the table is full of busy ones.
  private static let overflowKey = UInt64.max

  /// What becomes of a line.
  public enum Verdict: Hashable, Sendable, BitwiseCopyable {
    /// Write it; so many of its kind were left out since the last.
    case pass(suppressedBefore: UInt64)
    case suppress
  }

  /// `burst` at least 1, the interval at least 1 ns.
  public init(burst: UInt32 = 5, intervalNanoseconds: UInt64 = 1_000_000_000) {
    precondition(burst > 0 && intervalNanoseconds > 0)
    self.burst = burst
    self.intervalNanoseconds = intervalNanoseconds
  }

  /// Judges a line of kind `key`.
  public mutating func judge(_ key: UInt64, now: MonotonicInstant) -> Verdict {
    var key = key
    if buckets[key] == nil, buckets.count >= Self.maximumBuckets {
      buckets = buckets.filter { $0.value.fullAt > now || $0.value.suppressed > 0 }
      if buckets.count >= Self.maximumBuckets { key = Self.overflowKey }
    }
    var bucket = buckets[key] ?? Bucket(fullAt: now, suppressed: 0)
    // Each line passed puts off by one interval the instant at which the whole burst is there again.
    let fullAt = max(bucket.fullAt, now).advanced(byNanoseconds: intervalNanoseconds)
    let (allowance, isEndless) = intervalNanoseconds.multipliedReportingOverflow(by: UInt64(burst))
    defer { buckets[key] = bucket }
    guard isEndless || fullAt.nanoseconds(since: now) <= allowance else {
      bucket.suppressed &+= 1
      return .suppress
    }
    let suppressed = bucket.suppressed
    bucket = Bucket(fullAt: fullAt, suppressed: 0)
    return .pass(suppressedBefore: suppressed)
  }
}
