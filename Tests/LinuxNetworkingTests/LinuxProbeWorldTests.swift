import Foundation
import HealthCheck
import HealthCheckLinux
import LinuxNetworking
import NetPrimitives
import Testing

@Suite struct LinuxProbeWorldTests {
  @Test func `a program hears of its server going and coming`() async throws {
    let port = try unusedPort()
    let runner = CheckRunner(in: try LinuxProbeWorld(), seed: 1)
    let timing = CheckTiming(
      delayLoopNanoseconds: 20_000_000, retries: 0, delayBeforeRetryNanoseconds: 0, warmupNanoseconds: 0)
    let definition = CheckDefinition(.tcp(TCPCheck(connection: loopback(port))), timing: timing)
    var verdicts: [Bool] = []
    for await report in runner.findings(of: definition) where report.news != .none {
      verdicts.append(report.isUp)
      if verdicts.count == 2 { break }
      #expect(report.finding.outcome == fault(.connect, .refused))
      _ = try StreamServer(port: port) { _ in }
    }
    #expect(verdicts == [false, true])
  }

  @Test func `two runners share a world, and a thousand probes each`() async throws {
    let server = try StreamServer(backlog: 1024) { _ in }
    let world = try LinuxProbeWorld(socketLimit: 50)
    let definition = CheckDefinition(.tcp(TCPCheck(connection: loopback(server.port))))
    let successes = await withTaskGroup { group in
      for number in 0..<1000 {
        group.addTask {
          // The numbers are the runners' own: the same twice.
          let start = ProbeStart(
            id: ProbeID(rawValue: UInt64(number % 500)), definition: definition,
            deadline: world.now.advanced(byNanoseconds: 3_600_000_000_000), nonce: 1)
          return await world.probe(start).outcome == fine
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(successes == 1000)
  }

  @Test func `a probe nobody waits for any more is dropped at once`() async throws {
    let silent = try StreamServer { connection in _ = hear(on: connection) }
    let world = try LinuxProbeWorld()
    let start = ProbeStart(
      id: ProbeID(rawValue: 1),
      definition: CheckDefinition(.tcp(TCPCheck(connection: loopback(silent.port), script: [.expect([1])]))),
      deadline: world.now.advanced(byNanoseconds: 3_600_000_000_000), nonce: 1)
    let task = Task { await world.probe(start) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    #expect(await task.value.outcome == .inconclusive(.cancelled))
  }

  @Test func `the thread ends with its world`() async throws {
    do {
      let worlds = try (0..<20).map { _ in try LinuxProbeWorld() }
      while threadCount() < 20 { try await Task.sleep(for: .milliseconds(10)) }
      #expect(worlds.count == 20)
    }
    // Other tests have worlds of their own.
    for _ in 0..<500 where threadCount() >= 10 { try await Task.sleep(for: .milliseconds(10)) }
    #expect(threadCount() < 10)
  }

  private func threadCount() -> Int {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    let names = tasks.map { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
    return names.count { $0 == LinuxProbeWorld.threadName + "\n" }
  }
}
