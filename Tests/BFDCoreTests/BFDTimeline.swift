import BFDCore
import NetPrimitives

/// One session and everything it asked for, with the millisecond it did.
struct BFDTimeline {
  var session: BFDSession
  var told: [String] = []
  /// 0 sends as early as may be: after three quarters of an interval.
  var jitter: UInt64 = 0

  init(_ change: (inout BFDSession.Configuration) -> Void = { _ in }) {
    var configuration = BFDSession.Configuration(discriminator: 7)
    configuration.desiredSendMicroseconds = 100_000
    configuration.requiredReceiveMicroseconds = 100_000
    configuration.multiplier = 3
    change(&configuration)
    session = BFDSession(configuration)
  }

  mutating func at(_ milliseconds: UInt64, _ event: BFDSession.Event) {
    var effects = BFDEffects()
    session.handle(event, jitter: jitter, now: .milliseconds(milliseconds), effects: &effects)
    for index in 0..<effects.count {
      switch effects[index] {
      case .report(let transition):
        told.append("\(milliseconds): \(transition.to.text), \(transition.diagnostic.text)")
      case .send(let packet):
        let flags = (packet.flags.contains(.poll) ? " P" : "") + (packet.flags.contains(.final) ? " F" : "")
        told.append(
          "\(milliseconds): send \(packet.state.text)\(flags) to \(packet.yourDiscriminator), "
            + "\(packet.desiredSendMicroseconds / 1000)")
      }
    }
  }

  /// A packet of the neighbour's, whose number is 9.
  mutating func hear(
    _ milliseconds: UInt64, _ state: BFDState, _ flags: BFDPacket.Flags = [], send: UInt32 = 100, receive: UInt32 = 100,
    multiplier: UInt8 = 3, receivedAt: UInt64? = nil
  ) {
    let packet = BFDPacket(
      state: state, flags: flags, multiplier: multiplier, myDiscriminator: 9, yourDiscriminator: 7,
      desiredSendMicroseconds: send * 1000, requiredReceiveMicroseconds: receive * 1000)
    at(milliseconds, .received(.init(packet, receivedAt: .milliseconds(receivedAt ?? milliseconds))))
  }

  /// Goes up at 1100: the neighbour is heard at 1000, answers ours at 1100, and ends the Poll Sequence.
  mutating func goUp() {
    at(0, .start)
    at(0, .deadlineReached)
    hear(1000, .down, send: 1000)
    hear(1100, .up, .final)
    hear(1101, .up, .final)
    told.removeAll()
  }

  mutating func takeTold() -> [String] {
    defer { told.removeAll() }
    return told
  }

  var nextDeadline: UInt64? { session.nextDeadline.map { $0.nanoseconds / 1_000_000 } }
}

extension MonotonicInstant {
  static func milliseconds(_ count: UInt64) -> Self { Self(nanoseconds: count * 1_000_000) }
}
