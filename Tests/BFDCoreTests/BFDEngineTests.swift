import BFDCore
import NetPrimitives
import Testing

@Suite struct BFDEngineTests {
  private let here = IPAddress.v4(IPv4Address(192, 0, 2, 1))
  private let there = IPAddress.v4(IPv4Address(192, 0, 2, 2))
  private let elsewhere = IPAddress.v4(IPv4Address(192, 0, 2, 3))

  private func definition(
    _ name: String, to neighbor: IPAddress? = nil, isMultihop: Bool = false
  ) -> BFDSessionDefinition {
    BFDSessionDefinition(name: name, path: BFDPath(to: neighbor ?? there, isMultihop: isMultihop))
  }

  private func receive(
    _ engine: inout BFDEngine, _ packet: BFDPacket, from source: IPAddress? = nil, hopLimit: UInt8 = 255,
    isMultihop: Bool = false, isAuthenticated: Bool = false, at milliseconds: UInt64 = 10
  ) {
    var bytes = [UInt8](capacity: 24) { packet.encode(into: &$0) }
    if isAuthenticated {
      bytes[1] |= 4
      bytes[3] = 29
      bytes += [1, 5, 1, 1, 1]
    }
    let arrival = BFDArrival(
      source: source ?? there, destination: here, hopLimit: hopLimit, isMultihop: isMultihop,
      receivedAt: .milliseconds(milliseconds))
    bytes.span.withRawSpan { engine.receive($0, as: arrival, now: .milliseconds(milliseconds)) }
  }

  private func packet(_ state: BFDState = .down, to number: UInt32 = 0) -> BFDPacket {
    BFDPacket(
      state: state, multiplier: 3, myDiscriminator: 9, yourDiscriminator: number, desiredSendMicroseconds: 1_000_000,
      requiredReceiveMicroseconds: 10_000)
  }

  private func effects(_ engine: inout BFDEngine) -> [BFDEngine.Effect] {
    var taken: [BFDEngine.Effect] = []
    engine.exchangeEffects(for: &taken)
    return taken
  }

  private func number(_ engine: BFDEngine, _ name: String) throws -> UInt32 {
    try #require(engine.sessions.first { $0.definition.name == name }).number
  }

  @Test func `a packet finds its session by addresses, then by number`() throws {
    var engine = BFDEngine(seed: 1)
    engine.apply([definition("a"), definition("b", to: elsewhere)], now: .milliseconds(0))
    let (a, b) = (try number(engine, "a"), try number(engine, "b"))
    #expect(a != b)
    #expect(effects(&engine) == [.tell(session: a, isUp: false), .tell(session: b, isUp: false)])
    receive(&engine, packet(), from: elsewhere)
    #expect(engine[b]?.machine.state == .initializing)
    #expect(engine[a]?.machine.state == .down)
    // The number alone decides, whatever the source (RFC 5880 §6.3).
    receive(&engine, packet(.initializing, to: b), from: here)
    #expect(engine[b]?.machine.state == .up)
    #expect(effects(&engine).contains(.tell(session: b, isUp: true)))
    #expect(engine[b]?.received == 2)
    #expect(engine.counters.received == 2)
  }

  @Test func `each refusal is counted by its cause and moves nothing`() throws {
    var engine = BFDEngine(seed: 2)
    engine.apply([definition("a")], now: .milliseconds(0))
    let a = try number(engine, "a")
    let before = engine[a]
    receive(&engine, packet(to: a ^ 1))
    receive(&engine, packet(), from: elsewhere)
    receive(&engine, packet(), isMultihop: true)
    receive(&engine, packet(to: a), isMultihop: true)
    receive(&engine, packet(), hopLimit: 254)
    receive(&engine, packet(), isAuthenticated: true)
    var counters = BFDCounters()
    counters.unknownDiscriminators = 1
    counters.unknownNeighbors = 2
    counters.portErrors = 1
    counters.hopLimitErrors = 1
    counters.authenticated = 1
    #expect(engine.counters == counters)
    #expect(engine.counters.refused == 6)
    #expect(engine[a] == before)
  }

  @Test func `refused bytes are counted by what is wrong with them`() {
    var counters = BFDCounters()
    let errors: [BFDDecodingError] = [
      .truncated(byteCount: 1), .lengthTooSmall(1), .lengthBeyondPayload(99), .unsupportedVersion(2), .zeroMultiplier,
      .multipoint, .zeroMyDiscriminator, .zeroYourDiscriminator(.up), .malformedAuthentication,
    ]
    for error in errors { counters.count(.undecodable(error)) }
    #expect(counters.lengthErrors == 3)
    #expect(counters.versionErrors == 1)
    #expect(counters.fieldErrors == 4)
    #expect(counters.malformedAuthentications == 1)
    #expect(counters.refused == 9)
  }

  @Test func `routers in between are allowed where the session says so`() throws {
    var engine = BFDEngine(seed: 3)
    var far = definition("far", isMultihop: true)
    far.minimumHopLimit = 250
    engine.apply([far, definition("near")], now: .milliseconds(0))
    receive(&engine, packet(), hopLimit: 249, isMultihop: true)
    #expect(engine[try number(engine, "far")]?.machine.state == .down)
    receive(&engine, packet(), hopLimit: 250, isMultihop: true)
    #expect(engine[try number(engine, "far")]?.machine.state == .initializing)
    #expect(engine[try number(engine, "near")]?.machine.state == .down)
  }

  @Test func `a source that is configured must be the destination`() throws {
    var engine = BFDEngine(seed: 4)
    let bound = BFDSessionDefinition(name: "a", path: BFDPath(to: there, from: elsewhere))
    engine.apply([bound], now: .milliseconds(0))
    receive(&engine, packet())
    #expect(engine.counters.unknownNeighbors == 1)
  }

  @Test func `a reload keeps what has the same path`() throws {
    var engine = BFDEngine(seed: 5)
    engine.apply([definition("a"), definition("b", to: elsewhere)], now: .milliseconds(0))
    let (a, b) = (try number(engine, "a"), try number(engine, "b"))
    receive(&engine, packet())
    receive(&engine, packet(.initializing, to: a))
    _ = effects(&engine)

    var renamed = definition("renamed")
    renamed.configuration.multiplier = 9
    engine.apply([renamed, definition("c", to: here)], now: .milliseconds(20))
    let kept = try #require(engine[a])
    #expect(kept.machine.state == .up)
    #expect(kept.definition.name == "renamed")
    #expect(kept.machine.configuration.multiplier == 9)
    let c = try number(engine, "c")
    let told = effects(&engine)
    #expect(told.contains(.tell(session: a, isUp: true)))
    #expect(told.contains(.tell(session: c, isUp: false)))
    // The one that is gone says so and is known for as long; nobody follows it any more.
    #expect(engine[b]?.isLeaving == true)
    #expect(effects(&engine) == [])
    #expect(engine[b] == nil)
    #expect(!told.contains(.tell(session: b, isUp: false)))
    let farewells = told.filter { if case .send(b, let packet) = $0 { packet.state == .adminDown } else { false } }
    #expect(farewells.count == 1)
  }

  @Test func `one that was heard says good-bye for a detection time`() throws {
    var engine = BFDEngine(seed: 6)
    engine.apply([definition("a")], now: .milliseconds(0))
    let a = try number(engine, "a")
    receive(&engine, packet())
    engine.apply([], now: .milliseconds(20))
    #expect(engine[a]?.isLeaving == true)
    // The same path again is another session.
    engine.apply([definition("a")], now: .milliseconds(30))
    receive(&engine, packet(), at: 40)
    #expect(engine.sessions.count == 2)
    #expect(engine.sessions.last?.machine.state == .initializing)
    for time: UInt64 in stride(from: 500, through: 6000, by: 500) { engine.advance(to: .milliseconds(time)) }
    _ = effects(&engine)
    #expect(effects(&engine).isEmpty)
    #expect(engine[a] == nil)
  }

  @Test func `a path is one session's`() {
    var engine = BFDEngine(seed: 7)
    let refused = engine.apply([definition("a"), definition("b")], now: .milliseconds(0))
    #expect(refused.map(\.name) == ["b"])
    #expect(engine.sessions.count == 1)
  }

  @Test func `the same seed makes the same sessions`() {
    func run(_ seed: UInt64) -> [BFDEngine.Effect] {
      var engine = BFDEngine(seed: seed)
      engine.apply([definition("a")], now: .milliseconds(0))
      engine.advance(to: .milliseconds(0))
      return effects(&engine)
    }
    #expect(run(1) == run(1))
    #expect(run(1) != run(2))
  }

  @Test func `stopping tells every neighbour once`() {
    var engine = BFDEngine(seed: 8)
    engine.apply([definition("a"), definition("b", to: elsewhere)], now: .milliseconds(0))
    receive(&engine, packet())
    _ = effects(&engine)
    engine.stop(now: .milliseconds(20))
    engine.advance(to: .milliseconds(20))
    // Who carries the effects out can still look up whose they are.
    #expect(engine.sessions.count == 2)
    let sends = effects(&engine).filter { if case .send = $0 { true } else { false } }
    #expect(sends.count == 2)
    #expect(engine.nextDeadline == nil)
  }
}
