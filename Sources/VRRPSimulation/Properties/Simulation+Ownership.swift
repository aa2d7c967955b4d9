import NetPrimitives
import VRRPCore
import VRRPRuntime

/// Who answers for the addresses, and for how long nobody or two did.
extension Simulation {
  mutating func reckonOwners(at node: Int) {
    for group in groups.indices { reckonOwner(of: group, at: node) }
  }

  /// Whether the kernel of `node` answers for the addresses of `group`.
  private func answers(_ node: Int, for group: Int) -> Bool {
    nodes[node].installed[group] && nodes[node].kernelLives
      && port(of: node, in: group) != nil
  }

  mutating func reckonOwner(of group: Int, at node: Int) {
    let before = groups[group].owners
    if answers(node, for: group) {
      groups[group].owners |= 1 << UInt64(node)
    } else {
      groups[group].owners &= ~(1 << UInt64(node))
    }
    let owners = groups[group].owners
    guard owners != before else { return }
    groups[group].ownersChangedAt = now
    if owners == 0 {
      groups[group].unownedSince = now
    } else if let since = groups[group].unownedSince {
      if groups[group].lastOwner != nil {
        groups[group].longestUnowned = max(groups[group].longestUnowned, now - since)
      }
      groups[group].unownedSince = nil
    }
    if owners & ~before != 0 {
      if let last = groups[group].lastOwner, last != node { groups[group].switchCount += 1 }
      groups[group].lastOwner = node
    }
    reckonContest(of: group)
  }

  mutating func reckonContest(of group: Int) {
    let isContested = firstContest(of: group) != nil
    if isContested, groups[group].contestedSince == nil {
      groups[group].contestedSince = now
    } else if !isContested, let since = groups[group].contestedSince {
      groups[group].longestContested = max(groups[group].longestContested, now - since)
      groups[group].contestedSince = nil
    }
  }

  /// Two owners that reach each other.
  private func firstContest(of group: Int) -> (Int, Int)? {
    let owners = groups[group].owners
    guard owners & (owners &- 1) != 0 else { return nil }
    let list = self.owners(of: group)
    for (index, one) in list.enumerated() {
      for other in list[(index + 1)...] where hearEachOther(one, other, in: group) { return (one, other) }
    }
    return nil
  }

  func port(of node: Int, in group: Int) -> Int? {
    nodes[node].port(on: groups[group].segment)
  }

  func hearEachOther(_ one: Int, _ other: Int, in group: Int) -> Bool {
    guard let one = port(of: one, in: group), let other = port(of: other, in: group) else { return false }
    return segments[groups[group].segment].carriesBothWays(one, other)
  }

  /// The longest time nobody had the addresses of `group`, the present moment included, in nanoseconds.
  public func longestUnowned(of group: Int) -> UInt64 {
    guard let since = groups[group].unownedSince, groups[group].lastOwner != nil else {
      return groups[group].longestUnowned
    }
    return max(groups[group].longestUnowned, now - since)
  }

  /// The longest time two that hear each other had the addresses of `group`, the present moment included, in
  /// nanoseconds.
  public func longestContested(of group: Int) -> UInt64 {
    guard let since = groups[group].contestedSince else { return groups[group].longestContested }
    return max(groups[group].longestContested, now - since)
  }
}
