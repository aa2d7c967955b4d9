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

  /// - Parameters:
  ///   - old: What the old ones are known by; `nil` for a place not in use.
  ///   - new: The new list.
  ///   - name: What the old one at a place is called.
  init(
    _ old: [VirtualRouterDefinition.Identity?], _ new: [VirtualRouterDefinition], oldName name: (Int) -> String?
  ) {
    var places: [VirtualRouterDefinition.Identity: Int] = [:]
    var shared: [VirtualRouterDefinition.Identity: [Int]] = [:]
    places.reserveCapacity(old.count)
    kept.reserveCapacity(new.count)
    for (place, identity) in old.enumerated() {
      guard let identity else { continue }
      if shared[identity]?.append(place) != nil { continue }
      guard let first = places.updateValue(place, forKey: identity) else { continue }
      places[identity] = nil
      shared[identity] = [first, place]
    }
    for place in new.indices {
      let identity = new[place].identity
      if let before = places.removeValue(forKey: identity) {
        kept.append((before, place))
      } else if let candidates = shared[identity], !candidates.isEmpty {
        let namesake = candidates.firstIndex { name($0) == new[place].name } ?? 0
        kept.append((candidates[namesake], place))
        shared[identity]?.remove(at: namesake)
      } else {
        added.append(place)
      }
    }
    removed = (Array(places.values) + shared.values.joined()).sorted()
  }
}
