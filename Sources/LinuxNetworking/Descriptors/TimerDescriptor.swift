import CLinuxShims
import Glibc
public import NetPrimitives

/// A timerfd on CLOCK_MONOTONIC, set to absolute instants so that late wake-ups never add up.
public struct TimerDescriptor: ~Copyable, Sendable {
  public let descriptor: FileDescriptor

  /// A timer that is not set.
  public init() throws(SystemCallError) {
    descriptor = try FileDescriptor("timerfd_create(CLOCK_MONOTONIC)") {
      timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
    }
  }

  /// Fires once at `instant`, at once when that has passed; `nil` unsets. Setting clears an expiry not yet read.
  public borrowing func set(_ instant: MonotonicInstant?) throws(SystemCallError) {
    var value = itimerspec()
    if let instant {
      value.it_value = timespec(instant)
      // All zeros would unset the timer; the first nanosecond after boot is as long ago.
      if instant.nanoseconds == 0 { value.it_value.tv_nsec = 1 }
    }
    let number = descriptor.rawValue
    _ = try SystemCallError.check("timerfd_settime") {
      timerfd_settime(number, Int32(TFD_TIMER_ABSTIME), &value, nil)
    }
  }

  /// How often it fired since last asked; 0 when it has not.
  public borrowing func expirations() throws(SystemCallError) -> UInt64 {
    var count: UInt64 = 0
    let read = try withUnsafeMutableBytes(of: &count) { bytes throws(SystemCallError) in
      try descriptor.read(into: bytes)
    }
    return read == nil ? 0 : count
  }
}
