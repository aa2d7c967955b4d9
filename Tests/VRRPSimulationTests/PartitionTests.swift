import Testing
import VRRPSimulation

@Suite struct PartitionTests {
  /// Three routers and a neighbour on one segment.
  static func threeRouters(seed: UInt64) throws -> Simulation {
    var simulation = Simulation(seed: seed)
    let segment = simulation.segment(named: "lan")
    let vip = try #require(IPPrefix("10.0.1.1/24"))
    for (index, name) in ["a", "b", "c"].enumerated() {
      let address = try #require(IPAddress("10.0.0.\(index + 2)"))
      let definition = VirtualRouterDefinition(
        name: "V51", interface: "eth0", virtualRouterID: 51, version: .v3, priority: UInt8(150 - 25 * index),
        addresses: [VirtualAddress(vip)])
      simulation.addNode(
        name, interfaces: [(name: "eth0", addresses: [address], segment: segment)], definitions: [definition])
    }
    simulation.addHost("client", on: segment, questionInterval: 100_000_000)
    for node in simulation.nodes.indices { simulation.start(node) }
    return simulation
  }

  @Test(arguments: 1...24 as ClosedRange<UInt64>)
  func `partition, heal, kill and restart leave one active router per segment`(seed: UInt64) throws {
    var simulation = try Self.threeRouters(seed: seed)
    var generator = SplitMix64(seed: seed)
    for _ in 0..<20 {
      simulation.run(for: generator.within(0...8_000_000_000))
      let node = Int(generator.below(3))
      switch generator.below(4) {
      case 0: simulation.partition([["a", "b", "c"].filter { _ in generator.happens(permille: 500) }])
      case 1: simulation.heal()
      case 2: simulation.powerOff(node)
      default: simulation.start(node)
      }
    }
    simulation.heal()
    for node in simulation.nodes.indices { simulation.start(node) }
    simulation.run(for: 20_000_000_000)
    #expect(simulation.violations == [])
    #expect(simulation.role(of: 0, in: 0) == .active)
    #expect(simulation.owners(of: 0) == [0])
    #expect(simulation.hosts[0].services.first?.answeredBy == 0)
  }

  @Test func `a seed means the same run every time`() throws {
    func transcript() throws -> [TimelineEntry] {
      var simulation = try Self.threeRouters(seed: 7)
      simulation.detail = .adverts
      var quality = Quality()
      quality.lossPermille = 300
      quality.maximumDelay = 30_000_000
      simulation.setQuality(quality)
      simulation.run(for: 100_000_000_000)
      return simulation.timeline
    }
    let first = try transcript()
    #expect(first.count > 100)
    #expect(try transcript() == first)
  }
}
