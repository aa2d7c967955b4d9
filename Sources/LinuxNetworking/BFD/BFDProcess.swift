import BFDCore
import CLinuxShims
import Glibc
import LoadBalancing
import NetPrimitives
import VRRPCore
public import VRRPRuntime

/// The BFD process: one engine, one reactor, one thread.
///
/// A turn of its loop reads everything that has arrived, lets the timers that are due fire, tells the parent which
/// sessions went up or down, and sends what is to be sent; only then are log lines written.
public struct BFDProcess: ~Copyable {
  /// How the process is to behave.
  public struct Settings {
    /// `-D`.
    public var isDetailed = false
    /// The real-time priority the process has; 0 in the ordinary class.
    public var realTimePriority: UInt8 = 0

    /// The defaults.
    public init() {}
  }

  var engine: BFDEngine
  var configuration = BFDConfiguration()
  var desk: BFDDesk
  let settings: Settings
  let log: (LogLine) -> Void
  private var reactor: EpollReactor
  private let signals: SignalDescriptor
  private let reload: () -> BFDConfiguration?
  private let buffer = ReceiveBuffer(capacity: 64, bytesPerDatagram: 256)
  private var listeners: [Watched] = []
  private var senders: [UInt32: BFDSender] = [:]
  private var effects: [BFDEngine.Effect] = []
  private var lines: [LogLine] = []
  /// What was said once and not again: why a session cannot send, why a port cannot be heard.
  private var complaints: [String: String] = [:]
  /// When to try again to hear ports that are somebody else's.
  private var listenAgainAt: MonotonicInstant?
  private var random = SystemRandomNumberGenerator()
  private var ladder: PriorityLadder
  private var gathering = BurstGathering()
  private var packetsRead = 0
  private var lastTurn = MonotonicInstant(nanoseconds: 0)
  private var isStopping = false

  private struct Watched {
    var listener: BFDListener
    var token: ReactorToken
  }

  private enum Key {
    static let signals: UInt32 = 0
    static let channel: UInt32 = 1
    static let firstListener: UInt32 = 16
  }

  /// Opens what the process needs. `log` takes lines and must not wait; `reload` reads the configuration again on
  /// SIGHUP, and `nil` from it keeps the present one.
  public init(
    settings: Settings, log: @escaping (LogLine) -> Void, reload: @escaping () -> BFDConfiguration?
  ) throws(SystemCallError) {
    self.init(
      reactor: try EpollReactor(),
      signals: try SignalDescriptor([
        SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SignalNumber.json, SignalNumber.clearStatistics,
      ]), settings: settings, log: log, reload: reload)
  }

  private init(
    reactor: consuming EpollReactor, signals: consuming SignalDescriptor, settings: Settings,
    log: @escaping (LogLine) -> Void, reload: @escaping () -> BFDConfiguration?
  ) {
    engine = BFDEngine(seed: random.next())
    self.reactor = reactor
    self.signals = signals
    self.settings = settings
    self.log = log
    self.reload = reload
    desk = BFDDesk(channel: HookChannel.inherited())
    ladder = PriorityLadder(priority: settings.realTimePriority)
  }

  /// Runs sessions as `configuration` says until a signal ends it; their neighbours are told. `whenStarted` is called
  /// once, when everything that is due at start has been sent.
  public mutating func run(
    _ configuration: BFDConfiguration, whenStarted: () -> Void = {}
  ) throws(SystemCallError) {
    _ = try reactor.add(signals.descriptor.rawValue, interest: .readable, key: Key.signals)
    if let channel = desk.channelDescriptor { _ = try reactor.add(channel, interest: .readable, key: Key.channel) }
    desk.tellRead()
    let now = SystemClock.monotonic()
    apply(configuration, now: now)
    engine.advance(to: now)
    carryOut(now: now)
    whenStarted()
    while !isStopping {
      let deadline = nextDeadline
      // As adverts do, packets gather where there are many: a flood must not keep the loop from ever sleeping.
      if gathering.pauses(after: packetsRead, now: lastTurn) {
        let pauseEnd = lastTurn.advanced(byNanoseconds: BurstGathering.pauseNanoseconds)
        SystemClock.sleep(until: deadline.map { min($0, pauseEnd) } ?? pauseEnd)
      }
      packetsRead = 0
      let turn = try reactor.wait(until: deadline)
      lastTurn = turn.now
      if let priority = ladder.woken(at: turn.now, for: deadline) {
        let limit = self.configuration.process.realTimeLimitMicroseconds ?? 2_000_000
        lines.append(Privileges.raise(to: priority, limitMicroseconds: limit))
      }
      while let event = reactor.nextReady() { try take(event, isUrgent: turn.deadlinePassed, now: turn.now) }
      engine.advance(to: turn.now)
      if let at = listenAgainAt, at <= turn.now { listen(now: turn.now) }
      carryOut(now: turn.now)
    }
    log(LogLine(.info, "Stopped"))
  }

  private var nextDeadline: MonotonicInstant? {
    .earlier(.earlier(engine.nextDeadline, desk.nextDeadline), listenAgainAt)
  }
}

// MARK: - Events

extension BFDProcess {
  private mutating func take(_ event: ReadyEvent, isUrgent: Bool, now: MonotonicInstant) throws(SystemCallError) {
    switch event.key {
    case Key.signals: try takeSignals(now: now)
    case Key.channel:
      lines += desk.takeReplies()
      // The parent is gone and will say no more; the signal of its death follows.
      if event.readiness.contains(.hangUp) { reactor.remove(event.token) }
    default: receive(from: event.token, isUrgent: isUrgent, now: now)
    }
  }

  /// Reads packets. When a timer is due everything is read first: a packet in the queue may be the reason why the timer
  /// must not fire.
  private mutating func receive(from token: ReactorToken, isUrgent: Bool, now: MonotonicInstant) {
    guard let listener = listeners.first(where: { $0.token == token })?.listener else { return }
    do {
      try listener.receive(into: buffer, limit: isUrgent ? 8192 : 256) { payload, arrival in
        packetsRead += 1
        engine.receive(payload, as: arrival, now: now)
      }
    } catch { complain("receive", "cannot receive: \(error)") }
  }

  private mutating func takeSignals(now: MonotonicInstant) throws(SystemCallError) {
    while let signal = try signals.next() {
      switch signal.number {
      case SIGTERM, SIGINT: stop(now: now)
      case SIGHUP where !isStopping: reloadConfiguration(now: now)
      case SIGUSR1:
        let text = BFDDump(engine, configuration, clock: SystemClock.wallClock()).text
        lines += desk.write(text, to: DumpPaths(configuration.dumps).bfdPath)
      default: break
      }
    }
  }

  private mutating func stop(now: MonotonicInstant) {
    guard !isStopping else { return }
    isStopping = true
    lines.append(LogLine(.info, "Stopping"))
    engine.stop(now: now)
  }

  private mutating func reloadConfiguration(now: MonotonicInstant) {
    let loaded = reload()
    desk.tellRead()
    guard var next = loaded else {
      lines.append(LogLine(.error, "Reload refused; the old configuration stays in force"))
      return
    }
    if next.process != configuration.process {
      lines.append(FixedSettings.line("how the BFD process runs (bfd_…)"))
      next.process = configuration.process
    }
    next.dumps.placeName = configuration.dumps.placeName
    apply(next, now: now)
    lines.append(LogLine(.info, "Reload complete"))
  }
}

// MARK: - Configuration

extension BFDProcess {
  private mutating func apply(_ next: BFDConfiguration, now: MonotonicInstant) {
    let before = Set(configuration.sessions)
    configuration = next
    ladder.follow(next.automaticPriority)
    complaints.removeAll()
    let refused = engine.apply(next.sessions.map { BFDSessionDefinition($0) }, now: now)
    for definition in refused {
      lines.append(LogLine(.error, "(\(definition.name)) another bfd_instance has this neighbour; it is ignored"))
    }
    for session in next.sessions where !before.contains(session) {
      for record in engine.sessions where record.definition.name == session.name && !record.isLeaving {
        do { try senders[record.number]?.setHopLimit(session.sentHopLimit) } catch {
          complain(session.name, "(\(session.name)) \(error)")
        }
        // Who hears of it may be another matter now.
        desk.tell(news(of: record, isUp: record.machine.state == .up), now: now)
      }
    }
    listen(now: now)
  }

  /// Hears the ports sessions need, and no others.
  private mutating func listen(now: MonotonicInstant) {
    listenAgainAt = nil
    let paths = engine.sessions.map(\.definition.path)
    for watched in listeners where !paths.contains(where: { watched.listener.serves($0) }) {
      reactor.remove(watched.token)
    }
    listeners.removeAll { watched in !paths.contains { watched.listener.serves($0) } }
    for path in paths where !listeners.contains(where: { $0.listener.serves(path) }) {
      do {
        let listener = try BFDListener(path.neighbor.family, isMultihop: path.isMultihop)
        let key = Key.firstListener + UInt32(listeners.count)
        let token = try reactor.add(listener.rawDescriptor, interest: .readable, key: key)
        listeners.append(Watched(listener: listener, token: token))
      } catch {
        complain("listen", "no BFD packet is heard: \(error)")
        listenAgainAt = now.advanced(byNanoseconds: 1_000_000_000)
      }
    }
  }

  /// Says something that went wrong, once until it is something else.
  private mutating func complain(_ subject: String, _ text: String) {
    guard complaints.updateValue(text, forKey: subject) != text else { return }
    lines.append(LogLine(.warning, text))
  }
}

// MARK: - Effects

extension BFDProcess {
  /// Those who follow a session are told before the neighbour is, and the log last.
  private mutating func carryOut(now: MonotonicInstant) {
    engine.exchangeEffects(for: &effects)
    for effect in effects {
      guard case .tell(let number, let isUp) = effect, let record = engine[number] else { continue }
      desk.tell(news(of: record, isUp: isUp), now: now)
    }
    desk.flush(now: now)
    for effect in effects {
      switch effect {
      case .tell: break
      case .send(let number, let packet): send(packet, of: number)
      case .report(let number, let transition):
        if let record = engine[number] { report(transition, of: record, now: now) }
      }
    }
    if senders.count > engine.sessions.count { senders = senders.filter { engine[$0.key] != nil } }
    for line in lines { log(line) }
    lines.removeAll(keepingCapacity: true)
  }

  private func news(of record: BFDEngine.Record, isUp: Bool) -> SessionNews {
    let name = record.definition.name
    let definition = configuration.sessions.first { $0.name == name }
    return SessionNews(
      name: name, isUp: isUp, informsRouters: definition?.informsRouters ?? true,
      informsChecks: definition?.informsChecks ?? true)
  }

  /// Sends a packet; the socket is opened when it is first needed, for the source may not be there before.
  private mutating func send(_ packet: BFDPacket, of number: UInt32) {
    guard let record = engine[number] else { return }
    let name = record.definition.name
    // Who cannot hear must not speak: the port is another's, and so may be the session.
    guard listeners.contains(where: { $0.listener.serves(record.definition.path) }) else { return }
    do {
      let sender: BFDSender
      if let open = senders[number] {
        sender = open
      } else {
        let hopLimit = configuration.sessions.first { $0.name == name }?.sentHopLimit ?? 255
        sender = try BFDSender(record.definition.path, hopLimit: hopLimit, port: random.next())
        senders[number] = sender
      }
      try sender.send(packet)
      complaints[name] = nil
    } catch { complain(name, "(\(name)) cannot send: \(error)") }
  }

  /// In keepalived's words.
  private mutating func report(
    _ transition: BFDSession.Transition, of record: BFDEngine.Record, now: MonotonicInstant
  ) {
    let name = record.definition.name
    switch transition.to {
    case .initializing: if settings.isDetailed { lines.append(LogLine(.info, "(\(name)) Entering Init state")) }
    case .up: lines.append(LogLine(.info, "(\(name)) Entering Up state"))
    case .adminDown: lines.append(LogLine(.info, "(\(name)) Entering AdminDown state"))
    case .down:
      if transition.diagnostic == .detectionTimeExpired, let heardAt = record.machine.remote.heardAt {
        lines.append(LogLine(.info, "(\(name)) Expired after \(now.nanoseconds(since: heardAt) / 1_000_000) ms"))
      }
      lines.append(
        LogLine(
          .info,
          "(\(name)) Entering Down state (Local diagnostic - \(transition.diagnostic.text), Remote diagnostic - "
            + "\(transition.remoteDiagnostic.text))"))
    }
  }
}

extension BFDListener {
  /// Whether packets of a session along `path` come here.
  fileprivate func serves(_ path: BFDPath) -> Bool { path.neighbor.family == family && path.isMultihop == isMultihop }
}
