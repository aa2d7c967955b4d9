public import NetPrimitives

/// An interface that must stay up or down for a while to be believed (`interface_up_down_delays`).
public struct LinkMonitor: Hashable, Sendable, BitwiseCopyable {
  /// How long it must be down to count as down, in nanoseconds.
  public var downDelayNanoseconds: UInt64
  /// How long it must be up to count as up, in nanoseconds.
  public var upDelayNanoseconds: UInt64
  /// Whether the interface counts as up.
  public private(set) var isUp: Bool
  /// When the opposite of ``isUp`` is believed; `nil` while the interface is as it counts.
  public private(set) var nextDeadline: MonotonicInstant?

  /// An interface that is as it is seen first.
  public init(isUp: Bool, downDelayNanoseconds: UInt64 = 0, upDelayNanoseconds: UInt64 = 0) {
    self.isUp = isUp
    self.downDelayNanoseconds = downDelayNanoseconds
    self.upDelayNanoseconds = upDelayNanoseconds
    nextDeadline = nil
  }

  /// The interface was seen up or down.
  ///
  /// - Returns: Whether ``isUp`` changed.
  public mutating func observe(isUp seen: Bool, now: MonotonicInstant) -> Bool {
    guard seen != isUp else {
      nextDeadline = nil
      return false
    }
    if nextDeadline == nil {
      nextDeadline = now.advanced(byNanoseconds: seen ? upDelayNanoseconds : downDelayNanoseconds)
    }
    return advance(to: now)
  }

  /// Believes what has lasted long enough.
  ///
  /// - Returns: Whether ``isUp`` changed.
  public mutating func advance(to now: MonotonicInstant) -> Bool {
    guard let deadline = nextDeadline, deadline <= now else { return false }
    nextDeadline = nil
    isUp.toggle()
    return true
  }

  /// The longest delay that makes sense for a router: beyond it, its peers take over before it has noticed.
  /// One interval less than it takes them (`down_timer_adverts - 1` intervals), in nanoseconds.
  public static func longestDelayNanoseconds(
    interval: AdvertisementInterval, downTimerAdvertisements: UInt8
  ) -> UInt64 {
    interval.nanoseconds * UInt64(max(downTimerAdvertisements, 1) - 1)
  }
}
