import CLinuxShims
import Glibc
import HealthCheck
public import LoadBalancing
import NetPrimitives
import VRRPCore
public import VRRPRuntime

/// The check process: one engine, one reactor, one thread.
///
/// A turn of its loop reads everything that has arrived, lets the timers that are due fire, brings the kernel's table
/// to what came of it in one batch, and only then tells anybody.
public struct CheckProcess: ~Copyable {
  /// How the process is to behave.
  public struct Settings {
    /// `-I`: leave the services in the kernel when stopping.
    public var keepsServices = false
    /// `net_namespace_ipvs`.
    public var namespace = BalancingNamespace.own
    /// `-D`.
    public var isDetailed = false
    /// The real-time priority the process has; 0 in the ordinary class.
    public var realTimePriority: UInt8 = 0

    /// The defaults.
    public init() {}
  }

  var engine: BalancingEngine
  /// The effects that are carried out at the moment.
  private var effects: [BalancingEngine.Effect] = []
  private var findings: [(ProbeID, Finding)] = []
  var reactor: EpollReactor
  var table: ProbeTable
  var desk: CheckDesk
  let services: ServiceSocket
  var installer: ServiceInstaller
  var syncDaemon = SyncDaemonKeeper()
  /// `nftables_ipvs`; `nil` when groups are not marked.
  var marker: AddressMarker?
  var addresses: RouteMonitor?
  var configuration = CheckConfiguration()
  let watcher: FileWatcher?
  let settings: Settings
  let log: (LogLine) -> Void
  private let signals: SignalDescriptor
  private let reload: () -> CheckConfiguration?
  private var isStopping = false
  var ladder: PriorityLadder
  /// When to look at the kernel's table again, after an exchange with the kernel failed.
  var repairAt: MonotonicInstant?

  enum Key {
    static let signals: UInt32 = 0
    static let channel: UInt32 = 1
    static let files: UInt32 = 2
    static let addresses: UInt32 = 3
    static let firstProbe: UInt32 = 16
  }

  /// Opens what the process needs; throws when the kernel has no IPVS. Needs CAP_NET_ADMIN, and CAP_SYS_ADMIN for the
  /// IPVS of another namespace. `log` takes lines and must
  /// not wait; `reload` reads the configuration again on SIGHUP, and `nil` from it keeps the present one.
  public init(
    settings: Settings, log: @escaping (LogLine) -> Void, reload: @escaping () -> CheckConfiguration?
  ) throws(IPVSError) {
    let services = try ServiceSocket.open(in: settings.namespace)
    do {
      self.init(
        services: services, reactor: try EpollReactor(maximumEventsPerTurn: 256),
        signals: try SignalDescriptor([
          SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SignalNumber.json, SignalNumber.clearStatistics,
        ]), settings: settings, log: log, reload: reload)
    } catch { throw .system(error) }
  }

  private init(
    services: ServiceSocket, reactor: consuming EpollReactor, signals: consuming SignalDescriptor, settings: Settings,
    log: @escaping (LogLine) -> Void, reload: @escaping () -> CheckConfiguration?
  ) {
    var generator = SystemRandomNumberGenerator()
    engine = BalancingEngine(seed: generator.next(), tellsDetails: settings.isDetailed)
    self.reactor = reactor
    // Every probe that waits for a host that is gone holds a socket.
    DescriptorLimit.raise(to: ProbeTable.defaultSocketLimit + 64)
    table = ProbeTable(firstReactorKey: Key.firstProbe, sharesDescriptors: false)
    desk = CheckDesk(channel: HookChannel.inherited())
    self.services = services
    installer = ServiceInstaller(services)
    watcher = try? FileWatcher()
    ladder = PriorityLadder(priority: settings.realTimePriority)
    self.settings = settings
    self.log = log
    self.signals = signals
    self.reload = reload
  }

  /// Serves as `configuration` says until a signal ends it. `whenStarted` is called once, when the kernel's table is as
  /// it should be.
  public mutating func run(
    _ configuration: CheckConfiguration, whenStarted: () -> Void = {}
  ) throws(SystemCallError) {
    _ = try reactor.add(signals.descriptor.rawValue, interest: .readable, key: Key.signals)
    if let channel = desk.channelDescriptor { _ = try reactor.add(channel, interest: .readable, key: Key.channel) }
    if let files = watcher?.rawDescriptor { _ = try reactor.add(files, interest: .readable, key: Key.files) }
    start(configuration)
    whenStarted()
    while !(isStopping && desk.isIdle) {
      let deadline = nextDeadline
      let turn = try reactor.wait(until: deadline)
      if let priority = ladder.woken(at: turn.now, for: deadline) {
        let limit = configuration.process.realTimeLimitMicroseconds ?? 10_000
        log(Privileges.raise(to: priority, limitMicroseconds: limit))
      }
      while let event = reactor.nextReady() { try take(event, now: turn.now) }
      table.advance(to: turn.now, reactor: &reactor)
      desk.advance(to: turn.now)
      engine.advance(to: turn.now)
      if let at = repairAt, at <= turn.now { repair(now: turn.now) }
      if let at = syncDaemon.nextDeadline, at <= turn.now { settleSyncDaemon(now: turn.now) }
      carryOut(now: turn.now)
      if isStopping { desk.finish(now: turn.now) }
    }
    log(LogLine(.info, "Stopped"))
  }

  private var nextDeadline: MonotonicInstant? {
    .earlier(
      .earlier(.earlier(repairAt, syncDaemon.nextDeadline), desk.nextDeadline),
      .earlier(engine.nextDeadline, table.nextDeadline))
  }
}

// MARK: - Events

extension CheckProcess {
  private mutating func take(_ event: ReadyEvent, now: MonotonicInstant) throws(SystemCallError) {
    switch event.key {
    case Key.signals: try takeSignals(now: now)
    case Key.channel:
      desk.takeMessages(now: now)
      for news in desk.takeNews() { take(news, now: now) }
      for news in desk.takeSessionNews() { engine.sessionChanged(news.name, isUp: news.isUp, now: now) }
      // The parent is gone and will say no more; the signal of its death follows.
      if event.readiness.contains(.hangUp) { reactor.remove(event.token) }
    case Key.files:
      for name in watcher?.changes() ?? [] { readFile(name, now: now) }
    case Key.addresses: try takeAddressChanges(now: now)
    default: table.take(event, reactor: &reactor, now: now)
    }
  }

  private mutating func takeSignals(now: MonotonicInstant) throws(SystemCallError) {
    while let signal = try signals.next() {
      switch signal.number {
      case SIGTERM, SIGINT: stop(now: now)
      case SIGHUP where !isStopping: reloadConfiguration(now: now)
      case SIGUSR1: desk.write(engine.dataText(now: now), to: DumpPaths(configuration.dumps).checkPath)
      default: break
      }
    }
  }

  private mutating func take(_ news: RouterNews, now: MonotonicInstant) {
    engine.routerChanged(news.name, isActive: news.isActive, now: now)
    guard syncDaemon.follows(news.name) else { return }
    syncDaemon.routerChanged(isActive: news.isActive)
    settleSyncDaemon(now: now)
  }

  private mutating func reloadConfiguration(now: MonotonicInstant) {
    let loaded = reload()
    _ = desk.send(.configurationRead)
    guard var next = loaded else {
      log(LogLine(.error, "Reload refused; the old configuration stays in force"))
      return
    }
    if next.process != configuration.process {
      log(FixedSettings.line("how the check process runs (checker_…)"))
      next.process = configuration.process
    }
    for keyword in next.kernel.keepFixed(of: configuration.kernel) { log(FixedSettings.line(keyword)) }
    next.dumps.placeName = configuration.dumps.placeName
    guard next != configuration else {
      log(LogLine(.info, "Reload complete: nothing has changed"))
      return
    }
    let before = configuration
    apply(next, now: now)
    if next.kernel.timeouts != before.kernel.timeouts { setTimeouts() }
    carryOut(now: now)
    repair(now: now)
    log(LogLine(.info, "Reload complete"))
  }

  private mutating func stop(now: MonotonicInstant) {
    guard !isStopping else { return }
    isStopping = true
    log(LogLine(.info, "Stopping"))
    desk.stop(now: now)
    engine.stop(now: now)
    withdrawAll(now: now)
  }
}

// MARK: - Effects

extension CheckProcess {
  /// Carries out what the engine wants: probes at once, the kernel's table in one batch, then everything that tells
  /// somebody.
  mutating func carryOut(now: MonotonicInstant) {
    var commands: [IPVSCommand] = []
    var rest: [BalancingEngine.Effect] = []
    collect(&commands, &rest, now: now)
    install(commands, now: now)
    for effect in rest { tell(effect, now: now) }
    for line in desk.takeLines() { log(line) }
    for problem in table.takeProblems() { log(LogLine(.error, problem)) }
  }

  /// Takes effects until there are no more; a probe that ends at once may cause some.
  mutating func collect(
    _ commands: inout [IPVSCommand], _ rest: inout [BalancingEngine.Effect], now: MonotonicInstant
  ) {
    while true {
      table.exchangeFindings(for: &findings)
      for (id, finding) in findings { engine.probeEnded(id, finding: finding, now: now) }
      for (id, finding) in desk.takeFindings() { engine.probeEnded(id, finding: finding, now: now) }
      engine.exchangeEffects(for: &effects)
      guard !effects.isEmpty else { return }
      for index in effects.indices {
        let effect = effects[index]
        switch effect {
        case .startProbe(let start):
          if case .misc(let check) = start.definition.probe {
            desk.start(start, check, now: now)
          } else {
            table.start(start, reactor: &reactor, now: now)
          }
        case .cancelProbe(let id):
          table.cancel(id, reactor: &reactor, now: now)
          desk.cancel(id)
        case .kernel(let command): commands.append(command)
        case .run, .writeLine, .mail, .log: rest.append(effect)
        }
      }
    }
  }

  mutating func tell(_ effect: BalancingEngine.Effect, now: MonotonicInstant) {
    switch effect {
    case .run(let command, let service): desk.run(command, for: service, now: now)
    case .writeLine(let line): desk.writeLine(line)
    case .mail(let subject, let body): desk.mail(subject: subject, body: body)
    case .log(let line):
      switch line.weight {
      case .detail: if settings.isDetailed { log(LogLine(.info, line.text)) }
      case .news: log(LogLine(.info, line.text))
      case .failure: log(LogLine(.warning, line.text))
      }
    case .startProbe, .cancelProbe, .kernel: break
    }
  }
}
