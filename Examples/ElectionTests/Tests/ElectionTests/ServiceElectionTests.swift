import Testing
import VRRPSimulation

/// How a service that embeds the election can prove what its own settings do, without a network and without waiting.
@Suite struct ServiceElectionTests {
  @Test func `the standby takes over within a second and gives back without an outage`() throws {
    var scenario = Scenario()
    for line in [
      "router primary 10.0.0.2 priority 200 interval 200ms",
      "router standby 10.0.0.3 priority 100 interval 200ms",
      "client app asks 10ms",
      "run 5s",
      "poweroff primary",
      "run 5s",
      "start primary",
      "run 5s",
    ] { try scenario.perform(line) }
    let simulation = scenario.simulation
    #expect(simulation.violations.isEmpty)
    #expect(simulation.longestUnowned(of: 0) < 1_000_000_000)
    #expect(simulation.hosts[0].services[0].longestOutage < 1_000_000_000)
    #expect(simulation.owners(of: 0) == [0])
  }

  @Test func `no seed breaks our settings`() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var scenario = Scenario(seed: seed)
      for line in [
        "router primary 10.0.0.2 priority 200 interval 200ms",
        "router standby 10.0.0.3 priority 100 interval 200ms",
        "quality loss 10% delay 1ms..30ms", "run 60s", "quality", "run 5s",
      ] { try scenario.perform(line) }
      #expect(scenario.simulation.violations.isEmpty, "seed \(seed)")
      #expect(scenario.simulation.owners(of: 0) == [0], "seed \(seed)")
    }
  }
}
