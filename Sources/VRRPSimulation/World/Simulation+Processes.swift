import NetPrimitives
public import VRRPCore
public import VRRPRuntime

/// What happens to processes and machines. Everything here counts as a disturbance.
extension Simulation {
  /// Starts the process of `node`, and the machine if need be. What a predecessor left in the kernel is removed first.
  /// Nothing happens when a process runs.
  public mutating func start(_ node: Int) { launch(node, resumes: false) }

  /// The process of `node` dies and its supervisor starts the next one `delay` nanoseconds later, which adopts the
  /// addresses it finds.
  public mutating func respawn(_ node: Int) {
    guard nodes[node].isRunning else { return }
    kill(node, leavesAddresses: true)
    launch(node, resumes: true)
  }

  private mutating func launch(_ node: Int, resumes: Bool) {
    guard !nodes[node].isRunning, nodes[node].pause == nil else { return }
    disturb(node)
    nodes[node].isPowered = true
    nodes[node].launchedAt = now
    if !resumes {
      for group in groups.indices where nodes[node].installed[group] { install(false, of: group, at: node) }
    }
    let local = nodes[node].clock.local(at: now)
    var world = NodeWorld()
    if resumes { world.sequences = nodes[node].sequences }
    var engine = VRRPEngine(in: world)
    for index in nodes[node].interfaces.indices { engine.update(interfaceState(index, of: node), now: local) }
    for key in nodes[node].trackedKeys { engine.track(key, nodes[node].finding(of: key), now: local) }
    nodes[node].engine = engine
    reckonStretch()
    tellTime(to: node)
    let definitions = nodes[node].definitions
    var adopted: [Bool] = []
    for definition in definitions {
      let group = group(for: definition, at: node)
      adopted.append(resumes && nodes[node].installed[group])
      groups[group].beganAt = min(groups[group].beganAt, now)
      nodes[node].traces[group] = RouterTrace()
    }
    var place = 0
    let groupDefinitions = nodes[node].syncGroups
    let applied = given(definitions, at: node)
    nodes[node].engine?.apply(applied, groups: groupDefinitions, now: local) { _ in
      defer { place += 1 }
      return adopted[place]
    }
    settle(node)
  }

  /// The process of `node` is told to end: active routers say good-bye first.
  public mutating func stop(_ node: Int) {
    guard nodes[node].isRunning else { return }
    disturb(node)
    nodes[node].owesStop = true
    takeTurn(node)
  }

  /// The process of `node` dies at once. Its addresses stay in the kernel unless the machine dies too.
  public mutating func kill(_ node: Int, leavesAddresses: Bool) {
    guard nodes[node].isRunning || nodes[node].isPowered else { return }
    disturb(node)
    if nodes[node].isRunning { nodes[node].deaths.append(now) }
    end(node)
    nodes[node].pending = []
    if !leavesAddresses {
      for group in groups.indices where nodes[node].installed[group] { install(false, of: group, at: node) }
    }
  }

  /// The machine loses its power.
  public mutating func powerOff(_ node: Int) {
    nodes[node].pauseGeneration += 1
    nodes[node].pause = nil
    kill(node, leavesAddresses: false)
    nodes[node].isPowered = false
  }

  mutating func end(_ node: Int) {
    nodes[node].sequences = nodes[node].engine?.world.sequences ?? [:]
    nodes[node].engine = nil
    reckonStretch()
    nodes[node].groups = []
    nodes[node].backlog = []
    nodes[node].busyUntil = 0
    nodes[node].wakeAt = .max
    nodes[node].isStopping = false
    nodes[node].owesStop = false
    nodes[node].owesReload = false
    nodes[node].owesNotices = false
    for group in groups.indices { reckonContest(of: group) }
  }

  /// The file of `node` says something else now, and its process is told to read it.
  public mutating func reload(_ node: Int, with definitions: [VirtualRouterDefinition]) {
    disturb(node)
    nodes[node].definitions = definitions
    guard nodes[node].isRunning else { return }
    nodes[node].owesReload = true
    takeTurn(node)
  }

  mutating func applyDefinitions(of node: Int) {
    nodes[node].owesReload = false
    for definition in nodes[node].definitions { _ = group(for: definition, at: node) }
    let groupDefinitions = nodes[node].syncGroups
    let definitions = given(nodes[node].definitions, at: node)
    let local = nodes[node].clock.local(at: now)
    func patience() -> [UInt8?] {
      groups.indices.map { nodes[node].machine(of: $0)?.configuration.downTimerAdvertisements }
    }
    let before = patience()
    nodes[node].factCount += 1
    nodes[node].engine?.apply(definitions, groups: groupDefinitions, now: local)
    let after = patience()
    // A timer that has run out stays so when the file asks for more patience.
    for group in groups.indices where before[group] != after[group] { nodes[node].traces[group].respectedAt = nil }
  }

  /// What the engine is given of a file: the truth, but for a planted defect.
  private func given(_ definitions: [VirtualRouterDefinition], at node: Int) -> [VirtualRouterDefinition] {
    guard nodes[node].defect == .ignoresNoPreempt else { return definitions }
    return definitions.map { definition in
      var definition = definition
      definition.preempts = true
      return definition
    }
  }
}

extension Simulation {
  /// The virtual routers of `node` named by `definition` are active together or not at all. Takes effect when its
  /// process starts or reads its file again.
  public mutating func addSyncGroup(_ definition: SyncGroupDefinition, to node: Int) {
    nodes[node].syncGroups.append(definition)
    nodes[node].factCount += 1
  }

  /// A check of `node` fails from now on, or succeeds again. A process that cannot listen hears of it later.
  public mutating func setFailure(_ key: TrackedKey, at node: Int, hasFailed: Bool) {
    disturb(node)
    nodes[node].failures.removeAll { $0 == key }
    if hasFailed { nodes[node].failures.append(key) }
    nodes[node].owesNotices = true
    takeTurn(node)
  }
}

// MARK: - Pauses

extension Simulation {
  /// `node` stands still for `duration` nanoseconds. A pause that begins before another is over takes its place.
  public mutating func pause(_ node: Int, _ kind: SimulatedNode.Pause, for duration: UInt64) {
    guard nodes[node].isPowered else { return }
    if nodes[node].pause != nil { resume(node) }
    disturb(node)
    nodes[node].pause = kind
    nodes[node].pausedAt = now
    nodes[node].pauseGeneration += 1
    queue.insert(.resume(node: node, generation: nodes[node].pauseGeneration), at: now + duration)
    reckonOwners(at: node)
  }

  /// A pause of `node` is over.
  mutating func resume(_ node: Int) {
    guard let kind = nodes[node].pause else { return }
    disturb(node)
    nodes[node].pause = nil
    reckonOwners(at: node)
    if kind == .suspended { nodes[node].clock.standStill(since: nodes[node].pausedAt, until: now) }
    for group in groups.indices { nodes[node].traces[group].advertisedAt = nil }
    if kind == .suspended {
      let local = nodes[node].clock.local(at: now)
      nodes[node].engine?.clockJumped(now: local)
    }
    finishKernelWork(of: node)
    nodes[node].wakeAt = .max
    takeTurn(node)
  }

  /// From now on the clock of `node` runs `ppm` millionths fast, or slow when negative.
  ///
  /// - Precondition: Within ±500 000.
  public mutating func drift(_ node: Int, by ppm: Int64) {
    precondition(abs(ppm) <= 500_000)
    disturb(node)
    nodes[node].clock.drift(ppm, at: now)
    reckonStretch()
    nodes[node].wakeAt = .max
    scheduleWake(of: node)
  }

  /// From now on the kernel of `node` takes `delay` nanoseconds for every change of addresses.
  public mutating func slowKernel(of node: Int, to delay: UInt64) {
    disturb(node)
    nodes[node].kernelDelay = delay
    reckonStretch()
  }

  /// Plants a bug in `node`.
  public mutating func plant(_ defect: PlantedDefect?, in node: Int) { nodes[node].defect = defect }
}
