import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

/// Keywords that change what is heard, sent and waited for: what each changes, beside what holds without it.
@Suite struct `Options of the engine` {
  private static let peer = IPAddress.v4(IPv4Address(10, 0, 0, 9))

  /// A bench that heard one advert of priority 200 from `source`, to `destination`.
  private static func hear(
    _ definition: VirtualRouterDefinition, from source: String = "10.0.0.9", to destination: String = "224.0.0.18",
    ttl: UInt8 = 255, kind: ChecksumKind = .pseudoHeader, hasOptions: Bool = false,
    vips: [String] = ["10.0.1.1"]
  ) throws -> Bench {
    var bench = Bench([definition])
    _ = bench.calls()
    try tell(&bench, from: source, to: destination, ttl: ttl, kind: kind, hasOptions: hasOptions, vips: vips)
    return bench
  }

  private static func tell(
    _ bench: inout Bench, from source: String = "10.0.0.9", to destination: String = "224.0.0.18", ttl: UInt8 = 255,
    kind: ChecksumKind = .pseudoHeader, hasOptions: Bool = false, vips: [String] = ["10.0.1.1"], vrid: UInt8 = 51
  ) throws {
    let source = try #require(IPAddress(source))
    let destination = try #require(IPAddress(destination))
    let addresses = vips.compactMap { IPAddress($0) }
    let message = AdvertisementMessage(
      version: .v3, family: .ipv4, virtualRouterID: vrid, priority: 200, addressCount: UInt8(addresses.count),
      interval: .second, checksumKind: kind)
    let bytes = AdvertisementTemplate(message, addresses: addresses.span, from: source, to: destination).bytes
    let arrival = AdvertisementArrival(
      source: source, destination: destination, hopLimit: ttl, hasOptions: hasOptions)
    bytes.span.withRawSpan {
      bench.engine.receive($0, as: arrival, on: InterfaceIndex(rawValue: 3), receivedAt: .ms(10), now: .ms(10))
    }
  }

  private static func counters(_ bench: borrowing Bench) -> AdvertisementCounters {
    bench.engine[RouterHandle(rawValue: 0)]?.counters ?? AdvertisementCounters()
  }

  private static func unicast(_ change: (inout VirtualRouterDefinition) -> Void = { _ in }) -> VirtualRouterDefinition {
    .v51 {
      $0.unicastPeers = [peer]
      change(&$0)
    }
  }

  @Test func `mcast_dst_ip moves a router to another group`() throws {
    let group = IPAddress.v4(IPv4Address(239, 1, 2, 3))
    let definition = VirtualRouterDefinition.v51 { $0.policy.destination = group }
    #expect(Self.counters(try Self.hear(definition, to: "239.1.2.3")).received == 1)
    #expect(Self.counters(try Self.hear(definition)).destinationErrors == 1)
    var bench = Bench([definition])
    bench.run(to: .ms(3700))
    #expect(bench.engine.world.sent.map(\.destination) == [group])
  }

  @Test func `check_unicast_src refuses who is no peer`() throws {
    let open = try Self.hear(Self.unicast(), from: "10.0.0.8", to: "10.0.0.1")
    #expect(Self.counters(open).received == 1)
    // A stranger must be on the link all the same.
    let far = try Self.hear(Self.unicast(), from: "10.0.0.8", to: "10.0.0.1", ttl: 254)
    #expect(Self.counters(far).hopLimitErrors == 1)
    let checked = try Self.hear(
      Self.unicast { $0.policy.checksUnicastSource = true }, from: "10.0.0.8", to: "10.0.0.1")
    #expect(Self.counters(checked).unknownPeers == 1)
    #expect(Self.counters(checked).received == 0)
  }

  @Test func `min_ttl and max_ttl bound a peer's`() throws {
    let definition = Self.unicast { $0.policy.peerHopLimits = [Self.peer: HopLimits(100, 200)] }
    for (ttl, isHeard) in [(99, false), (100, true), (200, true), (201, false)] as [(UInt8, Bool)] {
      #expect(Self.counters(try Self.hear(definition, to: "10.0.0.1", ttl: ttl)).received == (isHeard ? 1 : 0))
    }
  }

  @Test func `unicast_fault_no_peer keeps a router without peers out`() {
    let bench = Bench([
      .v51 {
        $0.policy.lacksPeers = true
        $0.policy.faultsWithoutPeer = true
      }
    ])
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.ineligibility == .noPeers)
    #expect(Bench([.v51 { $0.policy.lacksPeers = true }]).engine[RouterHandle(rawValue: 0)]?.ineligibility == [])
  }

  @Test func `dont_track_primary lives through a link that is down`() {
    var bench = Bench([.v51 { $0.tracksInterface = false }], interface: .eth0(up: false))
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.role == .backup)
    bench.engine.removeInterface(InterfaceIndex(rawValue: 3), now: .ms(5))
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.ineligibility == .interfaceMissing)
  }

  @Test func `track_src_ip is at fault while its source is missing`() {
    let definition = VirtualRouterDefinition.v51 {
      $0.sourceAddress = IPAddress.v4(IPv4Address(10, 0, 0, 7))
      $0.tracksSource = true
    }
    var bench = Bench([definition])
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.ineligibility == .noSourceAddress)
    bench.engine.update(.eth0(addresses: ["10.0.0.1", "10.0.0.7"]), now: .ms(5))
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.role == .backup)
    bench.engine.update(.eth0(), now: .ms(6))
    #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.role == .fault)
  }

  @Test func `skip_check_adv_addr compares each sender's list once`() throws {
    for (skips, errors) in [(false, 3), (true, 1)] as [(Bool, UInt64)] {
      var bench = Bench([.v51 { $0.policy.skipsAddressCheck = skips }])
      for _ in 0..<3 { try Self.tell(&bench, vips: ["10.0.1.2"]) }
      #expect(Self.counters(bench).addressListErrors == errors)
      #expect(Self.counters(bench).received == 3)
    }
  }

  @Test func `vrrp_startup_delay holds routers back, but not those that go on`() {
    var engine = VRRPEngine(in: RecordingWorld())
    engine.update(.eth0(), now: .ms(0))
    engine.hold(until: .ms(2000))
    engine.apply([.v51()], now: .ms(0))
    #expect(engine[RouterHandle(rawValue: 0)]?.machine.role == .initialize)
    #expect(engine.nextDeadline == .ms(2000))
    engine.advance(to: .ms(1999))
    #expect(engine[RouterHandle(rawValue: 0)]?.machine.role == .initialize)
    engine.advance(to: .ms(2000))
    #expect(engine[RouterHandle(rawValue: 0)]?.machine.role == .backup)
    // Its timer began when it started.
    #expect(engine.nextDeadline == MonotonicInstant(nanoseconds: 2_000_000_000 + 3_609_375_000))

    engine = VRRPEngine(in: RecordingWorld())
    engine.update(.eth0(), now: .ms(0))
    engine.hold(until: .ms(2000))
    engine.apply([.v51()], now: .ms(0)) { _ in true }
    #expect(engine[RouterHandle(rawValue: 0)]?.machine.role == .active)
    engine.stop(now: .ms(1000))
    engine.advance(to: .ms(4000))
    #expect(engine.isStopped)
  }

  @Test func `log_unknown_vrids tells each once`() throws {
    for tells in [true, false] {
      var bench = Bench([.v51()])
      bench.engine.tellsUnknownRouters = tells
      _ = bench.calls()
      for vrid in [52, 53, 52, 52] as [UInt8] { try Self.tell(&bench, vrid: vrid) }
      #expect(
        bench.calls() == (tells ? ["unknown eth0 52 10.0.0.9", "unknown eth0 53 10.0.0.9"] : []))
    }
  }

  /// As keepalived 2.2.7 was seen to send it: 10.77.0.1 to 10.77.0.2, `old_unicast_checksum`.
  @Test func `old_unicast_checksum is the one old releases send`() throws {
    var definition = Self.unicast { $0.policy.usesOldUnicastChecksum = true }
    definition.addresses = ["10.77.1.1/24"].compactMap { IPPrefix($0) }.map { VirtualAddress($0) }
    definition.unicastPeers = ["10.77.0.2"].compactMap { IPAddress($0) }
    definition.interval = try #require(AdvertisementInterval(centiseconds: 10))
    var bench = Bench([definition], interface: .eth0(addresses: ["10.77.0.1"]))
    bench.run(to: .ms(600))
    let bytes = try #require(bench.engine.world.sent.first?.bytes)
    #expect(bytes == [0x31, 0x33, 0x64, 0x01, 0x00, 0x0a, 0x74, 0x96, 0x0a, 0x4d, 0x01, 0x01])
  }

  @Test func `a peer's old checksum is answered in kind, unless never`() throws {
    for (setting, kind) in [(nil, ChecksumKind.groupPseudoHeader), (false, .pseudoHeader)] as [(Bool?, ChecksumKind)] {
      var bench = try Self.hear(
        Self.unicast { $0.policy.usesOldUnicastChecksum = setting }, to: "10.0.0.1", kind: .groupPseudoHeader)
      #expect(Self.counters(bench).received == 1)
      bench.run(to: .ms(5000))
      #expect(bench.engine.world.sent.last?.checksumKind == kind)
    }
    // To a group it is the usual checksum or none.
    #expect(Self.counters(try Self.hear(.v51(), kind: .groupPseudoHeader)).pseudoHeaderChecksums == 1)
  }

  @Test func `IP options are counted and move nothing`() throws {
    let bench = try Self.hear(.v51(), hasOptions: true)
    #expect(Self.counters(bench).optionErrors == 1)
    #expect(Self.counters(bench).received == 0)
  }

  @Test func `a rival's claim is counted, told once a second and contradicted in bounded bursts`() {
    var bench = Bench([.v51 { $0.announcement.secondBurstDelayNanoseconds = 0 }])
    let router = RouterHandle(rawValue: 0)
    let rival = MACAddress(rawValue: 0x0200_0000_0009)
    let vip = IPAddress.v4(IPv4Address(10, 0, 1, 1))
    bench.engine.claimed(vip, of: router, by: rival, now: .ms(100))
    #expect(bench.engine[router]?.addressConflictCount == 0, "a backup has nothing to defend")
    bench.run(to: .ms(3700))
    _ = bench.calls()
    for millisecond in UInt64(0)..<1000 {
      bench.run(to: .ms(3700 + millisecond))
      bench.engine.claimed(vip, of: router, by: rival, now: .ms(3700 + millisecond))
    }
    let calls = bench.calls()
    #expect(bench.engine[router]?.addressConflictCount == 1000)
    #expect(bench.engine[router]?.lastRival == rival)
    #expect(calls.count { $0.hasPrefix("conflict") } == 1)
    #expect((4...6).contains(calls.count { $0.hasPrefix("announce") }))
    #expect(calls.count { $0.hasPrefix("send") } == 1, "adverts keep their cadence")
  }
}
