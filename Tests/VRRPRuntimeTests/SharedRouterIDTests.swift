import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

/// Routers of one VRID on one interface, which keepalived has where their multicast groups or unicast sources differ.
@Suite struct `Routers that share a VRID` {
  private static let group = IPAddress("224.0.0.77")
  private static let peer = IPAddress("10.0.0.9")

  private static func inGroup() -> VirtualRouterDefinition {
    .v51 {
      $0.name = "G51"
      $0.policy.destination = group
    }
  }

  private static func unicast() -> VirtualRouterDefinition {
    .v51 {
      $0.name = "U51"
      $0.unicastPeers = peer.map { [$0] } ?? []
    }
  }

  private static func received(_ bench: borrowing Bench) -> [UInt64] {
    bench.engine.handles.map { bench.engine[$0]?.counters.received ?? 0 }
  }

  @Test func `hear what is sent to their group or address`() throws {
    var bench = Bench([.v51(), Self.inGroup(), Self.unicast()])
    try bench.hear(priority: 200, to: try #require(Self.group), at: .ms(10))
    #expect(Self.received(bench) == [0, 1, 0])
    try bench.hear(priority: 200, at: .ms(10))
    #expect(Self.received(bench) == [1, 1, 0])
    try bench.hear(priority: 200, to: try #require(IPAddress("10.0.0.1")), at: .ms(10))
    #expect(Self.received(bench) == [1, 1, 1])
    // Nobody's group: the first counts the refusal.
    try bench.hear(priority: 200, to: try #require(IPAddress("224.0.0.78")), at: .ms(10))
    #expect(Self.received(bench) == [1, 1, 1])
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.counters.destinationErrors == 1)
  }

  @Test func `go one by one, and follow the interface`() throws {
    var bench = Bench([.v51(), Self.inGroup()])
    bench.engine.update(.eth0(index: 9), now: .ms(10))
    try bench.hear(priority: 200, interface: 9, to: try #require(Self.group), at: .ms(20))
    #expect(Self.received(bench) == [0, 1])
    bench.engine.apply([Self.inGroup()], now: .ms(30))
    bench.run(to: .ms(2000))
    try bench.hear(priority: 200, interface: 9, at: .ms(2010))
    try bench.hear(priority: 200, interface: 9, to: try #require(Self.group), at: .ms(2010))
    #expect(Self.received(bench) == [2])
  }

  @Test func `are told apart by their names when the configuration is read again`() {
    var bench = Bench([.v51(), Self.inGroup(), Self.unicast()])
    _ = bench.calls()
    let same = bench.engine.apply([Self.unicast(), .v51(), Self.inGroup()], now: .ms(10))
    #expect(same.unchanged == 3 && same.added + same.changed + same.removed == 0)
    let fewer = bench.engine.apply([Self.unicast(), .v51()], now: .ms(20))
    #expect(fewer.unchanged == 2 && fewer.removed == 1)
    #expect(bench.calls().contains("G51: backup -> initialize (shutdown)"))
  }
}
