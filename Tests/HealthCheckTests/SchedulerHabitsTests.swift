import HealthCheck
import Testing

@Suite struct `Habits of a scheduler` {
  func tcp(_ last: UInt8, loop: UInt64 = 5, alpha: Bool = false) -> CheckDefinition {
    let connection = ProbeConnection(to: .v4(IPv4Address(10, 0, 0, last)), port: 80)
    return CheckDefinition(
      .tcp(TCPCheck(connection: connection)), timing: timing(loop: loop, warmup: 60), startsFailed: alpha)
  }

  @Test func `probes that fall due within 50 ms start together, late by no more than that`() {
    var plain = World()
    var gathering = World(habits: .thrifty)
    let wanted = (0..<200).map { ("\($0)", tcp(UInt8($0))) }
    plain.subscribe(wanted)
    gathering.subscribe(wanted)
    plain.run(seconds: 61)
    gathering.run(seconds: 62)
    #expect(Set(plain.starts.map(\.at)).count > 1000)
    #expect(gathering.starts.allSatisfy { $0.at % 50_000_000 == 0 })
    #expect(Set(gathering.starts.map(\.at)).count <= 62 * 20)
    for (last, definition) in wanted.indices.map({ ($0, wanted[$0].1) }) {
      let due = plain.starts.first { $0.1.definition == definition }?.at ?? 0
      let start = gathering.starts.first { $0.1.definition == definition }?.at ?? 0
      #expect(start >= due && start - due < 50_000_000, "check \(last)")
    }
  }

  @Test func `a short period is kept to a hundredth`() {
    var world = World(habits: .thrifty)
    let timing = CheckTiming(delayLoopNanoseconds: 100_000_000, warmupNanoseconds: 0)
    world.subscribe([("a", CheckDefinition(tcp(1).probe, timing: timing))])
    world.run(seconds: 11)
    let times = world.starts.map(\.at)
    #expect(times.count == 101)
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == 100_000_000 })
  }

  @Test func `a success is told once, a failure each time, and what changes always`() {
    var world = World(habits: .thrifty)
    var answers: [Finding] = [
      .success(), .success(), .success(latencyNanoseconds: 9), Finding(.success(.absolute(3))),
      Finding(.success(.absolute(3))), .failure(.connect, .refused), .failure(.connect, .refused),
      .failure(.connect, .refused), .success(), .success(),
    ]
    var told: [Int] = []
    world.subscribe([("a", tcp(1))])
    while !answers.isEmpty {
      let (answer, before) = (answers.removeFirst(), world.reports.count)
      world.answers = { _ in answer }
      let starts = world.starts.count
      while world.starts.count == starts { world.run(seconds: 1) }
      told.append(world.reports.count - before)
    }
    #expect(told == [1, 0, 0, 1, 0, 1, 1, 1, 1, 0])
  }

  @Test func `a certificate about to end is told with each finding, and when it was renewed`() {
    var world = World(habits: .thrifty)
    var ending = Finding.success()
    ending.certificateDaysLeft = 3
    world.answers = { [ending] _ in ending }
    world.subscribe([("a", tcp(1))])
    world.run(seconds: 80)
    let probed = world.starts.count
    #expect(probed > 2 && world.reports.count == probed)
    world.answers = { _ in .success() }
    world.run(seconds: 20)
    #expect(world.reports.count == probed + 1)
  }

  @Test func `who joins late is told what the others know`() {
    var world = World(habits: .thrifty)
    world.subscribe([("a", tcp(1, alpha: true))])
    world.run(seconds: 70)
    #expect(world.reports.map(\.to) == ["a"])
    world.subscribe([("a", tcp(1, alpha: true)), ("b", tcp(1, alpha: true))])
    #expect(world.reports.map(\.to) == ["a", "b"])
    #expect(world.reports.last?.1.isUp == true)
  }
}
