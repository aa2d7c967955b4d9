import HealthCheck
import Testing

/// A scheduler with a clock and a world that answers every probe after a while.
struct World {
  typealias Effect = CheckScheduler<String>.Effect
  var scheduler: CheckScheduler<String>
  var now = MonotonicInstant(nanoseconds: 0)
  /// What comes of a probe, by its target; no entry: nothing ever.
  var answers: (ProbeStart) -> Finding? = { _ in .success() }
  var starts: [(at: UInt64, ProbeStart)] = []
  var cancelled: [ProbeID] = []
  var reports: [(to: String, CheckReport)] = []

  init(seed: UInt64 = 1, habits: SchedulerHabits = SchedulerHabits()) {
    scheduler = CheckScheduler(seed: seed, habits: habits)
  }

  mutating func subscribe(_ wanted: [(String, CheckDefinition)]) {
    var effects: [Effect] = []
    scheduler.setSubscriptions(wanted.map { (subscriber: $0.0, definition: $0.1) }, now: now, effects: &effects)
    carryOut(effects)
  }

  mutating func change(_ body: (inout CheckScheduler<String>, MonotonicInstant, inout [Effect]) -> Void) {
    var effects: [Effect] = []
    body(&scheduler, now, &effects)
    carryOut(effects)
  }

  mutating func run(seconds: UInt64) {
    let end = now.advanced(byNanoseconds: seconds * Timeline.second)
    while let next = scheduler.nextDeadline, next <= end {
      now = max(now, next)
      change { $0.deadlineReached(now: $1, effects: &$2) }
    }
    now = end
  }

  private mutating func carryOut(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .start(let start):
        starts.append((now.nanoseconds, start))
        if let finding = answers(start) {
          change { $0.probeEnded(start.id, finding: finding, now: $1, effects: &$2) }
        }
      case .cancel(let id): cancelled.append(id)
      case .report(let report, let subscriber): reports.append((subscriber, report))
      }
    }
  }
}

@Suite struct `A check scheduler` {
  func tcp(_ last: UInt8, _ timing: CheckTiming = timing(), alpha: Bool = false) -> CheckDefinition {
    let connection = ProbeConnection(to: .v4(IPv4Address(10, 0, 0, last)), port: 80)
    return CheckDefinition(.tcp(TCPCheck(connection: connection)), timing: timing, startsFailed: alpha)
  }

  @Test func `makes identical probes once and tells everybody`() {
    var world = World()
    var loud = tcp(1)
    loud.logsEveryFailure = true
    world.subscribe([("a", tcp(1)), ("b", tcp(1)), ("c", loud), ("d", tcp(2))])
    #expect(world.scheduler.checkCount == 2)
    world.run(seconds: 1)
    #expect(world.starts.count == 2)
    #expect(world.reports.map(\.to).sorted() == ["a", "b", "c", "d"])
  }

  @Test func `does not share a check of other times or another alpha`() {
    var world = World()
    world.subscribe([("a", tcp(1)), ("b", tcp(1, timing(loop: 3))), ("c", tcp(1, alpha: true))])
    #expect(world.scheduler.checkCount == 3)
  }

  @Test func `spreads the start over the warmup`() {
    var world = World()
    world.subscribe((0..<200).map { ("\($0)", tcp(UInt8($0), timing(loop: 60, warmup: 60))) })
    world.run(seconds: 61)
    #expect(world.starts.count == 200)
    var perTenth = [Int](repeating: 0, count: 6)
    for start in world.starts { perTenth[min(5, Int((start.at - Timeline.second) / (10 * Timeline.second)))] += 1 }
    #expect(perTenth.allSatisfy { (15...55).contains($0) }, "\(perTenth)")
  }

  @Test func `runs the same from the same seed`() {
    var one = World(seed: 7)
    var two = World(seed: 7)
    for world in [1, 2] {
      let wanted = (0..<20).map { ("\($0)", tcp(UInt8($0), timing(warmup: 10))) }
      if world == 1 { one.subscribe(wanted); one.run(seconds: 60) } else { two.subscribe(wanted); two.run(seconds: 60) }
    }
    #expect(one.starts.map(\.1) == two.starts.map(\.1))
  }

  @Test func `keeps what a reload leaves unchanged`() {
    var world = World()
    world.answers = { _ in nil }
    world.subscribe([("a", tcp(1)), ("b", tcp(2))])
    world.run(seconds: 1)
    let running = world.starts.map(\.1.id)
    world.subscribe([("a", tcp(1)), ("b", tcp(2)), ("c", tcp(3))])
    #expect(world.cancelled.isEmpty && world.reports.isEmpty)
    world.change { $0.probeEnded(running[0], finding: bad, now: $1, effects: &$2) }
    #expect(world.reports.count == 1, "the probe under way still counts")
    world.subscribe([("a", tcp(1)), ("b", tcp(2)), ("c", tcp(3))])
    #expect(world.scheduler.state(of: "a")?.isUp == false)
  }

  @Test func `cancels what nobody wants any more`() {
    var world = World()
    world.answers = { _ in nil }
    world.subscribe([("a", tcp(1)), ("b", tcp(2))])
    world.run(seconds: 1)
    world.subscribe([("b", tcp(2))])
    #expect(world.cancelled.count == 1)
    #expect(world.scheduler.checkCount == 1)
    let stray = world.cancelled[0]
    world.change { $0.probeEnded(stray, finding: bad, now: $1, effects: &$2) }
    #expect(world.reports.isEmpty)
    world.subscribe([])
    #expect(world.scheduler.nextDeadline == nil)
  }

  @Test func `keeps the verdict when only times change`() {
    var world = World()
    world.answers = { _ in bad }
    world.subscribe([("a", tcp(1))])
    world.run(seconds: 2)
    #expect(world.scheduler.state(of: "a")?.isUp == false)
    world.reports = []
    world.subscribe([("a", tcp(1, timing(loop: 3)))])
    #expect(world.scheduler.state(of: "a")?.isUp == false)
    #expect(world.reports.isEmpty, "no news")
    let before = world.starts.count
    world.run(seconds: 9)
    #expect(world.starts.count == before + 3)
  }

  @Test func `tells a late subscriber what is known`() {
    var world = World()
    world.answers = { _ in bad }
    world.subscribe([("a", tcp(1))])
    world.run(seconds: 2)
    world.reports = []
    world.subscribe([("a", tcp(1)), ("late", tcp(1))])
    #expect(world.reports.map(\.to) == ["late"])
    #expect(world.reports.first?.1.isUp == false && world.reports.first?.1.news == .changed)
  }

  @Test func `suspends a check when all who want it are suspended`() {
    var world = World()
    world.subscribe([("a", tcp(1)), ("b", tcp(1))])
    world.change { $0.setSuspended(true, "a", now: $1, effects: &$2) }
    world.run(seconds: 1)
    #expect(world.reports.map(\.to) == ["b"])
    world.change { $0.setSuspended(true, "b", now: $1, effects: &$2) }
    world.run(seconds: 100)
    #expect(world.starts.count == 1)
    #expect(world.scheduler.overdue(now: world.now).isEmpty)
    world.reports = []
    world.change { $0.setSuspended(false, "a", now: $1, effects: &$2) }
    #expect(world.reports.map(\.to) == ["a"], "what was found meanwhile")
    world.run(seconds: 2)
    #expect(world.starts.count == 2)
  }

  @Test func `passes on what is observed, to those who come later too`() {
    var world = World()
    let file = CheckDefinition(.file(FileCheck(trackFile: "f", weight: 0)))
    let session = CheckDefinition(.bfd(BFDCheck(session: "s")))
    world.subscribe([("file", file), ("bfd", session)])
    world.change { $0.fileChanged("f", value: 1, now: $1, effects: &$2) }
    world.change { $0.fileChanged("other", value: 1, now: $1, effects: &$2) }
    world.change { $0.sessionChanged("s", isUp: false, now: $1, effects: &$2) }
    #expect(world.reports.map(\.to) == ["file", "bfd"])
    #expect(world.reports.allSatisfy { !$0.1.isUp })
    world.reports = []
    world.subscribe([("new", CheckDefinition(.file(FileCheck(trackFile: "f", weight: 2))))])
    #expect(world.reports.map(\.1.weight) == [.offset(2)])
  }

  @Test func `notices a probe that never ran`() throws {
    var world = World()
    world.subscribe([("a", tcp(1)), ("b", tcp(2))])
    world.run(seconds: 5)
    #expect(world.scheduler.probeAge(of: "a", now: world.now) == 4 * Timeline.second)
    #expect(world.scheduler.probeAge(of: "nobody", now: world.now) == nil)
    // The shell falls asleep: no wake-ups for longer than two periods and a probe's limit.
    let limit = try #require(world.scheduler.probeAgeLimit(of: "a"))
    #expect(limit == (10 + 10 + 15 + 2) * Timeline.second)
    let late = world.now.advanced(byNanoseconds: limit)
    #expect(Set(world.scheduler.overdue(now: late)) == ["a", "b"])
    world.run(seconds: 100)
    #expect(world.scheduler.overdue(now: world.now).isEmpty)
  }

  @Test(arguments: 0..<30) func `never lets a check starve, whatever happens`(seed: UInt64) {
    var random = Random(seed: seed)
    var world = World(seed: seed)
    var wanted: [(String, CheckDefinition)] = []
    let luck = UInt64.random(in: 0...3, using: &random)
    world.answers = { start in start.nonce % 4 < luck ? (start.nonce % 8 < 4 ? good : bad) : nil }
    for _ in 0..<60 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0:
        wanted.append(("\(UInt64.random(in: 0...99, using: &random))", tcp(UInt8.random(in: 0...9, using: &random))))
        world.subscribe(wanted)
      case 1 where !wanted.isEmpty:
        wanted.remove(at: Int.random(in: 0..<wanted.count, using: &random))
        world.subscribe(wanted)
      case 2 where !wanted.isEmpty:
        let name = wanted[Int.random(in: 0..<wanted.count, using: &random)].0
        let isSuspended = Bool.random(using: &random)
        world.change { $0.setSuspended(isSuspended, name, now: $1, effects: &$2) }
      default:
        world.run(seconds: UInt64.random(in: 0...40, using: &random))
      }
      #expect(world.scheduler.overdue(now: world.now).isEmpty)
      #expect(world.scheduler.checkCount <= Set(wanted.map(\.1)).count)
    }
    // A subscriber told nothing was suspended all along or has nothing to be told.
    world.subscribe([])
    #expect(world.scheduler.checkCount == 0 && world.scheduler.nextDeadline == nil)
  }
}
