public import NetPrimitives

extension BFDSession {
  /// What is configured of a session.
  public struct Configuration: Hashable, Sendable, BitwiseCopyable {
    /// Our number for the session, never 0, and no other session's.
    public var discriminator: UInt32
    /// How often we want to send once up, in microseconds, 1 and more.
    public var desiredSendMicroseconds: UInt32 = 10_000
    /// How often we are willing to receive, in microseconds, 1 and more.
    public var requiredReceiveMicroseconds: UInt32 = 10_000
    /// How often we send while not up, in microseconds; less than a second counts as a second (RFC 5880 §6.8.3).
    public var idleMicroseconds: UInt32 = 1_000_000
    /// How many of our packets the neighbour misses before it gives up, 1…255.
    public var multiplier: UInt8 = 5
    /// Whether the neighbour has to speak first (RFC 5880 §6.1).
    public var isPassive = false

    /// A session with keepalived's defaults.
    public init(discriminator: UInt32) { self.discriminator = discriminator }
  }

  /// What the neighbour said last.
  public struct Remote: Hashable, Sendable, BitwiseCopyable {
    /// `bfd.RemoteDiscr`: its number for the session; 0 while it is not heard.
    public internal(set) var discriminator: UInt32 = 0
    /// `bfd.RemoteSessionState`.
    public internal(set) var state = BFDState.down
    /// Why its session last changed.
    public internal(set) var diagnostic = BFDDiagnostic.none
    /// How often it wants to send, in microseconds.
    public internal(set) var desiredSendMicroseconds: UInt32 = 0
    /// `bfd.RemoteMinRxInterval`: how often it is willing to receive, in microseconds; 0 for never.
    public internal(set) var requiredReceiveMicroseconds: UInt32 = 1
    /// Its multiplier; 0 before it was ever heard.
    public internal(set) var multiplier: UInt8 = 0
    /// `bfd.RemoteDemandMode`.
    public internal(set) var isDemanding = false
    /// When it was heard last; `nil` for never.
    public internal(set) var heardAt: MonotonicInstant?

    init() {}

    init(_ packet: BFDPacket) {
      discriminator = packet.myDiscriminator
      state = packet.state
      diagnostic = packet.diagnostic
      desiredSendMicroseconds = packet.desiredSendMicroseconds
      requiredReceiveMicroseconds = packet.requiredReceiveMicroseconds
      multiplier = packet.multiplier
      isDemanding = packet.flags.contains(.demand)
    }
  }

  /// A packet of the neighbour's.
  public struct Arrival: Hashable, Sendable, BitwiseCopyable {
    /// What it says.
    public var packet: BFDPacket
    /// When the kernel received it; not after the `now` of the event. A late shell must not stretch the Detection Time.
    public var receivedAt: MonotonicInstant

    /// A packet that was received at `receivedAt`.
    public init(_ packet: BFDPacket, receivedAt: MonotonicInstant) {
      self.packet = packet
      self.receivedAt = receivedAt
    }
  }

  /// What can happen to a session.
  public enum Event: Hashable, Sendable, BitwiseCopyable {
    /// Begin.
    case start
    /// A packet that belongs to the session.
    case received(Arrival)
    /// ``BFDSession/nextDeadline`` has come.
    case deadlineReached
    /// Stop, and tell the neighbour: once, or with `lingers` for one Detection Time. Never comes back.
    case disable(lingers: Bool)
  }

  /// What the shell must now do.
  public enum Effect: Hashable, Sendable, BitwiseCopyable {
    /// Tell those concerned.
    case report(Transition)
    /// Send this packet to the neighbour.
    case send(BFDPacket)
  }

  /// A change of state.
  public struct Transition: Hashable, Sendable, BitwiseCopyable {
    public var from: BFDState
    public var to: BFDState
    /// Why, when it went down.
    public var diagnostic: BFDDiagnostic
    /// What the neighbour said about its own last change.
    public var remoteDiagnostic: BFDDiagnostic
  }
}

/// The effects of one event, held inline and in order; no event causes more than two.
public struct BFDEffects: Sendable {
  private var storage: InlineArray<2, BFDSession.Effect>
  /// How many there are.
  public private(set) var count = 0

  /// No effects.
  public init() {
    storage = InlineArray(
      repeating: .report(
        BFDSession.Transition(from: .down, to: .down, diagnostic: .none, remoteDiagnostic: .none)))
  }

  /// The effect at `index`, 0 being the first to carry out.
  public subscript(index: Int) -> BFDSession.Effect {
    precondition(index >= 0 && index < count)
    return storage[index]
  }

  mutating func removeAll() { count = 0 }

  mutating func append(_ effect: BFDSession.Effect) {
    precondition(count < 2, "an event caused more effects than any transition may")
    storage[count] = effect
    count += 1
  }
}
