import Glibc
public import HealthCheck
public import NetPrimitives
public import VRRPRuntime

/// Makes the probes a `CheckScheduler` asks for, thousands at a time, on the reactor of a loop its caller owns.
///
/// ```
/// table.start(start, reactor: &reactor, now: now)            // an effect of the scheduler
/// table.take(event, reactor: &reactor, now: turn.now)        // for events whose key ``owns(_:)``
/// table.advance(to: turn.now, reactor: &reactor)             // when ``nextDeadline`` has come
/// for (id, finding) in table.takeFindings() { … }            // after any of these
/// ```
/// Sockets are bounded: what exceeds their number waits in order. Every probe started and not cancelled ends with
/// exactly one finding, no later than its deadline. Nothing here waits.
public struct ProbeTable: ~Copyable {
  /// Bytes read at once; a longer datagram is cut.
  static let bufferByteCount = 16_384
  /// Reads one probe may make in a turn, so that a peer that never stops delays the others little.
  static let readsPerTurn = 8
  /// Sockets when the caller names no number, as long as the process may open so many.
  public static let defaultSocketLimit = 4096

  /// The most sockets open at a time.
  public let socketLimit: Int
  let toolbox: SystemToolbox
  /// Whether another process may hold our sockets open after us, as the child of a fork does.
  private let sharesDescriptors: Bool
  private let firstKey: UInt32
  /// The probes with a socket, by slot.
  private var probes: [OpenProbe?] = []
  /// Those that wait for one, by slot.
  private var waiting: [Int: ProbeStart] = [:]
  private var freeSlots: [Int] = []
  private var line = WaitingLine()
  private var deadlines = DeadlineQueue()
  private var findings: [(ProbeID, Finding)] = []
  private var openCount = 0
  var buffer = [UInt8](repeating: 0, count: Self.bufferByteCount)

  /// An empty table.
  ///
  /// - Parameters:
  ///   - toolbox: Digests, patterns and TLS.
  ///   - firstReactorKey: The reactor keys from this on are the table's; the caller uses lower ones.
  ///   - socketLimit: The most sockets open at a time, at least 1. By default ``defaultSocketLimit``, or less where the
  ///     process may not open so many descriptors.
  ///   - sharesDescriptors: Whether the process may fork while probes are under way. One that never does lets the
  ///     kernel forget a socket when it is closed, and saves a system call for each probe.
  public init(
    toolbox: SystemToolbox = SystemToolbox(), firstReactorKey: UInt32, socketLimit: Int? = nil,
    sharesDescriptors: Bool = true
  ) {
    precondition(socketLimit ?? 1 > 0, "a table without sockets never makes a probe")
    self.toolbox = toolbox
    self.sharesDescriptors = sharesDescriptors
    firstKey = firstReactorKey
    self.socketLimit = socketLimit ?? min(Self.defaultSocketLimit, max(16, DescriptorLimit.current - 64))
  }

  /// When to call ``advance(to:reactor:)``; `nil` while no probe is under way.
  public var nextDeadline: MonotonicInstant? { deadlines.first?.deadline }

  /// Probes with a socket.
  public var openProbeCount: Int { openCount }

  /// Probes that wait for a socket.
  public var waitingProbeCount: Int { waiting.count }

  /// Whether ``takeFindings()`` has something to give.
  public var hasFindings: Bool { !findings.isEmpty }

  /// Whether an event of the reactor is for this table.
  public func owns(_ event: ReadyEvent) -> Bool { event.key >= firstKey }

  /// What came of the probes that ended since the last call, in the order of their ends.
  public mutating func takeFindings() -> [(ProbeID, Finding)] {
    var taken: [(ProbeID, Finding)] = []
    exchangeFindings(for: &taken)
    return taken
  }

  /// Exchanges the findings for a list that has been read: it is cleared, and its memory used again.
  public mutating func exchangeFindings(for list: inout [(ProbeID, Finding)]) {
    list.removeAll(keepingCapacity: list.capacity <= 256)
    swap(&findings, &list)
  }

  /// What kept probes from being made and an operator can mend: ``SystemToolbox/takeProblems()``.
  public func takeProblems() -> [String] { toolbox.takeProblems() }

  /// Reads certificates and keys anew and compiles patterns anew, each when next needed: after a reload.
  public func forget() { toolbox.forget() }
}

// MARK: - Events

extension ProbeTable {
  /// Makes a probe, or lets it wait for a socket. Its finding may be there at once: see ``takeFindings()``. Its name
  /// must not be that of another under way.
  ///
  /// Scripts, files and BFD sessions are not probed over the network; they end inconclusively.
  public mutating func start(_ start: ProbeStart, reactor: inout EpollReactor, now: MonotonicInstant) {
    let slot = freeSlots.popLast() ?? probes.count
    if slot == probes.count { probes.append(nil) }
    guard openCount < socketLimit else {
      waiting[slot] = start
      deadlines.set(start.deadline, of: slot)
      line.append(start.id, at: slot)
      return
    }
    open(start, at: slot, reactor: &reactor, now: now)
    openWaiting(reactor: &reactor, now: now)
  }

  /// Drops a probe: it makes no finding any more. Does nothing for one that has ended. Looks at all that are under way:
  /// only a reload drops probes.
  public mutating func cancel(_ id: ProbeID, reactor: inout EpollReactor, now: MonotonicInstant) {
    let isMeant = { (probe: OpenProbe?) in probe?.id == id }
    findings.removeAll { $0.0 == id }
    let waitingSlot = waiting.first { $0.value.id == id }?.key
    guard let slot = probes.firstIndex(where: isMeant) ?? waitingSlot else { return }
    vacate(slot, reactor: &reactor)
    openWaiting(reactor: &reactor, now: now)
  }

  /// Takes an event of the reactor. Events of others and of probes that have ended are ignored.
  public mutating func take(_ event: ReadyEvent, reactor: inout EpollReactor, now: MonotonicInstant) {
    guard owns(event), case let slot = Int(event.key - firstKey), slot < probes.count else { return }
    guard let probe = probes[slot], probe.token == event.token else { return }
    let finding = drive(probe, event.readiness, now: now)
    settle(probe, at: slot, finding, reactor: &reactor)
    openWaiting(reactor: &reactor, now: now)
  }

  /// Ends the probes whose time is up.
  public mutating func advance(to now: MonotonicInstant, reactor: inout EpollReactor) {
    while let (deadline, slot) = deadlines.first, deadline <= now {
      if let probe = probes[slot] {
        settle(probe, at: slot, probe.session.deadlineReached(now: now), reactor: &reactor)
      } else if let start = waiting[slot] {
        // The limit is ours, not the target's: it says nothing about the target.
        end(start.id, at: slot, Finding(.inconclusive(.system(errno: EMFILE))), reactor: &reactor)
      } else {
        deadlines.set(nil, of: slot)
      }
    }
    openWaiting(reactor: &reactor, now: now)
  }
}

// MARK: - Slots

extension ProbeTable {
  private mutating func open(
    _ start: ProbeStart, at slot: Int, reactor: inout EpollReactor, now: MonotonicInstant
  ) {
    guard let session = ProbeSession(start, toolbox: toolbox, now: now) else {
      end(start.id, at: slot, Finding(.inconclusive(.unusableDefinition)), reactor: &reactor)
      return
    }
    let socket: ProbeSocket
    do {
      socket = try ProbeSocket(session.transport, to: session.connection)
    } catch {
      var failed = session
      end(start.id, at: slot, Self.finding(of: &failed, after: error.errno, now: now), reactor: &reactor)
      return
    }
    let probe = OpenProbe(start.id, session, consume socket)
    probes[slot] = probe
    openCount += 1
    var finding: Finding?
    // A datagram socket is connected without a word from the peer; so may a stream be, in one's own host.
    if probe.socket.isConnected { finding = begin(probe, now: now) }
    settle(probe, at: slot, finding, reactor: &reactor)
  }

  private mutating func openWaiting(reactor: inout EpollReactor, now: MonotonicInstant) {
    while openCount < socketLimit, let (id, slot) = line.popFirst() {
      // Some have been cancelled or timed out while they stood in line.
      guard waiting[slot]?.id == id, let start = waiting.removeValue(forKey: slot) else { continue }
      open(start, at: slot, reactor: &reactor, now: now)
    }
  }

  /// Ends the probe if there is a finding; otherwise waits for what it needs now.
  private mutating func settle(
    _ probe: OpenProbe, at slot: Int, _ finding: Finding?, reactor: inout EpollReactor
  ) {
    if let finding {
      end(probe.id, at: slot, finding, reactor: &reactor)
      return
    }
    deadlines.set(probe.session.nextDeadline, of: slot)
    let interest = probe.interest
    guard interest != probe.watchedInterest else { return }
    do {
      if let token = probe.token {
        try reactor.modify(token, interest: interest)
      } else {
        probe.token = try reactor.add(
          probe.socket.descriptor.rawValue, interest: interest, key: firstKey + UInt32(slot))
      }
      probe.watchedInterest = interest
    } catch {
      end(probe.id, at: slot, Finding(.inconclusive(.system(errno: error.errno))), reactor: &reactor)
    }
  }

  private mutating func end(_ id: ProbeID, at slot: Int, _ finding: Finding, reactor: inout EpollReactor) {
    var finding = finding
    if let probe = probes[slot] { conclude(probe, &finding) }
    vacate(slot, reactor: &reactor)
    findings.append((id, finding))
  }

  private mutating func vacate(_ slot: Int, reactor: inout EpollReactor) {
    if let probe = probes[slot] {
      if let token = probe.token {
        if sharesDescriptors { reactor.remove(token) } else { reactor.forget(token) }
      }
      openCount -= 1
      // The last reference: the socket is closed here.
      probes[slot] = nil
    } else if !waiting.isEmpty {
      waiting[slot] = nil
    }
    deadlines.set(nil, of: slot)
    freeSlots.append(slot)
  }
}
