import NetPrimitives

/// How often a child died lately, and so how long to wait before the next.
struct RecentDeaths {
  /// So many deaths within this time are a program that cannot run, not an accident.
  private static let tolerated = 8
  private static let windowNanoseconds: UInt64 = 4_000_000_000
  private static let longestPauseNanoseconds: UInt64 = 60_000_000_000

  private var times: [MonotonicInstant] = []
  private var pauseNanoseconds: UInt64 = 1_000_000_000
  private var lastPauseEndsAt: MonotonicInstant?

  /// Enters a death; `nil` to restart at once, else the pause in nanoseconds.
  mutating func pause(after now: MonotonicInstant) -> UInt64? {
    if let end = lastPauseEndsAt, now.nanoseconds(since: end) > Self.longestPauseNanoseconds {
      // It lived for a while: whatever was wrong is over.
      lastPauseEndsAt = nil
      pauseNanoseconds = 1_000_000_000
    }
    times.removeAll { now.nanoseconds(since: $0) > Self.windowNanoseconds }
    times.append(now)
    guard times.count >= Self.tolerated else { return nil }
    times.removeAll()
    let pause = pauseNanoseconds
    lastPauseEndsAt = now.advanced(byNanoseconds: pause)
    pauseNanoseconds = min(pause * 2, Self.longestPauseNanoseconds)
    return pause
  }
}
