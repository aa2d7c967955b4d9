import NetPrimitives
import VRRPCore

/// A sync group in the engine.
struct GroupRecord: Sendable {
  var definition: SyncGroupDefinition
  /// Whether the last reload changed what the group is or tracks.
  var isChanged = true
  /// The role last told.
  var role = VirtualRouter.Role.initialize
}

extension VRRPEngine where World: ~Copyable {
  /// Makes `wanted` the groups; one that was there before keeps the role it was told to have.
  mutating func regroup(_ wanted: [SyncGroupDefinition]) {
    let old = groups
    groups = wanted.map { definition in
      let before = old.first { $0.definition.name == definition.name }
      return GroupRecord(
        definition: definition, isChanged: before?.definition != definition, role: before?.role ?? .initialize)
    }
    groupPlaces = [:]
    for (place, group) in groups.enumerated() {
      for member in group.definition.members where groupPlaces[member] == nil { groupPlaces[member] = place }
    }
  }

  func groupPlace(of router: String) -> Int? { groupPlaces[router] }

  /// Joins routers to their groups after a reload moved the groups about, and settles every group.
  mutating func completeGroups(now: MonotonicInstant) {
    for group in groups.indices {
      settleEligibility(ofGroup: group, now: now)
    }
  }

  /// The places of a group's members.
  func members(of group: Int) -> [Int] {
    records.indices.filter { records[$0]?.group == group && records[$0]?.isRemoved == false }
  }

  private func state(of place: Int) -> SyncGroup.Member {
    guard let machine = records[place]?.machine else { return SyncGroup.Member(role: .initialize, isReady: false) }
    return SyncGroup.Member(role: machine.role, isReady: machine.isReadyForGroup, isLeaving: machine.isLeaving)
  }

  /// Carries out what the state of its members means for a group.
  mutating func settle(_ group: Int, now: MonotonicInstant) {
    guard !isSettlingGroup, groups.indices.contains(group) else { return }
    isSettlingGroup = true
    defer { isSettlingGroup = false }
    let members = members(of: group)
    // One verdict may call for another; the bound only keeps a defect from becoming a hang.
    verdicts: for _ in 0..<4 {
      switch SyncGroup.verdict(on: members.map { state(of: $0) }) {
      case .settled: break verdicts
      case .activate: for member in members { handle(.groupActivates, of: member, now: now) }
      case .yield: for member in members { handle(.groupYields(canServe: true), of: member, now: now) }
      }
    }
    tellRole(of: group)
  }

  mutating func tellRole(of group: Int) {
    let names = Set(groups[group].definition.members)
    let members = records.indices.filter { records[$0].map { names.contains($0.definition.name) } ?? false }
    let role = SyncGroup.role(of: members.map { state(of: $0) })
    let old = groups[group].role
    guard role != old, !members.isEmpty else { return }
    groups[group].role = role
    world.report(.groupTransition(name: groups[group].definition.name, from: old, to: role))
  }

  /// One member that cannot take part keeps the others from it.
  mutating func settleEligibility(ofGroup group: Int, now: MonotonicInstant) {
    let isNested = isSettlingGroup
    isSettlingGroup = true
    let members = members(of: group)
    let failing = members.filter { !(records[$0]?.ownIneligibility.isEmpty ?? true) }
    // The one that failed first, so that notifications come in keepalived's order.
    for member in failing + members.filter({ !failing.contains($0) }) {
      guard var reasons = records[member]?.ownIneligibility else { continue }
      if failing.contains(where: { $0 != member }) { reasons.insert(.groupMemberDown) }
      settleEligibility(of: member, reasons, now: now)
    }
    isSettlingGroup = isNested
    settle(group, now: now)
  }
}
