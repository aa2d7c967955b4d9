import NetPrimitives
import Testing
import VRRPCore

/// Keywords that refine an election: what each changes, beside what holds without it.
@Suite struct ElectionOptionTests {
  @Test func `lower_prio_no_advert leaves a lower advert without an answer, but not a farewell`() {
    var bench = Bench.active { $0.answersLowerPriority = false }
    #expect(bench.hear(50).words == ["announce 2", "contest 50"])
    bench.pass(300)
    #expect(bench.hear(0).words == ["send 100", "announce 2"])
  }

  @Test(arguments: [true, false])
  func `owner_ignore_adverts makes an owner deaf`(isDeaf: Bool) {
    var bench = Bench(priority: 255) { $0.ignoresAsOwner = isDeaf }
    bench.give(.startup(isEligible: true))
    #expect(bench.hear(255, from: 9).words.contains("active>backup outranked") == !isDeaf)
    #expect(bench.hear(50).words == (isDeaf ? [] : bench.hear(50).words))
    #expect(bench.state == (isDeaf ? "active" : "backup"))
  }

  @Test func `garp_lower_prio_repeat and garp_lower_prio_delay say how a contest is announced`() {
    var bench = Bench.active {
      $0.announcement.secondBurstDelayNanoseconds = 0
      $0.interval = AdvertisementInterval(centiseconds: 4000) ?? .second
      $0.contestRepeats = 7
      $0.contestSecondBurstNanoseconds = 3_000_000_000
    }
    #expect(bench.hear(50, centiseconds: 4000).words.contains("announce 7"))
    #expect(bench.wait == 3_000_000_000)
    #expect(bench.expire().words == ["announce 7"])
    // Once, and not again until the next contest.
    #expect(bench.wait > 3_000_000_000)
    var silent = Bench.active { $0.contestRepeats = 0 }
    #expect(silent.hear(50).words == ["send 100", "contest 50"])
  }

  @Test func `garp_extra_if announces again and again, and stops when taken out`() {
    var bench = Bench.active {
      $0.announcement.secondBurstDelayNanoseconds = 0
      $0.extraAnnouncementNanoseconds = 400_000_000
    }
    var count = 0
    let end = bench.now.advanced(byNanoseconds: 2_000_000_000)
    while let deadline = bench.router.nextDeadline, deadline < end {
      count += bench.expire().words.count { $0 == "announce elsewhere" }
    }
    #expect(count == 4)
    bench.reload { $0.extraAnnouncementNanoseconds = 0 }
    for _ in 0..<5 { #expect(!bench.expire().words.contains("announce elsewhere")) }
  }

  @Test func `timer_expired_backup gives way as soon as the best rival would have taken over`() {
    // Adverts every 10 ms: a rival of priority 254 takes over after 30 ms and a bit, one of 1 after nearly 40 ms.
    for (rival, late, gives) in [(nil, 60, false), (254, 60, true), (1, 45, false), (254, 35, false), (254, 42, true)]
      as [(UInt8?, UInt64, Bool)]
    {
      var bench = Bench.active {
        $0.interval = AdvertisementInterval(centiseconds: 1) ?? .second
        $0.preempts = false
        $0.highestRivalPriority = rival
      }
      // The next advert is due 10 ms from now.
      bench.pass(late)
      #expect(bench.give(.deadlineReached).words.contains("active>backup clockGap") == gives)
    }
  }

  @Test func `higher_prio_send_advert off sends no last advert`() {
    var bench = Bench.active { $0.sendsLastAdvertisement = false }
    #expect(bench.hear(200).words == ["release", "active>backup outranked"])
    var usual = Bench.active()
    #expect(usual.hear(200).words == ["send 100", "release", "active>backup outranked"])
  }
}
