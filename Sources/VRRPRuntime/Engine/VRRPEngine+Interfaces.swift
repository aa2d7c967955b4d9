public import NetPrimitives
import VRRPCore

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
  mutating func reassess(_ place: Int, now: MonotonicInstant) {
    guard var record = records[place] else { return }
    let own = judge(&record)
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
    if before.isEmpty != after.isEmpty {
      handle(after.isEmpty ? .eligibilityGained : .eligibilityLost, of: place, now: now)
    }
  }

  mutating func settlePriority(of place: Int, now: MonotonicInstant) {
    guard let old = records[place]?.machine.priority, let new = records[place]?.ledger.effectivePriority else { return }
    guard new != old else { return }
    handle(.priorityChanged(new), of: place, now: now)
    world.report(.priorityChange(RouterHandle(rawValue: place), from: old, to: new))
  }

  /// Why `record` cannot take part, with its ledger brought up to date on the way.
  func judge(_ record: inout RouterRecord) -> Ineligibility {
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
