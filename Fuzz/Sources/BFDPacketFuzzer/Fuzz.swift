import BFDCore
import NetPrimitives

/// Byte 0 chooses how the rest is read: bit 0 the session's number is written into it first, so that sessions that are
/// up are reached; bit 1 it comes twice. Then the engine is driven for as long as the packets' own intervals ask.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  roundTrip(Array(input.dropFirst()))

  let neighbor = IPAddress.v4(IPv4Address(192, 0, 2, 2))
  var engine = BFDEngine(seed: 1)
  engine.apply([BFDSessionDefinition(name: "a", path: BFDPath(to: neighbor))], now: MonotonicInstant(nanoseconds: 1))
  var now = MonotonicInstant(nanoseconds: 1)
  var taken: [BFDEngine.Effect] = []
  // Packets of 24 bytes and what is left behind.
  for start in stride(from: 1, to: input.count, by: 24) {
    var payload = Array(input[start..<min(start + 24, input.count)])
    if input[0] & 1 != 0, payload.count >= 12, let number = engine.sessions.first?.number {
      for place in 0..<4 { payload[8 + place] = UInt8(truncatingIfNeeded: number >> UInt32(24 - 8 * place)) }
    }
    for _ in 0...(input[0] & 2) {
      let arrival = BFDArrival(source: neighbor, destination: neighbor, hopLimit: 255, receivedAt: now)
      payload.span.withRawSpan { engine.receive($0, as: arrival, now: now) }
      check(engine)
      now = now.advanced(byNanoseconds: 1_000_000)
      engine.advance(to: now)
    }
    if let next = engine.nextDeadline, next > now { now = next }
    engine.advance(to: now)
    engine.exchangeEffects(for: &taken)
    precondition(taken.count < 64)
  }
  return 0
}

private func check(_ engine: BFDEngine) {
  guard let machine = engine.sessions.first?.machine else { preconditionFailure("the session is gone") }
  if machine.state == .up { precondition(machine.remote.discriminator != 0 && machine.detectionNanoseconds > 0) }
  if machine.remote.discriminator != 0 { precondition(machine.nextDeadline != nil) }
}

/// What decodes is written as it was, but for what authenticates it.
private func roundTrip(_ payload: [UInt8]) {
  guard var packet = payload.span.withRawSpan({ try? BFDPacket(decoding: $0) }) else { return }
  precondition(packet.myDiscriminator != 0 && packet.multiplier != 0)
  if packet.flags.contains(.authentication) {
    precondition(payload.span.withRawSpan { packet.authentication(in: $0) } != nil)
  }
  let again = [UInt8](capacity: BFDPacket.byteCount) { packet.encode(into: &$0) }
  packet.flags.remove(.authentication)
  precondition(again.span.withRawSpan { try? BFDPacket(decoding: $0) } == packet)
}
