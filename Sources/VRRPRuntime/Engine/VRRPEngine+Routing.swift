import NetPrimitives
import VRRPCore

/// What makes a packet a virtual router's: the segment, the family and the VRID (RFC 9568 §1).
struct RoutingKey: Hashable, Sendable {
  private let bits: UInt64

  init(_ interface: InterfaceIndex, _ family: AddressFamily, virtualRouterID: UInt8) {
    bits = UInt64(interface.rawValue) << 16 | UInt64(family.rawValue) << 8 | UInt64(virtualRouterID)
  }
}

// Routers may share a VRID on an interface when each has a multicast group, or a unicast source, of its own, as with
// keepalived. That is rare: a packet costs one look-up unless somebody does so.
extension VRRPEngine where World: ~Copyable {
  func key(of definition: VirtualRouterDefinition, on interface: InterfaceState) -> RoutingKey {
    RoutingKey(interface.index, definition.family, virtualRouterID: definition.virtualRouterID)
  }

  /// Packets of `key` may be for the router at `place`.
  mutating func route(_ key: RoutingKey, to place: Int) {
    records[place]?.routingKey = key
    guard let first = routes[key] else {
      routes[key] = place
      return
    }
    sharedRoutes[key, default: [first]].append(place)
  }

  /// No packet is for the router at `place` any more.
  mutating func unroute(_ place: Int) {
    guard let key = records[place]?.routingKey else { return }
    records[place]?.routingKey = nil
    let others = sharedRoutes[key]?.filter { $0 != place } ?? []
    routes[key] = others.first
    sharedRoutes[key] = others.count > 1 ? others : nil
  }

  /// The router that a packet of `key` sent to `destination` is for; where several could be meant and none is, the
  /// first, which refuses and counts it.
  func place(of key: RoutingKey, to destination: IPAddress) -> Int? {
    let first = routes[key]
    guard !sharedRoutes.isEmpty, let places = sharedRoutes[key] else { return first }
    let matching = places.first { place in
      guard let record = records[place] else { return false }
      guard record.definition.unicastPeers.isEmpty else {
        return record.machine.configuration.primaryAddress == destination
      }
      return record.definition.group == destination
    }
    return matching ?? first
  }
}
