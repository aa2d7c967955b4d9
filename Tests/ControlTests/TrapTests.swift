import Foundation
import Testing
import VRRPSimulation

@testable import vrrpctl

/// Two mistakes that real configurations make, explained in words and shown in simulation.
@Suite struct TrapTests {
  private static func paths(_ folder: String) -> [String] {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    return ["first", "second"].map { fixtures.appending(path: "\(folder)/\($0).conf").path() }
  }

  private static func explanation(_ folder: String) throws -> Explanation {
    var explanation = Explanation(try ConfiguredWorld(paths(folder)))
    explanation.run()
    return explanation
  }

  /// The configured world after some commands.
  private static func world(_ folder: String, after commands: [String]) throws -> Simulation {
    var scenario = Scenario(try ConfiguredWorld(paths(folder)).simulation)
    for command in commands { try scenario.perform(command) }
    return scenario.simulation
  }

  @Test func `a weight that is too small is explained`() throws {
    let explanation = try Self.explanation("weight-too-small")
    #expect(explanation.hasTraps)
    #expect(
      explanation.lines == [
        "WEB, VRID 51",
        "  first: 150 priority, -20 script web_answers while down; now 150; state MASTER",
        "  second: 100 priority, -20 script web_answers while down; now 100",
        "  first is active: 150 is more than 100",
        "  TRAP: when script web_answers fails on first, it stays active: 130 is still more than 100; "
          + "it would have to cost 51 at least",
        "  when script web_answers fails on second, first stays active",
        "  when first loses its power, second takes over; when it returns, first is active",
      ])
  }

  @Test func `a weight that is too small moves nothing`() throws {
    let world = try Self.world("weight-too-small", after: ["run 20s", "check first web_answers down", "run 60s"])
    #expect(world.priority(of: 0, in: 0) == 130)
    #expect(world.owners(of: 0) == [0])
    #expect(world.violations.isEmpty)
  }

  @Test func `nopreempt beside state MASTER on both is explained`() throws {
    let explanation = try Self.explanation("nopreempt-with-master")
    #expect(explanation.hasTraps)
    #expect(
      explanation.lines == [
        "WEB, VRID 51",
        "  first: 150 priority; now 150; takes part only while script web_answers is up; state MASTER",
        "  second: 100 priority; now 100; takes part only while script web_answers is up; state MASTER",
        "  first is active: 150 is more than 100",
        "  TRAP: state MASTER on first and second: it only hurries the start; priority decides",
        "  TRAP: nopreempt has no effect beside state MASTER on first and second: "
          + "whoever has the higher priority takes over when it returns",
        "  when script web_answers fails on first, second takes over",
        "  when script web_answers fails on second, first stays active",
        "  when first loses its power, second takes over; when it returns, first is active",
      ])
  }

  @Test func `nopreempt beside state MASTER does not keep the better one from coming back`() throws {
    let commands = ["run 20s", "poweroff first", "run 20s"]
    #expect(try Self.world("nopreempt-with-master", after: commands).owners(of: 0) == [1])
    let world = try Self.world("nopreempt-with-master", after: commands + ["start first", "run 20s"])
    #expect(world.owners(of: 0) == [0])
    #expect(world.violations.isEmpty)
  }
}
