import CAllocationCounter
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

/// Two engines and the wire between them.
private struct Pair {
  var left: Bench
  var right: Bench
  static let source = IPAddress.v4(IPv4Address(10, 0, 0, 1))
  /// 2023-11-14, where both clocks begin.
  static let epoch: UInt64 = 1_700_000_000_000_000_000

  init(left: VirtualRouterDefinition, right: VirtualRouterDefinition) {
    self.left = Bench([left])
    self.right = Bench([right], interface: .eth0(addresses: ["10.0.0.2"]))
    self.left.engine.setWallClock(Self.epoch, now: .ms(0))
    self.right.engine.setWallClock(Self.epoch, now: .ms(0))
  }

  /// Hands over what the left one sends as a trailer behind a plain advert.
  mutating func deliver(at now: MonotonicInstant, _ spoil: (inout [UInt8]) -> Void = { _ in }) {
    for template in left.engine.world.sent {
      var bytes = template.bytes
      spoil(&bytes)
      let arrival = AdvertisementArrival(source: Self.source, destination: template.destination, hopLimit: 255)
      right.engine.receive(
        bytes.span.bytes, as: arrival, on: InterfaceIndex(rawValue: 3), receivedAt: now, now: now)
    }
  }

  /// Hands over the last advert with its Authentication Header.
  mutating func deliverSealed(at now: MonotonicInstant, _ spoil: (inout [UInt8]) -> Void = { _ in }) throws {
    let headers = try #require(left.engine.world.headers)
    let template = try #require(left.engine.world.sent.last)
    var bytes = headers.indices.map { headers[$0] } + template.bytes
    spoil(&bytes)
    right.engine.receive(sealed: bytes.span.bytes, on: InterfaceIndex(rawValue: 3), receivedAt: now, now: now)
  }

  var counters: AdvertisementCounters {
    right.engine[RouterHandle(rawValue: 0)]?.counters ?? AdvertisementCounters()
  }
}

extension VirtualRouterDefinition {
  fileprivate static func sealed(_ key: String = "s3cret", priority: UInt8 = 150) -> Self {
    .v51(priority: priority) {
      $0.version = .v2
      $0.authentication = .authenticationHeader(key: Array(key.utf8))
    }
  }

  fileprivate static func signed(
    priority: UInt8 = 150, key: UInt8 = 7, _ change: (inout AdvertisementKeys) -> Void = { _ in }
  ) -> Self {
    .v51(priority: priority) {
      var keys = AdvertisementKeys(keys: [1: .bytes([UInt8](repeating: key, count: 32))], activeKey: 1)
      change(&keys)
      $0.keys = keys
    }
  }
}

@Suite struct `An Authentication Header` {
  @Test func `is made by one engine and verified by another`() throws {
    var pair = Pair(left: .sealed(), right: .sealed(priority: 100))
    pair.left.run(to: .ms(3500))
    try pair.deliverSealed(at: .ms(3450))
    #expect(pair.counters.received == 1)
    // The first number is 1; the other goes on from there.
    #expect(pair.right.engine.world.sequence == 1)
    // It takes over at 3.450 + 3.609 s.
    pair.right.run(to: .ms(8500))
    #expect(pair.right.engine.world.sequence == 3)
  }

  @Test func `of another key, twice, or changed on the way counts for nothing`() throws {
    var pair = Pair(left: .sealed("another"), right: .sealed(priority: 100))
    pair.left.run(to: .ms(3500))
    try pair.deliverSealed(at: .ms(3450))
    #expect(pair.counters.authenticationFailures == 1)

    pair = Pair(left: .sealed(), right: .sealed(priority: 100))
    pair.left.run(to: .ms(3500))
    try pair.deliverSealed(at: .ms(3450))
    let machine = try #require(pair.right.engine[RouterHandle(rawValue: 0)]?.machine)
    try pair.deliverSealed(at: .ms(3460))
    try pair.deliverSealed(at: .ms(3460)) { $0[46] = 0 }
    #expect(pair.counters.authenticationHeaderReplays == 1)
    #expect(pair.counters.received == 1)
    #expect(pair.right.engine[RouterHandle(rawValue: 0)]?.machine == machine)
  }

  @Test func `goes on counting after a reload with another key and after a crash`() throws {
    var bench = Bench([.sealed()])
    bench.run(to: .ms(5500))
    #expect(bench.engine.world.sequence == 3)
    bench.engine.apply([.sealed("another")], now: .ms(5600))
    bench.run(to: .ms(6500))
    #expect(bench.engine.world.sequence == 4)

    var next = VRRPEngine(in: RecordingWorld())
    next.world.sequence = 4
    next.update(.eth0(), now: .ms(7000))
    next.apply([.sealed()], now: .ms(7000)) { _ in true }
    #expect(next.world.sequence == 5)
  }
}

@Suite struct `A trailer of auth_hmac` {
  @Test func `is made by one engine and verified by another`() {
    var pair = Pair(left: .signed(), right: .signed(priority: 100))
    #expect(pair.left.engine.needsWallClock)
    pair.left.run(to: .ms(3500))
    #expect(pair.left.engine.world.sent.last?.bytes.count == 8 + 4 + 28)
    pair.deliver(at: .ms(3450))
    #expect(pair.counters.received == 1)
    pair.deliver(at: .ms(3460))
    #expect(pair.counters.trailersReplayed == 1)
    pair.deliver(at: .ms(3460)) { $0[30] ^= 1 }
    #expect(pair.counters.trailersInvalid == 1)
    pair.deliver(at: .ms(3460)) { $0.removeLast(28) }
    #expect(pair.counters.trailersMissing == 1)
    #expect(pair.counters.received == 1)
  }

  @Test func `goes to every peer with one number`() throws {
    var definition = VirtualRouterDefinition.signed()
    definition.unicastPeers = ["10.0.0.2", "10.0.0.3"].compactMap { IPAddress($0) }
    var bench = Bench([definition])
    bench.engine.setWallClock(Pair.epoch, now: .ms(0))
    bench.run(to: .ms(3500))
    let sent = bench.engine.world.sent
    #expect(sent.map(\.destination) == definition.unicastPeers)
    #expect(sent[0].bytes.suffix(28) == sent[1].bytes.suffix(28))
  }

  @Test func `says when the clocks differ, and is too old in the end`() {
    for (milliseconds, notice) in [(2400, "accepted"), (2700, "skew V51 -2700"), (5100, "stale")] {
      var pair = Pair(left: .signed(), right: .signed(priority: 100))
      pair.right.engine.setWallClock(Pair.epoch + UInt64(milliseconds) * 1_000_000, now: .ms(0))
      // The advert is sent at 3.414 s by the left clock.
      pair.left.run(to: .ms(3415))
      _ = pair.right.calls()
      pair.deliver(at: MonotonicInstant(nanoseconds: 3_414_062_500))
      #expect(pair.counters.trailersStale == (notice == "stale" ? 1 : 0))
      #expect(pair.counters.received == (notice == "stale" ? 0 : 1))
      #expect(pair.right.calls().contains(notice) == notice.hasPrefix("skew"))
    }
  }

  @Test func `may be missing in mode permissive, and is not made in mode receive-only`() {
    var pair = Pair(left: .signed { $0.mode = .receiveOnly }, right: .signed(priority: 100) { $0.mode = .permissive })
    pair.left.run(to: .ms(3500))
    #expect(pair.left.engine.world.sent.last?.bytes.count == 8 + 4)
    pair.deliver(at: .ms(3450))
    #expect(pair.counters.received == 1)
    pair = Pair(left: .signed(key: 8), right: .signed(priority: 100) { $0.mode = .permissive })
    pair.left.run(to: .ms(3500))
    pair.deliver(at: .ms(3450))
    #expect(pair.counters.trailersInvalid == 1)
  }

  @Test func `without its key keeps the router out`() {
    var bench = Bench([.signed { $0.keys = [1: .file("/nowhere")] }])
    #expect(bench.calls().contains { $0.hasPrefix("eligibility V51 a key") })
    bench.run(to: .ms(9000))
    #expect(bench.engine.world.sent.isEmpty)
    bench.engine.setWallClock(Pair.epoch, now: .ms(9000))
    bench.engine.apply([.signed()], now: .ms(9000))
    bench.run(to: .ms(13_000))
    #expect(!bench.engine.world.sent.isEmpty)
  }
}

@Suite(.enabled(if: canCountAllocations, "needs a release build without sanitizers"))
struct `Authentication on the way of an advert` {
  @Test(arguments: [true, false])
  func `allocates nothing`(isSealed: Bool) throws {
    var pair = Pair(
      left: isSealed ? .sealed() : .signed(), right: isSealed ? .sealed(priority: 100) : .signed(priority: 100))
    pair.left.engine.world.records = false
    pair.left.run(to: .ms(5500))
    let before = allocation_count()
    pair.left.run(to: .ms(15_500))
    #expect(allocation_count() - before == 0)
    #expect(pair.left.engine.world.sendCount >= 12)

    // Receiving: nothing is allocated for an advert that verifies.
    pair.right.engine.world.records = false
    pair.left.engine.world.records = true
    var received: [[UInt8]] = []
    for second in UInt64(16)...18 {
      pair.left.run(to: .ms(second * 1000 + 500))
      let template = try #require(pair.left.engine.world.sent.last)
      let headers = try isSealed ? #require(pair.left.engine.world.headers) : InlineArray(repeating: 0)
      received.append((isSealed ? headers.indices.map { headers[$0] } : []) + template.bytes)
    }
    let arrival = AdvertisementArrival(source: Pair.source, destination: .v4(.vrrpGroup), hopLimit: 255)
    func receive(_ bytes: [UInt8]) {
      if isSealed {
        pair.right.engine.receive(
          sealed: bytes.span.bytes, on: InterfaceIndex(rawValue: 3), receivedAt: .ms(18_500), now: .ms(18_500))
      } else {
        pair.right.engine.receive(
          bytes.span.bytes, as: arrival, on: InterfaceIndex(rawValue: 3), receivedAt: .ms(18_500), now: .ms(18_500))
      }
    }
    var allocations: UInt = 0
    for (round, bytes) in received.enumerated() {
      let before = allocation_count()
      receive(bytes)
      if round > 0 { allocations += allocation_count() - before }
      // Replays are refused, and not counted: the testing library listens to every typed error, in a box of its own.
      receive(bytes)
      receive(bytes)
    }
    #expect(pair.counters.received == 3)
    #expect(allocations == 0)
  }
}
