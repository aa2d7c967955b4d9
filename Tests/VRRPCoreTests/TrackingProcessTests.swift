import NetPrimitives
import Testing
import VRRPCore

@Suite struct TrackingProcessTests {
  @Test func `the first scan decides at once`() {
    var monitor = ProcessMonitor(.init(minimum: 2, forkDelayNanoseconds: 5, terminateDelayNanoseconds: 5))
    #expect(monitor.handle(.started(7), now: .milliseconds(0)) == nil)
    #expect(monitor.verdict == .undecided)
    #expect(monitor.handle(.scanned([1, 2]), now: .milliseconds(0)) == .up)
    #expect(monitor.processes == [1, 2])
  }

  @Test func `a quorum is lost after terminate_delay and gained after fork_delay`() {
    var monitor = ProcessMonitor(
      .init(minimum: 1, forkDelayNanoseconds: 2_000_000_000, terminateDelayNanoseconds: 3_000_000_000))
    #expect(monitor.handle(.scanned([10]), now: .milliseconds(0)) == .up)
    #expect(monitor.handle(.ended(10), now: .milliseconds(1000)) == nil)
    #expect(monitor.wait == .terminateDelay)
    #expect(monitor.nextDeadline == .milliseconds(4000))
    #expect(monitor.handle(.deadlineReached, now: .milliseconds(3999)) == nil)
    #expect(monitor.handle(.deadlineReached, now: .milliseconds(4000)) == .down)
    #expect(monitor.handle(.started(11), now: .milliseconds(5000)) == nil)
    #expect(monitor.wait == .forkDelay)
    #expect(monitor.handle(.deadlineReached, now: .milliseconds(7000)) == .up)
    #expect(monitor.nextDeadline == nil)
  }

  @Test func `a process started again in time is not missed`() {
    var monitor = ProcessMonitor(.init(terminateDelayNanoseconds: 1_000_000_000))
    _ = monitor.handle(.scanned([10]), now: .milliseconds(0))
    _ = monitor.handle(.ended(10), now: .milliseconds(100))
    #expect(monitor.handle(.started(11), now: .milliseconds(900)) == nil)
    #expect(monitor.nextDeadline == nil)
    #expect(monitor.wait == nil)
    #expect(monitor.handle(.deadlineReached, now: .milliseconds(5000)) == nil)
    #expect(monitor.verdict == .up)
  }

  @Test func `further losses do not put off the delay`() {
    var monitor = ProcessMonitor(.init(minimum: 3, terminateDelayNanoseconds: 1_000_000_000))
    _ = monitor.handle(.scanned([1, 2, 3]), now: .milliseconds(0))
    _ = monitor.handle(.ended(1), now: .milliseconds(100))
    _ = monitor.handle(.ended(2), now: .milliseconds(900))
    #expect(monitor.handle(.deadlineReached, now: .milliseconds(1100)) == .down)
  }

  @Test func `too many are as bad as too few`() {
    var monitor = ProcessMonitor(.init(minimum: 1, maximum: 1, forkDelayNanoseconds: 500_000_000))
    _ = monitor.handle(.scanned([1]), now: .milliseconds(0))
    #expect(monitor.handle(.started(2), now: .milliseconds(0)) == nil)
    #expect(monitor.wait == .forkDelay)
    #expect(monitor.handle(.deadlineReached, now: .milliseconds(500)) == .down)
    #expect(monitor.handle(.ended(1), now: .milliseconds(600)) == .up)
  }

  @Test func `quorum_max 0 wants none at all`() {
    var definition = TrackProcessDefinition(name: "p", command: ["backup"])
    definition.maximum = 0
    var monitor = ProcessMonitor(ProcessMonitor.Configuration(definition))
    #expect(monitor.handle(.scanned([]), now: .milliseconds(0)) == .up)
    #expect(monitor.handle(.started(1), now: .milliseconds(1)) == .down)
  }

  @Test func `identifiers that do not count change nothing`() {
    var monitor = ProcessMonitor(.init())
    _ = monitor.handle(.scanned([1]), now: .milliseconds(0))
    let before = monitor
    #expect(monitor.handle(.ended(99), now: .milliseconds(1)) == nil)
    #expect(monitor == before)
  }

  @Test func `a new scan makes up for lost events`() {
    var monitor = ProcessMonitor(.init(terminateDelayNanoseconds: 1_000_000))
    _ = monitor.handle(.scanned([1]), now: .milliseconds(0))
    #expect(monitor.handle(.scanned([]), now: .milliseconds(5)) == nil)
    #expect(monitor.handle(.deadlineReached, now: .milliseconds(6)) == .down)
  }

  @Test(
    arguments: [
      (["sshd"], .none, false, "sshd", ["/usr/sbin/sshd", "-D"], true),
      (["sshd"], .none, false, "sshd2", ["sshd"], false),
      (["a-very-long-daemon-name"], .none, false, "a-very-long-dae", ["x"], true),
      (["/usr/sbin/sshd"], .none, true, "sshd", ["/usr/sbin/sshd", "-D"], true),
      (["/usr/sbin/sshd"], .none, true, "sshd", ["sshd", "-D"], false),
      (["d", "-a", "-b"], .exact, false, "d", ["d", "-a", "-b"], true),
      (["d", "-a", "-b"], .exact, false, "d", ["d", "-a", "-b", "-c"], false),
      (["d", "-a", "-b"], .none, false, "d", ["d", "-a"], false),
      (["d", "-a", "-b"], .partial, false, "d", ["d", "-a", "-b", "-c"], true),
      (["d", "-a", "-b"], .partial, false, "d", ["d", "-a", "-bx"], false),
      (["d", "-a", "-b"], .initial, false, "d", ["d", "-a", "-bx"], true),
      (["d", "-a", "-b"], .initial, false, "d", ["d", "-ax", "-b"], false),
      (["d", "-a", "-b"], .initial, false, "d", ["d", "-a"], false),
      (["d"], .initial, false, "d", ["d"], true),
      (["d"], .initial, false, "d", ["d", "x"], false),
      (["d"], .partial, false, "d", ["d", "x"], false),
      (["d"], .none, true, "kthread", [], false),
    ] as [([String], TrackProcessDefinition.ParameterMatch, Bool, String, [String], Bool)])
  func `processes are matched by name or by command line`(
    command: [String], match: TrackProcessDefinition.ParameterMatch, isFull: Bool, name: String, line: [String],
    counts: Bool
  ) {
    var definition = TrackProcessDefinition(name: "p", command: command, parameterMatch: match)
    definition.comparesFullCommand = isFull
    #expect(ProcessPattern(definition).matches(.init(name: name, commandLine: line)) == counts)
  }
}

@Suite struct TrackingLinkTests {
  @Test func `a link is believed after its delay`() {
    var link = LinkMonitor(isUp: true, downDelayNanoseconds: 300_000_000, upDelayNanoseconds: 1_000_000_000)
    #expect(link.observe(isUp: false, now: .milliseconds(0)) == false)
    #expect(link.isUp)
    #expect(link.nextDeadline == .milliseconds(300))
    #expect(link.advance(to: .milliseconds(299)) == false)
    #expect(link.advance(to: .milliseconds(300)) == true)
    #expect(!link.isUp)
    #expect(link.observe(isUp: true, now: .milliseconds(400)) == false)
    #expect(link.nextDeadline == .milliseconds(1400))
    #expect(link.advance(to: .milliseconds(1500)) == true)
    #expect(link.isUp)
  }

  @Test func `a flap shorter than the delay never happened`() {
    var link = LinkMonitor(isUp: true, downDelayNanoseconds: 300_000_000)
    #expect(link.observe(isUp: false, now: .milliseconds(0)) == false)
    #expect(link.observe(isUp: true, now: .milliseconds(200)) == false)
    #expect(link.nextDeadline == nil)
    #expect(link.advance(to: .milliseconds(1000)) == false)
    #expect(link.isUp)
  }

  @Test func `hearing the same again does not put off the delay`() {
    var link = LinkMonitor(isUp: true, downDelayNanoseconds: 300_000_000)
    _ = link.observe(isUp: false, now: .milliseconds(0))
    _ = link.observe(isUp: false, now: .milliseconds(200))
    #expect(link.nextDeadline == .milliseconds(300))
  }

  @Test func `without delays a link is believed at once`() {
    var link = LinkMonitor(isUp: true)
    #expect(link.observe(isUp: false, now: .milliseconds(5)) == true)
    #expect(link.observe(isUp: true, now: .milliseconds(5)) == true)
  }

  @Test func `a delay must leave the peers an interval`() {
    #expect(
      LinkMonitor.longestDelayNanoseconds(interval: .second, downTimerAdvertisements: 3) == 2_000_000_000)
    #expect(LinkMonitor.longestDelayNanoseconds(interval: .second, downTimerAdvertisements: 1) == 0)
  }
}
