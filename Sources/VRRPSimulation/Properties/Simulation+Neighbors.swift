import NetPrimitives
import VRRPCore
import VRRPRuntime

/// The property of neighbours and switches: what is asked arrives at the owner.
extension Simulation {
  mutating func checkCaches(of group: Int) {
    let start = max(calmSince(group), groups[group].contestHeardAt)
    var interval: UInt64 = 0
    var skew: UInt64 = 0
    for node in nodes.indices {
      guard let machine = nodes[node].machine(of: group) else { continue }
      let own = machine.configuration.interval.nanoseconds
      interval = max(interval, own)
      skew = max(skew, machine.configuration.version == .v2 ? 1_000_000_000 : own)
    }
    let bound = allowance(interval + skew + 400_000_000, in: group)
    guard now > start + bound else { return }
    groups[group].owesCacheCheck = false
    for host in hosts.indices where hosts[host].segment == groups[group].segment {
      guard let owner = onlyOwner(of: group, heardBy: host) else { continue }
      for entry in hosts[host].cache where groups[group].addresses.contains(entry.address) {
        guard !isRight(entry, about: owner, group: group, host: host) else { continue }
        violate(.staleCache, group, owner, lasted: now - start, allowed: bound)
      }
    }
  }

  /// The one node a host could believe in: an active router that reaches it, when no other kernel that answers does.
  /// `nil` as well when the router cannot know what the neighbours were told: a rival spoke that it did not hear.
  private func onlyOwner(of group: Int, heardBy host: Int) -> Int? {
    let segment = segments[groups[group].segment]
    let heard = owners(of: group).filter { owner in
      port(of: owner, in: group).map { segment.carries(from: $0, to: hosts[host].port) } ?? false
    }
    guard heard.count == 1, let owner = heard.first, nodes[owner].isAwake(at: now), nodes[owner].pending.isEmpty,
      case .active? = nodes[owner].machine(of: group)?.state,
      groups[group].unheardRivals >> UInt64(owner) & 1 == 0
    else { return nil }
    return owner
  }

  private func isRight(_ entry: SimulatedHost.CacheEntry, about owner: Int, group: Int, host: Int) -> Bool {
    let mine = hardwareAddresses(of: owner, for: group)
    if mine.contains(entry.hardwareAddress) {
      // The switch must know as well. It hears of a virtual address with every advert, unless those come from below it.
      let port = segments[groups[group].segment].port(of: entry.hardwareAddress, seenFrom: hosts[host].port)
      if port == nil || port == self.port(of: owner, in: group) { return true }
      guard definition(of: group, at: owner)?.virtualMAC?.sendsFromBase == true else { return false }
    }
    return hosts[host].unheard.contains(entry.address)
  }

  /// Every hardware address by which `node` answers for `group`.
  func hardwareAddresses(of node: Int, for group: Int) -> [MACAddress] {
    var addresses = nodes[node].interfaces.map(\.hardwareAddress)
    if let definition = definition(of: group, at: node), let virtual = definition.virtualHardwareAddress {
      addresses.append(virtual)
    }
    return addresses
  }
}

extension VirtualRouterDefinition {
  /// The MAC address the router answers with; `nil` for the interface's own.
  var virtualHardwareAddress: MACAddress? {
    guard let virtualMAC, case .macvlan = virtualMAC.kind else { return nil }
    return virtualMAC.address ?? .virtualRouter(virtualRouterID, family)
  }
}
