import NetPrimitives
import Testing
import VRRPCore

@Suite struct ElectionReloadTests {
  @Test func `an equal configuration changes nothing in any state`() {
    for make in [Bench(), .fault(), .backup(), .active(), .leaving()] {
      var bench = make
      bench.pass(10)
      let before = bench.router
      #expect(bench.reload { _ in } == [])
      #expect(bench.router == before)
    }
  }

  @Test func `a priority costs no advert and keeps the weights`() {
    var bench = Bench.active()
    bench.give(.priorityChanged(80))
    let deadline = bench.router.nextDeadline
    #expect(bench.reload { $0.priority = 150 } == [])
    #expect(bench.router.priority == 130)
    #expect(bench.router.nextDeadline == deadline)
  }

  @Test func `a longer interval lets the next advert go when it was due`() {
    var bench = Bench.active { $0.announcement.secondBurstDelayNanoseconds = 0 }
    bench.pass(400)
    bench.reload { $0.interval = AdvertisementInterval(centiseconds: 1000) ?? .second }
    #expect(bench.wait == 600_000_000)
    bench.expire()
    #expect(bench.wait == 10_000_000_000)
  }

  @Test func `a shorter interval counts at once`() {
    var bench = Bench.active()
    bench.reload { $0.interval = AdvertisementInterval(centiseconds: 10) ?? .second }
    #expect(bench.wait == 100_000_000)
  }

  @Test func `a backup waits for the longer of the two intervals`() {
    var bench = Bench.backup()
    bench.hear(200)
    bench.reload { $0.interval = AdvertisementInterval(centiseconds: 200) ?? .second }
    #expect(bench.router.activeInterval.centiseconds == 200)
    bench.reload { $0.interval = AdvertisementInterval(centiseconds: 10) ?? .second }
    #expect(bench.router.activeInterval.centiseconds == 200)
  }

  @Test func `another preempt_delay counts from where the old one began`() {
    var bench = Bench.backup { $0.preemptDelayNanoseconds = 10_000_000_000 }
    bench.hear(50)
    bench.pass(2000)
    bench.reload { $0.preemptDelayNanoseconds = 3_000_000_000 }
    bench.pass(500)
    bench.hear(50)
    #expect(bench.wait / 1_000_000 == 3609)
    bench.pass(600)
    bench.hear(50)
    #expect(bench.wait / 1_000_000 == 3009, "the delay is over, so lower adverts no longer count")
  }

  @Test func `a backup that becomes the owner is active at once`() {
    var bench = Bench.backup()
    #expect(bench.reload { $0.priority = 255 }.words.last == "backup>active startup")
    #expect(bench.router.priority == 255)
  }

  @Test func `an active owner that ceases to own stays active with its priority`() {
    var bench = Bench.active(priority: 255)
    bench.reload { $0.priority = 90 }
    #expect(bench.router.priority == 90)
    #expect(bench.state == "active")
  }

  @Test func `refresh begins and ends with the configuration`() {
    var bench = Bench.active { $0.announcement.secondBurstDelayNanoseconds = 0 }
    bench.reload { $0.announcement.refreshNanoseconds = 300_000_000 }
    #expect(bench.expire().words == ["announce 1"])
    bench.reload { $0.announcement.refreshNanoseconds = 0 }
    #expect(bench.expire().words == ["send 100"])
  }
}
