import NetPrimitives
import VRRPCore
import VRRPRuntime

/// The properties of a whole virtual router: one active, soon, the right one, and everybody knows.
extension Simulation {
  /// How long the protocol may take, in nanoseconds from the last disturbance.
  struct Bounds {
    /// For one of two that hear each other to give way.
    var contest: UInt64
    /// For somebody to take over from nobody.
    var takeover: UInt64
    /// For the best to be active.
    var election: UInt64
    /// For every neighbour to know.
    var announcement: UInt64
  }

  /// - Parameter isPatient: Whether to allow for intervals believed some time ago, which are three times our own at
  ///   most.
  func bounds(of group: Int, isPatient: Bool = false) -> Bounds {
    var interval: UInt64 = 0
    var believed: UInt64 = 0
    var silentIntervals: UInt64 = 0
    var skew: UInt64 = 0
    var delay: UInt64 = 0
    var kernel: UInt64 = 0
    var drift: UInt64 = 0
    for node in nodes where node.isRunning {
      guard let record = node.record(of: group) else { continue }
      let own = record.machine.configuration.interval.nanoseconds
      interval = max(interval, own)
      believed = max(believed, isPatient ? 3 * own : own, record.machine.activeInterval.nanoseconds)
      // Who says the same three times is believed.
      if isPatient, node.traces[group].claimCount >= 3 {
        believed = max(believed, UInt64(node.traces[group].claimed) * 10_000_000)
      }
      silentIntervals = max(silentIntervals, UInt64(record.machine.configuration.downTimerAdvertisements))
      skew = max(skew, record.definition.version == .v2 ? 1_000_000_000 : believed)
      delay = max(delay, record.definition.preemptDelayNanoseconds)
      kernel = max(kernel, node.kernelDelay)
      drift = max(drift, UInt64(abs(node.clock.driftPPM)))
    }
    let wire = segments[groups[group].segment].quality.maximumDelay
    // Several changes of addresses may wait for each other; a scheduler needs a moment as well.
    let slack = 4 * wire + 6 * kernel + 2_000_000
    func drifted(_ time: UInt64) -> UInt64 { time + time / 1_000_000 * (2 * drift + 10) + slack }
    let takeover = silentIntervals * max(believed, interval) + max(skew, believed)
    return Bounds(
      contest: drifted(interval + skew), takeover: drifted(takeover),
      election: drifted(takeover + delay + 2 * interval + skew),
      announcement: drifted(interval + skew + 400_000_000))
  }

  /// How often a group is looked at, in nanoseconds: the properties are about longer times.
  private static let checkInterval: UInt64 = 50_000_000

  mutating func checkGroup(_ group: Int) {
    guard now >= groups[group].checkedAt + Self.checkInterval, groups[group].beganAt <= now else { return }
    groups[group].checkedAt = now
    checkContest(of: group)
    let since = disturbedAt[groups[group].segment]
    guard segments[groups[group].segment].isWhole, now > since + 500_000_000 else { return }
    let census = census(of: group)
    checkPresence(of: group, census, since: since)
    checkRank(of: group, census, since: since)
    if groups[group].owesCacheCheck { checkCaches(of: group, census, since: since) }
  }

  private mutating func checkContest(of group: Int) {
    guard groups[group].contestedSince != nil, let loser = awakeRival(of: group) else {
      groups[group].told &= ~Property.twoActive.bit
      groups[group].rivalsSince = nil
      return
    }
    let start = groups[group].rivalsSince ?? now
    groups[group].rivalsSince = start
    let since = max(start, disturbedAt[groups[group].segment])
    let bound = bounds(of: group).contest
    guard now > since + bound, !hasLeftovers(group), groups[group].told & Property.twoActive.bit == 0 else { return }
    groups[group].told |= Property.twoActive.bit
    violate(.twoActive, group, loser, lasted: now - since, allowed: bound)
  }

  /// One of two routers that are active, have the processor and hear each other.
  private func awakeRival(of group: Int) -> Int? {
    let rivals = owners(of: group).filter { nodes[$0].isAwake(at: now) && role(of: $0, in: group) == .active }
    for (index, one) in rivals.enumerated() {
      for other in rivals[(index + 1)...] where hearEachOther(one, other, in: group) { return other }
    }
    return nil
  }

  /// Who is active and who could be.
  struct Census {
    var active: Int?
    var activeCount = 0
    /// The best of those who could take over from ``active`` by right.
    var candidate: Int?
    var isSettled = true
  }

  private func census(of group: Int) -> Census {
    var census = Census()
    var best: (priority: UInt8, address: IPAddress)?
    for node in nodes.indices {
      if nodes[node].isRunning, nodes[node].busyUntil > now { census.isSettled = false }
      guard nodes[node].isAwake(at: now), port(of: node, in: group) != nil,
        let machine = nodes[node].record(of: group)?.machine
      else { continue }
      switch machine.state {
      case .initialize, .fault: continue
      case .leaving: census.isSettled = false
      case .active:
        census.active = node
        census.activeCount += 1
      case .backup:
        if let best, (best.priority, best.address) > (machine.priority, machine.configuration.primaryAddress) {
          continue
        }
        best = (machine.priority, machine.configuration.primaryAddress)
        census.candidate = node
      }
    }
    if hasLeftovers(group) { census.isSettled = false }
    return census
  }

  private mutating func checkPresence(of group: Int, _ census: Census, since: UInt64) {
    guard let candidate = census.candidate, census.activeCount == 0, census.isSettled else {
      groups[group].told &= ~Property.noneActive.bit
      return
    }
    let start = max(since, groups[group].ownersChangedAt)
    let bound = bounds(of: group).takeover
    guard now > start + bound, groups[group].told & Property.noneActive.bit == 0 else { return }
    groups[group].told |= Property.noneActive.bit
    violate(.noneActive, group, candidate, lasted: now - start, allowed: bound)
  }

  /// A router that preempts is active unless a better one is. Equal priority does not preempt (RFC 9568 §6.4.2).
  private mutating func checkRank(of group: Int, _ census: Census, since: UInt64) {
    guard let active = census.active, let candidate = census.candidate, census.activeCount == 1, census.isSettled,
      let winner = nodes[active].record(of: group)?.machine, let loser = nodes[candidate].record(of: group)?.machine,
      loser.configuration.preempts, loser.priority > winner.priority
    else {
      groups[group].told &= ~Property.wrongActive.bit
      return
    }
    let start = max(since, groups[group].ownersChangedAt)
    let bound = bounds(of: group).election
    guard now > start + bound, groups[group].told & Property.wrongActive.bit == 0 else { return }
    groups[group].told |= Property.wrongActive.bit
    violate(.wrongActive, group, active, lasted: now - start, allowed: bound)
  }

  private mutating func checkCaches(of group: Int, _ census: Census, since: UInt64) {
    guard let active = census.active, census.activeCount == 1, census.isSettled,
      !groups[group].hasUnheardRival, groups[group].owners == 1 << UInt64(active)
    else { return }
    let start = max(since, groups[group].ownersChangedAt, groups[group].contestHeardAt)
    let bound = bounds(of: group).announcement
    guard now > start + bound else { return }
    groups[group].owesCacheCheck = false
    let hardwareAddresses = nodes[active].interfaces.map(\.hardwareAddress)
    for host in hosts where host.segment == groups[group].segment {
      for entry in host.cache where groups[group].addresses.contains(entry.address) {
        guard !host.unheard.contains(entry.address), !hardwareAddresses.contains(entry.hardwareAddress) else {
          continue
        }
        violate(.staleCache, group, active, lasted: now - start, allowed: bound)
      }
    }
  }
}
