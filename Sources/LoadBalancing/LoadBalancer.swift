public import HealthCheck
public import NetPrimitives

/// All virtual services of a configuration, and what the kernel has been told about them.
///
/// Events find their service by key and touch nothing else, so the cost of an event does not grow with the number of
/// services; a reload is linear. A reload of what is unchanged gives no effect at all.
public struct LoadBalancer: Sendable {
  /// What the shell must now do, in order.
  public enum Effect: Hashable, Sendable {
    /// Change the kernel's table.
    case kernel(IPVSCommand)
    /// Suspend or resume the checks of a service (`ha_suspend`); after ``LoadBalancer/checks`` have been subscribed.
    case suspendChecks(VirtualServerID, Bool)
    /// A notification of a service.
    case service(VirtualServerID, VirtualService.Effect)
  }

  /// Names one check: the subscriber of a `CheckScheduler`.
  public struct CheckID: Hashable, Sendable {
    /// The service.
    public var service: VirtualServerID
    /// The server in it.
    public var server: RealServerKey
    /// Which of the server's checks, from 0.
    public var index: Int

    /// A check.
    public init(service: VirtualServerID, server: RealServerKey, index: Int) {
      self.service = service
      self.server = server
      self.index = index
    }
  }

  private struct Member: Sendable {
    var service: VirtualService
    /// The kernel's services that are this one's: its own less those an earlier service claims.
    var keys: [IPVSServiceKey] = []
    /// What the kernel has been told for each of `keys`.
    var told: IPVSEntry?
    var isSuspended = false
  }

  private var members: [VirtualServerID: Member] = [:]
  /// The order of the configuration.
  private var order: [VirtualServerID] = []
  private var localAddresses: Set<IPAddress> = []
  private var activeRouters: Set<String> = []
  private var groupMarks = GroupMarks()
  /// The services with a weight that grows.
  private var ramping: Set<VirtualServerID> = []

  /// No services.
  public init() {}

  /// The service of this identity.
  public subscript(_ id: VirtualServerID) -> VirtualService? { members[id]?.service }

  /// Whether the checks of this service rest (`ha_suspend`).
  public func isSuspended(_ id: VirtualServerID) -> Bool { members[id]?.isSuspended ?? false }

  /// The services' identities, in the order of the configuration.
  public var serviceIDs: [VirtualServerID] { order }

  /// What packets are to be marked, of which groups; changes with configurations only. Disjoint.
  public var addressMarks: [AddressMark] { groupMarks.wanted }

  /// When to call ``deadlineReached(now:effects:)``; `nil` while no weight grows.
  public var nextDeadline: MonotonicInstant? {
    ramping.reduce(nil) { .earlier($0, members[$1]?.service.nextDeadline) }
  }

  /// Every check of every server: what a `CheckScheduler` is to subscribe.
  public var checks: [(subscriber: CheckID, definition: CheckDefinition)] {
    var list: [(subscriber: CheckID, definition: CheckDefinition)] = []
    for id in order {
      guard let service = members[id]?.service else { continue }
      for server in service.servers {
        for index in server.definition.checks.indices {
          list.append((CheckID(service: id, server: server.key, index: index), server.definition.checks[index]))
        }
      }
    }
    return list
  }
}

// MARK: - Events

extension LoadBalancer {
  /// Before the first configuration: what a predecessor marked. Its groups keep their marks.
  public mutating func recallMarks(_ present: [AddressMark]) { groupMarks.recall(present) }

  /// Makes `definitions` the configuration. Effects are appended: commands for what is new first, for what is gone
  /// last. With `marking` a group of addresses is one service by mark, and ``addressMarks`` says what is marked.
  public mutating func configure(
    _ definitions: [VirtualServerDefinition], policy: BalancingPolicy = BalancingPolicy(),
    marking: GroupMarking? = nil, now: MonotonicInstant, effects: inout [Effect]
  ) {
    let before = order
    order = []
    if before.isEmpty {
      members.reserveCapacity(definitions.count)
      effects.reserveCapacity(definitions.reduce(definitions.count) { $0 + $1.realServers.count })
    }
    let leftovers = groupMarks.begin(definitions, marking)
    var claims: [IPVSServiceKey: VirtualServerID] = [:]
    var accepted: [(definition: VirtualServerDefinition, keys: [IPVSServiceKey])] = []
    var kept: Set<VirtualServerID> = []
    for definition in definitions where kept.insert(definition.id).inserted {
      order.append(definition.id)
      var keys: [IPVSServiceKey] = []
      for key in groupMarks.keys(of: definition) where claims[key] == nil {
        claims[key] = definition.id
        keys.append(key)
      }
      accepted.append((definition, keys))
    }
    for id in before { release(id, to: claims, effects: &effects) }
    for (definition, keys) in accepted {
      adopt(definition, keys: keys, policy: policy, now: now, effects: &effects)
    }
    for id in before where !kept.contains(id) {
      update(id, effects: &effects) { $0.handle(.stop(.removal), now: now, effects: &$1) }
      members[id] = nil
      ramping.remove(id)
    }
    for key in leftovers { effects.append(.kernel(.deleteService(key))) }
  }

  /// A check has made a finding.
  public mutating func checkReported(
    _ check: CheckID, _ report: CheckReport, now: MonotonicInstant, effects: inout [Effect]
  ) {
    // Nearly all reports say what was known: they cost a look-up.
    guard members[check.service]?.service.isNews(check.server, check: check.index, report) ?? false else { return }
    update(check.service, effects: &effects) {
      $0.handle(.checkReported(check.server, check: check.index, report), now: now, effects: &$1)
    }
  }

  /// An operator's order for a server, or `nil` to lift it.
  public mutating func override(
    _ server: RealServerKey, of service: VirtualServerID, _ order: RealServer.Override?, now: MonotonicInstant,
    effects: inout [Effect]
  ) {
    update(service, effects: &effects) { $0.handle(.overridden(server, order), now: now, effects: &$1) }
  }

  /// A virtual router became active here, or no longer is (`active_on master_of`).
  public mutating func routerChanged(
    _ name: String, isActive: Bool, now: MonotonicInstant, effects: inout [Effect]
  ) {
    if isActive { activeRouters.insert(name) } else { activeRouters.remove(name) }
    for id in order where members[id]?.service.definition.activeOnMasterOf == name {
      update(id, effects: &effects) { $0.handle(.routerActive(isActive), now: now, effects: &$1) }
    }
  }

  /// The addresses of this host are now these (`ha_suspend`).
  public mutating func localAddressesChanged(_ addresses: Set<IPAddress>, effects: inout [Effect]) {
    localAddresses = addresses
    for id in order { updateSuspension(id, effects: &effects) }
  }

  /// A weight is due to grow (`slow_start`).
  public mutating func deadlineReached(now: MonotonicInstant, effects: inout [Effect]) {
    for id in order where ramping.contains(id) {
      guard let due = members[id]?.service.nextDeadline, due <= now else { continue }
      update(id, effects: &effects) { $0.handle(.deadlineReached, now: now, effects: &$1) }
    }
  }

  /// The daemon stops: everything is taken from the kernel, and with `omega` it is told.
  public mutating func stop(now: MonotonicInstant, effects: inout [Effect]) {
    for id in order {
      update(id, effects: &effects) { $0.handle(.stop(.shutdown), now: now, effects: &$1) }
    }
  }
}

// MARK: - The kernel

extension LoadBalancer {
  /// All that the kernel should hold. What two services claim the first of the configuration has.
  public var wanted: IPVSTable {
    var table = IPVSTable()
    for id in order {
      guard let member = members[id], let entry = member.service.wanted else { continue }
      for key in member.keys { table.services[key] = entry }
    }
    return table
  }

  /// The commands that bring the kernel, found to hold `actual`, to what is wanted: at the start, after an error, and
  /// from time to time, for the kernel tells nobody when others change it. Services not ours are in `actual` only if
  /// the caller wants them deleted.
  public func reconciliation(from actual: IPVSTable) -> [IPVSCommand] {
    ServicePlan.commands(from: actual, to: wanted)
  }

  /// Takes from a service what another one claims now: the kernel holds each key once.
  private mutating func release(
    _ id: VirtualServerID, to claims: [IPVSServiceKey: VirtualServerID], effects: inout [Effect]
  ) {
    guard let member = members[id] else { return }
    let isLost = { (key: IPVSServiceKey) in claims[key].map { $0 != id } ?? false }
    guard member.keys.contains(where: isLost) else { return }
    append(member.keys.filter(isLost), from: member.told, to: nil, effects: &effects)
    members[id]?.keys.removeAll(where: isLost)
  }

  private mutating func adopt(
    _ definition: VirtualServerDefinition, keys: [IPVSServiceKey], policy: BalancingPolicy, now: MonotonicInstant,
    effects: inout [Effect]
  ) {
    let id = definition.id
    let isNew = members[id] == nil
    var member = members[id] ?? Member(service: VirtualService(definition, policy: policy))
    if member.keys != keys {
      // The members of a group changed: what is gone goes last, as in every plan.
      if let told = member.told {
        let (old, new) = (Set(member.keys), Set(keys))
        append(keys.filter { !old.contains($0) }, from: nil, to: told, effects: &effects)
        append(member.keys.filter { !new.contains($0) }, from: told, to: nil, effects: &effects)
      }
      member.keys = keys
    }
    members[id] = member
    let isRouterActive = definition.activeOnMasterOf.map { activeRouters.contains($0) } ?? true
    update(id, effects: &effects) { service, effects in
      service.isActive = isRouterActive
      if isNew {
        service.handle(.start, now: now, effects: &effects)
      } else {
        service.reload(definition, policy: policy, now: now, effects: &effects)
      }
    }
    updateSuspension(id, effects: &effects)
  }

  /// Changes a service, then brings the kernel to what it wants, then gives its notifications.
  private mutating func update(
    _ id: VirtualServerID, effects: inout [Effect],
    _ change: (inout VirtualService, inout [VirtualService.Effect]) -> Void
  ) {
    guard var member = members.removeValue(forKey: id) else { return }
    var notifications: [VirtualService.Effect] = []
    change(&member.service, &notifications)
    let wanted = member.service.wanted
    append(member.keys, from: member.told, to: wanted, effects: &effects)
    member.told = wanted
    if member.service.nextDeadline == nil { ramping.remove(id) } else { ramping.insert(id) }
    members[id] = member
    for notification in notifications { effects.append(.service(id, notification)) }
  }

  private func append(
    _ keys: [IPVSServiceKey], from actual: IPVSEntry?, to wanted: IPVSEntry?, effects: inout [Effect]
  ) {
    var commands: [IPVSCommand] = []
    ServicePlan.append(to: &commands, keys, from: actual, to: wanted)
    for command in commands { effects.append(.kernel(command)) }
  }

  private mutating func updateSuspension(_ id: VirtualServerID, effects: inout [Effect]) {
    guard let member = members[id] else { return }
    var isSuspended = false
    // Marks and groups have no one address that could be here or not; their checks run.
    if member.service.definition.suspendsWithoutAddress, case .address(let address, _, _) = id {
      isSuspended = !localAddresses.contains(address)
    }
    guard isSuspended != member.isSuspended else { return }
    members[id]?.isSuspended = isSuspended
    effects.append(.suspendChecks(id, isSuspended))
  }
}
