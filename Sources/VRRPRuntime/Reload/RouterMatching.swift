import VRRPCore

/// Which virtual routers of an old configuration are which of a new one: those with the same interface, family, VRID
/// and version, whatever they are called.
struct RouterMatching {
  /// Places in the old and the new list; in the new one's order.
  var kept: [(old: Int, new: Int)] = []
  /// Places in the old list.
  var removed: [Int] = []
  /// Places in the new list.
  var added: [Int] = []

  /// `nil` in `old` is a place not in use.
  init(_ old: [VirtualRouterDefinition.Identity?], _ new: [VirtualRouterDefinition]) {
    var places: [VirtualRouterDefinition.Identity: Int] = [:]
    places.reserveCapacity(old.count)
    for (place, identity) in old.enumerated() {
      if let identity { places[identity] = place }
    }
    for (place, definition) in new.enumerated() {
      if let before = places.removeValue(forKey: definition.identity) {
        kept.append((before, place))
      } else {
        added.append(place)
      }
    }
    removed = places.values.sorted()
  }
}
