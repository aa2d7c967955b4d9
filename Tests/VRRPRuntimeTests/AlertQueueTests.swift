import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct `The queue of alerts` {
  /// A queue and what it wanted, in words.
  struct Bench {
    var queue = AlertQueue(limits: .init(waiting: 2, delivery: 100, idle: 10, rest: 5))
    var wanted: [String] = []
    var count = 0

    mutating func add(at now: UInt64 = 0) throws {
      count += 1
      var global = GlobalDefinition()
      global.alerts.webhook = .init(host: "h", port: 1)
      let alert = Alert(
        .instance("\(count)"), .active, priority: 1, routerID: "r", time: WallClockTime(microseconds: 0))
      let delivery = try #require(AlertDelivery(alert, global: global, isMailed: false))
      queue.add(delivery, now: MonotonicInstant(nanoseconds: now))
      note()
    }

    mutating func at(_ now: UInt64, _ event: (inout AlertQueue, MonotonicInstant) -> Void) {
      event(&queue, MonotonicInstant(nanoseconds: now))
      note()
    }

    private mutating func note() {
      for effect in queue.takeEffects() {
        switch effect {
        case .start: wanted.append("start")
        case .deliver(let alert): wanted.append("deliver \(alert.title.split(separator: " ")[3])")
        case .dismiss: wanted.append("dismiss")
        case .kill: wanted.append("kill")
        case .reportDropped(let count): wanted.append("dropped \(count)")
        }
      }
    }
  }

  @Test func `one alert at a time, in order, and nobody stays without work`() throws {
    var bench = Bench()
    #expect(bench.queue.isIdle && bench.queue.nextDeadline == nil)
    try bench.add()
    try bench.add()
    #expect(bench.wanted == ["start", "deliver 1"])
    #expect(!bench.queue.isIdle)
    bench.at(1) { $0.delivered(now: $1) }
    #expect(bench.wanted.last == "deliver 2")
    bench.at(2) { $0.delivered(now: $1) }
    #expect(bench.queue.isIdle)
    #expect(bench.queue.nextDeadline == MonotonicInstant(nanoseconds: 12))
    bench.at(11) { $0.advance(to: $1) }
    #expect(bench.wanted.count == 3)
    bench.at(12) { $0.advance(to: $1) }
    #expect(bench.wanted.last == "dismiss")
    // What comes while it leaves is for the next one.
    try bench.add(at: 13)
    #expect(bench.wanted.last == "dismiss")
    bench.at(14) { $0.courierEnded(now: $1) }
    #expect(bench.wanted.suffix(2) == ["start", "deliver 3"])
  }

  @Test func `the oldest give way, and it is told, but not of each`() throws {
    var bench = Bench()
    for _ in 0..<6 { try bench.add() }
    #expect(bench.wanted == ["start", "deliver 1", "dropped 1"])
    for time in 1...3 { bench.at(UInt64(time)) { $0.delivered(now: $1) } }
    #expect(bench.wanted.suffix(3) == ["deliver 5", "deliver 6", "dropped 2"])
    #expect(bench.queue.droppedCount == 3)
  }

  @Test func `what hangs is killed and the next alert has a new process`() throws {
    var bench = Bench()
    try bench.add()
    try bench.add()
    bench.at(100) { $0.advance(to: $1) }
    #expect(bench.wanted.suffix(2) == ["dropped 1", "kill"])
    bench.at(101) { $0.courierEnded(now: $1) }
    #expect(bench.wanted.suffix(2) == ["start", "deliver 2"])
  }

  @Test func `a process that dies takes its alert along and is not restarted in a hurry`() throws {
    var bench = Bench()
    try bench.add()
    try bench.add()
    bench.at(1) { $0.courierEnded(now: $1) }
    #expect(bench.wanted == ["start", "deliver 1", "dropped 1"])
    #expect(!bench.queue.isIdle)
    bench.at(5) { $0.advance(to: $1) }
    #expect(bench.wanted.count == 3)
    bench.at(6) { $0.advance(to: $1) }
    #expect(bench.wanted.suffix(2) == ["start", "deliver 2"])
    bench.at(7) { $0.courierEnded(now: $1) }
    #expect(bench.queue.isIdle && bench.queue.nextDeadline == nil)
  }

  @Test func `what is left at the end is lost, and told`() throws {
    var bench = Bench()
    for _ in 0..<3 { try bench.add() }
    bench.at(1) { queue, _ in queue.abandon() }
    #expect(bench.wanted.suffix(3) == ["dropped 2", "dropped 1", "kill"])
    #expect(bench.queue.isIdle)
  }
}
