import NetPrimitives
import VRRPCore
import VRRPRuntime

extension LinuxWorld {
  /// Other settings make other tables: the old ones go, and every router that filters comes to the new ones.
  mutating func configureFirewall(_ settings: FirewallSettings) {
    guard settings != firewallSettings else { return }
    let hadOne = firewall != nil
    dismantleFirewall()
    firewallSettings = settings
    guard hadOne else { return }
    for router in plans.indices
    where plans[router]?.objects.isWanted == true && plans[router]?.filtered.isEmpty == false {
      unsettle(router)
    }
  }

  /// Drops packets to the addresses of these routers.
  mutating func bar(_ routers: [Int], now: MonotonicInstant) {
    let elements = routers.flatMap { plans[$0]?.filtered ?? [] }
    guard !elements.isEmpty else { return }
    do {
      let firewall = try self.firewall ?? Firewall(firewallSettings)
      self.firewall = firewall
      try firewall.add(elements)
    } catch {
      fail("cannot drop packets to virtual addresses (no_accept): \(error)")
      for router in routers where plans[router]?.filtered.isEmpty == false {
        retry(router, at: now.advanced(byNanoseconds: Self.repairDelayNanoseconds))
      }
    }
  }

  /// Lets packets to these pass.
  mutating func admit(_ elements: [FirewallElement]) {
    guard !elements.isEmpty, let firewall else { return }
    do { try firewall.remove(elements) } catch { fail("cannot stop dropping packets: \(error)") }
  }

  mutating func dismantleFirewall() {
    guard let firewall else { return }
    self.firewall = nil
    do { try firewall.dismantle() } catch { fail("cannot remove our nftables tables: \(error)") }
  }

  /// The tables of a predecessor that dropped what we do not.
  mutating func removeLeftoverFirewall() {
    // Without nf_tables in the kernel there is nothing to remove.
    try? Firewall(firewallSettings).dismantle()
  }
}

extension FirewallSettings {
  /// As configured.
  init(_ global: GlobalDefinition) {
    self.init()
    table = global.firewallTable ?? table
    priority = global.firewallPriority
    matchesIndex = global.firewallMatchesIndex
    counts = global.firewallCounts
  }
}
