import HealthCheck
import Testing

@Suite struct `A check machine` {
  @Test func `starts one second after the start plus its share of the warmup`() {
    let warm = CheckPolicy(timing: timing(warmup: 60))
    #expect(Timeline(warm, spread: 0).machine.nextDeadline == MonotonicInstant(nanoseconds: 1_000_000_000))
    #expect(Timeline(warm, spread: 1 << 63).machine.nextDeadline == MonotonicInstant(nanoseconds: 31_000_000_000))
    let latest = Timeline(warm, spread: .max).machine.nextDeadline
    #expect(latest == MonotonicInstant(nanoseconds: 60_999_999_999))
    let cold = CheckPolicy(timing: timing(warmup: 0))
    #expect(Timeline(cold, spread: .max).machine.nextDeadline == MonotonicInstant(nanoseconds: 1_000_000_000))
  }

  @Test func `goes down at its first failure after the start, retries or not`() throws {
    var line = Timeline(CheckPolicy(timing: timing(retries: 5)))
    let first = try line.round(bad)
    #expect(first.at == 1)
    #expect(first.report.isUp == false && first.report.news == .changed)
    #expect(try line.round(bad).at == 11)
  }

  @Test func `goes down after retry and one failures in a row, later`() throws {
    var line = Timeline(CheckPolicy(timing: timing(retries: 2, retryDelay: 3)))
    #expect(try line.round(good).report.news == .confirmed)
    let one = try line.round(bad)
    #expect(one.at == 11 && one.report.isUp && one.report.news == .none)
    let two = try line.round(bad)
    #expect(two.at == 14 && two.report.isUp)
    let three = try line.round(bad)
    #expect(three.at == 17 && !three.report.isUp && three.report.news == .changed)
    let four = try line.round(bad)
    #expect(four.at == 27 && four.report.news == .none)
    let back = try line.round(good)
    #expect(back.at == 37 && back.report.isUp && back.report.news == .changed)
  }

  @Test func `forgets failures at a success`() throws {
    var line = Timeline(CheckPolicy(timing: timing(retries: 1)))
    _ = try line.round(good)
    for _ in 0..<5 {
      #expect(try line.round(bad).report.isUp)
      #expect(try line.round(good).report.news == .none)
    }
  }

  @Test func `under alpha comes up at the first success and tells a first failure`() throws {
    var line = Timeline(CheckPolicy(timing: timing(), startsFailed: true))
    #expect(!line.machine.state.isUp)
    let first = try line.round(bad).report
    #expect(!first.isUp && first.news == .confirmed)
    #expect(try line.round(bad).report.news == .none)
    #expect(try line.round(good).report.news == .changed)
  }

  @Test func `of DNS keeps quiet about a first failure under alpha`() throws {
    let check = DNSCheck(connection: somewhere)
    var line = Timeline(CheckDefinition(.dns(check), timing: timing(), startsFailed: true))
    #expect(try line.round(bad).report.news == .none)
  }

  @Test func `of SMTP retries in every round, the first and those while down included`() throws {
    let check = SMTPCheck(connection: somewhere)
    var line = Timeline(CheckDefinition(.smtp(check), timing: timing(retries: 1, retryDelay: 2)))
    let first = try line.round(bad)
    #expect(first.at == 1 && first.report.isUp)
    let second = try line.round(bad)
    #expect(second.at == 3 && !second.report.isUp && second.report.news == .changed)
    #expect(try line.round(bad).at == 13)
    #expect(try line.round(bad).at == 15)
    let back = try line.round(good)
    #expect(back.at == 25 && back.report.isUp)
  }

  @Test func `of a script counts its period from start to start`() throws {
    let check = MiscCheck(command: HookCommand(["/bin/true"]), timeoutNanoseconds: 60 * Timeline.second)
    var line = Timeline(CheckDefinition(.misc(check), timing: timing(loop: 10, retries: 1, retryDelay: 4)))
    #expect(try line.round(good, after: 3 * Timeline.second).at == 1)
    #expect(try line.round(good, after: 25 * Timeline.second).at == 11)
    #expect(try line.round(bad, after: Timeline.second).at == 36, "one that took longer is followed at once")
    #expect(try line.round(bad, after: Timeline.second).at == 40)
    #expect(try line.round(good).at == 50)
  }

  @Test func `keeps its state when a probe could not be made`() throws {
    var line = Timeline(CheckPolicy(timing: timing(retries: 3)))
    let inconclusive = Finding(.inconclusive(.system(errno: 99)))
    let first = try line.round(inconclusive)
    #expect(first.report.isUp && first.report.news == .none)
    #expect(!line.machine.state.hasRun)
    let next = try line.round(bad)
    #expect(next.at == 11 && !next.report.isUp, "the first real failure still counts as the first")
  }

  @Test func `gives up on a transport that never answers`() throws {
    var line = Timeline(CheckPolicy(timing: timing(connect: 5)))
    line.now = try #require(line.machine.nextDeadline)
    let started = line.handle(.deadlineReached)
    #expect(started == [.startProbe(step: 0, deadline: MonotonicInstant(nanoseconds: 16 * Timeline.second))])
    #expect(line.handle(.deadlineReached).isEmpty, "a wake-up before its time changes nothing")
    line.now = MonotonicInstant(nanoseconds: 17 * Timeline.second)
    let effects = line.handle(.deadlineReached)
    #expect(effects.first == .cancelProbe)
    guard case .report(let report)? = effects.last else { throw Timeline.Surprise() }
    #expect(report.finding == .failure(.probe, .lost, latencyNanoseconds: 16 * Timeline.second))
    #expect(line.handle(.probeEnded(good)).isEmpty, "an answer that comes later is nobody's")
  }

  @Test func `rests while suspended and keeps its verdict`() throws {
    var line = Timeline(CheckPolicy(timing: timing(warmup: 0)))
    _ = try line.round(bad)
    #expect(line.handle(.suspend).isEmpty)
    #expect(line.machine.nextDeadline == nil)
    line.now = line.now.advanced(byNanoseconds: 100 * Timeline.second)
    #expect(line.handle(.deadlineReached).isEmpty)
    #expect(line.handle(.resume(spread: 0)).isEmpty)
    #expect(line.machine.nextDeadline == line.now.advanced(byNanoseconds: Timeline.second))
    #expect(!line.machine.state.isUp)
    #expect(try line.round(good).report.news == .changed)
  }

  @Test func `takes what is observed without probing`() {
    let check = BFDCheck(session: "s")
    var line = Timeline(CheckDefinition(.bfd(check), startsFailed: false))
    #expect(line.machine.nextDeadline == nil)
    #expect(line.handle(.observed(check.finding(isUp: true))) == [report(up: true, .confirmed, good)])
    let down = Finding.failure(.observation, .sessionDown)
    #expect(line.handle(.observed(check.finding(isUp: false))) == [report(up: false, .changed, down)])
    #expect(line.handle(.observed(check.finding(isUp: false))) == [report(up: false, .none, down)])
    #expect(line.handle(.observed(check.finding(isUp: true))) == [report(up: true, .changed, good)])
  }

  @Test func `drops the weight a script had set when the script fails`() throws {
    let check = MiscCheck(command: HookCommand(["x"]), setsWeight: true)
    var line = Timeline(CheckDefinition(.misc(check), timing: timing()))
    #expect(try line.round(check.finding(.exited(7))).report.weight == .absolute(5))
    #expect(try line.round(check.finding(.exited(1))).report.weight == .unchanged)
    #expect(try line.round(check.finding(.exited(0))).report.weight == .unchanged)
  }

  @Test func `takes new times without losing its verdict`() throws {
    var line = Timeline(CheckPolicy(timing: timing(loop: 60, retries: 3)))
    _ = try line.round(bad)
    line.machine.adopt(CheckPolicy(timing: timing(loop: 5)), now: line.now)
    #expect(!line.machine.state.isUp)
    #expect(try line.round(bad).at == 6)
  }

  private func report(up: Bool, _ news: CheckReport.News, _ finding: Finding) -> CheckMachine.Effect {
    .report(CheckReport(isUp: up, news: news, finding: finding))
  }

  @Test(arguments: 0..<300) func `goes down exactly when keepalived's counters say so`(seed: UInt64) throws {
    var random = Random(seed: seed)
    let retries = UInt32.random(in: 0...4, using: &random)
    let alpha = Bool.random(using: &random)
    var line = Timeline(CheckPolicy(timing: timing(retries: retries), startsFailed: alpha))
    // The counters of the reference, spelled out.
    var up = !alpha
    var hasRun = false
    var counter = retries
    for _ in 0..<60 {
      let success = Int.random(in: 0..<3, using: &random) > 0
      let wait: UInt64
      if success {
        (counter, up, wait) = (0, true, 10)
      } else if (up || !hasRun) && counter >= retries {
        (counter, up, wait) = (0, false, 10)
      } else if up {
        counter += 1
        wait = 1
      } else {
        wait = 10
      }
      hasRun = true
      #expect(try line.round(success ? good : bad).report.isUp == up)
      #expect(line.machine.nextDeadline == line.now.advanced(byNanoseconds: wait * Timeline.second))
    }
  }
}

/// SplitMix64, so that a failing seed can be replayed.
struct Random: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
