import BFDCore
import NetPrimitives
import Testing

/// Two engines and a wire between them: a millisecond of way, packets lost by choice, ends that freeze.
struct BFDPair {
  var engines: [BFDEngine]
  var now: UInt64 = 0
  /// Which packets get lost: the end that sends, the time.
  var loses: (Int, UInt64) -> Bool = { _, _ in false }
  /// Ends that do not run, until when.
  var frozenUntil: [UInt64] = [0, 0]
  /// `end: isUp` with the time it was told.
  var told: [String] = []
  /// Packets sent by either end while it was up.
  var sent: [[UInt64]] = [[], []]
  private var inFlight: [(at: UInt64, to: Int, bytes: [UInt8])] = []
  private let addresses = [IPAddress.v4(IPv4Address(192, 0, 2, 1)), IPAddress.v4(IPv4Address(192, 0, 2, 2))]

  init(seed: UInt64, _ change: (Int, inout BFDSession.Configuration) -> Void = { _, _ in }) {
    engines = [BFDEngine(seed: seed), BFDEngine(seed: seed &+ 1)]
    for end in 0...1 { apply(end, change) }
  }

  mutating func apply(_ end: Int, _ change: (Int, inout BFDSession.Configuration) -> Void) {
    var definition = BFDSessionDefinition(
      name: "peer", path: BFDPath(to: addresses[1 - end], from: addresses[end]))
    definition.configuration.desiredSendMicroseconds = 50_000
    definition.configuration.requiredReceiveMicroseconds = 50_000
    definition.configuration.multiplier = 3
    change(end, &definition.configuration)
    engines[end].apply([definition], now: .milliseconds(now))
  }

  /// Crashes an end: nothing is said, and a new one takes its place.
  mutating func restart(_ end: Int, seed: UInt64) {
    engines[end] = BFDEngine(seed: seed)
    apply(end) { _, _ in }
  }

  mutating func run(until limit: UInt64) {
    while now < limit {
      now += 1
      for end in 0...1 where frozenUntil[end] <= now {
        for flight in inFlight where flight.to == end && flight.at <= now {
          let arrival = BFDArrival(
            source: addresses[1 - end], destination: addresses[end], hopLimit: 255,
            receivedAt: .milliseconds(flight.at))
          flight.bytes.span.withRawSpan { engines[end].receive($0, as: arrival, now: .milliseconds(now)) }
        }
        inFlight.removeAll { $0.to == end && $0.at <= now }
        engines[end].advance(to: .milliseconds(now))
        carryOut(end)
      }
    }
  }

  private mutating func carryOut(_ end: Int) {
    var effects: [BFDEngine.Effect] = []
    engines[end].exchangeEffects(for: &effects)
    for effect in effects {
      switch effect {
      case .tell(_, let isUp): told.append("\(now): \(end) \(isUp ? "up" : "down")")
      case .report: break
      case .send(_, let packet):
        if packet.state == .up { sent[end].append(now) }
        guard !loses(end, now) else { continue }
        inFlight.append((now + 1, 1 - end, [UInt8](capacity: 24) { packet.encode(into: &$0) }))
      }
    }
  }

  func state(_ end: Int) -> BFDState? { engines[end].sessions.first?.machine.state }
  var isUp: Bool { state(0) == .up && state(1) == .up }
}

@Suite struct BFDPairTests {
  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `two ends find each other within three seconds`(seed: UInt64) {
    var pair = BFDPair(seed: seed)
    pair.run(until: 3000)
    #expect(pair.isUp)
    #expect(pair.engines.allSatisfy { $0.sessions.first?.machine.isPolling == false })
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `silence of one is noticed within the detection time`(
    seed: UInt64
  ) {
    var pair = BFDPair(seed: seed)
    pair.run(until: 4000)
    pair.told.removeAll()
    pair.loses = { end, _ in end == 1 }
    pair.run(until: 4200)
    // 150 ms after the last packet, which came up to 50 ms before; then the other is told.
    #expect(pair.state(0) == .down)
    #expect(pair.told.count == 2)
    #expect(pair.told.first?.hasSuffix("0 down") == true)
    let end = pair.told.first.flatMap { UInt64($0.split(separator: ":")[0]) } ?? 0
    #expect((4100...4153).contains(end))
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `a third of the packets may be lost`(seed: UInt64) {
    var pair = BFDPair(seed: seed)
    pair.run(until: 4000)
    pair.told.removeAll()
    var count: UInt64 = 0
    pair.loses = { _, _ in
      count += 1
      return count.isMultiple(of: 3)
    }
    pair.run(until: 20_000)
    #expect(pair.told == [])
    #expect(pair.isUp)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `with all lost but some they come up all the same`(seed: UInt64) {
    var pair = BFDPair(seed: seed)
    var count: UInt64 = 0
    // Four of five are lost until both had time to know each other.
    pair.loses = { _, now in
      count += 1
      return now < 20_000 && !count.isMultiple(of: 5)
    }
    pair.run(until: 24_000)
    #expect(pair.isUp)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `an end that freezes is down for the other and comes back`(
    seed: UInt64
  ) {
    var pair = BFDPair(seed: seed)
    pair.run(until: 4000)
    pair.frozenUntil[1] = 4600
    pair.run(until: 4300)
    #expect(pair.state(0) == .down)
    #expect(pair.state(1) == .up)
    pair.run(until: 9000)
    #expect(pair.isUp)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `a short freeze is nothing when packets wait in the queue`(
    seed: UInt64
  ) {
    var pair = BFDPair(seed: seed)
    pair.run(until: 4000)
    pair.told.removeAll()
    // Longer than its own detection time would be without the kernel's times; shorter than the other's.
    pair.frozenUntil[1] = 4095
    pair.run(until: 6000)
    #expect(pair.told == [])
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `intervals are negotiated for each direction`(seed: UInt64) {
    var pair = BFDPair(seed: seed) { end, configuration in
      configuration.desiredSendMicroseconds = end == 0 ? 20_000 : 300_000
      configuration.requiredReceiveMicroseconds = end == 0 ? 100_000 : 40_000
      configuration.multiplier = end == 0 ? 2 : 5
    }
    pair.run(until: 4000)
    #expect(pair.isUp)
    pair.sent = [[], []]
    pair.run(until: 14_000)
    // 0 sends every 40 ms less jitter, 1 every 300 ms less jitter.
    #expect((250...334).contains(pair.sent[0].count))
    #expect((33...45).contains(pair.sent[1].count))
    #expect(pair.engines[0].sessions.first?.machine.detectionNanoseconds == 1_500_000_000)
    #expect(pair.engines[1].sessions.first?.machine.detectionNanoseconds == 80_000_000)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `an end that crashed is found again`(seed: UInt64) {
    var pair = BFDPair(seed: seed)
    pair.run(until: 4000)
    pair.told.removeAll()
    pair.restart(1, seed: seed + 100)
    pair.run(until: 8000)
    // Its packets name no session: they are found by their addresses and say down.
    #expect(pair.told.contains { $0.hasSuffix(": 0 down") })
    #expect(pair.isUp)
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>) func `a reload that slows down loses nothing`(seed: UInt64) {
    var pair = BFDPair(seed: seed)
    pair.run(until: 4000)
    pair.told.removeAll()
    pair.apply(0) { _, configuration in
      configuration.desiredSendMicroseconds = 500_000
      configuration.requiredReceiveMicroseconds = 20_000
    }
    pair.run(until: 10_000)
    #expect(pair.told == [])
    pair.apply(0) { _, configuration in configuration.desiredSendMicroseconds = 10_000 }
    pair.apply(1) { _, configuration in configuration.requiredReceiveMicroseconds = 10_000 }
    pair.run(until: 12_000)
    #expect(pair.told == [])
    #expect(pair.engines[1].sessions.first?.machine.detectionNanoseconds == 30_000_000)
  }
}
