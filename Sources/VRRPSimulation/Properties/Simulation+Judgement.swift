import NetPrimitives
import VRRPCore
import VRRPRuntime

/// The properties of one router, checked as it acts.
extension Simulation {
  mutating func violate(_ property: Property, _ group: Int, _ node: Int, lasted: UInt64 = 0, allowed: UInt64 = 0) {
    let violation = Violation(
      property: property, time: now, group: group, node: node, lasted: lasted, allowed: allowed)
    violations.append(violation)
    timeline.append(TimelineEntry(time: now, event: .violation(violation)))
  }

  /// Tells a violation once until ``settle(_:of:at:)`` says that things are well again.
  mutating func violateOnce(
    _ property: Property, _ group: Int, _ node: Int, lasted: UInt64 = 0, allowed: UInt64 = 0
  ) {
    guard nodes[node].traces[group].told & property.bit == 0 else { return }
    nodes[node].traces[group].told |= property.bit
    violate(property, group, node, lasted: lasted, allowed: allowed)
  }

  /// What a received datagram did to the machine, against what it may do.
  mutating func judge(
    _ received: SimulatedNode.Received, at node: Int, group: Int, before: VirtualRouter, after: VirtualRouter,
    isTaken: Bool
  ) {
    let bytes = received.datagram.bytes
    if received.datagram.isBogus {
      if before != after { violate(.discardedPacketCounted, group, node) }
      return
    }
    guard isTaken, bytes.count > 5 else {
      if before != after { violate(.discardedPacketCounted, group, node) }
      return
    }
    nodes[node].lastGood = received.datagram
    judgeInterval(of: received, at: node, group: group, before: before, after: after)
    if case .active = before.state, case .active = after.state { demandAnnouncement(of: group) }
    if bytes[2] == 0, nodes[node].traces[group].farewellAt == nil, case .backup(let backup) = after.state {
      nodes[node].traces[group].farewellAt = received.at
      nodes[node].traces[group].farewellInterval = backup.activeInterval.nanoseconds
    }
    guard bytes[2] != 0, before.role == .backup || before.role == .active, case .backup(let backup) = after.state,
      let definition = definitionIndex(of: group, at: node)
    else { return }
    let isLeftAlone = backup.preemptAt.map { nodes[node].clock.local(at: now) < $0 } ?? false
    // A process that has not read its file again goes by the old one.
    let preempts =
      nodes[node].owesReload ? before.configuration.preempts : nodes[node].definitions[definition].preempts
    guard bytes[2] >= before.priority || !preempts || isLeftAlone else { return }
    nodes[node].traces[group].respectedAt = max(received.at, nodes[node].traces[group].respectedAt ?? received.at)
    // The timer may stand for a better router that speaks more slowly, since an earlier time.
    let version = nodes[node].definitions[definition].version
    let spoken = version == .v3 ? (UInt64(bytes[4] & 0x0f) << 8 | UInt64(bytes[5])) * 10_000_000 : .max
    nodes[node].traces[group].respectedInterval = min(spoken, backup.activeInterval.nanoseconds)
    nodes[node].traces[group].farewellAt = nil
  }

  /// The winner of a contest has heard of it: what the neighbours believe is its business now.
  private mutating func demandAnnouncement(of group: Int) {
    groups[group].owesCacheCheck = true
    groups[group].contestHeardAt = now
    groups[group].unheardRivals = 0
    for host in hosts.indices where hosts[host].segment == groups[group].segment {
      hosts[host].unheard.removeAll { groups[group].addresses.contains($0) }
    }
  }

  /// A backup may reckon with three times its own interval at once, with more only when one sender said so thrice.
  private mutating func judgeInterval(
    of received: SimulatedNode.Received, at node: Int, group: Int, before: VirtualRouter, after machine: VirtualRouter
  ) {
    let bytes = received.datagram.bytes
    guard machine.configuration.version == .v3 else { return }
    let claimed = UInt16(bytes[4] & 0x0f) << 8 | UInt16(bytes[5])
    let own = machine.configuration.interval.centiseconds
    let ceiling = min(UInt32(own) * 3, 25_500)
    // What changes nothing was not listened to: a worse router's word, unless it may not be preempted.
    let isBeneath = machine.configuration.preempts && machine.configuration.preemptDelayNanoseconds == 0
    // … and who finds that it slept gives way without having heard anything.
    let isDeaf = before.role == .active && (machine.role == .active || bytes[2] < machine.priority && isBeneath)
    let isHeeded = before != machine && !isDeaf
    if UInt32(claimed) > ceiling, bytes[2] != 0, isHeeded {
      let trace = nodes[node].traces[group]
      let isRepetition = trace.claimant == received.datagram.arrival.source && trace.claimed == claimed
      nodes[node].traces[group].claimant = received.datagram.arrival.source
      nodes[node].traces[group].claimed = claimed
      nodes[node].traces[group].claimCount = isRepetition ? trace.claimCount + 1 : 1
      if isRepetition, trace.claimCount >= 2 {
        confirm(UInt64(claimed) * 10_000_000, at: received.at, node: node, group: group)
      }
    }
    // What was believed before, a reload may have made much.
    guard case .backup(let backup) = machine.state, UInt32(backup.activeInterval.centiseconds) > ceiling,
      backup.activeInterval != before.activeInterval
    else { return }
    let trace = nodes[node].traces[group]
    if backup.activeInterval.centiseconds != trace.claimed || trace.claimCount < 3 {
      violate(
        .intervalOutOfBounds, group, node, lasted: backup.activeInterval.nanoseconds,
        allowed: UInt64(ceiling) * 10_000_000)
    }
  }

  /// Somebody may be as slow as it says. What another said before holds for as long as it said.
  private mutating func confirm(_ interval: UInt64, at heardAt: MonotonicInstant, node: Int, group: Int) {
    let end = heardAt.advanced(byNanoseconds: interval)
    guard let last = nodes[node].traces[group].confirmedUntil, last > heardAt else {
      nodes[node].traces[group].confirmed = interval
      nodes[node].traces[group].confirmedUntil = end
      return
    }
    nodes[node].traces[group].confirmed = max(nodes[node].traces[group].confirmed, interval)
    nodes[node].traces[group].confirmedUntil = max(last, end)
  }

  /// An own advert is about to leave. `isMoving` says that the router changes its role in this very turn.
  mutating func judge(_ advertisement: AdvertisementTemplate, of group: Int, at node: Int, isMoving: Bool) {
    guard let machine = nodes[node].machine(of: group) else { return }
    guard advertisement.priority != 0 else {
      nodes[node].traces[group].saidFarewell = true
      return
    }
    if advertisement.priority != machine.priority { violate(.wrongPriority, group, node) }
    nodes[node].traces[group].sentAt = now
    guard case .active = machine.state else {
      nodes[node].traces[group].advertisedAt = nil
      // Whoever gives way may say so, and what was said before a good-bye of the same turn was said in office; any
      // other word of a router that is not active is a lie (RFC 9568 §6.4.2).
      var isBeforeFarewell = false
      if case .leaving = machine.state { isBeforeFarewell = !nodes[node].traces[group].saidFarewell }
      if !isMoving, !isBeforeFarewell { violate(.backupSpeaks, group, node) }
      return
    }
    let trace = nodes[node].traces[group]
    if let last = trace.advertisedAt {
      // A millionth of slack for clocks that drift, and what the kernel takes.
      let kernel = 2 * nodes[node].kernelDelay * UInt64(groups.count)
      let allowed = trace.advertisedInterval + trace.advertisedInterval / 1000 * 2 + kernel + 1
      let drift = trace.advertisedInterval / 1_000_000 * UInt64(abs(nodes[node].clock.driftPPM))
      if now - last > allowed + drift { violate(.silentActive, group, node, lasted: now - last, allowed: allowed) }
    }
    nodes[node].traces[group].advertisedAt = now
    nodes[node].traces[group].advertisedInterval = machine.configuration.interval.nanoseconds
    nodes[node].traces[group].told &= ~Property.silentActive.bit
  }

  /// The engine tells of something.
  mutating func tell(_ notice: Notice, by node: Int) {
    switch notice {
    case .transition(let router, let transition, let priority):
      let group = nodes[node].groups[router.rawValue]
      note(.transition(node: node, group: group, transition, priority: priority))
      judge(transition, of: group, at: node)
    case .contest(let router, let source, let priority):
      note(.contest(node: node, group: nodes[node].groups[router.rawValue], source: source, priority: priority))
    case .rejection(let router, let rejection, let source):
      note(.rejected(node: node, group: nodes[node].groups[router.rawValue], rejection, source: source))
    case .addressListMismatch(let router, let source):
      note(.addressListMismatch(node: node, group: nodes[node].groups[router.rawValue], source: source))
    case .priorityChange(let router, let from, let to):
      note(.priority(node: node, group: nodes[node].groups[router.rawValue], from: from, to: to))
    case .eligibilityChange(let router, let reasons):
      note(.eligibility(node: node, group: nodes[node].groups[router.rawValue], reasons))
    // Clocks of day are right in a simulation.
    case .addressConflict, .clockSkew, .groupTransition, .unknownRouter, .interfaceChange: break
    }
  }

  private mutating func judge(_ transition: VirtualRouter.Transition, of group: Int, at node: Int) {
    guard group >= 0 else { return }
    groups[group].owesCacheCheck = true
    // Alone, it owes what it owes; what others did not hear they still do not know.
    if transition.to == .active, groups[group].owners & ~(1 << UInt64(node)) == 0 {
      groups[group].unheardRivals &= ~(1 << UInt64(node))
    }
    judgeFarewell(of: transition, group: group, node: node)
    judgeNeed(of: transition, group: group, node: node)
    groups[group].rolesChangedAt = now
    nodes[node].traces[group].advertisedAt = nil
    guard transition.to != .backup else { return beginListening(after: transition.cause, group: group, node: node) }
    // What was heard before has had its answer.
    defer {
      nodes[node].traces[group].farewellAt = nil
      nodes[node].traces[group].respectedAt = nil
    }
    guard transition.to == .active, let machine = nodes[node].machine(of: group) else { return }
    // Whoever takes over says so at once (RFC 9568 §6.4.1, §6.4.2).
    if case .active = machine.state, nodes[node].traces[group].sentAt != now {
      violate(.silentActive, group, node, lasted: 0, allowed: 0)
    }
    nodes[node].traces[group].advertisedAt = now
    nodes[node].traces[group].advertisedInterval = machine.configuration.interval.nanoseconds
    judgeTakeover(transition.cause, by: machine, of: group, at: node)
  }

  /// Who becomes a backup listens for as long as if an advert had just arrived. Who was outranked heard one, and so did
  /// who served on until a better successor spoke.
  private mutating func beginListening(after cause: VirtualRouter.Transition.Cause, group: Int, node: Int) {
    guard cause != .outranked, let machine = nodes[node].machine(of: group) else { return }
    if case .backup(let backup) = machine.state, backup.speaker != nil { return }
    nodes[node].traces[group].respectedAt = nodes[node].clock.local(at: now)
    nodes[node].traces[group].respectedInterval = machine.activeInterval.nanoseconds
  }

  /// Nobody takes over before what it last heard allows it.
  private mutating func judgeTakeover(
    _ cause: VirtualRouter.Transition.Cause, by machine: VirtualRouter, of group: Int, at node: Int
  ) {
    let local = nodes[node].clock.local(at: now)
    let trace = nodes[node].traces[group]
    switch cause {
    case .activeDown:
      let allowed = Self.activeDownInterval(of: machine, interval: trace.respectedInterval)
      if let last = trace.respectedAt, local.nanoseconds(since: last) < allowed {
        violate(.earlyTakeover, group, node, lasted: local.nanoseconds(since: last), allowed: allowed)
      }
      // Adverts that lie unread forbid it as well.
      let isUnread = nodes[node].backlog.contains { received in
        let bytes = received.datagram.bytes
        return !received.datagram.isBogus && bytes.count > 2 && bytes[1] == groups[group].virtualRouterID
          && bytes[2] >= machine.priority
      }
      if isUnread { violate(.earlyTakeover, group, node, lasted: 0, allowed: allowed) }
    case .activeLeft:
      let allowed = Self.skewTime(of: machine, interval: trace.farewellInterval)
      guard let farewell = trace.farewellAt else { return violate(.earlyTakeover, group, node) }
      if local.nanoseconds(since: farewell) < allowed {
        violate(.earlyTakeover, group, node, lasted: local.nanoseconds(since: farewell), allowed: allowed)
      }
    case .startup, .shutdown, .outranked, .ineligible, .groupYielded, .clockGap: return
    }
  }

  private mutating func judgeFarewell(of transition: VirtualRouter.Transition, group: Int, node: Int) {
    if transition.to == .active { nodes[node].traces[group].saidFarewell = false }
    guard transition.from == .active, !nodes[node].traces[group].saidFarewell else { return }
    switch transition.cause {
    case .shutdown, .ineligible, .clockGap, .groupYielded: violate(.missingFarewell, group, node)
    case .startup, .activeDown, .activeLeft, .outranked: return
    }
  }

  /// Roles do not change when nothing happened.
  private mutating func judgeNeed(of transition: VirtualRouter.Transition, group: Int, node: Int) {
    guard transition.from == .active || transition.to == .active else { return }
    switch transition.cause {
    case .startup, .shutdown, .ineligible, .clockGap: return
    case .activeDown, .activeLeft, .outranked, .groupYielded: break
    }
    // To take over from nobody is never needless.
    guard transition.from == .active || hasActive(group, besides: node) else { return }
    let coupled = coupled(with: group)
    let calm = now - (coupled.map { disturbedAt[groups[$0].segment] }.max() ?? 0)
    let allowed = coupled.map { electionBound(of: $0) }.max() ?? 0
    guard calm > allowed, !hasSlowKernel(group), !goesRound(coupled) else { return }
    violate(.needlessSwitch, group, node, lasted: calm, allowed: allowed)
  }

  /// `group`, and every virtual router whose changes bring on changes of it: those it shares a sync group with on some
  /// node, and those that these share one with.
  private func coupled(with group: Int) -> [Int] {
    var found = [group]
    var next = 0
    while next < found.count {
      for node in nodes.indices {
        guard let name = nodes[node].name(of: found[next]),
          let members = nodes[node].syncGroups.first(where: { $0.members.contains(name) })?.members
        else { continue }
        found += groups.indices.filter { other in
          !found.contains(other)
            && nodes[node].name(of: other).map { members.contains($0) } ?? false
        }
      }
      next += 1
    }
    return found
  }

  /// Whether sync groups take turns for as long as a wire carries one way only: each of two outranks the other in one
  /// of the virtual routers, so whoever speaks wins, and somebody who does not hear the other speaks again and again.
  private func goesRound(_ coupled: [Int]) -> Bool {
    guard coupled.count > 1 else { return false }
    let pairs = nodes.indices.flatMap { one in nodes.indices.map { (one, $0) } }
    let isOneWay = pairs.contains { one, other in
      coupled.contains { group in
        guard let here = port(of: one, in: group), let there = port(of: other, in: group), here != there else {
          return false
        }
        let segment = segments[groups[group].segment]
        return segment.carries(from: here, to: there) && !segment.carries(from: there, to: here)
      }
    }
    return isOneWay
      && pairs.contains { one, other in
        coupled.contains { outranks(one, other, in: $0) } && coupled.contains { outranks(other, one, in: $0) }
      }
  }

  private func outranks(_ one: Int, _ other: Int, in group: Int) -> Bool {
    guard let one = nodes[one].machine(of: group), let other = nodes[other].machine(of: group) else { return false }
    return (one.priority, one.configuration.primaryAddress) > (other.priority, other.configuration.primaryAddress)
  }

  /// Whether some active router may be silent for as long as its peers wait, because it waits for its kernel.
  private func hasSlowKernel(_ group: Int) -> Bool {
    let members = nodes.indices.filter { nodes[$0].machine(of: group) != nil }
    let slowest = members.map { nodes[$0].kernelDelay }.max() ?? 0
    let quickest = members.compactMap { nodes[$0].machine(of: group)?.configuration.interval.nanoseconds }.min() ?? .max
    return slowest * UInt64(groups.count) >= quickest
  }

  private func hasActive(_ group: Int, besides node: Int) -> Bool {
    nodes.indices.contains { other in
      other != node && nodes[other].isAwake(at: now) && role(of: other, in: group) == .active
        && hearEachOther(node, other, in: group)
    }
  }

  /// How long roles may go on changing after the last disturbance, in nanoseconds: with intervals believed some time
  /// ago, three times our own at most unless one sender said more three times.
  private func electionBound(of group: Int) -> UInt64 {
    var interval: UInt64 = 0
    var believed: UInt64 = 0
    var silentIntervals: UInt64 = 0
    var delay: UInt64 = 0
    for node in nodes.indices {
      guard let machine = nodes[node].machine(of: group) else { continue }
      let own = machine.configuration.interval.nanoseconds
      interval = max(interval, own, machine.configuration.version == .v2 ? 1_000_000_000 : 0)
      believed = max(believed, 3 * own, machine.activeInterval.nanoseconds, nodes[node].traces[group].confirmed)
      silentIntervals = max(silentIntervals, UInt64(machine.configuration.downTimerAdvertisements))
      delay = max(delay, machine.configuration.preemptDelayNanoseconds)
    }
    return allowance((silentIntervals + 2) * max(believed, interval) + delay + 3 * interval, in: group)
  }

  /// Kernel and machine agree, and the priority is the sum it should be, whenever the process is done with its turn.
  mutating func checkNode(_ node: Int) {
    guard nodes[node].isAwake(at: now), nodes[node].pending.isEmpty else { return }
    for place in nodes[node].groups.indices {
      let group = nodes[node].groups[place]
      guard group >= 0, let role = nodes[node].engine?.role(of: RouterHandle(rawValue: place)) else { continue }
      if (role == .active) != nodes[node].installed[group] {
        violateOnce(.addressesDisagree, group, node)
      } else {
        nodes[node].traces[group].told &= ~Property.addressesDisagree.bit
      }
      checkGroup(group)
    }
    for index in nodes[node].syncGroups.indices { checkSyncGroup(index, at: node) }
  }

  /// Members of a sync group move together, but for the moment of leaving, when each waits for its own successor.
  private mutating func checkSyncGroup(_ index: Int, at node: Int) {
    guard !nodes[node].isStopping else { return }
    let members = nodes[node].syncGroups[index].members
    var activeCount = 0
    var last = -1
    for place in nodes[node].groups.indices where nodes[node].groups[place] >= 0 {
      let handle = RouterHandle(rawValue: place)
      guard let name = nodes[node].engine?.name(of: handle), members.contains(name) else { continue }
      if nodes[node].engine?.machine(of: handle)?.isLeaving == true { return }
      last = nodes[node].groups[place]
      if nodes[node].engine?.role(of: handle) == .active { activeCount += 1 }
    }
    guard last >= 0 else { return }
    if activeCount == 0 || activeCount == members.count {
      nodes[node].traces[last].told &= ~Property.splitGroup.bit
    } else {
      violateOnce(.splitGroup, last, node)
    }
  }
}
