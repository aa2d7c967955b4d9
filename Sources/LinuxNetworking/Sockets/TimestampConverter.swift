import NetPrimitives

/// Turns the kernel's CLOCK_REALTIME stamps into CLOCK_MONOTONIC, for the datagrams of one system call.
///
/// The real-time clock may step between stamp and reading, so the result is held between two instants that are known:
/// nothing still queued came before the queue was last seen empty, nor in the future.
struct TimestampConverter {
  let now: MonotonicInstant
  private let realNow: MonotonicInstant
  private let earliest: MonotonicInstant

  init(earliest: MonotonicInstant) {
    self.init(now: SystemClock.monotonic(), realNow: SystemClock.realTime(), earliest: earliest)
  }

  init(now: MonotonicInstant, realNow: MonotonicInstant, earliest: MonotonicInstant) {
    self.now = now
    self.realNow = realNow
    self.earliest = min(earliest, now)
  }

  func monotonic(seconds: UInt64, nanoseconds: UInt64) -> MonotonicInstant {
    let stamp = MonotonicInstant(nanoseconds: seconds &* 1_000_000_000 &+ nanoseconds)
    let age = realNow.nanoseconds(since: stamp)
    guard age < now.nanoseconds else { return earliest }
    return max(earliest, MonotonicInstant(nanoseconds: now.nanoseconds - age))
  }
}
