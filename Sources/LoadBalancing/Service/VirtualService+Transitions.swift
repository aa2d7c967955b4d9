import HealthCheck
public import NetPrimitives

extension VirtualService {
  /// Advances the machine. Effects are appended, in the order they are to be carried out.
  public mutating func handle(_ event: Event, now: MonotonicInstant, effects: inout [Effect]) {
    switch event {
    case .start:
      start(effects: &effects)
    case .checkReported(let server, let check, let report):
      checkReported(server, check: check, report, now: now, effects: &effects)
    case .overridden(let server, let override):
      guard let index = indexOfServer[server] else { return }
      changeWeight(of: index, effects: &effects) { $0.override = override }
    case .routerActive(let isActive):
      self.isActive = definition.activeOnMasterOf == nil || isActive
    case .deadlineReached:
      for index in servers.indices { servers[index].grow(now: now) }
    case .stop(let ending):
      stop(ending, effects: &effects)
    }
  }

  private mutating func start(effects: inout [Effect]) {
    guard !isRunning else { return }
    isRunning = true
    if policy.notifiesInitialServers {
      for index in servers.indices where servers[index].isAlive { announce(index, isUp: true, effects: &effects) }
    }
    updateQuorum(effects: &effects)
    // A service that begins below its quorum has not lost it, unless there is somebody to say sorry.
    if isSorry { loseQuorum(effects: &effects) }
  }

  private mutating func stop(_ ending: Ending, effects: inout [Effect]) {
    guard isRunning else { return }
    isRunning = false
    guard ending == .removal || definition.notifiesAtShutdown else { return }
    for index in servers.indices where servers[index].isAlive {
      announce(index, isUp: false, effects: &effects)
    }
    guard hasQuorum else { return }
    notifyQuorum(isUp: false, effects: &effects)
    let body = ending == .shutdown ? "=> Shutting down <=" : "=> Removing <="
    mailQuorum(isUp: false, body: body, effects: &effects)
  }

  private mutating func checkReported(
    _ server: RealServerKey, check: Int, _ report: CheckReport, now: MonotonicInstant, effects: inout [Effect]
  ) {
    guard let index = indexOfServer[server], servers[index].checks.indices.contains(check) else { return }
    let wasAlive = servers[index].isAlive
    changeWeight(of: index, effects: &effects) {
      $0.checks[check] = RealServer.CheckState(isFailed: !report.isUp, weight: report.weight)
    } update: { service, effects in
      let isAlive = service.servers[index].isAlive
      if isAlive != wasAlive {
        service.serverChanged(index, isUp: isAlive, report, now: now, effects: &effects)
      } else if report.news == .confirmed, !isAlive, !service.servers[index].isAnnounced {
        // Under alpha a first failure is told, although the server never was up.
        service.serverChanged(index, isUp: false, report, now: now, effects: &effects)
      } else if report.news == .changed {
        effects.append(.report(.checkChanged(server, check: check, report)))
      }
      service.mailCheck(index, check, report, hasChangedServer: isAlive != wasAlive, effects: &effects)
    }
  }

  private mutating func serverChanged(
    _ index: Int, isUp: Bool, _ report: CheckReport?, now: MonotonicInstant, effects: inout [Effect]
  ) {
    // A server under alpha that is first found alive was never away; there is nothing to recover from.
    if isUp, servers[index].isAnnounced { servers[index].startRamp(now: now) }
    if !isUp { servers[index].ramp = nil }
    effects.append(.report(isUp ? .serverUp(servers[index].key, report) : .serverDown(servers[index].key, report)))
    announce(index, isUp: isUp, effects: &effects)
  }

  /// Changes a server, tells of its new weight, and sees what the quorum makes of it.
  private mutating func changeWeight(
    of index: Int, effects: inout [Effect], _ change: (inout RealServer) -> Void,
    update: (inout VirtualService, inout [Effect]) -> Void = { _, _ in }
  ) {
    let weight = servers[index].weight
    change(&servers[index])
    if servers[index].weight != weight {
      effects.append(
        .report(.weightChanged(servers[index].key, from: weight, to: servers[index].weight)))
    }
    update(&self, &effects)
    if isRunning { updateQuorum(effects: &effects) }
  }
}

// MARK: - Quorum

extension VirtualService {
  mutating func updateQuorum(effects: inout [Effect]) {
    let weight = liveWeight
    switch (hasQuorum, rule.isMet(by: weight, isUp: hasQuorum)) {
    case (false, true):
      hasQuorum = true
      effects.append(.report(.quorumGained(weight: weight, rule)))
      notifyQuorum(isUp: true, effects: &effects)
      mailQuorum(
        isUp: true, body: "=> Gained quorum \(rule.quorum)+\(rule.hysteresis)=\(rule.gainedAt) <= \(weight) <=",
        effects: &effects)
    case (true, false):
      loseQuorum(effects: &effects)
    case (false, false), (true, true):
      break
    }
  }

  private mutating func loseQuorum(effects: inout [Effect]) {
    let weight = liveWeight
    hasQuorum = false
    effects.append(.report(.quorumLost(weight: weight, rule)))
    notifyQuorum(isUp: false, effects: &effects)
    let body = "=> Lost quorum \(rule.quorum)-\(rule.hysteresis)=\(rule.lostBelow) > \(weight) <="
    mailQuorum(isUp: false, body: body, effects: &effects)
  }
}

// MARK: - Reload

extension VirtualService {
  /// Takes on a new definition of the same virtual server. Servers and checks that are still there keep their state, so
  /// that what did not change causes neither a command nor a notification.
  public mutating func reload(
    _ newDefinition: VirtualServerDefinition, policy newPolicy: BalancingPolicy, now: MonotonicInstant,
    effects: inout [Effect]
  ) {
    guard newDefinition != definition || newPolicy != policy else { return }
    let old = self
    policy = newPolicy
    servers = []
    indexOfServer = [:]
    for server in newDefinition.realServers {
      let key = RealServerKey(address: server.address, port: server.port)
      insert(old[key]?.successor(server) ?? RealServer(server))
    }
    if newDefinition.activeOnMasterOf == nil { isActive = true }
    definition = newDefinition
    rule = QuorumRule(newDefinition)
    for server in old.servers where server.isAlive && indexOfServer[server.key] == nil && isRunning {
      effects.append(.report(.serverDown(server.key, nil)))
      notify(server, isUp: false, effects: &effects)
    }
    guard isRunning else { return }
    if policy.notifiesInitialServers {
      for index in servers.indices where servers[index].isAlive && old[servers[index].key] == nil {
        announce(index, isUp: true, effects: &effects)
      }
    }
    updateQuorum(effects: &effects)
    if isSorry, !old.isSorry, !old.hasQuorum { loseQuorum(effects: &effects) }
  }
}
