import NetPrimitives
import Testing
import VRRPCore

@Suite struct TrackingScriptTests {
  /// A script and everything it asked for, with the second it did.
  struct Timeline {
    var monitor: ScriptMonitor
    var told: [String] = []

    init(_ configuration: ScriptMonitor.Configuration) { monitor = ScriptMonitor(configuration) }

    mutating func at(_ milliseconds: UInt64, _ event: ScriptMonitor.Event) {
      let step = monitor.handle(event, now: .milliseconds(milliseconds))
      if let outcome = step.outcome { told.append("\(milliseconds): \(outcome)") }
      if let verdict = step.verdict { told.append("\(milliseconds): \(verdict)") }
      if let command = step.command { told.append("\(milliseconds): \(command)") }
    }

    var nextDeadline: UInt64? { monitor.nextDeadline.map { $0.nanoseconds / 1_000_000 } }
  }

  @Test func `runs start a whole interval apart however long they take`() {
    var timeline = Timeline(.init(intervalNanoseconds: 2_000_000_000))
    timeline.at(0, .start)
    timeline.at(300, .ended(.exited(0)))
    #expect(timeline.nextDeadline == 2000)
    timeline.at(2000, .deadlineReached)
    timeline.at(3900, .ended(.exited(0)))
    #expect(timeline.nextDeadline == 4000)
    #expect(timeline.told == ["0: run", "300: exited(0)", "300: up", "2000: run"])
  }

  @Test func `a late wake-up does not shift the cadence`() {
    var timeline = Timeline(.init(intervalNanoseconds: 2_000_000_000))
    timeline.at(0, .start)
    timeline.at(10, .ended(.exited(0)))
    timeline.at(2700, .deadlineReached)
    timeline.at(2710, .ended(.exited(0)))
    #expect(timeline.nextDeadline == 4000)
    // Asleep for several intervals: one run, not all that were missed.
    timeline.at(11_000, .deadlineReached)
    timeline.at(11_010, .ended(.exited(0)))
    #expect(timeline.nextDeadline == 13_000)
  }

  @Test func `waking early or twice changes nothing`() {
    var timeline = Timeline(.init())
    timeline.at(0, .start)
    timeline.at(500, .deadlineReached)
    timeline.at(600, .ended(.exited(0)))
    let before = timeline.monitor
    timeline.at(999, .deadlineReached)
    timeline.at(999, .start)
    timeline.at(999, .ended(.exited(1)))
    #expect(timeline.monitor == before)
  }

  @Test func `the first result decides whatever rise and fall are`() {
    for (outcome, verdict) in [(ScriptMonitor.Outcome.exited(0), TrackedVerdict.up), (.exited(3), .down)] {
      var timeline = Timeline(.init(rise: 5, fall: 5))
      timeline.at(0, .start)
      #expect(timeline.monitor.verdict == .undecided)
      timeline.at(100, .ended(outcome))
      #expect(timeline.monitor.verdict == verdict)
    }
  }

  @Test func `init_fail is down until the first success, which is enough`() {
    var timeline = Timeline(.init(rise: 3, startsFailed: true))
    #expect(timeline.monitor.verdict == .down)
    timeline.at(0, .start)
    timeline.at(100, .ended(.exited(0)))
    #expect(timeline.told == ["0: run", "100: exited(0)", "100: up"])
  }

  @Test func `rise and fall count results in a row`() {
    var timeline = Timeline(.init(rise: 3, fall: 2))
    var verdicts: [TrackedVerdict] = []
    timeline.at(0, .start)
    for (second, status) in ([0, 1, 0, 1, 1, 0, 0, 1, 0, 0, 0] as [UInt8]).enumerated() {
      timeline.at(UInt64(second) * 1000 + 100, .ended(.exited(status)))
      verdicts.append(timeline.monitor.verdict)
      timeline.at(UInt64(second) * 1000 + 1000, .deadlineReached)
    }
    #expect(verdicts == [.up, .up, .up, .up, .down, .down, .down, .down, .down, .down, .up])
  }

  @Test func `a run beyond its time fails then, is asked to end, and then killed`() {
    var timeline = Timeline(.init(intervalNanoseconds: 5_000_000_000, timeoutNanoseconds: 2_000_000_000))
    timeline.at(0, .start)
    #expect(timeline.nextDeadline == 2000)
    timeline.at(2000, .deadlineReached)
    #expect(timeline.nextDeadline == 3000)
    timeline.at(3000, .deadlineReached)
    #expect(timeline.nextDeadline == nil)
    // It ended after all; that is no second result, and a success that came too late is none.
    timeline.at(3100, .ended(.exited(0)))
    #expect(timeline.nextDeadline == 5000)
    #expect(timeline.monitor.lastLatencyNanoseconds == 2_000_000_000)
    #expect(
      timeline.told == [
        "0: run", "2000: timedOut(limitNanoseconds: 2000000000)", "2000: down", "2000: terminate", "3000: kill",
      ])
  }

  @Test func `no run starts while another cannot be killed`() {
    var timeline = Timeline(.init())
    timeline.at(0, .start)
    timeline.at(1000, .deadlineReached)
    timeline.at(2000, .deadlineReached)
    timeline.at(60_000, .deadlineReached)
    #expect(timeline.told.filter { $0.hasSuffix("run") } == ["0: run"])
    // Gone at last: the next one is overdue.
    timeline.at(61_000, .ended(.signaled(9)))
    #expect(timeline.told.last == "61000: run")
    #expect(timeline.monitor.verdict == .down)
  }

  @Test func `no timeout means the interval`() {
    #expect(ScriptMonitor.Configuration(intervalNanoseconds: 7).effectiveTimeoutNanoseconds == 7)
    #expect(
      ScriptMonitor.Configuration(intervalNanoseconds: 7, timeoutNanoseconds: 9).effectiveTimeoutNanoseconds == 9)
  }

  @Test func `stopping kills what runs and starts nothing more`() {
    var timeline = Timeline(.init())
    timeline.at(0, .start)
    timeline.at(100, .stop)
    timeline.at(200, .ended(.signaled(9)))
    timeline.at(5000, .deadlineReached)
    #expect(timeline.told == ["0: run", "100: kill"])
    #expect(timeline.nextDeadline == nil)
  }

  @Test func `the same result is told once`() {
    var timeline = Timeline(.init())
    timeline.at(0, .start)
    timeline.at(100, .ended(.exited(2)))
    timeline.at(1000, .deadlineReached)
    timeline.at(1100, .ended(.exited(2)))
    timeline.at(2000, .deadlineReached)
    timeline.at(2100, .ended(.exited(1)))
    #expect(timeline.told.filter { $0.contains("exited") } == ["100: exited(2)", "2100: exited(1)"])
  }

  @Test func `a reload keeps the verdict and hastens the next run`() {
    var timeline = Timeline(.init(intervalNanoseconds: 60_000_000_000))
    timeline.at(0, .start)
    timeline.at(100, .ended(.exited(0)))
    timeline.monitor.reconfigure(.init(intervalNanoseconds: 2_000_000_000, fall: 2), now: .milliseconds(1000))
    #expect(timeline.monitor.verdict == .up)
    #expect(timeline.nextDeadline == 3000)
    timeline.at(3000, .deadlineReached)
    timeline.at(3100, .ended(.exited(1)))
    #expect(timeline.monitor.verdict == .up)
  }

  @Test(arguments: 0..<40) func `whatever happens one run is in flight and the verdict is that of the model`(seed: Int)
  {
    var random = SplitMix(state: UInt64(seed))
    let configuration = ScriptMonitor.Configuration(
      intervalNanoseconds: 1_000_000 * random.next(1...50), timeoutNanoseconds: 1_000_000 * random.next(0...80),
      rise: UInt32(random.next(1...4)), fall: UInt32(random.next(1...4)), startsFailed: random.next(0...1) == 1,
      graceNanoseconds: 1_000_000 * random.next(0...20))
    var monitor = ScriptMonitor(configuration)
    var model = VerdictModel(configuration)
    var inFlight = 0
    var now: UInt64 = 0
    var starts: UInt64 = 0
    var event = ScriptMonitor.Event.start
    for _ in 0..<400 {
      let wasRunning = if case .running = monitor.phase { true } else { false }
      let step = monitor.handle(event, now: .milliseconds(now))
      if case .ended(let outcome) = event {
        inFlight -= 1
        if wasRunning { model.count(outcome.isSuccess) }
      }
      if step.command == .terminate { model.count(false) }
      if step.command == .run {
        inFlight += 1
        #expect(now * 1_000_000 >= starts * configuration.intervalNanoseconds)
        starts += 1
      }
      #expect((0...1).contains(inFlight))
      #expect(monitor.verdict == model.verdict)
      now += random.next(0...30)
      let endings: [ScriptMonitor.Event] = [.ended(.exited(0)), .ended(.exited(1)), .ended(.signaled(15))]
      let ends = inFlight == 1 && random.next(0...2) == 0
      if !ends, let due = monitor.nextDeadline?.nanoseconds { now = max(now, due / 1_000_000) }
      event = ends ? endings[Int(random.next(0...2))] : .deadlineReached
    }
  }

  /// Rise and fall, told in the plainest way.
  struct VerdictModel {
    var verdict: TrackedVerdict
    private var history: [Bool] = []
    private let configuration: ScriptMonitor.Configuration

    init(_ configuration: ScriptMonitor.Configuration) {
      self.configuration = configuration
      verdict = configuration.startsFailed ? .down : .undecided
    }

    mutating func count(_ isSuccess: Bool) {
      history.append(isSuccess)
      let needed = history.count == 1 ? 1 : Int(isSuccess ? configuration.rise : configuration.fall)
      if history.suffix(needed).count == needed, history.suffix(needed).allSatisfy({ $0 == isSuccess }) {
        verdict = isSuccess ? .up : .down
      }
    }
  }
}

extension MonotonicInstant {
  static func milliseconds(_ count: UInt64) -> Self { Self(nanoseconds: count * 1_000_000) }
}

/// A generator whose sequence is the same everywhere.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  mutating func next(_ range: ClosedRange<UInt64>) -> UInt64 { UInt64.random(in: range, using: &self) }
}
