import VRRPCore
import VRRPRuntime

/// What the configuration and the truth about everything tracked add up to, reckoned apart from the engine.
extension SimulatedNode {
  /// Everything a router follows: its own and its sync group's.
  private func subjects(
    of definition: VirtualRouterDefinition
  ) -> [(key: TrackedKey, weight: Int, isReversed: Bool)] {
    let group = syncGroups.first { $0.members.contains(definition.name) }
    let interfaces = definition.trackedInterfaces + (group?.trackedInterfaces ?? [])
    var subjects = interfaces.map {
      (key: TrackedKey.interface($0.name), weight: Int($0.weight), isReversed: $0.isReversed)
    }
    for tracking in [definition.tracking, group?.tracking ?? TrackingDefinition()] {
      subjects += tracking.scripts.map { (.script($0.name), Int($0.weight), $0.isReversed) }
      subjects += tracking.files.map { (.file($0.name), Int($0.weight), $0.isReversed) }
      subjects += tracking.processes.map { (.process($0.name), Int($0.weight), $0.isReversed) }
      subjects += tracking.bfdSessions.map { (.bfd($0.name), Int($0.weight), $0.isReversed) }
    }
    return subjects
  }

  private func isUp(_ key: TrackedKey) -> Bool {
    guard case .interface(let name) = key else { return !failures.contains(key) }
    return interfaces.first { $0.name == name }?.isUp ?? false
  }

  /// The configured priority and the weights of what is tracked, held within 1…254; an owner's 255 stands.
  func expectedPriority(of definition: VirtualRouterDefinition) -> UInt8 {
    guard definition.priority != 255 else { return 255 }
    var sum = Int(definition.priority)
    for (key, weight, isReversed) in subjects(of: definition) where weight != 0 {
      // `reverse` turns the sign round, not the condition.
      let worth = isReversed ? -weight : weight
      if case .file = key {
        // A failed file holds 1, one that is well 0.
        if !isUp(key) { sum += worth }
      } else if isUp(key) == (weight > 0) {
        sum += worth
      }
    }
    return UInt8(min(max(sum, 1), 254))
  }

  /// Whether a router has all it needs to take part, and with it every member of its sync group.
  func isEligible(_ definition: VirtualRouterDefinition) -> Bool {
    let group = syncGroups.first { $0.members.contains(definition.name) }
    let members = definitions.filter { group?.members.contains($0.name) ?? false }
    return ([definition] + members).allSatisfy { hasAllItNeeds($0) }
  }

  private func hasAllItNeeds(_ definition: VirtualRouterDefinition) -> Bool {
    guard let own = interfaces.first(where: { $0.name == definition.interface }) else { return false }
    let hasSource =
      definition.sourceAddress != nil || own.addresses.contains { $0.family == definition.family }
    return own.isUp && hasSource
      && subjects(of: definition).allSatisfy { $0.weight != 0 || isUp($0.key) != $0.isReversed }
  }
}

extension Simulation {
  /// Priority and eligibility are what is true makes them, once the kernel had the time to tell.
  mutating func checkTracking(of group: Int, at node: Int, _ machine: VirtualRouter) {
    guard nodes[node].isAwake(at: now), nodes[node].pending.isEmpty, !nodes[node].owesNotices, !nodes[node].owesReload,
      !nodes[node].isStopping
    else { return }
    for index in nodes[node].interfaces.indices where nodes[node].interfaces[index].noticeDueAt >= now { return }
    guard let expected = expectation(of: group, at: node) else { return }
    if machine.priority == expected.priority {
      nodes[node].traces[group].told &= ~Property.wrongPriority.bit
    } else {
      violateOnce(.wrongPriority, group, node)
    }
    let isIn: Bool
    switch machine.state {
    case .backup, .active: isIn = true
    case .fault: isIn = false
    case .initialize, .leaving: return
    }
    guard let isEligible = expected.isEligible else { return }
    if isIn == isEligible {
      nodes[node].traces[group].told &= ~Property.wrongEligibility.bit
    } else {
      violateOnce(.wrongEligibility, group, node)
    }
  }

  /// Reckoned anew when a fact has changed, not at every look.
  private mutating func expectation(of group: Int, at node: Int) -> Expectation? {
    if let known = nodes[node].traces[group].expectation, known.factCount == nodes[node].factCount { return known }
    guard let handle = nodes[node].handle(of: group), let record = nodes[node].engine?[handle] else { return nil }
    let isKnown = !record.ineligibility.contains(.authenticationMissing) && record.definition.tracksInterface
    let expectation = Expectation(
      factCount: nodes[node].factCount, priority: nodes[node].expectedPriority(of: record.definition),
      isEligible: isKnown ? nodes[node].isEligible(record.definition) : nil)
    nodes[node].traces[group].expectation = expectation
    return expectation
  }
}
