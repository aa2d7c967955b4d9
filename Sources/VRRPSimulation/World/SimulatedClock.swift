import NetPrimitives

/// A node's CLOCK_MONOTONIC: it starts somewhere, runs a little fast or slow, and stands still while the host sleeps.
struct SimulatedClock: Hashable, Sendable, BitwiseCopyable {
  /// What the clock showed at ``anchor``.
  private var reading: UInt64
  /// A point in true time.
  private var anchor: UInt64
  /// Parts per million it is fast; negative when slow.
  private(set) var driftPPM: Int64

  init(reading: UInt64, at now: UInt64, driftPPM: Int64 = 0) {
    self.reading = reading
    anchor = now
    self.driftPPM = driftPPM
  }

  /// What the clock shows at the true time `now`.
  func local(at now: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: reading + scaled(now - min(anchor, now)))
  }

  /// The first true time at which the clock shows `local` or more.
  func time(of local: MonotonicInstant) -> UInt64 {
    guard local.nanoseconds > reading else { return anchor }
    let wanted = local.nanoseconds - reading
    let (high, low) = wanted.multipliedFullWidth(by: 1_000_000)
    let rate = UInt64(1_000_000 + driftPPM)
    guard high < rate else { return .max }
    var elapsed = rate.dividingFullWidth((high, low)).quotient
    while scaled(elapsed) < wanted { elapsed += 1 }
    let (time, overflow) = anchor.addingReportingOverflow(elapsed)
    return overflow ? .max : time
  }

  /// From `now` on the clock runs at another rate.
  mutating func drift(_ ppm: Int64, at now: UInt64) {
    reading = local(at: now).nanoseconds
    anchor = now
    driftPPM = ppm
  }

  /// The clock stood still from `start` until `now`.
  mutating func standStill(since start: UInt64, until now: UInt64) {
    reading = local(at: start).nanoseconds
    anchor = now
  }

  private func scaled(_ elapsed: UInt64) -> UInt64 {
    guard driftPPM != 0 else { return elapsed }
    let (high, low) = elapsed.multipliedFullWidth(by: UInt64(1_000_000 + driftPPM))
    return UInt64(1_000_000).dividingFullWidth((high, low)).quotient
  }
}
