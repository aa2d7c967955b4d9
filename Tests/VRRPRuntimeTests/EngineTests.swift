import CAllocationCounter
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

/// One engine with one router on eth0, and the hand of a test on its clock.
struct Bench {
  var engine = VRRPEngine(in: RecordingWorld())

  init(_ definitions: [VirtualRouterDefinition], interface: InterfaceState = .eth0(), at now: MonotonicInstant = .ms(0))
  {
    engine.update(interface, now: now)
    engine.apply(definitions, now: now)
  }

  /// What the world was asked for since the last time.
  mutating func calls() -> [String] { engine.world.take() }

  mutating func run(to now: MonotonicInstant) {
    while let deadline = engine.nextDeadline, deadline <= now { engine.advance(to: deadline) }
  }

  mutating func hear(
    priority: UInt8, from source: String = "10.0.0.9", interval: UInt16 = 100, ttl: UInt8 = 255, vrid: UInt8 = 51,
    interface: UInt32 = 3, to destination: IPAddress = .v4(.vrrpGroup), at now: MonotonicInstant,
    spoil: (inout [UInt8]) -> Void = { _ in }
  ) throws {
    let source = try #require(IPAddress(source))
    let interval = try #require(AdvertisementInterval(centiseconds: interval))
    let addresses = [try #require(IPAddress("10.0.1.1"))]
    let message = AdvertisementMessage(
      version: .v3, family: .ipv4, virtualRouterID: vrid, priority: priority, addressCount: 1, interval: interval,
      checksumKind: .messageOnly)
    var bytes = AdvertisementTemplate(message, addresses: addresses.span, from: source, to: destination).bytes
    spoil(&bytes)
    let arrival = AdvertisementArrival(source: source, destination: destination, hopLimit: ttl)
    engine.receive(
      bytes.span.bytes, as: arrival, on: InterfaceIndex(rawValue: interface), receivedAt: now, now: now)
  }
}

@Suite struct `The engine` {
  @Test func `takes over, serves and says good-bye in the right order`() {
    var bench = Bench([.v51()])
    #expect(bench.calls() == ["eth0 up", "define V51 on eth0", "V51: initialize -> backup (startup)"])
    bench.run(to: .ms(3609))
    #expect(bench.calls() == [])
    bench.run(to: .ms(3610))
    #expect(
      bench.calls() == [
        "send V51 100", "acquire V51", "announce V51 x5", "V51: backup -> active (activeDown)",
      ])
    bench.run(to: .ms(4700))
    #expect(bench.calls() == ["send V51 100"])
    bench.engine.stop(now: .ms(5000))
    #expect(bench.calls() == ["send V51 0"])
    #expect(!bench.engine.isStopped)
    bench.run(to: .ms(6030))
    #expect(bench.calls() == ["release V51", "V51: active -> initialize (shutdown)"])
    #expect(bench.engine.isStopped)
  }

  @Test func `serves on until its successor speaks`() throws {
    var bench = Bench([.v51()])
    bench.run(to: .ms(3700))
    try bench.hear(priority: 50, at: .ms(3800))
    bench.engine.stop(now: .ms(5000))
    _ = bench.engine.world.take()
    bench.run(to: .ms(5600))
    #expect(bench.calls() == [])
    try bench.hear(priority: 50, at: .ms(5610))
    #expect(bench.calls() == ["release V51", "V51: active -> initialize (shutdown)"])
  }

  @Test func `sorts packets by interface, family and VRID`() throws {
    var bench = Bench([.v51()])
    try bench.hear(priority: 200, vrid: 52, at: .ms(10))
    try bench.hear(priority: 200, interface: 4, at: .ms(10))
    let record = try #require(bench.engine[RouterHandle(rawValue: 0)])
    #expect(record.counters == AdvertisementCounters())
    try bench.hear(priority: 200, at: .ms(10))
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.counters.received == 1)
  }

  @Test func `a packet that fails a check moves nothing and is told once`() throws {
    var bench = Bench([.v51()])
    bench.run(to: .ms(4000))
    _ = bench.engine.world.take()
    let before = try #require(bench.engine[RouterHandle(rawValue: 0)])
    for millisecond in 0..<50 {
      try bench.hear(priority: 200, at: .ms(4001 + UInt64(millisecond))) { $0[7] ^= 0x55 }
      try bench.hear(priority: 0, ttl: 254, at: .ms(4001 + UInt64(millisecond)))
    }
    let after = try #require(bench.engine[RouterHandle(rawValue: 0)])
    #expect(after.machine == before.machine)
    #expect(after.counters.checksumErrors == 50)
    #expect(after.counters.hopLimitErrors == 50)
    #expect(
      bench.calls() == [
        "reject V51 malformed(VRRPCore.AdvertisementDecodingError.badChecksum)",
        "reject V51 hopLimit(254)",
      ])
  }

  @Test func `a flood of lower adverts is answered and told, but not flooded back`() throws {
    var bench = Bench([.v51()])
    bench.run(to: .ms(3610))
    _ = bench.calls()
    for microsecond in 0..<20_000 {
      try bench.hear(priority: 50, at: MonotonicInstant(nanoseconds: 4_000_000_000 + UInt64(microsecond) * 50_000))
    }
    let calls = bench.calls()
    #expect(calls.count { $0.hasPrefix("contest") } == 8)
    #expect(calls.count { $0.hasPrefix("send") } == 2)
    #expect(calls.count { $0.hasPrefix("announce") } <= 5)
  }

  @Test func `sends the checksum its peer sends`() throws {
    var bench = Bench([.v51(priority: 200)])
    bench.run(to: .ms(3500))
    #expect(bench.engine.world.sent.last?.checksumKind == .pseudoHeader)
    try bench.hear(priority: 10, at: .ms(3600))
    #expect(bench.engine.world.sent.last?.checksumKind == .messageOnly)
  }

  @Test func `waits for an interface that is not there, and follows one that comes back under another index`() throws {
    var bench = Bench([.v51()], interface: InterfaceState(index: .init(rawValue: 9), name: "lo", isUp: true))
    #expect(
      bench.calls() == [
        "lo up", "define V51 on nothing", "eligibility V51 its interface does not exist",
        "V51: initialize -> fault (ineligible)",
      ])
    bench.engine.update(.eth0(index: 4, addresses: []), now: .ms(10))
    #expect(
      bench.calls() == [
        "eth0 up", "define V51 on eth0", "eligibility V51 its interface has no address to send from",
      ])
    bench.engine.update(.eth0(index: 4), now: .ms(20))
    #expect(bench.calls() == ["eligibility V51 ", "V51: fault -> backup (startup)"])
    bench.engine.removeInterface(InterfaceIndex(rawValue: 4), now: .ms(30))
    bench.engine.update(.eth0(index: 7), now: .ms(40))
    _ = bench.engine.world.take()
    try bench.hear(priority: 200, interface: 4, at: .ms(50))
    try bench.hear(priority: 200, interface: 7, at: .ms(50))
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.counters.received == 1)
  }

  @Test func `loses its link, and starts anew when it is back`() {
    var bench = Bench([.v51()])
    bench.run(to: .ms(4000))
    _ = bench.engine.world.take()
    bench.engine.update(.eth0(up: false), now: .ms(4100))
    #expect(
      bench.calls() == [
        "eth0 down", "eligibility V51 its interface is down", "send V51 0", "release V51",
        "V51: active -> fault (ineligible)",
      ])
    bench.engine.update(.eth0(), now: .ms(5000))
    #expect(bench.calls() == ["eth0 up", "eligibility V51 ", "V51: fault -> backup (startup)"])
  }

  @Test func `adds weights and takes them back exactly`() {
    var bench = Bench([
      .v51(priority: 250) {
        $0.trackedInterfaces = [.init(name: "eth1", weight: 20), .init(name: "eth2", weight: -100)]
      }
    ])
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.priority == 150)
    for (index, name) in [(11, "eth1"), (12, "eth2")] as [(UInt32, String)] {
      bench.engine.update(InterfaceState(index: .init(rawValue: index), name: name, isUp: true), now: .ms(1))
    }
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.priority == 254)
    bench.engine.update(InterfaceState(index: .init(rawValue: 11), name: "eth1", isUp: false), now: .ms(2))
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.priority == 250)
  }

  @Test func `a tracked interface without weight is a fault`() {
    var bench = Bench([.v51 { $0.trackedInterfaces = [.init(name: "eth1")] }])
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.role == .fault)
    bench.engine.update(InterfaceState(index: .init(rawValue: 11), name: "eth1", isUp: true), now: .ms(2))
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.role == .backup)
  }
}

@Suite struct `A reload` {
  static func other(_ change: (inout VirtualRouterDefinition) -> Void = { _ in }) -> VirtualRouterDefinition {
    .v51 {
      $0.name = "V52"
      $0.virtualRouterID = 52
      change(&$0)
    }
  }

  @Test func `does nothing for what did not change`() {
    var bench = Bench([.v51(), Self.other()])
    bench.run(to: .ms(5000))
    let deadline = bench.engine.nextDeadline
    _ = bench.engine.world.take()
    let summary = bench.engine.apply([.v51(), Self.other()], now: .ms(5000))
    #expect(bench.calls() == [])
    #expect(bench.engine.nextDeadline == deadline)
    #expect(summary.unchanged == 2 && summary.added + summary.changed + summary.removed == 0)
  }

  @Test func `changes, removes and adds without touching the rest`() {
    var bench = Bench([.v51(), Self.other()])
    bench.run(to: .ms(5000))
    _ = bench.engine.world.take()
    let third = Self.other {
      $0.name = "V53"
      $0.virtualRouterID = 53
    }
    bench.engine.apply([.v51(priority: 120), third], now: .ms(5000))
    #expect(
      bench.calls() == [
        "define V51 on eth0", "send V52 0", "define V53 on eth0", "V53: initialize -> backup (startup)",
      ])
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.role == .active)
    bench.run(to: .ms(5700))
    #expect(bench.calls() == ["send V51 120"])
    bench.run(to: .ms(6030))
    #expect(bench.calls() == ["release V52", "V52: active -> initialize (shutdown)", "forget V52"])
  }

  @Test func `resumes what a crashed process left in place`() {
    var engine = VRRPEngine(in: RecordingWorld())
    engine.update(.eth0(), now: .ms(0))
    engine.apply([.v51()], now: .ms(0)) { $0.name == "V51" }
    #expect(
      engine.world.take() == [
        "eth0 up", "define V51 on eth0", "send V51 100", "acquire V51", "announce V51 x5",
        "V51: initialize -> active (startup)",
      ])
  }
}

/// Unoptimised code allocates where the optimiser does not, so only a release build tells what an advert costs.
let canCountAllocations: Bool = {
  #if DEBUG
    false
  #else
    allocation_count_is_live()
  #endif
}()

@Suite(.enabled(if: canCountAllocations, "needs a release build without sanitizers"))
struct `The way of an advert` {
  /// Allocations of the second call: the first may instantiate type metadata, once in the life of the process.
  func allocations(in body: () -> Void) -> UInt {
    body()
    let before = allocation_count()
    body()
    return allocation_count() - before
  }

  @Test func `allocates nothing when it is sent`() {
    var bench = Bench([.v51()])
    bench.run(to: .ms(10_000))
    bench.engine.world.records = false
    var now: UInt64 = 10_000
    let count = bench.engine.world.sendCount
    #expect(
      allocations {
        now += 100_000
        bench.run(to: .ms(now))
      } == 0)
    #expect(bench.engine.world.sendCount >= count + 200)
  }

  @Test func `allocates nothing when it is heard`() throws {
    var bench = Bench([.v51()])
    bench.engine.world.records = false
    let message = AdvertisementMessage(
      version: .v3, family: .ipv4, virtualRouterID: 51, priority: 200, addressCount: 1, interval: .second,
      checksumKind: .pseudoHeader)
    let source = try #require(IPAddress("10.0.0.9"))
    let addresses = [try #require(IPAddress("10.0.1.1"))]
    let bytes = AdvertisementTemplate(message, addresses: addresses.span, from: source, to: .v4(.vrrpGroup)).bytes
    let arrival = AdvertisementArrival(source: source, destination: .v4(.vrrpGroup), hopLimit: 255)
    var now: UInt64 = 100
    #expect(
      allocations {
        for _ in 0..<100 {
          now += 1000
          bench.engine.receive(
            bytes.span.bytes, as: arrival, on: InterfaceIndex(rawValue: 3), receivedAt: .ms(now), now: .ms(now))
          bench.engine.advance(to: .ms(now))
        }
      } == 0)
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.counters.received == 200)
  }
}
