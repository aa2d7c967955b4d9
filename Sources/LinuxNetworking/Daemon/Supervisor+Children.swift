import Glibc
import NetPrimitives
import VRRPRuntime

extension Supervisor {
  mutating func start(_ child: SupervisedChild, resuming: Bool) throws(SystemCallError) {
    let number = child.kind.rawValue
    try child.start(
      resuming: resuming, greeting: greeting(for: child.kind), in: &reactor, processKey: Key.firstChild + number,
      channelKey: Key.firstChannel + number)
    log(LogLine(.info, "Starting \(child.kind.title) child process, pid=\(child.processNumber)"))
  }

  /// What a child has to know before it does anything.
  private mutating func greeting(for kind: Child.Kind) -> [[UInt8]] {
    switch kind {
    case .vrrp: sessions.greeting(for: .routers).map(\.encoded)
    case .check:
      routerNews.map { RouterNews(name: $0.key, isActive: $0.value).encoded }
        + sessions.greeting(for: .checks).map(\.encoded)
    case .bfd: []
    }
  }

  /// What follows from the end of a child.
  mutating func ended(
    _ child: SupervisedChild, _ status: ProcessOutcome, now: MonotonicInstant
  ) throws(SystemCallError) {
    child.forgetProcess(in: &reactor)
    try takeRequests(of: child, now: now)
    child.closeChannel(in: &reactor)
    reloads.hasRead(child.kind)
    if isStopping {
      // One that had to be killed could not take its addresses along.
      if status != .exited(0) { withdraw(child) }
      return
    }
    hooks.killAll(of: child.kind.rawValue)
    if status == .exited(Self.idleStatus) {
      child.isIdle = true
      if child.kind == .bfd { sessions.processRetired() }
      if children.allSatisfy(\.isIdle) {
        log(LogLine(.warning, "Warning - keepalived has no configuration to run"))
      }
      return
    }
    if case .exited(let code) = status, Self.permanentCodes.contains(code) { return stopAll(status: code) }
    log(LogLine(.error, "\(child.kind.name) process died: \(status)"))
    if child.kind == .bfd { sessions.processDied(now: now) }
    guard settings.respawns else {
      withdraw(child)
      return stopAll(status: 1)
    }
    if let pause = child.deaths.pause(after: now) {
      withdraw(child)
      log(LogLine(.error, "\(child.kind.name) process keeps dying; next attempt in \(pause / 1_000_000_000) s"))
      child.restartAt = now.advanced(byNanoseconds: pause)
    } else {
      try start(child, resuming: true)
    }
  }

  /// 1: fatal; 2: configuration; 4: permission; 6: no configuration. Trying again changes nothing.
  private static var permanentCodes: Set<Int32> { [1, 2, 4, 6] }

  /// Begins to stop; the daemon ends with `status` when every child has ended.
  mutating func stopAll(status: Int32) {
    if !isStopping { exitStatus = status }
    isStopping = true
    for child in children { child.restartAt = nil }
  }

  /// Tells the first child that still runs to stop; the next is told when it has ended. While the services are still
  /// there the addresses go, so no client finds an address without the service it wants.
  mutating func signalNextToStop(now: MonotonicInstant) {
    guard let child = children.first(where: { $0.process != nil }), !child.isToldToStop else { return }
    child.isToldToStop = true
    child.killAt = now.advanced(byNanoseconds: settings.stopLimitNanoseconds)
    child.signal(SIGTERM)
  }

  /// Whether everybody knows that the daemon ends, or had time enough to hear it.
  mutating func isToldOfEnd(now: MonotonicInstant) throws(SystemCallError) -> Bool {
    guard !isToldOfEverything else { return true }
    let until = lastAlertsUntil ?? now.advanced(byNanoseconds: settings.lastAlertsNanoseconds)
    lastAlertsUntil = until
    guard alerts.isIdle || until <= now else { return false }
    try alerts.abandon(in: &reactor, now: now)
    isToldOfEverything = true
    lastAlertsUntil = nil
    return true
  }

  /// Tells the check process of a router it may ask about.
  mutating func pass(on news: RouterNews) {
    routerNews[news.name] = news.isActive
    for child in children where child.kind == .check { _ = child.channel?.send(news.encoded) }
  }

  /// Tells of BFD sessions whoever follows them.
  mutating func passOnSessions(now: MonotonicInstant) {
    sessions.advance(to: now)
    for child in children {
      guard let listener = child.kind.listener, let channel = child.channel else { continue }
      sessions.flush(listener, now: now) { channel.send($0.encoded) }
    }
  }

  /// Takes away what a dead VRRP process left: two owners are worse than none. What a dead check process left serves
  /// on.
  private func withdraw(_ child: SupervisedChild) {
    guard child.kind == .vrrp, !settings.keepsAddresses else { return }
    do {
      var world = try LinuxWorld()
      // The tables to remove are those the child made.
      world.configureFirewall(FirewallSettings(settings.scripts.global))
      _ = try world.resynchronize()
      world.removeLeftovers(keeping: [])
      // What the child changed under /proc/sys, too.
      world.dismantle()
    } catch {
      log(LogLine(.error, "cannot withdraw addresses: \(error)"))
    }
  }
}

extension Supervisor.Child.Kind {
  /// The process in our own log lines.
  var name: String {
    switch self {
    case .vrrp: "vrrp"
    case .check: "check"
    case .bfd: "bfd"
    }
  }

  /// The process as keepalived announces it.
  var title: String {
    switch self {
    case .vrrp: "VRRP"
    case .check: "Healthcheck"
    case .bfd: "BFD"
    }
  }

  /// What it is to be told of BFD sessions.
  fileprivate var listener: SessionRelay.Listener? {
    switch self {
    case .vrrp: .routers
    case .check: .checks
    case .bfd: nil
    }
  }
}
