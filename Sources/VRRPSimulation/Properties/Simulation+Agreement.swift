import NetPrimitives
import VRRPCore
import VRRPRuntime

/// The properties of a whole virtual router: one active among those who hear each other, soon, and the right one.
///
/// Nothing here needs the wires to be whole: what a router owes follows from whom it hears.
extension Simulation {
  /// How often a group is looked at, in nanoseconds: the properties are about longer times.
  private static let checkInterval: UInt64 = 50_000_000

  mutating func checkGroup(_ group: Int) {
    guard now >= groups[group].checkedAt + Self.checkInterval, groups[group].beganAt <= now else { return }
    groups[group].checkedAt = now
    let mouths = mouths(of: group)
    for node in nodes.indices {
      let machine = nodes[node].machine(of: group)
      if let machine { checkTracking(of: group, at: node, machine) }
      checkMember(node, of: group, machine, hearing: mouths)
    }
    if groups[group].owesCacheCheck { checkCaches(of: group) }
  }

  private mutating func checkMember(
    _ node: Int, of group: Int, _ machine: VirtualRouter?, hearing mouths: [Mouth]
  ) {
    guard nodes[node].isAwake(at: now), port(of: node, in: group) != nil, let machine else {
      return settle(Self.ofBackups | Self.ofActives, of: group, at: node)
    }
    switch machine.state {
    case .initialize, .fault, .leaving: settle(Self.ofBackups | Self.ofActives, of: group, at: node)
    case .active:
      settle(Self.ofBackups, of: group, at: node)
      checkRivals(of: node, in: group, machine, hearing: mouths)
      checkCadence(of: node, in: group)
    case .backup:
      settle(Self.ofActives, of: group, at: node)
      checkPatience(of: node, in: group, machine, hearing: mouths)
    }
  }

  /// What backups owe, and what active routers do: a bit for each property.
  private static let ofBackups = Property.noneActive.bit | Property.wrongActive.bit
  private static let ofActives = Property.twoActive.bit

  private mutating func settle(_ properties: UInt16, of group: Int, at node: Int) {
    nodes[node].traces[group].told &= ~properties
  }

  // MARK: Two

  /// An active router that hears a better active one gives way at its first advert.
  private mutating func checkRivals(
    of node: Int, in group: Int, _ machine: VirtualRouter, hearing mouths: [Mouth]
  ) {
    let rival = firstSpeaker(to: node, in: group, among: mouths) { other in
      (other.priority, other.configuration.primaryAddress)
        > (machine.priority, machine.configuration.primaryAddress)
    }
    guard let rival, let other = nodes[rival].machine(of: group) else {
      return settle(Self.ofActives, of: group, at: node)
    }
    let since = calmSince(group)
    let bound = allowance(other.configuration.interval.nanoseconds, in: group)
    guard now > since + bound else { return }
    violateOnce(.twoActive, group, node, lasted: now - since, allowed: bound)
  }

  /// An active router that has the processor speaks every interval, not only when it speaks at all.
  private mutating func checkCadence(of node: Int, in group: Int) {
    let trace = nodes[node].traces[group]
    guard let last = trace.advertisedAt else { return }
    let bound = allowance(trace.advertisedInterval, in: group)
    guard now > last + bound else { return }
    violateOnce(.silentActive, group, node, lasted: now - last, allowed: bound)
  }

  // MARK: None, or the wrong one

  /// What a backup may expect of the election.
  private enum Standing {
    /// It has to wait: for a better one, for an equal, or because it may not preempt.
    case waits
    /// Nobody speaks to it.
    case hearsNobody
    /// Only worse ones speak to it, and it may preempt. The worst of them is named.
    case outranks(Int)
  }

  private func standing(
    of node: Int, in group: Int, _ machine: VirtualRouter, hearing mouths: [Mouth]
  ) -> Standing {
    guard let first = firstSpeaker(to: node, in: group, among: mouths, where: { _ in true }) else {
      return .hearsNobody
    }
    guard machine.configuration.preempts else { return .waits }
    // Equal priority does not preempt (RFC 9568 §6.4.2).
    let better = firstSpeaker(to: node, in: group, among: mouths) { $0.priority >= machine.priority }
    return better == nil ? .outranks(first) : .waits
  }

  /// A backup that need not wait is active when its timer says so, and not later.
  private mutating func checkPatience(
    of node: Int, in group: Int, _ machine: VirtualRouter, hearing mouths: [Mouth]
  ) {
    let since = calmSince(group)
    // Most looks end here.
    guard now > since + machine.activeInterval.nanoseconds else { return }
    guard let bound = patience(of: node, in: group, machine, since: since, hearing: mouths) else {
      return settle(Self.ofBackups, of: group, at: node)
    }
    guard now > since + bound else { return }
    switch standing(of: node, in: group, machine, hearing: mouths) {
    case .waits: break
    case .hearsNobody: violateOnce(.noneActive, group, node, lasted: now - since, allowed: bound)
    case .outranks(let other):
      guard nodes[node].traces[group].told & Property.wrongActive.bit == 0 else { return }
      nodes[node].traces[group].told |= Property.wrongActive.bit
      violate(.wrongActive, group, other, lasted: now - since, allowed: bound)
    }
  }

  /// How long `node` may stay backup; `nil` for as long as it likes. Members of a sync group wait for each other.
  private func patience(
    of node: Int, in group: Int, _ machine: VirtualRouter, since: UInt64, hearing mouths: [Mouth]
  ) -> UInt64? {
    guard machine.configuration.isGrouped else {
      return ownPatience(of: node, in: group, machine, hearing: mouths)
    }
    guard let name = nodes[node].name(of: group),
      let members = nodes[node].syncGroups.first(where: { $0.members.contains(name) })?.members
    else { return nil }
    var longest: UInt64 = 0
    for other in groups.indices {
      guard let name = nodes[node].name(of: other), members.contains(name) else { continue }
      guard port(of: node, in: other) != nil, let machine = nodes[node].machine(of: other),
        case .backup = machine.state, calmSince(other) <= since,
        let own = ownPatience(of: node, in: other, machine, hearing: self.mouths(of: other))
      else { return nil }
      longest = max(longest, own)
    }
    return longest
  }

  private func ownPatience(
    of node: Int, in group: Int, _ machine: VirtualRouter, hearing mouths: [Mouth]
  ) -> UInt64? {
    let standing = standing(of: node, in: group, machine, hearing: mouths)
    if case .waits = standing { return nil }
    let interval = machine.activeInterval.nanoseconds
    // Who gave way for its group rests for less than an interval first (docs/decisions/0030).
    let rest = machine.configuration.isGrouped ? machine.configuration.interval.nanoseconds : 0
    let down = floor(of: node, in: group, machine) + rest + Self.activeDownInterval(of: machine, interval: interval)
    switch standing {
    case .waits: return nil
    case .hearsNobody: return allowance(down, in: group)
    case .outranks(let other):
      let delay = machine.configuration.preemptDelayNanoseconds
      let spoken = nodes[other].machine(of: group)?.configuration.interval.nanoseconds ?? interval
      return allowance(down + delay + spoken, in: group)
    }
  }

  /// How long a better router that spoke before the calm may still be waited for: no longer than it may be believed to
  /// be slow.
  private func floor(of node: Int, in group: Int, _ machine: VirtualRouter) -> UInt64 {
    guard case .backup(let backup) = machine.state else { return 0 }
    // The timer may stand for it already, whoever spoke last.
    let dueAt = max(backup.armedAt, backup.speaker?.nextAt ?? backup.armedAt)
    let since = nodes[node].clock.local(at: min(calmSince(group), now))
    guard dueAt > since else { return 0 }
    var longest = 3 * machine.configuration.interval.nanoseconds
    if let end = nodes[node].traces[group].confirmedUntil, end > since {
      longest = max(longest, end.nanoseconds(since: since))
    }
    return min(dueAt.nanoseconds(since: since), longest)
  }

  /// Active_Down_Interval by the words of RFC 9568 §6.1 and RFC 3768 §6.1, not by the machine's own sum.
  static func activeDownInterval(of machine: VirtualRouter, interval: UInt64) -> UInt64 {
    UInt64(machine.configuration.downTimerAdvertisements) * interval + skewTime(of: machine, interval: interval)
  }

  static func skewTime(of machine: VirtualRouter, interval: UInt64) -> UInt64 {
    let share = machine.configuration.version == .v2 ? 1_000_000_000 : interval
    return share * (256 - UInt64(machine.priority)) / 256
  }

  // MARK: Who speaks to whom, and since when

  /// A node that advertises, and the port it does so from.
  private struct Mouth {
    var node: Int
    var port: Int
  }

  /// The nodes that advertise for `group`: active, and with the processor.
  private func mouths(of group: Int) -> [Mouth] {
    var mouths: [Mouth] = []
    for node in nodes.indices where nodes[node].isPowered && nodes[node].pause == nil {
      // Most are backups.
      guard nodes[node].role(of: group) == .active, case .active? = nodes[node].machine(of: group)?.state,
        let port = port(of: node, in: group)
      else { continue }
      mouths.append(Mouth(node: node, port: port))
    }
    return mouths
  }

  /// The first of them whose adverts reach `node`, and of whose election `condition` holds.
  private func firstSpeaker(
    to node: Int, in group: Int, among mouths: [Mouth], where condition: (VirtualRouter) -> Bool
  ) -> Int? {
    guard let ear = port(of: node, in: group) else { return nil }
    for mouth in mouths
    where mouth.node != node && segments[groups[group].segment].carries(from: mouth.port, to: ear) {
      if let machine = nodes[mouth.node].machine(of: group), condition(machine) { return mouth.node }
    }
    return nil
  }

  /// Since when nothing happened to the group, in true nanoseconds: no fault, no lost frame, no change of roles.
  func calmSince(_ group: Int) -> UInt64 {
    max(disturbedAt[groups[group].segment], groups[group].rolesChangedAt, groups[group].ownersChangedAt)
  }

  /// Finds the slowest kernel and the worst clock anew, among nodes with a process.
  mutating func reckonStretch() {
    slowestKernel = 0
    worstDrift = 0
    for node in nodes.indices where nodes[node].isRunning {
      slowestKernel = max(slowestKernel, nodes[node].kernelDelay)
      worstDrift = max(worstDrift, UInt64(abs(nodes[node].clock.driftPPM)))
    }
  }

  /// `time` as the slowest clock, wire and kernel of the group may stretch it.
  func allowance(_ time: UInt64, in group: Int) -> UInt64 {
    let wire = segments[groups[group].segment].quality.maximumDelay
    // Each virtual router has changes of addresses that wait for each other; a scheduler needs a moment as well.
    let slack = 4 * wire + 6 * slowestKernel * UInt64(groups.count) + 2_000_000
    return time + time / 1_000_000 * (2 * worstDrift + 10) + slack
  }
}
