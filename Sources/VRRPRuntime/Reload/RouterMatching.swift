import VRRPCore

/// Which virtual routers of an old configuration are which of a new one: those with the same interface, family, VRID
/// and version, whatever they are called. Where several share these, in groups of their own, names tell them apart.
struct RouterMatching {
  /// Places in the old and the new list; in the new one's order.
  var kept: [(old: Int, new: Int)] = []
  /// Places in the old list.
  var removed: [Int] = []
  /// Places in the new list.
  var added: [Int] = []

  /// `nil` in `old` is a place not in use.
  init(_ old: [VirtualRouterDefinition?], _ new: [VirtualRouterDefinition]) {
    var places: [VirtualRouterDefinition.Identity: Int] = [:]
    var shared: [VirtualRouterDefinition.Identity: [Int]] = [:]
    places.reserveCapacity(old.count)
    for (place, definition) in old.enumerated() {
      guard let identity = definition?.identity else { continue }
      if shared[identity]?.append(place) != nil { continue }
      guard let first = places.updateValue(place, forKey: identity) else { continue }
      places[identity] = nil
      shared[identity] = [first, place]
    }
    for (place, definition) in new.enumerated() {
      let identity = definition.identity
      if let before = places.removeValue(forKey: identity) {
        kept.append((before, place))
      } else if let candidates = shared[identity], !candidates.isEmpty {
        let namesake = candidates.firstIndex { old[$0]?.name == definition.name } ?? 0
        kept.append((candidates[namesake], place))
        shared[identity]?.remove(at: namesake)
      } else {
        added.append(place)
      }
    }
    removed = (Array(places.values) + shared.values.joined()).sorted()
  }
}
