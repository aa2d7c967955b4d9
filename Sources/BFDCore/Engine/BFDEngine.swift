public import NetPrimitives

/// All sessions of a process: finds the one a packet belongs to, and drives them.
///
/// Sessions are few, a packet touches one, and the earliest deadline is looked for among all of them.
public struct BFDEngine: Sendable {
  /// How many packets were taken and refused.
  public private(set) var counters = BFDCounters()
  private var records: [Record] = []
  private var random: SplitMix64
  private var pending: [Effect] = []

  /// One session and what is known about it.
  public struct Record: Hashable, Sendable {
    /// What it is to be.
    public internal(set) var definition: BFDSessionDefinition
    /// What it is.
    public internal(set) var machine: BFDSession
    /// Packets of the neighbour's that were taken.
    public internal(set) var received: UInt64 = 0
    /// Packets that were to be sent.
    public internal(set) var sent: UInt64 = 0
    /// How often it left the state Up.
    public internal(set) var losses: UInt64 = 0

    /// Its number: our discriminator.
    public var number: UInt32 { machine.configuration.discriminator }
  }

  /// What the shell must now do.
  public enum Effect: Hashable, Sendable {
    /// Tell those who follow the session: at its start, and when it goes up or down.
    case tell(session: UInt32, isUp: Bool)
    /// A session changed its state.
    case report(session: UInt32, BFDSession.Transition)
    /// Send this packet to the session's neighbour.
    case send(session: UInt32, BFDPacket)
  }

  /// No sessions. The same `seed` makes the same discriminators and the same jitter.
  public init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// When to call ``advance(to:)``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? {
    records.reduce(nil) { .earlier($0, $1.machine.nextDeadline) }
  }

  /// The sessions there are, those that leave included.
  public var sessions: [Record] { records }

  /// The session with this number.
  public subscript(_ number: UInt32) -> Record? { records.first { $0.number == number } }

  /// Takes the effects, first to last, in exchange for an array whose room is used again. A session that is over is
  /// known until what it asked for last has been taken.
  public mutating func exchangeEffects(for other: inout [Effect]) {
    if pending.isEmpty { records.removeAll { $0.machine.isOver } }
    other.removeAll(keepingCapacity: true)
    swap(&pending, &other)
  }

  /// Makes these the sessions there are. One whose path is as before goes on, with whatever name and settings; one that
  /// is new starts, and one that is gone tells its neighbour.
  ///
  /// - Returns: Definitions left out because an earlier one has their path.
  @discardableResult
  public mutating func apply(
    _ definitions: [BFDSessionDefinition], now: MonotonicInstant
  ) -> [BFDSessionDefinition] {
    var wanted: [BFDSessionDefinition] = []
    var refused: [BFDSessionDefinition] = []
    for definition in definitions {
      if wanted.contains(where: { $0.path == definition.path }) {
        refused.append(definition)
      } else {
        wanted.append(definition)
      }
    }
    for index in records.indices where !wanted.contains(where: { $0.path == records[index].definition.path }) {
      drive(index, .disable(lingers: true), now: now)
    }
    for definition in wanted {
      if let index = records.firstIndex(where: { $0.definition.path == definition.path && !$0.isLeaving }) {
        let isRenamed = records[index].definition.name != definition.name
        records[index].definition = definition
        records[index].machine.reconfigure(definition.configuration, jitter: random.next(), now: now)
        if isRenamed { tell(index) }
      } else {
        add(definition, now: now)
      }
    }
    return refused
  }

  /// Takes one datagram that came to a port of BFD.
  public mutating func receive(_ payload: borrowing RawSpan, as arrival: BFDArrival, now: MonotonicInstant) {
    do throws(BFDRejection) {
      let (index, packet) = try admit(payload, arrival)
      counters.received &+= 1
      records[index].received &+= 1
      drive(index, .received(BFDSession.Arrival(packet, receivedAt: min(arrival.receivedAt, now))), now: now)
    } catch { counters.count(error) }
  }

  /// Lets everything happen that is due.
  public mutating func advance(to now: MonotonicInstant) {
    for index in records.indices {
      guard let deadline = records[index].machine.nextDeadline, deadline <= now else { continue }
      drive(index, .deadlineReached, now: now)
    }
  }

  /// Stops all sessions; their neighbours are told once.
  public mutating func stop(now: MonotonicInstant) {
    for index in records.indices { drive(index, .disable(lingers: false), now: now) }
  }
}

extension BFDEngine.Record {
  /// Whether it only tells its neighbour that it is going.
  public var isLeaving: Bool { machine.state == .adminDown }
}

// MARK: - Sessions

extension BFDEngine {
  private mutating func add(_ definition: BFDSessionDefinition, now: MonotonicInstant) {
    var number: UInt32
    repeat { number = UInt32(truncatingIfNeeded: random.next()) } while number == 0 || self[number] != nil
    var definition = definition
    definition.configuration.discriminator = number
    records.append(Record(definition: definition, machine: BFDSession(definition.configuration)))
    tell(records.count - 1)
    drive(records.count - 1, .start, now: now)
  }

  private mutating func tell(_ index: Int) {
    pending.append(.tell(session: records[index].number, isUp: records[index].machine.state == .up))
  }

  private mutating func drive(_ index: Int, _ event: BFDSession.Event, now: MonotonicInstant) {
    var effects = BFDEffects()
    records[index].machine.handle(event, jitter: random.next(), now: now, effects: &effects)
    let number = records[index].number
    for effect in 0..<effects.count {
      switch effects[effect] {
      case .report(let transition):
        if transition.from == .up { records[index].losses &+= 1 }
        // One that is taken out has nobody who follows it.
        if transition.to != .adminDown, (transition.from == .up) != (transition.to == .up) { tell(index) }
        pending.append(.report(session: number, transition))
      case .send(let packet):
        records[index].sent &+= 1
        pending.append(.send(session: number, packet))
      }
    }
  }
}

// MARK: - Packets

extension BFDEngine {
  /// Finds the session of a packet (RFC 5880 §6.3, §6.8.6; RFC 5881 §3, §5).
  private func admit(
    _ payload: borrowing RawSpan, _ arrival: BFDArrival
  ) throws(BFDRejection) -> (index: Int, packet: BFDPacket) {
    let packet: BFDPacket
    do throws(BFDDecodingError) { packet = try BFDPacket(decoding: payload) } catch { throw .undecodable(error) }
    let found: Int?
    if packet.yourDiscriminator != 0 {
      found = records.firstIndex { $0.number == packet.yourDiscriminator }
      guard found != nil else { throw .unknownDiscriminator }
    } else {
      found = records.firstIndex { !$0.isLeaving && $0.definition.path.isMet(by: arrival) }
    }
    guard let found else { throw .unknownNeighbor }
    let definition = records[found].definition
    guard definition.path.isMultihop == arrival.isMultihop else { throw .otherPort }
    guard arrival.hopLimit >= definition.minimumHopLimit else { throw .hopLimit(arrival.hopLimit) }
    // Nothing is configured that could verify it (§6.8.6: "the packet MUST be discarded").
    guard !packet.flags.contains(.authentication) else { throw .authenticated }
    return (found, packet)
  }
}
