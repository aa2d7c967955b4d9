import Testing
import VRRPSimulation

@Suite struct SearchTests {
  /// What a minute of CI affords; `vrrpctl explore` goes on (docs/simulation.md).
  @Test func `random faults break no property`() {
    for seed in 1...40 as ClosedRange<UInt64> {
      let finding = Search.finding(seed: seed, duration: 60_000_000_000)
      #expect(finding == nil, "seed \(seed): \(finding?.lines.joined(separator: "\n") ?? "")")
    }
  }

  @Test(arguments: PlantedDefect.allCases)
  func `a planted bug is found`(defect: PlantedDefect) throws {
    let finding = (1...1000 as ClosedRange<UInt64>).lazy
      .compactMap { Search.finding(seed: $0, duration: 100_000_000_000, defect: defect) }.first
    let found = try #require(finding, "\(defect) is not noticed")
    // Without the bug the same commands break nothing.
    #expect(Search.violation(of: found.lines.filter { !$0.hasPrefix("plant") }) == nil)
  }

  @Test func `what is found is made short and stays a scenario`() throws {
    let found = try #require(
      (1...100 as ClosedRange<UInt64>).lazy
        .compactMap { Search.finding(seed: $0, duration: 60_000_000_000, defect: .skipsAdverts) }.first)
    let short = Search.shrink(found, budget: 200)
    #expect(short.lines.count < found.lines.count || found.lines.count < 6)
    #expect(short.violation.property == found.violation.property)
    var scenario = Scenario()
    for line in short.lines { try scenario.perform(line) }
    #expect(scenario.simulation.violations.first == short.violation)
  }

  static let twoRouters = ["router a 10.0.0.2 priority 150", "router b 10.0.0.3 priority 100", "client h"]
  static let threeRouters = twoRouters + ["router c 10.0.0.4 priority 100"]

  @Test func `every order of three faults on two routers`() throws {
    let search = ExhaustiveSearch(
      setup: Self.twoRouters + ["run 4s"],
      faults: ["cut a -> b", "cut b -> a", "heal", "stop a", "crash a", "respawn a", "start a", "stall a 4s"],
      step: 700_000_000, faultLimit: 3, stepLimit: 20, settlingSteps: 14)
    let outcome = try search.run()
    #expect(outcome.finding == nil, "\(outcome.finding?.lines.joined(separator: "\n") ?? "")")
    #expect(outcome.stateCount > 1000)
    print("two routers: \(outcome.stateCount) states in \(outcome.stepCount) steps")
  }

  @Test func `every order of two faults on three routers, two of them equal`() throws {
    let search = ExhaustiveSearch(
      setup: Self.threeRouters + ["run 4s"],
      faults: ["partition a | b c", "partition a b | c", "heal", "poweroff a", "stop b", "start a", "link a down"],
      step: 900_000_000, faultLimit: 2, stepLimit: 24, settlingSteps: 16)
    let outcome = try search.run()
    #expect(outcome.finding == nil, "\(outcome.finding?.lines.joined(separator: "\n") ?? "")")
    print("three routers: \(outcome.stateCount) states in \(outcome.stepCount) steps")
  }

  @Test func `the exhaustive search finds a planted bug`() throws {
    let search = ExhaustiveSearch(
      setup: Self.twoRouters + ["plant a keeps-addresses", "run 4s"], faults: ["reload a priority 50"],
      step: 700_000_000, faultLimit: 1, stepLimit: 10, settlingSteps: 8)
    #expect(try search.run().finding?.violation.property == .addressesDisagree)
  }

  @Test func `a number drawn is within its bounds, and the first ones are known`() {
    var generator = SplitMix64(seed: 0)
    // The reference implementation's first outputs for seed 0.
    #expect(generator.next() == 0xe220_a839_7b1d_cdaf)
    #expect(generator.next() == 0x6e78_9e6a_a1b9_65f4)
    for _ in 0..<1000 { #expect((3...9).contains(generator.within(3...9))) }
  }
}
