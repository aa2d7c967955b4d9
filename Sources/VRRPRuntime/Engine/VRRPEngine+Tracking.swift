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
    for place in records.indices {
      guard let record = records[place], !record.isRemoved, record.subjects.contains(where: { $0.key == key }) else {
        continue
      }
      reassess(place, now: now)
    }
  }

  /// Lists what a router and its group track.
  func follow(_ record: inout RouterRecord) {
    let definition = record.definition
    var subjects = Self.subjects(definition.trackedInterfaces, definition.tracking)
    // Where addresses, routes and rules are is tracked without being asked for, unless it is the router's own
    // interface, which counts anyway, or tracked by name.
    for name in definition.interfacesInUse where name != definition.interface {
      guard !subjects.contains(where: { $0.key == .interface(name) }) else { continue }
      subjects.append(TrackedSubject(key: .interface(name), weight: 0, isReversed: false))
    }
    if let group = record.group {
      let group = groups[group].definition
      subjects += Self.subjects(group.trackedInterfaces, group.tracking)
    }
    record.subjects = subjects
    record.ledger = PriorityLedger(base: definition.priority, count: subjects.count)
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

  private func contribution(of subject: TrackedSubject) -> TrackedContribution {
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

  /// Weighs anew what a router tracks, and tells its machine what changed.
  mutating func reassess(_ place: Int, now: MonotonicInstant) {
    guard var record = records[place] else { return }
    let own = judge(&record, at: place)
    records[place]?.ledger = record.ledger
    settlePriority(of: place, now: now)
    guard own != record.ownIneligibility else { return }
    records[place]?.ownIneligibility = own
    guard let group = record.group else { return settleEligibility(of: place, own, now: now) }
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

  /// Why `record` cannot take part, with its ledger brought up to date on the way.
  func judge(_ record: inout RouterRecord, at place: Int) -> Ineligibility {
    var result = world.obstruction(of: RouterHandle(rawValue: place))
    let definition = record.definition
    if definition.policy.lacksPeers, definition.policy.faultsWithoutPeer { result.insert(.noPeers) }
    if record.security.isMissing { result.insert(.authenticationMissing) }
    if let interface = interfaces[definition.interface] {
      if !interface.isUp, definition.tracksInterface { result.insert(.interfaceDown) }
      if interface.primaryAddress(for: definition) == nil { result.insert(.noSourceAddress) }
      if definition.tracksSource, let source = definition.sourceAddress, !interface.addresses.contains(source) {
        result.insert(.noSourceAddress)
      }
    } else {
      result.insert(.interfaceMissing)
    }
    for (index, subject) in record.subjects.enumerated()
    where !record.ledger.enter(contribution(of: subject), at: index) {
      result.insert(.trackedObjectDown)
    }
    return result
  }
}
