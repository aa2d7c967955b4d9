import Glibc
public import NetPrimitives

/// The kernel's clocks. Only shells read them; machines are told the time.
public enum SystemClock {
  /// CLOCK_MONOTONIC: what deadlines are set on. Stands still while the machine sleeps.
  public static func monotonic() -> MonotonicInstant { read(CLOCK_MONOTONIC) }

  /// CLOCK_BOOTTIME: runs on while the machine sleeps; its lead over ``monotonic()`` growing tells that it slept.
  public static func bootTime() -> MonotonicInstant { read(CLOCK_BOOTTIME) }

  /// CLOCK_REALTIME, nanoseconds since 1970. May step; for log lines and for converting kernel timestamps only.
  public static func realTime() -> MonotonicInstant { read(CLOCK_REALTIME) }

  /// Sleeps until `instant` on ``monotonic()``, or less when a signal comes that is not blocked.
  public static func sleep(until instant: MonotonicInstant) {
    var time = timespec(instant)
    _ = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil)
  }

  private static func read(_ clock: clockid_t) -> MonotonicInstant {
    var time = timespec()
    // Cannot fail: the clock is known and the address is ours.
    _ = clock_gettime(clock, &time)
    return MonotonicInstant(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }
}

extension timespec {
  /// The same instant as the kernel wants it.
  init(_ instant: MonotonicInstant) {
    let (seconds, nanoseconds) = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    self.init(tv_sec: time_t(truncatingIfNeeded: seconds), tv_nsec: Int(truncatingIfNeeded: nanoseconds))
  }
}
