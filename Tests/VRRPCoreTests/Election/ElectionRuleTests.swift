import NetPrimitives
import Testing
import VRRPCore

/// Rules of our own beside the RFC's, and what they bound.
@Suite struct ElectionRuleTests {
  // MARK: Answers and announcements are limited

  @Test func `a flood of lower adverts is answered twice an interval`() {
    var bench = Bench.active()
    var answers = 0
    var announced = 0
    for _ in 0..<1000 {
      let words = bench.hear(50).words
      answers += words.count { $0 == "send 100" }
      announced += words.count { $0.hasPrefix("announce") }
      bench.pass(1)
    }
    #expect(answers == 2)
    // The first at once; the owed ones come with the deadlines, which nobody served here.
    #expect(announced == 1)
  }

  @Test func `a flood of lower adverts leads to five announcements a second`() {
    var bench = Bench.active { $0.announcement.secondBurstDelayNanoseconds = 0 }
    var announced = 0
    for _ in 0..<1000 {
      announced += bench.hear(50).words.count { $0.hasPrefix("announce") }
      announced += bench.give(.deadlineReached).words.count { $0.hasPrefix("announce") }
      bench.pass(1)
    }
    #expect((4...6).contains(announced))
  }

  @Test func `the last evidence of a contest is answered`() {
    var bench = Bench.active { $0.announcement.secondBurstDelayNanoseconds = 0 }
    bench.hear(50)
    bench.pass(50)
    #expect(bench.hear(50).words == ["contest 50"])
    #expect(bench.wait == 150_000_000)
    #expect(bench.expire().words == ["announce 2"])
  }

  @Test func `without announcements a contest is answered by adverts alone`() {
    var bench = Bench.active { $0.announcement.repeats = 0 }
    #expect(bench.hear(50).words == ["send 100", "contest 50"])
  }

  // MARK: Two speak at once

  @Test func `a loser's last advert does not shorten the wait for a slower winner`() {
    var bench = Bench.backup(priority: 90) { $0.interval = AdvertisementInterval(centiseconds: 10) ?? .second }
    // Believed after three.
    for _ in 0..<3 { bench.hear(150, from: 9, centiseconds: 200) }
    bench.hear(101, from: 8, centiseconds: 10)
    // The winner is due in 2 s; the loser's three intervals and our skew begin then.
    #expect(bench.wait / 1_000_000 == 2000 + 300 + 64)
    bench.pass(2000)
    bench.hear(150, from: 9, centiseconds: 200)
    #expect(bench.wait / 1_000_000 == 6000 + 1296)
  }

  @Test func `a worse router that speaks when the better one should have is heeded`() {
    var bench = Bench.backup(priority: 90)
    bench.hear(150, from: 9)
    bench.pass(1000)
    bench.hear(101, from: 8, centiseconds: 50)
    #expect(bench.wait / 1_000_000 == 1500 + 324)
  }

  @Test func `an unbelievable interval postpones nobody`() {
    var bench = Bench.backup(priority: 90)
    bench.hear(254, from: 9, centiseconds: 4095)
    bench.hear(101, from: 8)
    #expect(bench.wait / 1_000_000 == 3000 + 648)
  }

  @Test func `a better router is heeded at once, whoever spoke before`() {
    var bench = Bench.backup(priority: 90) { $0.interval = AdvertisementInterval(centiseconds: 10) ?? .second }
    bench.hear(150, from: 9, centiseconds: 30)
    bench.hear(151, from: 8, centiseconds: 10)
    #expect(bench.wait / 1_000_000 == 300 + 64)
  }

  // MARK: Intervals are believed within bounds

  @Test func `one advert makes nobody wait longer than three of our intervals each`() {
    var bench = Bench.backup()
    bench.hear(200, centiseconds: 4095)
    #expect(bench.router.activeInterval.centiseconds == 300)
    #expect(bench.wait < 12_000_000_000)
  }

  @Test func `the same claim thrice in a row is believed`() {
    var bench = Bench.backup()
    for expected in [300, 300, 4095, 4095] as [UInt16] {
      bench.hear(200, centiseconds: 4095)
      #expect(bench.router.activeInterval.centiseconds == expected)
    }
  }

  @Test func `claims of two senders do not add up`() {
    var bench = Bench.backup()
    for turn in 0..<20 as Range<UInt8> {
      bench.hear(200, from: 20 + turn % 2, centiseconds: 4095)
      #expect(bench.router.activeInterval.centiseconds == 300)
    }
  }

  @Test func `two different claims of one sender do not add up`() {
    var bench = Bench.backup()
    for turn in 0..<20 as Range<UInt16> {
      bench.hear(200, centiseconds: 4000 + turn)
      #expect(bench.router.activeInterval.centiseconds == 300)
    }
  }

  @Test func `shorter intervals are believed at once`() {
    var bench = Bench.backup()
    bench.hear(200, centiseconds: 1)
    #expect(bench.router.activeInterval.centiseconds == 1)
  }

  // MARK: Hand-over

  @Test func `who leaves serves until the successor speaks`() {
    var bench = Bench.active()
    bench.hear(50)
    #expect(bench.give(.shutdown).words == ["send 0"])
    #expect(bench.router.role == .active)
    bench.pass(600)
    #expect(bench.hear(50).words == ["release", "active>initialize shutdown"])
  }

  @Test(arguments: [(100, 1030), (10, 130), (4095, 1030)] as [(UInt16, UInt64)])
  func `who never heard anybody still gives a silent backup its time`(centiseconds: UInt16, milliseconds: UInt64) {
    var bench = Bench.active { $0.interval = AdvertisementInterval(centiseconds: centiseconds) ?? .second }
    bench.give(.shutdown)
    let wanted = milliseconds * 1_000_000
    #expect(bench.wait == wanted)
    #expect(bench.expire().words == ["release", "active>initialize shutdown"])
  }

  @Test func `the successor has the skew of the lowest priority and a margin`() {
    var bench = Bench.active()
    bench.hear(50)
    bench.give(.shutdown)
    #expect(bench.wait == 1_030_000_000)
  }

  @Test func `without hand-over the addresses go with the good-bye`() {
    var bench = Bench.active { $0.handsOver = false }
    #expect(bench.give(.shutdown).words == ["send 0", "release", "active>initialize shutdown"])
    bench = Bench.active { $0.handsOver = false }
    #expect(bench.give(.eligibilityLost(canServe: true)).words == ["send 0", "release", "active>fault ineligible"])
    bench = Bench.active { $0.handsOver = false }
    #expect(bench.give(.groupYields(canServe: true)).words == ["send 0", "release", "active>backup groupYielded"])
  }

  @Test func `a failed script leaves the addresses served until the successor speaks, or for the slowest skew`() {
    var bench = Bench.active()
    _ = bench.hear(50)
    #expect(bench.give(.eligibilityLost(canServe: true)).words == ["send 0"])
    #expect(bench.wait == 1_030_000_000)
    bench.pass(620)
    #expect(bench.hear(90).words == ["release", "active>fault ineligible"])
    bench = Bench.active()
    bench.give(.eligibilityLost(canServe: true))
    #expect(bench.expire().words == ["release", "active>fault ineligible"])
  }

  @Test func `who gave way listens to a better successor from its advert on, and to a worse one not at all`() {
    for (priority, wait) in [(UInt8(200), UInt64(3_609_375_000)), (50, 3_609_375_000 + 5 * 1_000_000_000 / 256)] {
      var bench = Bench.backup { $0.isGrouped = true }
      bench.expire()
      bench.give(.groupActivates)
      bench.give(.groupYields(canServe: true))
      bench.pass(100)
      _ = bench.hear(priority)
      #expect(bench.state == "backup")
      #expect(bench.wait == wait)
    }
  }

  // MARK: Fencing

  @Test func `an active router that was away withdraws before it says a word`() {
    for make in [Bench.active(priority: 200)] {
      for event in [.deadlineReached, .contested, .priorityChanged(5)] as [VirtualRouter.Event] {
        var bench = make
        bench.pass(4001)
        let words = bench.give(event).words
        #expect(words == ["release", "send 0", "active>backup clockGap"])
        #expect(bench.state == "backup")
      }
    }
  }

  @Test func `being late by less costs nothing`() {
    var bench = Bench.active()
    bench.pass(4000)
    #expect(bench.give(.deadlineReached).words == ["send 100"])
  }

  @Test func `a busy host with tiny intervals is not fenced`() {
    var bench = Bench.active { $0.interval = AdvertisementInterval(centiseconds: 1) ?? .second }
    bench.pass(100)
    #expect(bench.give(.deadlineReached).words.contains("send 100"))
    bench.pass(200)
    #expect(bench.give(.deadlineReached).words.first == "release")
  }

  @Test func `a backup that was away listens once more, and only once`() {
    var bench = Bench.backup()
    bench.pass(60_000)
    #expect(bench.give(.deadlineReached) == [])
    #expect(bench.wait == 3_609_375_000)
    bench.pass(60_000)
    #expect(bench.give(.deadlineReached).words.last == "backup>active activeDown")
  }

  @Test func `an advert that outranks a router that was away is heeded`() {
    var bench = Bench.active(priority: 100)
    bench.pass(5000)
    #expect(bench.hear(200).words == ["release", "send 0", "active>backup clockGap"])
    #expect(bench.wait == 3_609_375_000)
  }

  // MARK: Preemption

  @Test func `who gives way for its sync group rests by its address`() {
    for (isGrouped, wait) in [(true, 3_609_375_000 + 5 * 1_000_000_000 / 256), (false, 3_609_375_000)]
      as [(Bool, UInt64)]
    {
      var bench = Bench.backup { $0.isGrouped = isGrouped }
      bench.expire()
      if isGrouped { bench.give(.groupActivates) }
      #expect(bench.give(.groupYields(canServe: false)).words == ["send 0", "release", "active>backup groupYielded"])
      #expect(bench.wait == wait)
    }
  }

  @Test func `nopreempt respects lower adverts`() {
    var bench = Bench.backup { $0.preempts = false }
    bench.pass(3000)
    bench.hear(1)
    #expect(bench.wait == 3_609_375_000)
  }

  @Test func `preempt_delay runs from the first lower advert`() {
    var bench = Bench.backup { $0.preemptDelayNanoseconds = 10_000_000_000 }
    for _ in 0..<10 {
      bench.hear(50)
      #expect(bench.wait == 3_609_375_000)
      bench.pass(1000)
    }
    bench.hear(50)
    #expect(bench.wait == 2_609_375_000)
    bench.pass(2000)
    bench.hear(50)
    #expect(bench.expire().words.last == "backup>active activeDown")
  }

  @Test func `a better advert ends preempt_delay`() {
    var bench = Bench.backup { $0.preemptDelayNanoseconds = 10_000_000_000 }
    bench.hear(50)
    bench.pass(9000)
    bench.hear(200)
    bench.pass(1500)
    bench.hear(50)
    #expect(bench.wait == 3_609_375_000)
  }

  @Test func `the delay does not spare a dead router`() {
    var bench = Bench.backup { $0.preemptDelayNanoseconds = 3_600_000_000_000 }
    bench.hear(50)
    #expect(bench.expire().words.last == "backup>active activeDown")
  }

  // MARK: Ties, owners, addresses

  @Test(arguments: [(4, "active"), (5, "active"), (6, "backup")] as [(UInt8, String)])
  func `of equal priorities the higher address stays active`(host: UInt8, state: String) {
    var bench = Bench.active()
    bench.hear(100, from: host)
    #expect(bench.state == state)
  }

  @Test func `a changed source address decides the next tie`() {
    var bench = Bench.active()
    bench.give(.primaryAddressChanged(.v4(IPv4Address(10, 0, 0, 200))))
    bench.hear(100, from: 9)
    #expect(bench.state == "active")
  }

  @Test func `an owner is active at once and keeps its priority`() {
    var bench = Bench(priority: 255)
    #expect(bench.give(.startup(isEligible: true)).words.first == "send 255")
    bench.give(.priorityChanged(9))
    #expect(bench.router.priority == 255)
  }

  @Test(arguments: [(0, 1), (1, 1), (254, 254), (255, 254)] as [(UInt8, UInt8)])
  func `weights stay below an owner and above a good-bye`(asked: UInt8, given: UInt8) {
    var bench = Bench.backup()
    bench.give(.priorityChanged(asked))
    #expect(bench.router.priority == given)
  }

  @Test func `a loser without its last advert yields in silence`() {
    var bench = Bench.active { $0.sendsLastAdvertisement = false }
    #expect(bench.hear(200).words == ["release", "active>backup outranked"])
  }
}
