import NetPrimitives
import VRRPCore
import VRRPRuntime

extension LinuxWorld {
  private static let strictestReversePath = "net/ipv4/conf/all/rp_filter"

  /// What the interface below needs while a virtual router's is on it: it must neither answer ARP for addresses that
  /// are on the other, nor name one of them as the sender of a question. Neighbours would learn its own MAC; and an
  /// ipvlan would get the answer, for it is to an address of its own.
  mutating func setParameters(below request: VirtualLinkRequest, _ parent: String) {
    guard request.family == .ipv4 else { return }
    change("net/ipv4/conf/\(parent)/arp_ignore", from: "0", to: "1")
    change("net/ipv4/conf/\(parent)/arp_announce", from: "0", to: "2")
    relaxReversePath()
  }

  /// The kernel takes the stricter of `all` and the interface's own, and a virtual router's must have none: replies
  /// leave by the interface below. `all` is given to each of the others instead.
  private mutating func relaxReversePath() {
    guard let strictest = try? parameters.value(of: Self.strictestReversePath), strictest != "0" else { return }
    for name in ["default"] + table.allLinks.filter({ !$0.isVirtualRouters }).map(\.name) {
      let own = "net/ipv4/conf/\(name)/rp_filter"
      guard let value = try? parameters.value(of: own), value < strictest else { continue }
      set(own, to: strictest)
    }
    set(Self.strictestReversePath, to: "0")
  }

  /// What a virtual router's own interface needs. Called before it is up.
  mutating func setParameters(of request: VirtualLinkRequest, _ name: String) {
    // A router that serves until it hears its successor has the address that one announces. With `accept_local` the
    // kernel would answer each announcement with the virtual MAC, and switches would send the successor's packets here.
    var values = [
      ("net/ipv4/conf/\(name)/arp_ignore", "1"), ("net/ipv4/conf/\(name)/accept_local", "0"),
      ("net/ipv4/conf/\(name)/rp_filter", "0"), ("net/ipv4/conf/\(name)/promote_secondaries", "1"),
    ]
    for (name, value) in values { assign(name, value) }
    let six = "net/ipv6/conf/\(name)"
    // Neither an address, nor a route, nor a question on behalf of a MAC that another router may have.
    values = [("autoconf", "0"), ("accept_ra", "0"), ("router_solicitations", "0"), ("accept_dad", "0")]
    if request.kind == .macvlan, request.family == .ipv4 { values.append(("disable_ipv6", "1")) }
    // A host without IPv6 has none of them.
    for (key, value) in values { try? parameters.assign("\(six)/\(key)", to: value) }
  }

  /// `promote_secondaries` and `disable_local_igmp`.
  mutating func setParameters(of plan: RouterPlan) {
    guard plan.definition.promotesSecondaries else { return }
    for name in promoted(by: plan) { set("net/ipv4/conf/\(name)/promote_secondaries", to: "1") }
  }

  /// Puts back what no router needs any more.
  mutating func settleParameters() {
    guard areParametersStale else { return }
    areParametersStale = false
    guard !parameters.originals.isEmpty else { return }
    var kept: Set<String> = []
    var hasOwnLink = false
    for router in plans.indices {
      if plans[router]?.definition.promotesSecondaries == true, let plan = plans[router] {
        kept.formUnion(promoted(by: plan).map { "net/ipv4/conf/\($0)/promote_secondaries" })
      }
      for link in plans[router]?.links ?? [] where link.request.family == .ipv4 {
        hasOwnLink = true
        kept.insert("net/ipv4/conf/\(link.request.parent)/arp_ignore")
        kept.insert("net/ipv4/conf/\(link.request.parent)/arp_announce")
      }
    }
    parameters.restore { name in
      kept.contains(name) || hasOwnLink && name.hasSuffix("/rp_filter")
        || name == Self.groupReports && silencesGroups
    }
  }

  /// The interfaces on which `plan` puts addresses, but for those of its own, which promote anyway.
  private func promoted(by plan: RouterPlan) -> Set<String> {
    let virtual = plan.definition.addresses + plan.definition.excludedAddresses
    return Set(virtual.map { $0.interface ?? plan.definition.interface }).filter { !$0.isEmpty }
  }

  /// `disable_local_igmp`: no reports of groups that no router forwards anyway, 224.0.0.18 among them.
  static let groupReports = "net/ipv4/igmp_link_local_mcast_reports"

  mutating func silenceGroupReports() { set(Self.groupReports, to: "0") }

  private mutating func change(_ name: String, from old: String, to new: String) {
    guard let value = try? parameters.value(of: name), value == old else { return }
    set(name, to: new)
  }

  private mutating func set(_ name: String, to value: String) {
    do { try parameters.set(name, to: value) } catch { fail("cannot set \(name): \(error)") }
  }

  private mutating func assign(_ name: String, _ value: String) {
    do { try parameters.assign(name, to: value) } catch { fail("cannot set \(name): \(error)") }
  }
}
