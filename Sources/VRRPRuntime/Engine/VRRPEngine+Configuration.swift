public import NetPrimitives
public import VRRPCore

/// What a reload changed, for the log and for people who ask before they reload.
public struct ReloadSummary: Hashable, Sendable {
  /// Routers that were not there before.
  public var added = 0
  /// Routers that are gone.
  public var removed = 0
  /// Routers that are the same virtual router with other settings.
  public var changed = 0
  /// Routers that are as they were: nothing was done about them.
  public var unchanged = 0
}

extension VRRPEngine where World: ~Copyable {
  /// Makes `definitions` the configuration: routers that are new start, routers that are gone leave, routers that
  /// changed go on with their new settings, and routers that did not change are not touched at all.
  ///
  /// - Parameter resuming: whether a predecessor of this process left its addresses in place for `definition`; asked
  ///   once for each router that starts.
  @discardableResult
  public mutating func apply(
    _ definitions: [VirtualRouterDefinition], now: MonotonicInstant,
    resuming: (VirtualRouterDefinition) -> Bool = { _ in false }
  ) -> ReloadSummary {
    var summary = ReloadSummary()
    var places: [VirtualRouterDefinition.Identity: Int] = [:]
    for place in records.indices {
      if let record = records[place], !record.isRemoved { places[record.definition.identity] = place }
    }
    var added: [VirtualRouterDefinition] = []
    for definition in definitions {
      guard let place = places.removeValue(forKey: definition.identity) else {
        added.append(definition)
        continue
      }
      if records[place]?.definition == definition {
        summary.unchanged += 1
      } else {
        change(place, to: definition, now: now)
        summary.changed += 1
      }
    }
    for place in places.values.sorted() {
      records[place]?.isRemoved = true
      handle(.shutdown, of: place, now: now)
      summary.removed += 1
    }
    for definition in added {
      add(definition, resuming: resuming(definition), now: now)
      summary.added += 1
    }
    return summary
  }

  private mutating func add(_ definition: VirtualRouterDefinition, resuming: Bool, now: MonotonicInstant) {
    let place = records.firstIndex { $0 == nil } ?? records.count
    let interface = interfaces[definition.interface]
    let source = interface?.primaryAddress(for: definition) ?? .any(definition.family)
    var record = RouterRecord(definition, primaryAddress: source, now: now)
    record.ineligibility = judge(&record)
    if place == records.count { records.append(record) } else { records[place] = record }
    world.define(RouterHandle(rawValue: place), as: definition, on: interface)
    if let interface { routes[key(of: definition, on: interface)] = place }
    settlePriority(of: place, now: now)
    let isEligible = record.ineligibility.isEmpty
    if !isEligible { world.report(.eligibilityChange(RouterHandle(rawValue: place), record.ineligibility)) }
    handle(isEligible && resuming ? .resume : .startup(isEligible: isEligible), of: place, now: now)
  }

  private mutating func change(_ place: Int, to definition: VirtualRouterDefinition, now: MonotonicInstant) {
    let interface = interfaces[definition.interface]
    guard let machine = records[place]?.machine else { return }
    let source = interface?.primaryAddress(for: definition) ?? machine.configuration.primaryAddress
    records[place]?.definition = definition
    records[place]?.checksumKind = definition.initialChecksumKind
    records[place]?.ledger = PriorityLedger(base: definition.priority, count: definition.trackedInterfaces.count)
    world.define(RouterHandle(rawValue: place), as: definition, on: interface)
    reconfigure(VirtualRouter.Configuration(definition, primaryAddress: source), of: place, now: now)
    reassess(place, now: now)
  }

  mutating func forget(_ place: Int) {
    records[place] = nil
    deadlines.set(nil, of: place)
    for (key, owner) in routes where owner == place { routes[key] = nil }
    world.forget(RouterHandle(rawValue: place))
  }

  func key(of definition: VirtualRouterDefinition, on interface: InterfaceState) -> RoutingKey {
    RoutingKey(interface.index, definition.family, virtualRouterID: definition.virtualRouterID)
  }
}

// MARK: - Interfaces

extension VRRPEngine where World: ~Copyable {
  /// An interface appeared or changed. Tell every interface once before the first ``apply(_:now:resuming:)``.
  public mutating func update(_ interface: InterfaceState, now: MonotonicInstant) {
    let old = interfaces.updateValue(interface, forKey: interface.name)
    guard old != interface else { return }
    if old?.isUp != interface.isUp { world.report(.interfaceChange(name: interface.name, isUp: interface.isUp)) }
    let returned = interface.isUp && old?.isUp == false
    for place in records.indices {
      guard let record = records[place], !record.isRemoved else { continue }
      if record.definition.interface == interface.name { follow(interface, from: old, at: place, now: now) }
      let isOther = old?.index != interface.index || old?.hardwareAddress != interface.hardwareAddress
      if isOther, record.definition.places(addressOn: interface.name) {
        world.define(
          RouterHandle(rawValue: place), as: record.definition, on: interfaces[record.definition.interface])
      }
      if record.definition.mentions(interface.name) { reassess(place, now: now) }
      // Switches and neighbours may have forgotten or mislearned us while the link was away.
      if returned, record.definition.places(addressOn: interface.name) { handle(.contested, of: place, now: now) }
    }
  }

  /// An interface is gone. It may come back under another index.
  public mutating func removeInterface(_ index: InterfaceIndex, now: MonotonicInstant) {
    guard let name = interfaces.first(where: { $0.value.index == index })?.key else { return }
    interfaces[name] = nil
    world.report(.interfaceChange(name: name, isUp: false))
    for place in records.indices {
      guard let record = records[place], !record.isRemoved, record.definition.mentions(name) else { continue }
      if record.definition.interface == name {
        for (key, owner) in routes where owner == place { routes[key] = nil }
      }
      reassess(place, now: now)
    }
  }

  /// The router's own interface may have another index or other addresses.
  private mutating func follow(
    _ interface: InterfaceState, from old: InterfaceState?, at place: Int, now: MonotonicInstant
  ) {
    guard let definition = records[place]?.definition else { return }
    if old?.index != interface.index {
      if let old { routes[key(of: definition, on: old)] = nil }
      routes[key(of: definition, on: interface)] = place
    }
    guard
      let source = interface.primaryAddress(for: definition),
      source != records[place]?.machine.configuration.primaryAddress
    else { return }
    handle(.primaryAddressChanged(source), of: place, now: now)
    records[place]?.encode()
  }

  /// Weighs anew what a router tracks, and tells its machine what changed.
  private mutating func reassess(_ place: Int, now: MonotonicInstant) {
    guard var record = records[place] else { return }
    let before = record.ineligibility
    let after = judge(&record)
    records[place]?.ledger = record.ledger
    records[place]?.ineligibility = after
    settlePriority(of: place, now: now)
    guard before != after else { return }
    world.report(.eligibilityChange(RouterHandle(rawValue: place), after))
    if before.isEmpty != after.isEmpty {
      handle(after.isEmpty ? .eligibilityGained : .eligibilityLost, of: place, now: now)
    }
  }

  private mutating func settlePriority(of place: Int, now: MonotonicInstant) {
    guard let old = records[place]?.machine.priority, let new = records[place]?.ledger.effectivePriority else { return }
    guard new != old else { return }
    handle(.priorityChanged(new), of: place, now: now)
    world.report(.priorityChange(RouterHandle(rawValue: place), from: old, to: new))
  }

  /// Why `record` cannot take part, with its ledger brought up to date on the way.
  private func judge(_ record: inout RouterRecord) -> Ineligibility {
    var result: Ineligibility = []
    let definition = record.definition
    if let interface = interfaces[definition.interface] {
      if !interface.isUp { result.insert(.interfaceDown) }
      if interface.primaryAddress(for: definition) == nil { result.insert(.noSourceAddress) }
    } else {
      result.insert(.interfaceMissing)
    }
    for (index, tracked) in definition.trackedInterfaces.enumerated() {
      let isUp = interfaces[tracked.name]?.isUp ?? false
      switch TrackedContribution(isUp: isUp, weight: tracked.weight, isReversed: tracked.isReversed) {
      case .requirement(let isMet): if !isMet { result.insert(.trackedObjectDown) }
      case .weight(let weight): record.ledger.set(weight, at: index)
      }
    }
    return result
  }
}

extension VirtualRouterDefinition {
  func mentions(_ name: String) -> Bool { interface == name || trackedInterfaces.contains { $0.name == name } }

  func places(addressOn name: String) -> Bool {
    interface == name || addresses.contains { $0.interface == name }
      || excludedAddresses.contains { $0.interface == name }
  }
}
