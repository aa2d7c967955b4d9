import NetPrimitives

/// Who wants what: found without looking through every plan.
struct ObjectIndex {
  private var owners: [ObjectKey: [Entry]] = [:]

  struct Entry {
    var owner: Int
    var isTracked: Bool
  }

  /// Enters what `owner` wants.
  mutating func insert(_ objects: [WantedObject], of owner: Int) {
    for wanted in objects {
      owners[ObjectKey(wanted.object), default: []].append(Entry(owner: owner, isTracked: wanted.isTracked))
    }
  }

  /// Forgets what `owner` wanted.
  mutating func remove(_ objects: [WantedObject], of owner: Int) {
    for wanted in objects {
      let key = ObjectKey(wanted.object)
      owners[key]?.removeAll { $0.owner == owner }
      if owners[key]?.isEmpty == true { owners[key] = nil }
    }
  }

  /// Those who want something known by `key`.
  subscript(key: ObjectKey) -> [Entry] { owners[key] ?? [] }
}
