public import NetPrimitives
import VRRPCore

extension VRRPEngine where World: ~Copyable {
  /// An interface appeared or changed. Tell every interface once before the first ``apply(_:groups:now:resuming:)``.
  public mutating func update(_ interface: InterfaceState, now: MonotonicInstant) {
    let old = interfaces.updateValue(interface, forKey: interface.name)
    guard old != interface else { return }
    if old?.isUp != interface.isUp { world.report(.interfaceChange(name: interface.name, isUp: interface.isUp)) }
    let returned = interface.isUp && old?.isUp == false
    let isOther = old?.index != interface.index || old?.hardwareAddress != interface.hardwareAddress
    for place in records.indices where records[place]?.isRemoved == false {
      if records[place]?.definition.interface == interface.name {
        follow(interface, from: old, at: place, now: now)
      }
      let isPlace = (isOther || returned) && records[place]?.definition.places(addressOn: interface.name) == true
      if isOther, isPlace, let definition = records[place]?.definition {
        world.define(RouterHandle(rawValue: place), as: definition, on: interfaces[definition.interface])
      }
      if records[place]?.mentions(interface.name) == true { reassess(place, now: now) }
      // Switches and neighbours may have forgotten or mislearned us while the link was away.
      if returned, isPlace { handle(.contested, of: place, now: now) }
    }
  }

  /// An interface is gone. It may come back under another index.
  public mutating func removeInterface(_ index: InterfaceIndex, now: MonotonicInstant) {
    guard let name = interfaces.first(where: { $0.value.index == index })?.key else { return }
    interfaces[name] = nil
    world.report(.interfaceChange(name: name, isUp: false))
    for place in records.indices {
      guard records[place]?.isRemoved == false, records[place]?.mentions(name) == true else { continue }
      if records[place]?.definition.interface == name { unroute(place) }
      reassess(place, now: now)
    }
  }

  /// The router's own interface may have another index or other addresses.
  private mutating func follow(
    _ interface: InterfaceState, from old: InterfaceState?, at place: Int, now: MonotonicInstant
  ) {
    guard let definition = records[place]?.definition else { return }
    if old?.index != interface.index {
      unroute(place)
      route(key(of: definition, on: interface), to: place)
    }
    guard
      let source = interface.primaryAddress(for: definition),
      source != records[place]?.machine.configuration.primaryAddress
    else { return }
    handle(.primaryAddressChanged(source), of: place, now: now)
    records[place]?.encode()
  }
}

extension VirtualRouterDefinition {
  func places(addressOn name: String) -> Bool {
    interface == name || addresses.contains { $0.interface == name }
      || excludedAddresses.contains { $0.interface == name }
      || routes.contains { $0.vrf == name || $0.interfaces.contains(name) }
  }
}
