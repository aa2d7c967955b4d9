import HealthCheck
import Synchronization
import Testing

/// A world whose clock jumps to whatever is waited for.
final class JumpingWorld: ProbeWorld {
  private let clock = Mutex<UInt64>(0)
  private let count = Mutex<Int>(0)
  let answer: Finding

  init(answer: Finding) { self.answer = answer }

  var now: MonotonicInstant { MonotonicInstant(nanoseconds: clock.withLock { $0 }) }
  var probes: Int { count.withLock { $0 } }

  @concurrent func sleep(until instant: MonotonicInstant) async throws {
    await Task.yield()
    try Task.checkCancellation()
    clock.withLock { $0 = max($0, instant.nanoseconds) }
  }

  @concurrent func probe(_ start: ProbeStart) async -> Finding {
    count.withLock { $0 += 1 }
    return answer
  }
}

@Suite struct `A check runner` {
  @Test(.timeLimit(.minutes(20))) func `tells of each finding as long as somebody listens`() async {
    let world = JumpingWorld(answer: bad)
    let runner = CheckRunner(in: world, seed: 1)
    let definition = CheckDefinition(.tcp(TCPCheck(connection: somewhere)), timing: timing())
    var reports: [CheckReport] = []
    for await report in runner.findings(of: definition) {
      reports.append(report)
      if reports.count == 3 { break }
    }
    #expect(reports.map(\.isUp) == [false, false, false])
    #expect(reports.map(\.news) == [.changed, .none, .none])
    #expect(world.probes >= 3)
  }

  @Test(.timeLimit(.minutes(20))) func `shares the probes of equal checks`() async {
    let world = JumpingWorld(answer: good)
    let runner = CheckRunner(in: world, seed: 1)
    let definition = CheckDefinition(.tcp(TCPCheck(connection: somewhere)), timing: timing())
    var one = runner.findings(of: definition).makeAsyncIterator()
    var two = runner.findings(of: definition).makeAsyncIterator()
    #expect(await one.next()?.isUp == true)
    #expect(await two.next()?.isUp == true)
    #expect(await runner.probeAges.count == 1)
  }
}
