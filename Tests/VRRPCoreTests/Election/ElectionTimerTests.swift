import NetPrimitives
import Testing
import VRRPCore

/// The formulas of RFC 9568 §6.1 and RFC 3768 §6.1.
@Suite struct ElectionTimerTests {
  @Test(
    arguments: [
      // version, priority, interval in cs, Active_Down_Interval in ns
      (ProtocolVersion.v3, 100, 100, 3_609_375_000), (.v3, 254, 100, 3_007_812_500), (.v3, 1, 100, 3_996_093_750),
      (.v3, 100, 1, 36_093_750), (.v3, 200, 4095, 131_807_812_500),
      (.v2, 100, 100, 3_609_375_000), (.v2, 100, 300, 9_609_375_000), (.v2, 254, 500, 15_007_812_500),
    ] as [(ProtocolVersion, UInt8, UInt16, UInt64)])
  func `Active_Down_Interval is three intervals and the skew`(
    version: ProtocolVersion, priority: UInt8, centiseconds: UInt16, expected: UInt64
  ) {
    let bench = Bench.backup(priority: priority, version: version) {
      $0.interval = AdvertisementInterval(centiseconds: centiseconds) ?? .second
    }
    #expect(bench.wait == expected)
  }

  @Test func `the timer follows the interval that is heard`() {
    var bench = Bench.backup()
    bench.hear(200, centiseconds: 200)
    #expect(bench.wait == 7_218_750_000)
    #expect(bench.router.activeInterval.centiseconds == 200)
  }

  @Test func `a good-bye leaves Skew_Time`() {
    var bench = Bench.backup()
    bench.hear(200)
    bench.pass(500)
    bench.hear(0)
    #expect(bench.wait == 609_375_000)
    // A second one does not postpone what the first one started.
    bench.pass(300)
    bench.hear(0)
    #expect(bench.wait == 309_375_000)
    #expect(bench.expire().words.last == "backup>active activeLeft")
  }

  @Test func `an advert that was read late counts from its arrival`() {
    var bench = Bench.backup()
    bench.pass(1000)
    bench.hear(200, late: 400)
    #expect(bench.wait == 3_609_375_000 - 400_000_000)
  }

  @Test func `an advert from the future counts as one from now`() {
    var bench = Bench.backup()
    var advertisement = bench.advertisement(200)
    advertisement.receivedAt = bench.now.advanced(byNanoseconds: 9_000_000_000)
    bench.give(.received(advertisement))
    #expect(bench.wait == 3_609_375_000)
  }

  @Test func `adverts read in another order do not shorten the timer`() {
    var bench = Bench.backup()
    bench.pass(1000)
    bench.hear(200)
    bench.hear(200, late: 700)
    #expect(bench.wait == 3_609_375_000)
  }

  @Test func `a changed priority moves a running timer`() {
    var bench = Bench.backup()
    bench.give(.priorityChanged(200))
    #expect(bench.wait == 3_218_750_000)
  }

  @Test func `state MASTER waits one interval and the smallest skew`() {
    let bench = Bench.backup { $0.startsActive = true }
    #expect(bench.wait == 1_007_812_500)
  }

  @Test func `adverts keep their cadence when the shell is late`() {
    var bench = Bench.active()
    let start = bench.now
    for beat in 1...50 as ClosedRange<UInt64> {
      // Each wake comes between zero and six milliseconds late.
      bench.now = start.advanced(byNanoseconds: beat * 1_000_000_000 + beat % 7 * 1_000_000)
      #expect(bench.give(.deadlineReached).words.contains("send 100"))
    }
    #expect(bench.router.nextDeadline == start.advanced(byNanoseconds: 51_000_000_000))
  }

  @Test func `beats missed are not made up for`() {
    var bench = Bench.active()
    bench.pass(2500)
    #expect(bench.give(.deadlineReached).words == ["send 100"])
    #expect(bench.wait == 1_000_000_000)
  }

  @Test(arguments: [1, 3, 10] as [UInt8])
  func `down_timer_adverts counts the silent intervals`(count: UInt8) {
    let bench = Bench.backup { $0.downTimerAdvertisements = count }
    #expect(bench.wait == UInt64(count) * 1_000_000_000 + 609_375_000)
  }

  @Test func `announcements come again after their delay and at every refresh`() {
    var bench = Bench.active { $0.announcement.refreshNanoseconds = 10_000_000_000 }
    let start = bench.now
    var announced: [UInt64] = []
    while bench.now < start.advanced(byNanoseconds: 36_000_000_000) {
      if bench.expire().words.contains(where: { $0.hasPrefix("announce") }) {
        announced.append(bench.now.nanoseconds(since: start) / 1_000_000_000)
      }
    }
    #expect(announced == [5, 15, 25, 35])
  }

  @Test func `waking early or twice changes nothing`() {
    for make in [Bench.backup(), Bench.active(), Bench.leaving()] {
      var bench = make
      bench.pass(1)
      let before = bench.router
      #expect(bench.give(.deadlineReached) == [])
      #expect(bench.router == before)
    }
  }
}
