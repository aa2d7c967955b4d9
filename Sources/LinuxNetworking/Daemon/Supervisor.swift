import CLinuxShims
import Glibc
import NetPrimitives
public import VRRPRuntime

/// The parent: starts the VRRP process, passes signals on, and restarts it when it dies.
///
/// A process that crashes leaves its addresses in the kernel, so the next one is started at once and told to take them
/// over as they are: no election, no moment with two owners. One that keeps dying is another matter: then the parent
/// takes the addresses away itself, so that a peer serves them, and tries again ever more slowly.
public struct Supervisor: ~Copyable {
  /// What to start and how to behave.
  public struct Settings {
    /// What the child does, in a process of its own; the result is its exit status. It is told whether to take over the
    /// addresses that a predecessor left when it crashed.
    public var child: (_ resumes: Bool) -> Int32 = { _ in 0 }
    /// The scripts' environment, `NAME=VALUE` each.
    public var environment: [String] = []
    /// `-R` clears it: a child that dies ends the daemon.
    public var respawns = true
    /// `-V`: leave addresses in place when stopping.
    public var keepsAddresses = false
    /// How long a child may take to stop before it is killed, in nanoseconds.
    public var stopLimitNanoseconds: UInt64 = 5_000_000_000

    /// The defaults.
    public init() {}
  }

  private let settings: Settings
  private let log: (LogLine) -> Void
  private let whenStarted: () -> Void
  private var reactor: EpollReactor
  private let signals: SignalDescriptor
  private var child: ChildProcess?
  private var childToken: ReactorToken?
  private var childNumber: Int32 = 0
  private var hooks: HookRunner
  private var channel: HookChannel?
  private var channelToken: ReactorToken?
  private var messageBuffer = [UInt8](repeating: 0, count: HookRequest.byteLimit)
  private var deaths = RecentDeaths()
  private var restartAt: MonotonicInstant?
  private var killAt: MonotonicInstant?
  private var isStopping = false

  private enum Key {
    static let signals: UInt32 = 0
    static let child: UInt32 = 1
    static let channel: UInt32 = 2
    static let firstHook: UInt32 = 16
  }

  /// Prepares to supervise; signals are blocked from here on. `log` takes lines and must not wait; `whenStarted` is
  /// called once, when the child runs.
  public init(
    _ settings: Settings, log: @escaping (LogLine) -> Void, whenStarted: @escaping () -> Void
  ) throws(SystemCallError) {
    self.init(
      settings, log: log, whenStarted: whenStarted, reactor: try EpollReactor(),
      signals: try SignalDescriptor([
        SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SignalNumber.json, SignalNumber.clearStatistics,
      ]))
  }

  private init(
    _ settings: Settings, log: @escaping (LogLine) -> Void, whenStarted: @escaping () -> Void,
    reactor: consuming EpollReactor, signals: consuming SignalDescriptor
  ) {
    self.settings = settings
    self.log = log
    self.whenStarted = whenStarted
    self.reactor = reactor
    self.signals = signals
    hooks = HookRunner(environment: settings.environment, firstKey: Key.firstHook)
  }

  /// Supervises until the daemon is to end; returns its exit status.
  public mutating func run() throws(SystemCallError) -> Int32 {
    _ = try reactor.add(signals.descriptor.rawValue, interest: .readable, key: Key.signals)
    try start(resuming: false)
    whenStarted()
    while true {
      let turn = try reactor.wait(until: restartAt ?? killAt)
      while let event = reactor.nextReady() {
        switch event.key {
        case Key.signals: try takeSignals(now: turn.now)
        case Key.channel: takeRequests()
        case Key.child:
          guard let status = try child?.reap() else { continue }
          if let end = try childEnded(status, now: turn.now) { return end }
        default:
          if let reply = try hooks.reap(event.key, reactor: &reactor) { answer(reply) }
        }
      }
      if let at = restartAt, at <= turn.now {
        restartAt = nil
        try start(resuming: false)
      }
      if let at = killAt, at <= turn.now {
        killAt = nil
        log(LogLine(.error, "vrrp process failed to die - forcing termination"))
        child?.signalGroup(SIGKILL)
      }
      if isStopping, child == nil { return 0 }
    }
  }
}

extension Supervisor {
  private mutating func start(resuming: Bool) throws(SystemCallError) {
    let (ours, theirs) = try HookChannel.pair()
    let child = settings.child
    let started = try ChildProcess.fork(standardInput: theirs.descriptor) { child(resuming) }
    log(LogLine(.info, "Starting VRRP child process, pid=\(started.pid.processID)"))
    channelToken = try reactor.add(ours.descriptor.rawValue, interest: .readable, key: Key.channel)
    channel = ours
    childNumber = started.pid.processID
    childToken = try reactor.add(started.pid.descriptor.rawValue, interest: .readable, key: Key.child)
    self.child = consume started
  }

  /// What follows from the end of the child; the daemon's exit status when it is the end of everything.
  private mutating func childEnded(_ status: ProcessOutcome, now: MonotonicInstant) throws(SystemCallError) -> Int32? {
    if let childToken { reactor.remove(childToken) }
    childToken = nil
    child = nil
    takeRequests()
    closeChannel()
    if isStopping {
      // One that had to be killed could not take its addresses along.
      if status != .exited(0) { withdraw() }
      return 0
    }
    if case .exited(let code) = status, Self.permanentCodes.contains(code) { return code }
    log(LogLine(.error, "vrrp process died: \(status)"))
    guard settings.respawns else {
      withdraw()
      return 1
    }
    if let pause = deaths.pause(after: now) {
      withdraw()
      log(LogLine(.error, "vrrp process keeps dying; next attempt in \(pause / 1_000_000_000) s"))
      restartAt = now.advanced(byNanoseconds: pause)
    } else {
      try start(resuming: true)
    }
    return nil
  }

  private mutating func takeRequests() {
    while let bytes = channel?.receive(into: &messageBuffer) {
      let process = childNumber
      do {
        if let reply = hooks.handle(try HookRequest(decoding: bytes), of: process, reactor: &reactor) { answer(reply) }
      } catch {
        log(LogLine(.error, "the vrrp process sent a request that makes no sense: \(error)"))
      }
    }
  }

  private func answer(_ reply: HookReply) { _ = channel?.send(reply.encoded) }

  /// The child is gone, and with it everybody who waits for a script.
  private mutating func closeChannel() {
    if let channelToken { reactor.remove(channelToken) }
    channelToken = nil
    channel = nil
    if !isStopping { hooks.killAll() }
  }

  /// 0: had nothing to do; 1: fatal; 2: configuration; 4: permission; 6: no configuration. Trying again changes
  /// nothing.
  private static let permanentCodes: Set<Int32> = [0, 1, 2, 4, 6]

  private mutating func takeSignals(now: MonotonicInstant) throws(SystemCallError) {
    while let signal = try signals.next() {
      switch signal.number {
      case SIGTERM, SIGINT:
        log(LogLine(.info, "Stopping"))
        isStopping = true
        restartAt = nil
        killAt = now.advanced(byNanoseconds: settings.stopLimitNanoseconds)
        child?.signalGroup(SIGTERM)
      default:
        child?.signalGroup(signal.number)
      }
    }
  }

  /// Takes away what a dead child left: two owners are worse than none.
  private func withdraw() {
    guard !settings.keepsAddresses else { return }
    do {
      var world = try LinuxWorld()
      _ = try world.resynchronize()
      world.removeLeftovers(keeping: [])
    } catch {
      log(LogLine(.error, "cannot withdraw addresses: \(error)"))
    }
  }
}

/// The signals of keepalived that C has no name for; glibc's SIGRTMIN is 34 and SIGRTMAX 64.
enum SignalNumber {
  static let json: Int32 = 36
  static let clearStatistics: Int32 = 63
}

/// How often a child died lately, and so how long to wait before the next.
struct RecentDeaths {
  /// So many deaths within this time are a program that cannot run, not an accident.
  private static let tolerated = 8
  private static let windowNanoseconds: UInt64 = 4_000_000_000
  private static let longestPauseNanoseconds: UInt64 = 60_000_000_000

  private var times: [MonotonicInstant] = []
  private var pauseNanoseconds: UInt64 = 1_000_000_000
  private var lastPauseEndsAt: MonotonicInstant?

  /// Enters a death; `nil` to restart at once, else the pause in nanoseconds.
  mutating func pause(after now: MonotonicInstant) -> UInt64? {
    if let end = lastPauseEndsAt, now.nanoseconds(since: end) > Self.longestPauseNanoseconds {
      // It lived for a while: whatever was wrong is over.
      lastPauseEndsAt = nil
      pauseNanoseconds = 1_000_000_000
    }
    times.removeAll { now.nanoseconds(since: $0) > Self.windowNanoseconds }
    times.append(now)
    guard times.count >= Self.tolerated else { return nil }
    times.removeAll()
    let pause = pauseNanoseconds
    lastPauseEndsAt = now.advanced(byNanoseconds: pause)
    pauseNanoseconds = min(pause * 2, Self.longestPauseNanoseconds)
    return pause
  }
}
