import CLinuxShims
import Glibc
import NetPrimitives
public import VRRPRuntime

/// The parent: starts the VRRP process, the check process and the BFD process, passes signals on, and restarts what
/// dies.
///
/// A VRRP process that crashes leaves its addresses in the kernel, so the next one is started at once and told to take
/// them over as they are: no election, no moment with two owners. One that keeps dying is another matter: then the
/// parent takes the addresses away itself, so that a peer serves them, and tries again ever more slowly. What a check
/// process leaves in IPVS goes on serving until its successor takes it over.
public struct Supervisor: ~Copyable {
  /// One process to keep alive.
  public struct Child {
    /// The processes of the daemon, in the order in which they are started and stopped: addresses come and go before
    /// the services on them do.
    public enum Kind: UInt32, Hashable, Sendable, CaseIterable {
      case vrrp
      case check
      case bfd
    }

    /// Which of them it is.
    public var kind: Kind
    /// Whether it is not started before a reload, for the configuration has nothing for it.
    public var startsIdle = false
    /// What it does, in a process of its own; the result is its exit status, ``Supervisor/idleStatus`` when the
    /// configuration has nothing for it. It is told whether a predecessor crashed, whose work is to be taken over.
    public var run: (_ resumes: Bool) -> Int32

    /// A child.
    public init(_ kind: Kind, startsIdle: Bool = false, run: @escaping (_ resumes: Bool) -> Int32) {
      self.kind = kind
      self.startsIdle = startsIdle
      self.run = run
    }
  }

  /// What to start and how to behave.
  public struct Settings {
    /// What to start, at most one of a kind.
    public var children: [Child] = []
    /// What runs before and after everything else.
    public var scripts = LifeScripts()
    /// The scripts' environment, `NAME=VALUE` each.
    public var environment: [String] = []
    /// `-R` clears it: a child that dies ends the daemon.
    public var respawns = true
    /// `-V`: leave addresses in place when stopping.
    public var keepsAddresses = false
    /// `--ignore-sigint`.
    public var ignoresInterrupt = false
    /// `reload_time_file`: what says when to reload.
    public var reloadTimePath: String?
    /// `reload_repeat`.
    public var reloadsDaily = false
    /// `reload_file`: a file that is there while the configuration is read anew.
    public var reloadMarkerPath: String?
    /// What delivers alerts, in a process of its own that is there only when there are some; its exit status. `nil`
    /// delivers none.
    public var deliverAlerts: (() -> Int32)?
    /// How long alerts of the end may take once all children have stopped, in nanoseconds.
    public var lastAlertsNanoseconds: UInt64 = 3_000_000_000
    /// How long a child may take to stop before it is killed, in nanoseconds.
    public var stopLimitNanoseconds: UInt64 = 5_000_000_000

    /// The defaults.
    public init() {}
  }

  /// The exit status of a child that has nothing to do: it is started again when the configuration is read anew.
  public static var idleStatus: Int32 { 3 }

  let settings: Settings
  let log: (LogLine) -> Void
  let whenStarted: () -> Void
  private let whenSettled: () -> Void
  /// When the children will have begun their work; `nil` before they are started and after that.
  var settlesAt: MonotonicInstant?
  var stage = Stage.running
  var reactor: EpollReactor
  private let signals: SignalDescriptor
  let children: [SupervisedChild]
  var hooks: HookRunner
  let alerts: AlertDesk
  /// What the VRRP process said last of each router others ask about.
  var routerNews: [String: Bool] = [:]
  /// What the BFD process said of its sessions.
  var sessions = SessionRelay()
  private var messageBuffer = [UInt8](repeating: 0, count: HookRequest.byteLimit)
  var isStopping = false
  /// Until when alerts of the end are waited for; `nil` while children run.
  var lastAlertsUntil: MonotonicInstant?
  var isToldOfEverything = false
  /// What the daemon will end with.
  var exitStatus: Int32 = 0
  var reloads: ReloadDesk

  enum Key {
    static let signals: UInt32 = 0
    static let firstChild: UInt32 = 1
    static let firstChannel: UInt32 = 4
    static let alertProcess: UInt32 = 8
    static let alertChannel: UInt32 = 9
    static let lifeScript: UInt32 = 10
    static let reloadTime: UInt32 = 11
    static let firstHook: UInt32 = 16
  }

  /// Prepares to supervise; signals are blocked from here on. `log` takes lines and must not wait; `whenStarted` is
  /// called once, when the children run; `whenSettled` once, a second later or when a reload is asked for: what the
  /// parent does for itself must not take the processor from children that begin.
  public init(
    _ settings: Settings, log: @escaping (LogLine) -> Void, whenStarted: @escaping () -> Void,
    whenSettled: @escaping () -> Void
  ) throws(SystemCallError) {
    self.init(
      settings, log: log, whenStarted: whenStarted, whenSettled: whenSettled, reactor: try EpollReactor(),
      signals: try SignalDescriptor([
        SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SignalNumber.json, SignalNumber.clearStatistics,
      ]))
  }

  private init(
    _ settings: Settings, log: @escaping (LogLine) -> Void, whenStarted: @escaping () -> Void,
    whenSettled: @escaping () -> Void, reactor: consuming EpollReactor, signals: consuming SignalDescriptor
  ) {
    self.settings = settings
    self.log = log
    self.whenStarted = whenStarted
    self.whenSettled = whenSettled
    self.reactor = reactor
    self.signals = signals
    children = settings.children.sorted { $0.kind.rawValue < $1.kind.rawValue }.map { SupervisedChild($0) }
    alerts = AlertDesk(settings.deliverAlerts, keys: (Key.alertProcess, Key.alertChannel), log: log)
    hooks = HookRunner(environment: settings.environment, firstKey: Key.firstHook)
    reloads = ReloadDesk(settings)
  }

  /// Supervises until the daemon is to end; returns its exit status.
  public mutating func run() throws(SystemCallError) -> Int32 {
    _ = try reactor.add(signals.descriptor.rawValue, interest: .readable, key: Key.signals)
    try watchReloadTime()
    try begin()
    while true {
      let turn = try reactor.wait(until: nextDeadline)
      while let event = reactor.nextReady() { try take(event, now: turn.now) }
      if let at = settlesAt, at <= turn.now { settle() }
      for child in children { try advance(child, to: turn.now) }
      try alerts.advance(to: turn.now, in: &reactor)
      advanceScript(to: turn.now)
      try advanceReloads()
      passOnSessions(now: turn.now)
      if isStopping {
        signalNextToStop(now: turn.now)
        if !children.contains(where: \.isPresent), try isToldOfEnd(now: turn.now), try end(now: turn.now) {
          return exitStatus
        }
      }
    }
  }

  private var nextDeadline: MonotonicInstant? {
    let own = [
      alerts.nextDeadline, lastAlertsUntil, scriptDeadline, reloads.nextDeadline, sessions.nextDeadline, settlesAt,
    ]
    return (children.map(\.nextDeadline) + own).compactMap(\.self).min()
  }

  mutating func settle() {
    guard settlesAt != nil else { return }
    settlesAt = nil
    whenSettled()
  }

  private mutating func take(_ event: ReadyEvent, now: MonotonicInstant) throws(SystemCallError) {
    switch event.key {
    case Key.signals: try takeSignals(now: now)
    case Key.firstChild..<Key.firstChannel:
      guard let child = child(at: event.key - Key.firstChild), let status = try child.process?.reap() else { return }
      try ended(child, status, now: now)
    case Key.firstChannel..<Key.alertProcess:
      if let child = child(at: event.key - Key.firstChannel) { try takeRequests(of: child, now: now) }
    case Key.alertProcess: try alerts.takeEnd(in: &reactor, now: now)
    case Key.lifeScript: try takeScriptEnd()
    case Key.reloadTime: takeReloadTime()
    case Key.alertChannel: try alerts.takeReplies(in: &reactor, now: now)
    default:
      guard let (owner, reply) = try hooks.reap(event.key, reactor: &reactor) else { return }
      if let child = child(at: owner) { _ = child.channel?.send(reply.encoded) }
    }
  }

  private func child(at number: UInt32) -> SupervisedChild? { children.first { $0.kind.rawValue == number } }

  private mutating func advance(_ child: SupervisedChild, to now: MonotonicInstant) throws(SystemCallError) {
    if let at = child.restartAt, at <= now { try start(child, resuming: false) }
    if let at = child.killAt, at <= now {
      child.killAt = nil
      log(LogLine(.error, "\(child.kind.name) process failed to die - forcing termination"))
      child.signal(SIGKILL)
    }
  }

  mutating func takeRequests(of child: SupervisedChild, now: MonotonicInstant) throws(SystemCallError) {
    var told: [AlertDelivery] = []
    while let bytes = child.channel?.receive(into: &messageBuffer) {
      do throws(HookMessageError) {
        let request = try HookRequest(decoding: bytes)
        if case .routerNews(let news) = request {
          pass(on: news)
        } else if case .sessionNews(let news) = request {
          sessions.reported(news)
        } else if case .alert(let alert) = request {
          told.append(alert)
        } else if case .configurationRead = request {
          reloads.hasRead(child.kind)
          hooks.renewUsers()
        } else if let reply = hooks.handle(
          request, of: child.processNumber, owner: child.kind.rawValue, reactor: &reactor)
        {
          _ = child.channel?.send(reply.encoded)
        }
      } catch {
        log(LogLine(.error, "the \(child.kind.name) process sent a request that makes no sense: \(error)"))
      }
    }
    for alert in told { try alerts.add(alert, in: &reactor, now: now) }
  }

  private mutating func takeSignals(now: MonotonicInstant) throws(SystemCallError) {
    while let signal = try signals.next() {
      switch signal.number {
      case SIGINT where settings.ignoresInterrupt: break
      case SIGTERM, SIGINT:
        log(LogLine(.info, "Stopping"))
        stopAll(status: 0)
      case SIGHUP:
        try reload()
      default:
        for child in children { child.signal(signal.number) }
      }
    }
  }
}
