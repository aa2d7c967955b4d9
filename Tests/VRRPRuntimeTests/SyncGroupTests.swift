import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct `A sync group` {
  typealias Member = SyncGroup.Member

  @Test(arguments: [
    ([Member(role: .backup, isReady: true), Member(role: .backup, isReady: false)], SyncGroup.Verdict.settled),
    ([Member(role: .backup, isReady: true), Member(role: .backup, isReady: true)], .activate),
    ([Member(role: .active, isReady: false), Member(role: .backup, isReady: true)], .activate),
    ([Member(role: .active, isReady: false), Member(role: .backup, isReady: false)], .yield),
    ([Member(role: .active, isReady: false), Member(role: .fault, isReady: false)], .yield),
    ([Member(role: .active, isReady: false), Member(role: .initialize, isReady: false)], .settled),
    ([Member(role: .active, isReady: false), Member(role: .active, isReady: false)], .settled),
    ([], .settled),
  ])
  func judges(members: [Member], verdict: SyncGroup.Verdict) {
    #expect(SyncGroup.verdict(on: members) == verdict)
  }

  /// Two routers of a group on two interfaces.
  struct Pair {
    var engine = VRRPEngine(in: RecordingWorld())

    init() {
      var inside = VirtualRouterDefinition.v51()
      inside.name = "inside"
      var outside = VirtualRouterDefinition.v51()
      outside.name = "outside"
      outside.interface = "eth1"
      engine.update(.eth0(), now: .ms(0))
      engine.update(Self.eth1(), now: .ms(0))
      engine.apply(
        [inside, outside], groups: [SyncGroupDefinition(name: "G", members: ["inside", "outside"])], now: .ms(0))
      _ = engine.world.take()
    }

    static func eth1(up: Bool = true) -> InterfaceState {
      InterfaceState(
        index: .init(rawValue: 4), name: "eth1", isUp: up, addresses: [IPAddress("10.1.0.1")].compactMap { $0 })
    }

    mutating func run(to now: MonotonicInstant) {
      while let deadline = engine.nextDeadline, deadline <= now { engine.advance(to: deadline) }
    }

    mutating func hear(priority: UInt8, on interface: UInt32, at now: MonotonicInstant) throws {
      let source = try #require(IPAddress(interface == 3 ? "10.0.0.9" : "10.1.0.9"))
      let message = AdvertisementMessage(
        version: .v3, family: .ipv4, virtualRouterID: 51, priority: priority, addressCount: 1, interval: .second,
        checksumKind: .pseudoHeader)
      let addresses = [try #require(IPAddress("10.0.1.1"))]
      let bytes = AdvertisementTemplate(message, addresses: addresses.span, from: source, to: .v4(.vrrpGroup)).bytes
      engine.receive(
        bytes.span.bytes, as: AdvertisementArrival(source: source, destination: .v4(.vrrpGroup), hopLimit: 255),
        on: InterfaceIndex(rawValue: interface), receivedAt: now, now: now)
    }

    mutating func roles() -> [String] {
      engine.world.take().filter { $0.contains("->") || $0.hasPrefix("group") || $0.hasPrefix("send") }
    }
  }

  @Test func `becomes active together, when the last member is ready`() throws {
    var pair = Pair()
    try pair.hear(priority: 120, on: 4, at: .ms(3000))
    pair.run(to: .ms(6600))
    #expect(pair.roles() == [])
    pair.run(to: .ms(6610))
    #expect(
      pair.roles() == [
        "send inside 100", "inside: backup -> active (activeDown)", "send outside 100",
        "outside: backup -> active (activeDown)", "group G active",
      ])
  }

  @Test func `gives way together`() throws {
    var pair = Pair()
    pair.run(to: .ms(4000))
    _ = pair.engine.world.take()
    try pair.hear(priority: 200, on: 3, at: .ms(4100))
    #expect(
      pair.roles() == [
        "send inside 100", "inside: active -> backup (outranked)", "send outside 0", "group G backup",
      ])
    // It serves on until the successor speaks.
    try pair.hear(priority: 200, on: 4, at: .ms(4120))
    #expect(pair.roles() == ["outside: active -> backup (groupYielded)"])
  }

  @Test func `is at fault together and comes back together`() {
    var pair = Pair()
    pair.run(to: .ms(4000))
    _ = pair.engine.world.take()
    pair.engine.update(Pair.eth1(up: false), now: .ms(4100))
    #expect(
      pair.roles() == [
        "send outside 0", "outside: active -> fault (ineligible)", "send inside 0", "group G fault",
      ])
    pair.run(to: .ms(5200))
    #expect(pair.roles() == ["inside: active -> fault (ineligible)"], "with nobody to succeed it")
    pair.engine.update(Pair.eth1(), now: .ms(5300))
    #expect(
      pair.roles() == [
        "inside: fault -> backup (startup)", "outside: fault -> backup (startup)", "group G backup",
      ])
    pair.run(to: .ms(9000))
    #expect(pair.roles().contains("group G active"))
  }

  @Test func `stops together`() {
    var pair = Pair()
    pair.run(to: .ms(4000))
    _ = pair.engine.world.take()
    pair.engine.stop(now: .ms(4100))
    pair.run(to: .ms(5300))
    #expect(
      pair.roles() == [
        "send inside 0", "send outside 0", "inside: active -> initialize (shutdown)",
        "outside: active -> initialize (shutdown)", "group G initialize",
      ])
    #expect(pair.engine.isStopped)
  }
}
