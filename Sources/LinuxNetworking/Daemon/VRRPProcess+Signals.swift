import Glibc
import NetPrimitives
import VRRPCore
import VRRPRuntime

/// What is done when a signal says so: stopping, reading the configuration again, writing dumps.
extension VRRPProcess {
  mutating func takeSignals(now: MonotonicInstant) throws(SystemCallError) {
    while let signal = try signals.next() {
      switch signal.number {
      case SIGTERM, SIGINT: stop(now: now)
      case SIGHUP where !isStopping: reloadConfiguration(now: now)
      case SIGUSR1:
        dump(now: now) {
          $0.dataPath
        } _: { snapshot, _ in
          snapshot.dataText
        }
      case SIGUSR2:
        dump(now: now) {
          $0.statisticsPath
        } _: { snapshot, _ in
          snapshot.statisticsText
        }
      case SignalNumber.clearStatistics:
        dump(now: now) {
          $0.statisticsPath
        } _: { snapshot, _ in
          snapshot.statisticsText
        }
        engine.clearStatistics()
      case SignalNumber.json:
        dump(now: now) {
          $0.jsonPath
        } _: { snapshot, dumps in
          snapshot.json(dumps.jsonVersion)
        }
      default: break
      }
    }
  }

  private mutating func stop(now: MonotonicInstant) {
    if !isStopping { log(LogLine(.info, "Stopping")) }
    isStopping = true
    engine.world.keepsAddresses = settings.keepsAddresses
    engine.stop(now: now)
    // Told twice, nobody waits for the successor to speak.
    if settings.releasesAtOnce { engine.stop(now: now) }
  }

  private mutating func reloadConfiguration(now: MonotonicInstant) {
    reloadCount += 1
    saveState("pre", now: now)
    let loaded = reload()
    desk.tellRead()
    guard var configuration = loaded else {
      log(LogLine(.error, "Reload refused; the old configuration stays in force"))
      return
    }
    for keyword in fixed.keep(in: &configuration) { log(FixedSettings.line(keyword)) }
    global = configuration.global
    dumps = configuration.dumps
    follow(global)
    follow(configuration.linkPolling, now: now)
    tellRemoved(by: configuration, now: now)
    desk.apply(configuration, isReload: true, now: now)
    repeatsStates = global.repeatsStatesOnReload
    do { try watchProcesses() } catch { log(LogLine(.error, "cannot watch processes: \(error)")) }
    engine.setWallClock(SystemClock.realTime().nanoseconds, now: now)
    engine.world.keep(configuration.statics, configuration.global)
    let summary = engine.apply(
      readingKeys(of: configuration.routers), groups: configuration.groups, now: now)
    log(
      LogLine(
        .info,
        "Reload complete: \(summary.unchanged) unchanged, \(summary.changed) changed, \(summary.added) added, "
          + "\(summary.removed) removed"))
    hearRoutes()
    tellConfiguration()
    saveState("post", now: now)
    // What was needed to read the configuration is garbage now. A file that did not change was not read.
    if summary.changed + summary.added + summary.removed > 0 { Privileges.giveBackMemory() }
  }

  mutating func follow(_ global: GlobalDefinition) {
    engine.world.follow(global)
    engine.tellsUnknownRouters = global.logsUnknownRouterIDs
    ladder.follow(global.automaticPriority)
    do {
      try engine.world.routes.follow(global.routerBuffers.commands)
      try monitor.follow(global.routerBuffers.events)
    } catch { log(LogLine(.warning, "netlink buffers keep their size: \(error)")) }
  }

  /// When routers may start (`vrrp_startup_delay`, `vrrp_delay_after_boot`); `nil` for now.
  func startInstant(now: MonotonicInstant) -> MonotonicInstant? {
    let upNanoseconds = SystemClock.bootTime().nanoseconds
    let sinceBoot = global.bootDelayNanoseconds - min(global.bootDelayNanoseconds, upNanoseconds)
    let delay = max(global.startupDelayNanoseconds, sinceBoot)
    guard delay > 0 else { return nil }
    log(LogLine(.info, "Delaying startup of virtual routers by \(delay / 1_000_000) ms"))
    return now.advanced(byNanoseconds: delay)
  }

  func readingKeys(of definitions: [VirtualRouterDefinition]) -> [VirtualRouterDefinition] {
    // Those without keys stay where they are: a thousand of them are a megabyte.
    var definitions = definitions
    for index in definitions.indices where definitions[index].keys != nil {
      definitions[index].readKeyFiles { log(LogLine(.warning, $0)) }
    }
    return definitions
  }

  /// What a reload takes out does not stop: it is deleted, and that is told in other words.
  private mutating func tellRemoved(by configuration: VRRPConfiguration, now: MonotonicInstant) {
    let names = Set(configuration.routers.map(\.name))
    for handle in engine.handles {
      guard let name = engine.name(of: handle), !names.contains(name) else { continue }
      desk.remove(.instance(name), priority: engine.priority(of: handle) ?? 0, now: now)
    }
    let groups = Set(configuration.groups.map(\.name))
    for group in engine.groupRoles where !groups.contains(group.definition.name) {
      desk.remove(.group(group.definition.name), priority: 0, now: now)
    }
  }

  /// `fifo_write_vrrp_states_on_reload`: once what the reload changed has been told.
  mutating func repeatStates(now: MonotonicInstant) {
    guard repeatsStates else { return }
    repeatsStates = false
    for handle in engine.handles {
      guard let name = engine.name(of: handle) else { continue }
      desk.repeatState(of: .instance(name), priority: engine.priority(of: handle) ?? 0, now: now)
    }
    for group in engine.groupRoles { desk.repeatState(of: .group(group.definition.name), priority: 0, now: now) }
  }

  private mutating func dump(
    now: MonotonicInstant, to path: (DumpPaths) -> String, _ text: (VRRPSnapshot, DumpDefinition) -> String
  ) {
    desk.write(text(snapshot(), dumps), to: path(DumpPaths(dumps)))
  }

  /// `-d`: what the configuration came to.
  func tellConfiguration() {
    guard settings.dumpsConfiguration else { return }
    for line in snapshot().dataText.split(separator: "\n") { log(LogLine(.info, String(line))) }
  }

  /// `-a`: in keepalived's words.
  func tell(_ events: [RouteMonitor.Event]) {
    for event in events {
      switch event {
      case .addressChanged(let address) where engine.world.table.find(address) == nil:
        let name = engine.world.table.name(of: address.interface) ?? ""
        log(LogLine(.info, "Netlink reflector reports IP \(address.prefix.address) added to \(name)"))
      case .addressRemoved(let address):
        let name = engine.world.table.name(of: address.interface) ?? ""
        log(LogLine(.info, "Netlink reflector reports IP \(address.prefix.address) removed from \(name)"))
      case .addressChanged, .linkChanged, .linkRemoved, .routeRemoved, .ruleRemoved, .overrun: break
      }
    }
  }

  /// `config_save_dir`: how things are before and after a reload.
  private mutating func saveState(_ suffix: String, now: MonotonicInstant) {
    guard let directory = global.reload.saveDirectory else { return }
    desk.write(snapshot().dataText, to: "\(directory)/keepalived_vrrp.\(getpid()).\(reloadCount).\(suffix)")
  }

  private func snapshot() -> VRRPSnapshot {
    var snapshot = VRRPSnapshot(clock: SystemClock.wallClock(), global: global, hostName: HostName.whole)
    for handle in engine.handles {
      guard let record = engine[handle] else { continue }
      var router = VRRPSnapshot.Router(record, groupName: engine.groupName(of: handle))
      router.virtualInterface = engine.world.virtualInterface(of: handle)
      snapshot.routers.append(router)
    }
    snapshot.groups = engine.groupRoles.map { VRRPSnapshot.Group($0.definition, role: $0.role) }
    let inPlace = Set(engine.world.table.ourAddresses.map(\.prefix))
    snapshot.add(engine.world.staticDefinitions) { inPlace.contains($0.prefix) }
    desk.complete(&snapshot)
    return snapshot
  }
}
