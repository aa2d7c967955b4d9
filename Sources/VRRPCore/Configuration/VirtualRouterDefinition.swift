public import NetPrimitives

/// One `vrrp_instance` as it was configured: everything about a virtual router that does not change by itself.
///
/// A plain value without behaviour. The parser makes it, the runtime derives the machine's
/// ``VirtualRouter/Configuration`` and the sockets from it once it knows the interface's addresses, and a reload
/// compares two of them.
public struct VirtualRouterDefinition: Hashable, Sendable {
  /// The instance's name, unique in a configuration.
  public var name: String
  /// The interface adverts are sent and heard on; empty for the one that has ``sourceAddress``.
  public var interface: String
  /// VRID, 1…255.
  public var virtualRouterID: UInt8
  /// The family of the advertised addresses.
  public var family: AddressFamily
  /// The version spoken.
  public var version: ProtocolVersion
  /// `priority`, 1…255, before any weight; 255 owns the addresses.
  public var priority: UInt8
  /// `state`: which role to aim for at start.
  public var initialRole: InitialRole
  /// `advert_int`.
  public var interval: AdvertisementInterval
  /// False with `nopreempt`.
  public var preempts: Bool
  /// `preempt_delay` in nanoseconds.
  public var preemptDelayNanoseconds: UInt64
  /// `virtual_ipaddress`: advertised, in this order.
  public var addresses: [VirtualAddress]
  /// `unicast_src_ip` or `mcast_src_ip`: the source of our adverts; `nil` takes the interface's first address.
  public var sourceAddress: IPAddress?
  /// `unicast_peer`: when not empty adverts go to these instead of the group.
  public var unicastPeers: [IPAddress]
  /// When and how often the addresses are announced.
  public var announcement: AnnouncementPolicy
  /// `track_interface`.
  public var trackedInterfaces: [TrackedInterface]
  /// `v3_checksum_as_v2`: which checksum version 3 over IPv4 sends.
  public var checksum: ChecksumPolicy
  /// `down_timer_adverts`: silent intervals before the active router counts as down; RFC 9568 says 3.
  public var downTimerAdvertisements: UInt8
  /// False with `dont_track_primary`: the instance's own interface may be down.
  public var tracksInterface = true
  /// `track_src_ip`: at fault while the source address is missing.
  public var tracksSource = false
  /// `notify*`, `smtp_alert`.
  public var notify = NotifyDefinition()
  /// `garp_extra_if all`: on the instance's own interface, too.
  public var extraAnnouncementsEverywhere = false
  /// False with `no_accept`: packets to the addresses are dropped unless the router owns them.
  public var acceptsPackets = true
  /// `strict_mode`.
  public var isStrict = false
  /// `promote_secondaries`.
  public var promotesSecondaries = false
  /// Settings that few instances have: one that has none of them has no element, any other has one. There may be
  /// thousands of instances, each kept several times.
  var rare: [Rare] = []
  /// `on_external_removal`: what follows when somebody else takes an address, route or rule away from the active
  /// router.
  public var externalRemoval = ExternalRemoval.repair

  /// The interfaces its addresses, routes and rules are on, but for those with `no_track`, and those it follows for the
  /// sake of static ones. While one of them is down the router is at fault.
  public var interfacesInUse: [String] {
    var names: [String] = []
    func add(_ name: String?) {
      if let name, !names.contains(name) { names.append(name) }
    }
    for address in addresses where address.isTracked { add(address.interface) }
    for address in excludedAddresses where address.isTracked { add(address.interface) }
    for route in routes where route.isTracked { for name in route.interfaces { add(name) } }
    for rule in rules where rule.isTracked {
      add(rule.inputInterface)
      add(rule.outputInterface)
    }
    for name in followedInterfaces { add(name) }
    return names
  }

  /// What follows a loss by somebody else's hand.
  public enum ExternalRemoval: Hashable, Sendable, BitwiseCopyable {
    /// Put it back.
    case repair
    /// Give way: whoever took it away may have meant it, and another router can serve.
    case stepDown
  }

  /// The role `state` asks for.
  public enum InitialRole: Hashable, Sendable, BitwiseCopyable { case backup, active }

  /// Version 2's authentication types (RFC 2338 §5.3.6).
  public enum Authentication: Hashable, Sendable {
    case none
    /// `auth_type PASS`.
    case simplePassword(SimplePassword)
    /// `auth_type AH`; the key is at most eight bytes.
    case authenticationHeader(key: [UInt8])
  }

  /// `track_interface` line.
  public struct TrackedInterface: Hashable, Sendable {
    /// The interface watched.
    public var name: String
    /// -253…253; 0 makes its loss a fault.
    public var weight: Int16
    /// `reverse`: up counts as down and the other way round.
    public var isReversed: Bool

    /// An interface whose state counts.
    public init(name: String, weight: Int16 = 0, isReversed: Bool = false) {
      self.name = name
      self.weight = weight
      self.isReversed = isReversed
    }
  }

  /// Which checksum a version-3 advert over IPv4 carries; both are always accepted.
  public enum ChecksumPolicy: Hashable, Sendable, BitwiseCopyable {
    /// What the peer on the wire uses; when alone the pseudo-header form, as keepalived and FRR send by default.
    case automatic
    /// Over a pseudo-header, as RFC 5798 was commonly read.
    case pseudoHeader
    /// Over the message alone, as RFC 9568 §5.2.8 says.
    case messageOnly
  }

  /// TTL or hop limit of adverts: 255 (RFC 9568 §5.1.1.3), or `unicast_ttl`.
  public var hopLimit: UInt8 {
    guard !unicastPeers.isEmpty, let limit = policy.unicastHopLimit, limit > 0 else { return 255 }
    return limit
  }

  /// The room its socket is to have for adverts that wait, in bytes, on an interface of `mtu`; `nil` for our default.
  public func receiveBufferBytes(mtu: UInt32) -> UInt32? {
    if let bytes = policy.receiveBufferBytes, bytes > 0 { return bytes }
    switch policy.receiveBufferPolicy {
    case .bytes(let bytes): return bytes
    case .mtu(let count): return UInt32(clamping: UInt64(mtu) * UInt64(count))
    case .advert(let count):
      let message = AdvertisementMessage.byteCount(
        version: version, family: family, addressCount: UInt8(clamping: addresses.count))
      return UInt32(clamping: UInt64(count) * UInt64(message + AuthenticationHeader.messageOffset))
    case nil: return nil
    }
  }

  /// A definition with keepalived's defaults.
  public init(
    name: String, interface: String, virtualRouterID: UInt8, family: AddressFamily = .ipv4,
    version: ProtocolVersion = .v2, priority: UInt8 = 100, initialRole: InitialRole = .backup,
    interval: AdvertisementInterval = .second, preempts: Bool = true, preemptDelayNanoseconds: UInt64 = 0,
    authentication: Authentication = .none, addresses: [VirtualAddress] = [],
    excludedAddresses: [VirtualAddress] = [], sourceAddress: IPAddress? = nil, unicastPeers: [IPAddress] = [],
    announcement: AnnouncementPolicy = AnnouncementPolicy(), trackedInterfaces: [TrackedInterface] = [],
    checksum: ChecksumPolicy = .automatic, downTimerAdvertisements: UInt8 = 3
  ) {
    self.name = name
    self.interface = interface
    self.virtualRouterID = virtualRouterID
    self.family = family
    self.version = version
    self.priority = priority
    self.initialRole = initialRole
    self.interval = interval
    self.preempts = preempts
    self.preemptDelayNanoseconds = preemptDelayNanoseconds
    self.addresses = addresses
    self.sourceAddress = sourceAddress
    self.unicastPeers = unicastPeers
    self.announcement = announcement
    self.trackedInterfaces = trackedInterfaces
    self.checksum = checksum
    self.downTimerAdvertisements = downTimerAdvertisements
    self.authentication = authentication
    self.excludedAddresses = excludedAddresses
  }
}
