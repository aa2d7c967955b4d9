import BFDCore
@testable import LinuxNetworking
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct BFDConfigurationTests {
  private static let v4 = IPAddress.v4(IPv4Address(192, 0, 2, 2))
  private static let v6 = IPAddress.v6(IPv6Address(high: 0x2001_0db8 << 32, low: 2))

  private func lowest(_ neighbor: IPAddress, _ change: (inout TrackBFDDefinition) -> Void = { _ in }) -> UInt8 {
    var definition = TrackBFDDefinition(name: "a", neighbor: neighbor)
    change(&definition)
    return BFDSessionDefinition(definition).minimumHopLimit
  }

  @Test func `a packet may come from as far as the session says`() {
    #expect(lowest(Self.v4) == 255)
    #expect(lowest(Self.v4) { $0.maximumHops = 2 } == 253)
    #expect(lowest(Self.v4) { $0.hopLimit = 64 } == 64)
    #expect(lowest(Self.v4) { ($0.hopLimit, $0.maximumHops) = (10, 10) } == 0)
    #expect(lowest(Self.v4) { $0.maximumHops = nil } == 0)
    // keepalived's neighbours send 64 over IPv6, everybody else 255.
    #expect(lowest(Self.v6) == 64)
    #expect(lowest(Self.v6) { $0.hopLimit = 255 } == 255)
    #expect(lowest(Self.v6) { $0.maximumHops = 100 } == 0)
    #expect(TrackBFDDefinition(name: "a", neighbor: Self.v6).sentHopLimit == 255)
  }

  @Test func `times and ends are those of the block`() {
    var block = TrackBFDDefinition(name: "a", neighbor: Self.v4)
    block.source = .v4(IPv4Address(192, 0, 2, 1))
    block.isMultihop = true
    (block.receiveIntervalMicroseconds, block.sendIntervalMicroseconds) = (20_500, 30_000)
    (block.idleIntervalMicroseconds, block.multiplier, block.isPassive) = (2_000_000, 7, true)
    let session = BFDSessionDefinition(block)
    #expect(session.path == BFDPath(to: Self.v4, from: block.source, isMultihop: true))
    var wanted = BFDSession.Configuration(discriminator: 1)
    (wanted.requiredReceiveMicroseconds, wanted.desiredSendMicroseconds) = (20_500, 30_000)
    (wanted.idleMicroseconds, wanted.multiplier, wanted.isPassive) = (2_000_000, 7, true)
    #expect(session.configuration == wanted)
  }

  @Test func `the dump has the lines of keepalived 2.2.7`() {
    var block = TrackBFDDefinition(name: "peer", neighbor: Self.v4)
    block.source = .v4(IPv4Address(192, 0, 2, 1))
    (block.receiveIntervalMicroseconds, block.sendIntervalMicroseconds, block.multiplier) = (50_000, 50_000, 3)
    block.informsChecks = false
    var configuration = BFDConfiguration()
    configuration.sessions = [block]
    var engine = BFDEngine(seed: 1)
    let start = MonotonicInstant(nanoseconds: 1_000_000_000)
    engine.apply([BFDSessionDefinition(block)], now: start)
    let clock = WallClockTime.Reference(instant: start, time: WallClockTime(microseconds: 0), offsetSeconds: 0)
    let before = BFDDump(engine, configuration, clock: clock).text
    #expect(before.contains("   last_seen = [never]\n"))
    #expect(before.contains("   remote min rx intv = 0 us\n"))
    var packet = BFDPacket(
      state: .down, multiplier: 3, myDiscriminator: 0x6123_879a, yourDiscriminator: 0,
      desiredSendMicroseconds: 1_000_000, requiredReceiveMicroseconds: 50_000)
    receive(packet, &engine, start)
    (packet.state, packet.desiredSendMicroseconds) = (.up, 50_000)
    packet.yourDiscriminator = engine.sessions[0].number
    receive(packet, &engine, start)
    let number = String(engine.sessions[0].number, radix: 16)
    let lines = BFDDump(engine, configuration, clock: clock).text.split(separator: "\n").map(String.init)
    #expect(lines.prefix(33).joined(separator: "\n") == Self.expected.replacing("NUMBER", with: number))
    #expect(lines.contains("   packets received = 2"))
    #expect(lines.last == " Refused for their TTL = 0")
  }

  private func receive(_ packet: BFDPacket, _ engine: inout BFDEngine, _ now: MonotonicInstant) {
    let bytes = [UInt8](capacity: 24) { packet.encode(into: &$0) }
    let arrival = BFDArrival(
      source: Self.v4, destination: .v4(IPv4Address(192, 0, 2, 1)), hopLimit: 255, receivedAt: now)
    bytes.span.withRawSpan { engine.receive($0, as: arrival, now: now) }
  }

  /// What keepalived writes of a session that went up so, less its descriptors and threads.
  private static let expected = """
    ------< BFD Topology >------
     BFD Instance = peer
       Neighbor IP = 192.0.2.2
       Source IP = 192.0.2.1
       Required min RX interval = 50000 us
       Desired min TX interval = 50000 us
       Desired idle TX interval = 1000000 us
       Detection multiplier = 3
       TTL = 255
       max_hops = 0
       passive = false
       send event to VRRP process = Yes
       send event to checker process = No
       local state = Up
       remote state = Up
       local discriminator = 0xNUMBER
       remote discriminator = 0x6123879a
       local diag = No Diagnostic
       remote diag = No Diagnostic
       remote min tx intv = 50000 us
       remote min rx intv = 50000 us
       local demand = 0
       remote demand = 0
       remote detect multiplier = 3
       poll, !final
       local tx intv = 50000 us
       remote tx intv = 50000 us
       local detection time = 150000 us
       remote detection time = 150000 us
       last seen = 0.000000 (Thu Jan  1 00:00:00 1970.000000)
       packets received = 2
       packets sent = 2
       times lost = 0
    """
}
