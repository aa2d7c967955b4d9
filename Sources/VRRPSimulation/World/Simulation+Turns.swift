import NetPrimitives
import VRRPCore
import VRRPRuntime

/// A process's turns: what it reads, when it wakes, and what it asks its kernel for.
extension Simulation {
  /// Socket buffers hold this many datagrams; the rest is lost, as the kernel loses it.
  private static let backlogLimit = 256

  mutating func arrive(_ datagram: Datagram, on interface: Int, of node: Int) {
    guard nodes[node].isRunning, nodes[node].interfaces[interface].isUp, nodes[node].kernelLives else {
      if let place = nodes[node].interfaces[interface].place { excuse(datagram, unheardBy: node, on: place.segment) }
      return
    }
    let received = SimulatedNode.Received(
      interface: interface, datagram: datagram, at: nodes[node].clock.local(at: now))
    guard nodes[node].isAwake(at: now), nodes[node].backlog.isEmpty else {
      if nodes[node].backlog.count < Self.backlogLimit { nodes[node].backlog.append(received) }
      return
    }
    take(received, by: node)
    settle(node)
  }

  /// The process hands one datagram to its engine.
  private mutating func take(_ received: SimulatedNode.Received, by node: Int) {
    guard let group = group(of: received, at: node), let handle = nodes[node].handle(of: group),
      let before = nodes[node].engine?.machine(of: handle),
      let count = nodes[node].engine?.receivedCount(of: handle)
    else { return }
    var received = received
    falsify(&received, at: node, group: group, machine: before)
    let index = InterfaceIndex(rawValue: UInt32(received.interface + 1))
    let local = nodes[node].clock.local(at: now)
    tellTime(to: node)
    let isSealed = !received.datagram.sealed.isEmpty
    let payload = isSealed ? received.datagram.sealed : received.datagram.bytes
    payload.span.withRawSpan { payload in
      if isSealed {
        nodes[node].engine?.receive(sealed: payload, on: index, receivedAt: received.at, now: local)
      } else {
        nodes[node].engine?.receive(
          payload, as: received.datagram.arrival, on: index, receivedAt: received.at, now: local)
      }
    }
    guard let after = nodes[node].engine?.machine(of: handle) else { return }
    let isTaken = nodes[node].engine?.receivedCount(of: handle) != count
    judge(received, at: node, group: group, before: before, after: after, isTaken: isTaken)
  }

  private func group(of received: SimulatedNode.Received, at node: Int) -> Int? {
    guard received.datagram.bytes.count > 1, let place = nodes[node].interfaces[received.interface].place else {
      return nil
    }
    let id = received.datagram.bytes[1]
    let family = received.datagram.arrival.source.family
    return groups.indices.first { index in
      groups[index].segment == place.segment && groups[index].virtualRouterID == id && groups[index].family == family
    }
  }

  /// The time of day, which somebody else's clock keeps right everywhere; the world begins in 2023.
  mutating func tellTime(to node: Int) {
    let local = nodes[node].clock.local(at: now)
    nodes[node].engine?.setWallClock(1_700_000_000_000_000_000 + now, now: local)
  }

  mutating func wake(_ node: Int) {
    guard nodes[node].wakeAt == now else { return }
    nodes[node].wakeAt = .max
    takeTurn(node)
  }

  /// One turn: what arrived first, then what is due.
  mutating func takeTurn(_ node: Int) {
    guard nodes[node].isAwake(at: now) else { return }
    tellTime(to: node)
    if nodes[node].defect == .timersFirst { advanceInSteps(node) }
    if nodes[node].owesNotices { noticeLinks(of: node) }
    if !nodes[node].backlog.isEmpty {
      let backlog = nodes[node].backlog
      nodes[node].backlog = []
      for received in backlog { take(received, by: node) }
    }
    if nodes[node].owesReload {
      carryOutActions(of: node)
      applyDefinitions(of: node)
    }
    if nodes[node].owesStop {
      nodes[node].owesStop = false
      nodes[node].isStopping = true
      let local = nodes[node].clock.local(at: now)
      nodes[node].engine?.stop(now: local)
    }
    let reading = timerReading(of: node)
    nodes[node].engine?.advance(to: reading)
    settle(node)
  }

  /// Carries out what the engine of `node` asked for, and sees to it that the process wakes in time.
  mutating func settle(_ node: Int) {
    guard nodes[node].isRunning else { return }
    carryOutActions(of: node)
    if nodes[node].isStopping, nodes[node].pending.isEmpty, nodes[node].engine?.isStopped ?? true {
      end(node)
      return
    }
    scheduleWake(of: node)
    checkNode(node)
  }

  private mutating func carryOutActions(of node: Int) {
    var list = actions
    actions = []
    nodes[node].engine?.world.exchangeActions(with: &list)
    for place in list.indices {
      // What was wanted for a moment only and taken back in the same turn never happens.
      if let router = list[place].claimant, list[(place + 1)...].contains(where: { $0.settlesOwnership(of: router) }) {
        continue
      }
      carryOut(list[place], among: list, by: node)
    }
    list.removeAll(keepingCapacity: true)
    actions = list
  }

  private mutating func carryOut(_ action: NodeAction, among all: [NodeAction], by node: Int) {
    switch action {
    case .define(let router, let definition): bind(router, to: definition, at: node)
    case .forget(let router): nodes[node].groups[router.rawValue] = -1
    case .send(let router, let advertisement, let headers):
      let isMoving = all.contains { $0.isTransition(of: router) }
      send(
        advertisement, behind: headers, of: nodes[node].groups[router.rawValue], by: node, isMoving: isMoving)
    case .own(let router, let isOwner):
      if nodes[node].kernelDelay == 0, nodes[node].pending.isEmpty {
        install(isOwner, of: nodes[node].groups[router.rawValue], at: node)
      } else {
        wait(for: .install(group: nodes[node].groups[router.rawValue], isOwner), at: node)
      }
    case .announce(let router, let repeats):
      if nodes[node].pending.isEmpty {
        announce(nodes[node].groups[router.rawValue], repeats: repeats, by: node)
      } else {
        nodes[node].pending.append(.announce(group: nodes[node].groups[router.rawValue], repeats: repeats))
      }
    case .tell(let notice): tell(notice, by: node)
    }
  }

  /// The process waits for its kernel; nothing else is done meanwhile.
  private mutating func wait(for work: SimulatedNode.KernelWork, at node: Int) {
    nodes[node].pending.append(work)
    nodes[node].busyUntil = max(now, nodes[node].busyUntil) + nodes[node].kernelDelay
    queue.insert(.kernelDone(node: node), at: nodes[node].busyUntil)
  }

  mutating func finishKernelWork(of node: Int) {
    guard nodes[node].kernelLives, nodes[node].busyUntil <= now, !nodes[node].pending.isEmpty else { return }
    let work = nodes[node].pending
    nodes[node].pending = []
    for item in work {
      switch item {
      case .install(let group, let isOwner): install(isOwner, of: group, at: node)
      case .announce(let group, let repeats): announce(group, repeats: repeats, by: node)
      }
    }
    takeTurn(node)
  }

  /// The kernel has the addresses of `group` now, or no longer.
  mutating func install(_ isOwner: Bool, of group: Int, at node: Int) {
    guard group >= 0, nodes[node].installed[group] != isOwner else { return }
    if !isOwner, nodes[node].defect == .keepsAddresses, nodes[node].isRunning { return }
    nodes[node].installed[group] = isOwner
    note(.ownership(node: node, group: group, isOwner: isOwner))
    reckonOwner(of: group, at: node)
  }

  private mutating func bind(_ router: RouterHandle, to definition: VirtualRouterDefinition, at node: Int) {
    while nodes[node].groups.count <= router.rawValue { nodes[node].groups.append(-1) }
    nodes[node].groups[router.rawValue] = group(for: definition, at: node)
  }

  /// The index of the virtual router `definition` belongs to, made when it is the first of it.
  mutating func group(for definition: VirtualRouterDefinition, at node: Int) -> Int {
    let segment = segment(of: definition, at: node)
    let addresses = definition.addresses.map(\.prefix.address) + definition.excludedAddresses.map(\.prefix.address)
    if let known = groups.firstIndex(where: {
      $0.segment == segment && $0.virtualRouterID == definition.virtualRouterID && $0.family == definition.family
    }) {
      for address in addresses where !groups[known].addresses.contains(address) {
        groups[known].addresses.append(address)
      }
      return known
    }
    groups.append(
      VirtualGroup(
        name: definition.name, segment: segment, family: definition.family,
        virtualRouterID: definition.virtualRouterID, addresses: addresses))
    for index in nodes.indices {
      nodes[index].installed.append(false)
      nodes[index].traces.append(RouterTrace())
    }
    return groups.count - 1
  }

  /// Where `definition` speaks; an interface that is plugged in nowhere is a segment of its own.
  private mutating func segment(of definition: VirtualRouterDefinition, at node: Int) -> Int {
    if let place = nodes[node].interface(named: definition.interface).flatMap({ nodes[node].interfaces[$0].place }) {
      return place.segment
    }
    return segment(named: nodes[node].name + "." + definition.interface)
  }

  func timerReading(of node: Int) -> MonotonicInstant {
    let local = nodes[node].clock.local(at: now)
    return nodes[node].defect == .hastyTimers ? local.advanced(byNanoseconds: PlantedDefect.haste) : local
  }

  mutating func scheduleWake(of node: Int) {
    guard var deadline = nodes[node].engine?.nextDeadline else { return }
    if nodes[node].defect == .hastyTimers {
      deadline.nanoseconds -= min(deadline.nanoseconds, PlantedDefect.haste)
    }
    let time = max(now, nodes[node].clock.time(of: deadline))
    guard time < nodes[node].wakeAt, time != .max else { return }
    nodes[node].wakeAt = time
    queue.insert(.wake(node: node), at: time)
  }
}
