extension VirtualRouterDefinition {
  /// What most instances are without.
  struct Rare: Hashable, Sendable {
    var authentication = Authentication.none
    var excludedAddresses: [VirtualAddress] = []
    var tracking = TrackingDefinition()
    var lowerPriorityAnnouncement: AnnouncementPolicy?
    var extraAnnouncementNanoseconds: UInt64?
    var policy = AdvertisementPolicy()
    var virtualMAC: VirtualMACDefinition?
    var vrf: String?
    var routes: [RouteDefinition] = []
    var rules: [RuleDefinition] = []
    var keys: AdvertisementKeys?
    var followedInterfaces: [String] = []
  }

  private static let plain = Rare()

  /// Definitions that say the same are equal, however they came to say it.
  private mutating func changeRare(_ change: (inout Rare) -> Void) {
    var settings = rare.first ?? Rare()
    change(&settings)
    rare = settings == Rare() ? [] : [settings]
  }

  /// `authentication { … }`, version 2 only.
  public var authentication: Authentication {
    get { rare.isEmpty ? Self.plain.authentication : rare[0].authentication }
    set { changeRare { $0.authentication = newValue } }
  }

  /// `virtual_ipaddress_excluded`: owned but not advertised; any family.
  public var excludedAddresses: [VirtualAddress] {
    get { rare.isEmpty ? Self.plain.excludedAddresses : rare[0].excludedAddresses }
    set { changeRare { $0.excludedAddresses = newValue } }
  }

  /// `track_script` and its relatives.
  public var tracking: TrackingDefinition {
    get { rare.isEmpty ? Self.plain.tracking : rare[0].tracking }
    set { changeRare { $0.tracking = newValue } }
  }

  /// `garp_lower_prio_*`: announcements after a lower-priority advert; `nil` for those of ``announcement``.
  public var lowerPriorityAnnouncement: AnnouncementPolicy? {
    get { rare.isEmpty ? Self.plain.lowerPriorityAnnouncement : rare[0].lowerPriorityAnnouncement }
    set { changeRare { $0.lowerPriorityAnnouncement = newValue } }
  }

  /// `garp_extra_if` in nanoseconds: how often addresses on other interfaces are announced; `nil` for never.
  public var extraAnnouncementNanoseconds: UInt64? {
    get { rare.isEmpty ? Self.plain.extraAnnouncementNanoseconds : rare[0].extraAnnouncementNanoseconds }
    set { changeRare { $0.extraAnnouncementNanoseconds = newValue } }
  }

  /// `lower_prio_no_advert` and its relatives.
  public var policy: AdvertisementPolicy {
    get { rare.isEmpty ? Self.plain.policy : rare[0].policy }
    set { changeRare { $0.policy = newValue } }
  }

  /// `use_vmac`, `use_ipvlan`.
  public var virtualMAC: VirtualMACDefinition? {
    get { rare.isEmpty ? Self.plain.virtualMAC : rare[0].virtualMAC }
    set { changeRare { $0.virtualMAC = newValue } }
  }

  /// `vrf`, for an instance without interface: the VRF device, which is then ``interface``, too.
  public var vrf: String? {
    get { rare.isEmpty ? Self.plain.vrf : rare[0].vrf }
    set { changeRare { $0.vrf = newValue } }
  }

  /// `virtual_routes`, while active.
  public var routes: [RouteDefinition] {
    get { rare.isEmpty ? Self.plain.routes : rare[0].routes }
    set { changeRare { $0.routes = newValue } }
  }

  /// `virtual_rules`, while active.
  public var rules: [RuleDefinition] {
    get { rare.isEmpty ? Self.plain.rules : rare[0].rules }
    set { changeRare { $0.rules = newValue } }
  }

  /// `auth_hmac`.
  public var keys: AdvertisementKeys? {
    get { rare.isEmpty ? Self.plain.keys : rare[0].keys }
    set { changeRare { $0.keys = newValue } }
  }

  /// The interfaces of static addresses, routes and rules whose `track_group` the router is in: it is at fault while
  /// one of them is down.
  public var followedInterfaces: [String] {
    get { rare.isEmpty ? Self.plain.followedInterfaces : rare[0].followedInterfaces }
    set { changeRare { $0.followedInterfaces = newValue } }
  }
}
