/// A point on the caller's monotonic clock, in nanoseconds.
///
/// Pure code never reads a clock: it is handed one of these. Zero has no meaning of its own.
public struct MonotonicInstant: InstantProtocol, Hashable, Sendable, BitwiseCopyable {
  /// Nanoseconds since the clock's own epoch.
  public var nanoseconds: UInt64

  /// An instant `nanoseconds` after the clock's epoch.
  @inlinable
  public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// The arithmetic hot paths use; `Duration` is 128 bits wide and costs twenty times as much.
  /// Saturates at the end of time rather than wrap.
  @inlinable
  public func advanced(byNanoseconds offset: UInt64) -> Self {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(offset)
    return Self(nanoseconds: overflow ? .max : sum)
  }

  /// Nanoseconds from `earlier` to this instant; 0 when `earlier` is in fact later.
  @inlinable
  public func nanoseconds(since earlier: Self) -> UInt64 {
    nanoseconds > earlier.nanoseconds ? nanoseconds &- earlier.nanoseconds : 0
  }

  /// The earlier of two deadlines, each of which may be absent.
  @inlinable
  public static func earlier(_ left: Self?, _ right: Self?) -> Self? {
    guard let left, let right else { return left ?? right }
    return min(left, right)
  }

  /// The instant `duration` after (or, negative, before) this one. Not for hot paths.
  @inlinable
  public func advanced(by duration: Duration) -> Self {
    let (seconds, attoseconds) = duration.components
    let offset = seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    return Self(nanoseconds: nanoseconds &+ UInt64(bitPattern: offset))
  }

  /// The signed time from this instant to `other`. Not for hot paths.
  @inlinable
  public func duration(to other: Self) -> Duration {
    .nanoseconds(Int64(bitPattern: other.nanoseconds &- nanoseconds))
  }

  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}
