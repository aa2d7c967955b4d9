import CLinuxShims
import Glibc
import NetPrimitives
import VRRPCore
public import VRRPRuntime

/// The VRRP process: one engine, one reactor, one thread.
///
/// A turn of its loop reads everything that has arrived, lets the timers that are due fire, and carries out what came
/// of it; only then are log lines written.
public struct VRRPProcess: ~Copyable {
  /// How the process is to behave.
  public struct Settings {
    /// Whether a predecessor crashed and left addresses in place that are to be taken over as they are.
    public var resumes = false
    /// Leave addresses in place when stopping.
    public var keepsAddresses = false
    /// Where numbers of Authentication Headers are found and left; `nil` for nowhere.
    public var sequences: SequenceLedger?
    /// `-D`.
    public var isDetailed = false
    /// `-d`: the configuration is logged when it has been read.
    public var dumpsConfiguration = false
    /// `-X`: addresses go at once when the daemon stops.
    public var releasesAtOnce = false
    /// `-a`: every address that comes or goes is logged.
    public var tellsAddresses = false
    /// The real-time priority the process has; 0 in the ordinary class.
    public var realTimePriority: UInt8 = 0

    /// The defaults.
    public init() {}
  }

  var engine: VRRPEngine<LinuxWorld>
  var reactor: EpollReactor
  let monitor: RouteMonitor
  let signals: SignalDescriptor
  private let buffer = ReceiveBuffer()
  let settings: Settings
  let log: (LogLine) -> Void
  let reload: () -> VRRPConfiguration?
  var desk: ScriptDesk
  var global = GlobalDefinition()
  var dumps = DumpDefinition()

  var watched: [Watched?] = []
  var watchedClaims: [Watched?] = []
  var watchedProcesses: Watched?
  private var gathering = BurstGathering()
  private var advertsRead = 0
  private var lastTurn = MonotonicInstant(nanoseconds: 0)
  /// Claims that were heard, judged when the adverts of the same turn have been read.
  private var rivals: [LinuxWorld.RivalClaim] = []
  var watchedGeneration: UInt64 = 0
  var isStopping = false
  var ladder: PriorityLadder
  var fixed = FixedSettings(VRRPConfiguration())
  /// How often the configuration was read anew.
  var reloadCount = 0
  var hearsRoutes = false
  var linkPolls = LinkPolls()
  var linkProbe: LinkProbe?
  var repeatsStates = false
  /// How far the boot-time clock was ahead of the monotonic one; it grows only while the host sleeps.
  private var suspendedNanoseconds: UInt64

  struct Watched {
    var descriptor: Int32
    var token: ReactorToken
  }

  enum Key {
    static let signals: UInt32 = 0
    static let monitor: UInt32 = 1
    static let channel: UInt32 = 2
    static let files: UInt32 = 3
    static let processes: UInt32 = 4
    static let firstSocket: UInt32 = 16
    static let firstClaim: UInt32 = 0x8000_0000
  }

  /// Opens what the process needs. Needs CAP_NET_ADMIN and CAP_NET_RAW. `log` takes lines and must not wait; `reload`
  /// reads the configuration again on SIGHUP, and `nil` from it keeps the present one.
  public init(
    settings: Settings, log: @escaping (LogLine) -> Void, reload: @escaping () -> VRRPConfiguration?
  ) throws(SystemCallError) {
    // Subscribed before anything is listed: nothing is missed in between.
    self.init(
      world: try LinuxWorld(), reactor: try EpollReactor(), monitor: try RouteMonitor(),
      signals: try SignalDescriptor([
        SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SignalNumber.json, SignalNumber.clearStatistics,
      ]), settings: settings, log: log,
      reload: reload)
  }

  private init(
    world: consuming LinuxWorld, reactor: consuming EpollReactor, monitor: RouteMonitor,
    signals: consuming SignalDescriptor, settings: Settings, log: @escaping (LogLine) -> Void,
    reload: @escaping () -> VRRPConfiguration?
  ) {
    engine = VRRPEngine(in: world)
    engine.world.sequences = settings.sequences
    self.reactor = reactor
    self.monitor = monitor
    self.signals = signals
    self.settings = settings
    self.log = log
    self.reload = reload
    desk = ScriptDesk(channel: HookChannel.inherited())
    ladder = PriorityLadder(priority: settings.realTimePriority)
    suspendedNanoseconds = Self.readSuspendedNanoseconds()
  }

  private mutating func start(_ configuration: VRRPConfiguration) throws(SystemCallError) {
    _ = try reactor.add(signals.descriptor.rawValue, interest: .readable, key: Key.signals)
    _ = try reactor.add(monitor.rawDescriptor, interest: .readable, key: Key.monitor)
    if let channel = desk.channelDescriptor { _ = try reactor.add(channel, interest: .readable, key: Key.channel) }
    if let files = desk.watcher?.rawDescriptor { _ = try reactor.add(files, interest: .readable, key: Key.files) }
    let definitions = readingKeys(of: configuration.routers)
    let now = SystemClock.monotonic()
    let changes = try engine.world.resynchronize()
    engine.world.follow(configuration.global)
    engine.world.keep(configuration.statics, configuration.global)
    var resumed: [VirtualRouterDefinition] = []
    if settings.resumes {
      for definition in definitions where engine.world.hasAddresses(of: definition) { resumed.append(definition) }
    }
    engine.world.removeLeftovers(keeping: resumed)
    follow(configuration.linkPolling, now: now)
    follow(changes, now: now)
    // What is up at start is no news.
    _ = engine.world.takeNotices()
    global = configuration.global
    dumps = configuration.dumps
    fixed = FixedSettings(configuration)
    desk.tellRead()
    follow(global)
    if !settings.resumes, let start = startInstant(now: now) { engine.hold(until: start) }
    desk.apply(configuration, isReload: false, now: now)
    try watchProcesses()
    // What is known of BFD sessions lies there: a router that resumes must not take them for down.
    desk.takeReplies(now: now)
    takeFindings(now: now)
    engine.setWallClock(SystemClock.realTime().nanoseconds, now: now)
    engine.apply(definitions, groups: configuration.groups, now: now) { resumed.contains($0) }
    engine.world.flush(now: now)
    hearRoutes()
    try watchSockets()
    log(LogLine(.info, "Startup complete"))
    tellConfiguration()
    tell(now: now)
  }

  /// Takes part as `configuration` says until a signal ends it and every router has left. `whenStarted` is called once,
  /// when everything that is due at start has been sent.
  public mutating func run(
    _ configuration: VRRPConfiguration, whenStarted: () -> Void = {}
  ) throws(SystemCallError) {
    try start(configuration)
    whenStarted()
    while !(isStopping && engine.isStopped && desk.isIdle) {
      let deadline = nextDeadline
      if gathering.pauses(after: advertsRead, now: lastTurn) {
        let pauseEnd = lastTurn.advanced(byNanoseconds: BurstGathering.pauseNanoseconds)
        SystemClock.sleep(until: deadline.map { min($0, pauseEnd) } ?? pauseEnd)
      }
      advertsRead = 0
      let turn = try reactor.wait(until: deadline)
      lastTurn = turn.now
      if let priority = ladder.woken(at: turn.now, for: deadline) {
        let limit = global.realTimeLimitMicroseconds ?? 2_000_000
        log(Privileges.raise(to: priority, limitMicroseconds: limit))
      }
      if engine.needsWallClock { engine.setWallClock(SystemClock.realTime().nanoseconds, now: turn.now) }
      while let event = reactor.nextReady() {
        try take(event, isUrgent: turn.deadlinePassed, now: turn.now)
      }
      for rival in rivals {
        engine.claimed(rival.claim.address, of: rival.router, by: rival.claim.hardwareAddress, now: turn.now)
      }
      rivals.removeAll(keepingCapacity: true)
      noticeSleep(now: turn.now)
      pollLinks(now: turn.now)
      desk.advance(to: turn.now)
      takeFindings(now: turn.now)
      engine.advance(to: turn.now)
      for router in engine.world.takeDisturbed() { engine.redefine(router, now: turn.now) }
      engine.world.flush(now: turn.now)
      engine.world.repair(now: turn.now)
      if watchedGeneration != engine.world.socketGeneration { try watchSockets() }
      tell(now: turn.now)
    }
    engine.world.releaseStatics(now: SystemClock.monotonic())
    engine.world.dismantle()
  }

  private var nextDeadline: MonotonicInstant? {
    .earlier(
      .earlier(engine.nextDeadline, engine.world.nextDeadline),
      .earlier(desk.nextDeadline, linkPolls.nextDeadline))
  }
}

// MARK: - Events

extension VRRPProcess {
  private mutating func take(
    _ event: ReadyEvent, isUrgent: Bool, now: MonotonicInstant
  ) throws(SystemCallError) {
    switch event.key {
    case Key.signals: try takeSignals(now: now)
    case Key.monitor: try takeKernelEvents(now: now)
    case Key.channel:
      desk.takeReplies(now: now)
      // The parent is gone and will say no more; the signal of its death follows.
      if event.readiness.contains(.hangUp) { reactor.remove(event.token) }
    case Key.files: desk.takeFileChanges(now: now)
    case Key.processes: desk.takeProcessEvents(now: now)
    case Key.firstClaim...:
      // A flood of claims is one contest: what is beyond the bound says nothing new.
      let claims = engine.world.receiveClaims(from: Int(event.key - Key.firstClaim), into: buffer)
      rivals += claims.prefix(64)
    default: receive(from: Int(event.key - Key.firstSocket), isUrgent: isUrgent, now: now)
    }
  }

  /// Reads adverts. When a timer is due everything is read first: an advert in the queue may be the reason why the
  /// timer must not fire.
  private mutating func receive(from index: Int, isUrgent: Bool, now: MonotonicInstant) {
    guard engine.world.sockets.indices.contains(index), let socket = engine.world.sockets[index]?.socket else {
      return
    }
    let isSealed = socket.configuration.carrier == .authenticationHeader
    do {
      try socket.receive(into: buffer, limit: isUrgent ? 8192 : 256) { payload, datagram in
        advertsRead += 1
        let segment = engine.world.segment(of: datagram.interface)
        if isSealed {
          engine.receive(sealed: payload, on: segment, receivedAt: min(datagram.receivedAt, now), now: now)
          return
        }
        let arrival = AdvertisementArrival(
          source: datagram.source, destination: datagram.destination, hopLimit: datagram.hopLimit,
          hasOptions: datagram.hasOptions)
        engine.receive(
          payload, as: arrival, on: segment, receivedAt: min(datagram.receivedAt, now), now: now)
      }
    } catch {
      engine.world.fail("cannot receive: \(error)")
    }
  }

  private mutating func takeKernelEvents(now: MonotonicInstant) throws(SystemCallError) {
    var events: [RouteMonitor.Event] = []
    try monitor.receive { events.append($0) }
    if settings.tellsAddresses { tell(events) }
    if events.contains(.overrun) {
      log(LogLine(.warning, "the kernel dropped events; reading links and addresses anew"))
      follow(try engine.world.resynchronize(), now: now)
    } else {
      follow(engine.world.enter(events, now: now), now: now)
    }
    for router in engine.world.takeDeposed() { engine.stepDown(router, now: now) }
  }

  /// Asks the kernel to tell of routes and rules once somebody wants some.
  mutating func hearRoutes() {
    guard !hearsRoutes, engine.world.hasRoutes else { return }
    do {
      try monitor.hearRoutes()
      hearsRoutes = true
    } catch {
      engine.world.fail("losses of routes go unnoticed: \(error)")
    }
  }

  mutating func follow(_ changes: [InterfaceTable.Change], now: MonotonicInstant) {
    for change in changes {
      switch change {
      case .updated(var interface):
        if let answer = linkPolls.isUp(interface.name) { interface.isUp = answer }
        interface.isUp = desk.believes(interface.name, isUp: interface.isUp, now: now)
        engine.update(interface, now: now)
      case .removed(let index): engine.removeInterface(index, now: now)
      }
    }
  }

  private mutating func takeFindings(now: MonotonicInstant) {
    for finding in desk.takeFindings() {
      switch finding {
      case .tracked(let key, let state): engine.track(key, state, now: now)
      case .interface(let name, let isUp):
        guard var interface = engine.world.table.interface(named: name) else { continue }
        interface.isUp = isUp
        engine.update(interface, now: now)
      }
    }
  }

  private mutating func noticeSleep(now: MonotonicInstant) {
    let suspended = Self.readSuspendedNanoseconds()
    // Both clocks are read one after the other; what is less than this is not sleep.
    if suspended > suspendedNanoseconds + 100_000_000 {
      log(LogLine(.warning, "the host slept for \((suspended - suspendedNanoseconds) / 1_000_000) ms"))
      engine.clockJumped(now: now)
    }
    suspendedNanoseconds = suspended
  }

  private static func readSuspendedNanoseconds() -> UInt64 {
    let monotonic = SystemClock.monotonic()
    return SystemClock.bootTime().nanoseconds(since: monotonic)
  }
}

// MARK: - Log

extension VRRPProcess {
  private mutating func tell(now: MonotonicInstant) {
    for named in engine.world.takeNotices() {
      desk.take(named.notice, name: named.name, now: now)
      for line in named.notice.logLines(name: named.name, isDetailed: settings.isDetailed) { log(line) }
    }
    repeatStates(now: now)
    if isStopping, engine.isStopped { desk.finish(now: now) }
    for line in desk.takeLines() { log(line) }
    for failure in engine.world.takeFailures() { log(LogLine(.warning, failure)) }
  }
}
