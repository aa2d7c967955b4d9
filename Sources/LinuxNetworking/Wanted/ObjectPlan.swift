import NetPrimitives

/// What one owner wants in the kernel, and how far that has come.
struct ObjectPlan {
  /// In the order they are put there: addresses, routes, rules.
  let objects: [WantedObject]
  /// Whether they are to be there.
  var isWanted = false
  /// Whether the last attempt to have it so was complete.
  var isSettled = true
  /// What the next attempt puts there; `nil` for everything.
  var pending: [WantedObject]?
  /// Attempts in a row that the kernel refused.
  var refusals = 0
  /// When to try again.
  var retryAt: MonotonicInstant?
  /// Whether addresses must be announced when they are back.
  var announces = false
  /// Whether there are routes, which go with their link without a word.
  let hasRoutes: Bool
  /// Whether there are routes or rules.
  let hasMoreThanAddresses: Bool

  init(_ objects: [WantedObject] = []) {
    self.objects = objects.sorted { $0.object.rank < $1.object.rank }
    hasRoutes = objects.contains { $0.object.rank == 1 }
    hasMoreThanAddresses = objects.contains { $0.object.rank > 0 }
  }

  mutating func modify(_ body: (inout ObjectPlan) -> Void) { body(&self) }

  /// The addresses among the objects.
  var addresses: [InterfaceAddress] {
    objects.compactMap { if case .address(let address) = $0.object { address } else { nil } }
  }

  /// What to take away and what to put there when this plan takes the place of `old`, which is in force.
  func changes(from old: ObjectPlan) -> (removed: [KernelObject], added: [WantedObject]) {
    let before = Set(old.objects.map(\.object))
    let after = Set(objects.map(\.object))
    let removed = old.objects.map(\.object).filter { !after.contains($0) }
    var networks: Set<ObjectKey> = []
    for case .address(let address) in removed { networks.insert(address.networkKey) }
    let added = objects.filter { wanted in
      if !before.contains(wanted.object) { return true }
      // The kernel takes IPv4 addresses of a network away with the first of them, unless told to promote another.
      guard case .address(let address) = wanted.object else { return false }
      return networks.contains(address.networkKey)
    }
    return (removed, added)
  }
}

extension InterfaceAddress {
  /// The network on the link that an IPv4 address is the first or a later one of; IPv6 addresses stand alone.
  fileprivate var networkKey: ObjectKey {
    .address(interface, prefix.address.family == .ipv4 ? prefix.network : prefix)
  }
}
