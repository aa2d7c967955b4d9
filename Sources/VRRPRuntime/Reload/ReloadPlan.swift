import NetPrimitives
import VRRPCore

/// What a reload would do: the difference of two configurations, in the order it is carried out.
///
/// Pure: the daemon follows the same matching and the same differences; an operator can read them first
/// (`vrrpd --reload-plan=OLD -f NEW`).
public struct ReloadPlan: Hashable, Sendable {
  /// One step.
  public enum Step: Hashable, Sendable {
    /// A setting of the daemon is otherwise, and stays as it is.
    case keep(setting: String)
    /// Static addresses, routes and rules go and come.
    case changeStatics(removed: [String], added: [String])
    /// A router goes on with other settings, without an election; of its addresses, routes and rules only these move,
    /// and only while it is active.
    case change(router: String, settings: [String], removed: [String], added: [String])
    /// A router says good-bye and leaves.
    case remove(router: String)
    /// A router starts.
    case add(router: String)
  }

  /// What is to be done, in order.
  public private(set) var steps: [Step] = []
  /// Routers about which nothing is done.
  public private(set) var unchanged: [String] = []

  /// The way from `old` to `new`.
  public init(from old: VRRPConfiguration, to new: VRRPConfiguration) {
    var kept = new
    for setting in FixedSettings(old).keep(in: &kept) { steps.append(.keep(setting: setting)) }
    let (removed, added) = Self.difference(old.statics.objects, new.statics.objects)
    if !removed.isEmpty || !added.isEmpty { steps.append(.changeStatics(removed: removed, added: added)) }
    let matching = RouterMatching(old.routers.map { Optional($0.identity) }, new.routers) { old.routers[$0].name }
    for (before, after) in matching.kept {
      let (before, after) = (old.routers[before], new.routers[after])
      var settings = before.settings(thatDifferFrom: after)
      if old.group(of: before.name) != new.group(of: after.name) { settings.append("vrrp_sync_group") }
      guard !settings.isEmpty else {
        unchanged.append(after.name)
        continue
      }
      let (removed, added) = Self.difference(before.objects, after.objects)
      steps.append(.change(router: after.name, settings: settings, removed: removed, added: added))
    }
    for place in matching.removed { steps.append(.remove(router: old.routers[place].name)) }
    for place in matching.added { steps.append(.add(router: new.routers[place].name)) }
  }

  /// One line for each step, and one for all that stays as it is.
  public var lines: [String] {
    var lines: [String] = []
    for step in steps {
      switch step {
      case .changeStatics(let removed, let added):
        lines.append("static")
        lines += removed.map { "  - \($0)" } + added.map { "  + \($0)" }
      case .change(let router, let settings, let removed, let added):
        lines.append("change \(router) in place: \(settings.joined(separator: ", "))")
        lines += removed.map { "  - \($0)" } + added.map { "  + \($0)" }
      case .keep(let setting): lines.append("keep \(setting) until the daemon is restarted")
      case .remove(let router): lines.append("remove \(router)")
      case .add(let router): lines.append("add \(router)")
      }
    }
    lines.append("\(unchanged.count) unchanged")
    return lines
  }

  private static func difference(_ old: [String], _ new: [String]) -> (removed: [String], added: [String]) {
    let (before, after) = (Set(old), Set(new))
    return (old.filter { !after.contains($0) }, new.filter { !before.contains($0) })
  }
}

extension VRRPConfiguration {
  fileprivate func group(of router: String) -> SyncGroupDefinition? { groups.first { $0.members.contains(router) } }
}

extension StaticDefinitions {
  fileprivate var objects: [String] {
    addresses.map { $0.dumpText(on: "", isSet: false) } + routes.map { "route \($0.dumpText)" }
      + rules.map { "rule \($0.dumpText)" }
  }
}

extension VirtualRouterDefinition {
  fileprivate var objects: [String] {
    (addresses + excludedAddresses).map { $0.dumpText(on: interface, isSet: false) }
      + routes.map { "route \($0.dumpText)" } + rules.map { "rule \($0.dumpText)" }
  }

  /// The keywords whose settings differ.
  func settings(thatDifferFrom other: Self) -> [String] {
    guard self != other else { return [] }
    var names: [String] = []
    func compare<Value: Equatable>(_ name: String, _ setting: (Self) -> Value) {
      if setting(self) != setting(other) { names.append(name) }
    }
    compare("name") { $0.name }
    compare("priority") { $0.priority }
    compare("state") { $0.initialRole }
    compare("advert_int") { $0.interval }
    compare("nopreempt") { $0.preempts }
    compare("preempt_delay") { $0.preemptDelayNanoseconds }
    compare("authentication") { $0.authentication }
    compare("virtual_ipaddress") { $0.addresses }
    compare("virtual_ipaddress_excluded") { $0.excludedAddresses }
    compare("source address") { $0.sourceAddress }
    compare("unicast_peer") { $0.unicastPeers }
    compare("garp_master_*") { $0.announcement }
    compare("track_interface") { $0.trackedInterfaces }
    compare("v3_checksum_as_v2") { $0.checksum }
    compare("down_timer_adverts") { $0.downTimerAdvertisements }
    compare("track_*") { $0.tracking }
    compare("dont_track_primary") { $0.tracksInterface }
    compare("track_src_ip") { $0.tracksSource }
    compare("notify*") { $0.notify }
    compare("garp_lower_prio_*") { $0.lowerPriorityAnnouncement }
    compare("virtual_routes") { $0.routes }
    compare("virtual_rules") { $0.rules }
    compare("on_external_removal") { $0.externalRemoval }
    compare("track_group") { $0.followedInterfaces }
    compare("auth_hmac") { $0.keys }
    compare("use_vmac") { $0.virtualMAC }
    compare("no_accept") { $0.acceptsPackets }
    compare("strict_mode") { $0.isStrict }
    compare("promote_secondaries") { $0.promotesSecondaries }
    // Something without a name of its own here.
    return names.isEmpty ? ["other settings"] : names
  }
}
