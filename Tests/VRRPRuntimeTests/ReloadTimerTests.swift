import NetPrimitives
import Testing
import VRRPRuntime

@Suite struct ReloadTimerTests {
  /// 2026-11-27 06:00:00 UTC.
  private static let now: Int64 = 1_795_759_200

  private static func clock(_ seconds: Int64) -> WallClockTime.Reference {
    WallClockTime.Reference(
      instant: MonotonicInstant(nanoseconds: UInt64(1000 + seconds) * 1_000_000_000),
      time: WallClockTime(microseconds: (now + seconds) * 1_000_000))
  }

  /// An hour ahead of UTC, two from 2026-11-28 01:00 UTC on.
  private static func zone(_ time: WallClockTime) -> Int32 {
    time.microseconds / 1_000_000 < now + 19 * 3600 ? 3600 : 7200
  }

  private static func finding(_ text: String, daily: Bool = false) -> ReloadTimer.Finding {
    var timer = ReloadTimer(repeatsDaily: daily)
    return timer.fileChanged(Array(text.utf8), clock: clock(0), zone: zone)
  }

  private static func scheduled(in seconds: Int64) -> ReloadTimer.Finding {
    .scheduled(WallClockTime(microseconds: (now + seconds) * 1_000_000))
  }

  @Test(
    arguments: [
      ("06:00:10Z\n", 10), ("06:00:10Z", 10), ("07:00:10\nrest", 10), ("06:00:00Z", 86_400), ("05:59:59Z", 86_399),
      ("26-11-27 06:01:00Z", 60), ("2026-11-27 07:01:00", 60), ("2026-11-28 04:00:00", 20 * 3600),
      ("2028-02-29 00:00:00Z", 39_636_000),
    ] as [(String, Int64)])
  func `a time is that of today or tomorrow, a date that of the day`(text: String, seconds: Int64) {
    #expect(Self.finding(text) == Self.scheduled(in: seconds))
  }

  @Test(
    arguments: [
      "", " 06:00:10", "06:00:10 ", "6:00:10", "24:00:00", "06:60:00", "06:00", "2026-02-29 00:00:00",
      "2026-11-27  07:00:00", "2026-13-01 00:00:00", "226-11-27 00:00:00", "06:00:1x", "2026-11-27", "06:00:10z",
    ])
  func `what is none of the forms is no time`(text: String) {
    #expect(Self.finding(text) == .senseless)
  }

  @Test func `a date that is over is nothing to wait for, and so is a file that is gone`() {
    #expect(Self.finding("2026-11-27 05:59:59Z") == .past)
    var timer = ReloadTimer(repeatsDaily: false)
    _ = timer.fileChanged(Array("06:00:10Z".utf8), clock: Self.clock(0), zone: Self.zone)
    #expect(timer.nextDeadline != nil)
    #expect(timer.fileChanged(nil, clock: Self.clock(0), zone: Self.zone) == .none)
    #expect(timer.nextDeadline == nil)
    #expect(timer.advance(Self.clock(10), zone: Self.zone) == nil)
  }

  @Test func `when the time has come the file has served`() {
    var timer = ReloadTimer(repeatsDaily: false)
    _ = timer.fileChanged(Array("06:00:10Z".utf8), clock: Self.clock(0), zone: Self.zone)
    #expect(timer.nextDeadline == Self.clock(10).instant)
    #expect(timer.advance(Self.clock(9), zone: Self.zone) == nil)
    #expect(timer.advance(Self.clock(10), zone: Self.zone)?.removesFile == true)
    #expect(timer.nextDeadline == nil)
    #expect(timer.advance(Self.clock(11), zone: Self.zone) == nil)
  }

  @Test func `a time of the day that is to repeat is due again the next day`() {
    var timer = ReloadTimer(repeatsDaily: true)
    _ = timer.fileChanged(Array("06:00:10Z".utf8), clock: Self.clock(0), zone: Self.zone)
    #expect(timer.advance(Self.clock(10), zone: Self.zone)?.removesFile == false)
    for seconds in stride(from: Int64(70), to: 86_410, by: 60) {
      #expect(timer.advance(Self.clock(seconds), zone: Self.zone) == nil)
    }
    #expect(timer.advance(Self.clock(86_410), zone: Self.zone)?.removesFile == false)
  }

  @Test func `a clock that is set meanwhile is noticed within a minute`() {
    var timer = ReloadTimer(repeatsDaily: false)
    _ = timer.fileChanged(Array("08:00:00Z".utf8), clock: Self.clock(0), zone: Self.zone)
    #expect(timer.nextDeadline == Self.clock(60).instant)
    // A minute later by one clock it is two hours later by the other.
    var clock = Self.clock(60)
    clock.time = Self.clock(7200).time
    #expect(timer.advance(clock, zone: Self.zone)?.removesFile == true)
  }
}
