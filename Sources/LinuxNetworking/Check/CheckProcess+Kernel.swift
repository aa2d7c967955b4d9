import HealthCheck
import LoadBalancing
import NetPrimitives
import VRRPCore
import VRRPRuntime

// The kernel's table, and what else of the host the checks look at.

extension CheckProcess {
  /// Refusals told of one batch; a table that is refused as a whole must not fill the log.
  private static var toldFailures: Int { 20 }
  /// How long to wait after an exchange that failed, in nanoseconds.
  private static var repairNanoseconds: UInt64 { 1_000_000_000 }

  /// Takes over what a predecessor left, and begins.
  mutating func start(_ first: CheckConfiguration) {
    let now = SystemClock.monotonic()
    _ = desk.send(.configurationRead)
    log(LogLine(.info, "Initializing ipvs"))
    if first.kernel.flushesAtStart { attempt("lvs_flush") { (services) throws(IPVSError) in try services.flush() } }
    prepareMarks(first)
    applyServices(first, now: now)
    // What a file says of a server counts before clients meet it. Otherwise clients are served before thousands of
    // checks are set up.
    let readsFirst = !first.checkedFiles.isEmpty
    if readsFirst { applyChecks(now: now) }
    setTimeouts()
    var commands: [IPVSCommand] = []
    var rest: [BalancingEngine.Effect] = []
    collect(&commands, &rest, now: now)
    do { logFailures(try installer.adopt(commands).failures) } catch { fail(error, now: now) }
    if !readsFirst { applyChecks(now: now) }
    for effect in rest { tell(effect, now: now) }
    carryOut(now: now)
    log(LogLine(.info, "Startup complete"))
  }

  /// Makes `next` the configuration.
  mutating func apply(_ next: CheckConfiguration, now: MonotonicInstant) {
    applyServices(next, now: now)
    applyChecks(now: now)
  }

  /// The services of a configuration, which becomes the present one.
  private mutating func applyServices(_ next: CheckConfiguration, now: MonotonicInstant) {
    let before = configuration
    configuration = next
    desk.apply(next, now: now)
    ladder.follow(next.global.automaticPriority)
    // Certificates and keys may have been renewed.
    table.forget()
    watchFiles(before: before)
    configureServices(next, now: now)
  }

  /// The checks of the configuration, and what they and its services follow.
  private mutating func applyChecks(now: MonotonicInstant) {
    engine.configureChecks(now: now)
    for file in configuration.checkedFiles { readFile(file.name, now: now) }
    followAddresses(now: now)
    syncDaemon.apply(configuration.kernel.syncDaemon)
    settleSyncDaemon(now: now)
  }

  mutating func install(_ commands: [IPVSCommand], now: MonotonicInstant) {
    guard !commands.isEmpty else { return }
    do { logFailures(try installer.apply(commands)) } catch { fail(error, now: now) }
  }

  /// Compares the kernel's table with what it should be, and sets it right.
  mutating func repair(now: MonotonicInstant) {
    repairAt = nil
    repairMarks(now: now)
    do {
      let repair = try installer.reconcile()
      if repair.commandCount > 0 {
        log(LogLine(.warning, "IPVS was not as it should be; \(repair.commandCount) changes set it right"))
      }
      logFailures(repair.failures)
    } catch { fail(error, now: now) }
  }

  /// The daemon ends: what is ours leaves the kernel, unless it is to stay.
  mutating func withdrawAll(now: MonotonicInstant) {
    var commands: [IPVSCommand] = []
    var rest: [BalancingEngine.Effect] = []
    collect(&commands, &rest, now: now)
    if !settings.keepsServices {
      install(commands, now: now)
      dismantleMarks()
      if configuration.kernel.flushesAtStop {
        attempt("lvs_flush_on_stop") { (services) throws(IPVSError) in try services.flush() }
      }
    }
    if let error = syncDaemon.stop(services) { log(LogLine(.error, "cannot stop the sync daemon: \(error)")) }
    for effect in rest { tell(effect, now: now) }
  }

  mutating func setTimeouts() {
    guard let timeouts = configuration.kernel.timeouts else { return }
    attempt("lvs_timeouts") { (services) throws(IPVSError) in try services.set(timeouts) }
  }

  mutating func settleSyncDaemon(now: MonotonicInstant) {
    if let error = syncDaemon.settle(services, now: now) { log(LogLine(.error, "lvs_sync_daemon: \(error)")) }
  }

  private func attempt(_ what: String, _ body: (ServiceSocket) throws(IPVSError) -> Void) {
    do { try body(services) } catch { log(LogLine(.error, "\(what): \(error)")) }
  }

  private mutating func fail(_ error: IPVSError, now: MonotonicInstant) {
    log(LogLine(.error, "cannot bring IPVS to what it should be, trying again: \(error)"))
    repairLater(now: now)
  }

  mutating func repairLater(now: MonotonicInstant) {
    repairAt = now.advanced(byNanoseconds: Self.repairNanoseconds)
  }

  private func logFailures(_ failures: [ServiceFailure]) {
    for failure in failures.prefix(Self.toldFailures) { log(LogLine(.error, "IPVS: \(failure)")) }
    if failures.count > Self.toldFailures {
      log(LogLine(.error, "IPVS: \(failures.count - Self.toldFailures) more refusals"))
    }
  }
}

// MARK: - Files and addresses

extension CheckProcess {
  private func watchFiles(before: CheckConfiguration) {
    for file in before.checkedFiles where !configuration.checkedFiles.contains(file) { watcher?.unwatch(file.name) }
    for file in configuration.checkedFiles where !before.checkedFiles.contains(file) {
      file.initialize()
      do { try watcher?.watch(file.name, path: file.path) } catch {
        log(LogLine(.warning, "cannot watch \(file.path): \(error)"))
      }
    }
  }

  /// Reads a tracked file; one that is not there says 0.
  mutating func readFile(_ name: String, now: MonotonicInstant) {
    guard let path = watcher?.path(of: name) else { return }
    let content = (try? FileReader.read(path, limit: 4096)) ?? []
    engine.fileChanged(name, value: FileCheck.value(of: content.span.bytes), now: now)
  }

  /// `ha_suspend`: follows the addresses of this host while somebody asks for it.
  private mutating func followAddresses(now: MonotonicInstant) {
    guard configuration.followsAddresses, addresses == nil else { return }
    do {
      let monitor = try RouteMonitor([.ipv4Addresses, .ipv6Addresses])
      try monitor.follow(configuration.global.checkBuffers.events)
      _ = try reactor.add(monitor.rawDescriptor, interest: .readable, key: Key.addresses)
      addresses = monitor
      try listAddresses(now: now)
    } catch {
      log(LogLine(.error, "ha_suspend: cannot follow addresses: \(error)"))
    }
  }

  mutating func takeAddressChanges(now: MonotonicInstant) throws(SystemCallError) {
    // The events only tell that something changed; a list of everything cannot miss any.
    try addresses?.receive { _ in }
    try listAddresses(now: now)
  }

  private mutating func listAddresses(now: MonotonicInstant) throws(SystemCallError) {
    let socket = try RouteSocket()
    try socket.follow(configuration.global.checkBuffers.commands)
    let list = try socket.addresses()
    engine.localAddressesChanged(Set(list.map(\.prefix.address)), now: now)
  }
}

extension TrackFileDefinition {
  /// `init_file`: gives a new file its first number.
  fileprivate func initialize() {
    guard let initialValue else { return }
    FileWatcher.write("\(initialValue)\n", to: path, overwriting: overwrites)
  }
}
