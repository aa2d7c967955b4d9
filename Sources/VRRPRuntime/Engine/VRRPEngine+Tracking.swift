public import NetPrimitives
public import VRRPCore

/// Something that is tracked, by what kind it is and its name in the configuration.
public enum TrackedKey: Hashable, Sendable {
  case interface(String)
  case script(String)
  case file(String)
  case process(String)
  case bfd(String)
}

/// What is known of something tracked.
public enum TrackedState: Hashable, Sendable, BitwiseCopyable {
  /// Up, down, or not decided yet.
  case verdict(TrackedVerdict)
  /// The number a tracked file holds.
  case value(Int64)
}

/// One thing a router tracks, with the weight it has there.
struct TrackedSubject: Hashable, Sendable {
  var key: TrackedKey
  var weight: Int16
  var isReversed: Bool
}

extension RouterRecord {
  func mentions(_ interface: String) -> Bool {
    definition.interface == interface || subjects.contains { $0.key == .interface(interface) }
  }
}

extension VRRPEngine where World: ~Copyable {
  /// Something tracked changed. What is not told is undecided; interfaces are told by ``update(_:now:)``.
  public mutating func track(_ key: TrackedKey, _ state: TrackedState, now: MonotonicInstant) {
    guard tracked.updateValue(state, forKey: key) != state else { return }
    for place in records.indices where records[place]?.isRemoved == false {
      guard records[place]?.subjects.contains(where: { $0.key == key }) == true else { continue }
      reassess(place, now: now)
    }
  }

  /// Lists what a router and its group track.
  mutating func follow(_ place: Int, as definition: VirtualRouterDefinition) {
    var subjects = Self.subjects(definition.trackedInterfaces, definition.tracking)
    // Where addresses, routes and rules are is tracked without being asked for, unless it is the router's own
    // interface, which counts anyway, or tracked by name.
    for name in definition.interfacesInUse where name != definition.interface {
      guard !subjects.contains(where: { $0.key == .interface(name) }) else { continue }
      subjects.append(TrackedSubject(key: .interface(name), weight: 0, isReversed: false))
    }
    if let group = records[place]?.group {
      let group = groups[group].definition
      subjects += Self.subjects(group.trackedInterfaces, group.tracking)
    }
    records[place]?.ledger = PriorityLedger(base: definition.priority, count: subjects.count)
    records[place]?.subjects = subjects
  }

  private static func subjects(
    _ interfaces: [VirtualRouterDefinition.TrackedInterface], _ tracking: TrackingDefinition
  ) -> [TrackedSubject] {
    var subjects = interfaces.map {
      TrackedSubject(key: .interface($0.name), weight: $0.weight, isReversed: $0.isReversed)
    }
    let kinds: [([TrackedObject], (String) -> TrackedKey)] = [
      (tracking.scripts, { .script($0) }), (tracking.files, { .file($0) }), (tracking.processes, { .process($0) }),
      (tracking.bfdSessions, { .bfd($0) }),
    ]
    for (objects, key) in kinds {
      subjects += objects.map { TrackedSubject(key: key($0.name), weight: $0.weight, isReversed: $0.isReversed) }
    }
    return subjects
  }

  /// Weighs anew what a router tracks, and tells its machine what changed.
  mutating func reassess(_ place: Int, now: MonotonicInstant) {
    guard let before = records[place]?.ownIneligibility else { return }
    let group = records[place]?.group
    let own = judge(place)
    settlePriority(of: place, now: now)
    guard own != before else { return }
    records[place]?.ownIneligibility = own
    guard let group else { return settleEligibility(of: place, own, now: now) }
    settleEligibility(ofGroup: group, now: now)
  }

  mutating func settleEligibility(of place: Int, _ after: Ineligibility, now: MonotonicInstant) {
    guard let before = records[place]?.ineligibility, before != after else { return }
    records[place]?.ineligibility = after
    world.report(.eligibilityChange(RouterHandle(rawValue: place), after))
    if before.isEmpty != after.isEmpty || before.canServe != after.canServe {
      handle(after.isEmpty ? .eligibilityGained : .eligibilityLost(canServe: after.canServe), of: place, now: now)
    }
  }

  mutating func settlePriority(of place: Int, now: MonotonicInstant) {
    guard let old = records[place]?.machine.priority, let new = records[place]?.ledger.effectivePriority else { return }
    guard new != old else { return }
    handle(.priorityChanged(new), of: place, now: now)
    world.report(.priorityChange(RouterHandle(rawValue: place), from: old, to: new))
  }

  /// Why a router cannot take part, with its ledger brought up to date on the way.
  mutating func judge(_ place: Int) -> Ineligibility {
    guard let name = records[place]?.definition.interface else { return [] }
    let obstruction = world.obstruction(of: RouterHandle(rawValue: place))
    let knowledge = Knowledge(interfaces: interfaces, tracked: tracked)
    return obstruction.union(records[place]?.judge(on: interfaces[name], by: knowledge) ?? [])
  }
}

/// What is known of everything tracked.
struct Knowledge {
  var interfaces: [String: InterfaceState]
  var tracked: [TrackedKey: TrackedState]

  func contribution(of subject: TrackedSubject) -> TrackedContribution {
    if case .interface(let name) = subject.key {
      return TrackedContribution(
        isUp: interfaces[name]?.isUp ?? false, weight: subject.weight, isReversed: subject.isReversed)
    }
    return switch tracked[subject.key] ?? .verdict(.undecided) {
    case .verdict(let verdict):
      TrackedContribution(verdict, weight: subject.weight, isReversed: subject.isReversed)
    case .value(let value):
      TrackedContribution(fileValue: value, weight: subject.weight, isReversed: subject.isReversed)
    }
  }
}

extension RouterRecord {
  /// Why the router cannot take part on its interface, as far as it knows itself.
  fileprivate mutating func judge(on interface: InterfaceState?, by knowledge: Knowledge) -> Ineligibility {
    var result: Ineligibility = []
    if definition.policy.lacksPeers, definition.policy.faultsWithoutPeer { result.insert(.noPeers) }
    if security.isMissing { result.insert(.authenticationMissing) }
    if let interface {
      if !interface.isUp, definition.tracksInterface { result.insert(.interfaceDown) }
      if interface.primaryAddress(for: definition) == nil { result.insert(.noSourceAddress) }
      if definition.tracksSource, let source = definition.sourceAddress, !interface.addresses.contains(source) {
        result.insert(.noSourceAddress)
      }
    } else {
      result.insert(.interfaceMissing)
    }
    for index in subjects.indices where !ledger.enter(knowledge.contribution(of: subjects[index]), at: index) {
      result.insert(.trackedObjectDown)
    }
    return result
  }
}
