public import NetPrimitives

/// When to let packets gather before reading on.
///
/// Adverts of many virtual routers come in bursts: who became active together sends together. A process that wakes for
/// the first of them wakes for each, since it reads faster than they arrive. So where many are heard, the loop sleeps
/// for half a millisecond after adverts, or until its next deadline, and then finds many. What is decided does not
/// change, since the kernel notes when a packet came.
public struct BurstGathering: Sendable {
  /// How long packets gather.
  public static let pauseNanoseconds: UInt64 = 500_000
  /// Fewer adverts in a second than this are not worth a pause.
  public static let threshold = 100

  private var count = 0
  private var countedSince = MonotonicInstant(nanoseconds: 0)
  private var isDense = false

  /// Nothing was heard yet.
  public init() {}

  /// Notes how many adverts a turn read; returns whether to pause before the next.
  public mutating func pauses(after adverts: Int, now: MonotonicInstant) -> Bool {
    let elapsed = now.nanoseconds(since: countedSince)
    if elapsed >= 1_000_000_000 {
      // After a whole second without a turn there is nothing to gather any more.
      isDense = count >= Self.threshold && elapsed < 2_000_000_000
      count = 0
      countedSince = now
    }
    count += adverts
    return isDense && adverts > 0
  }
}
