public import NetPrimitives

/// A route as it is to be in the kernel, or as the kernel has it.
public struct Route: Hashable, Sendable {
  /// Where it leads to; length 0 is the default route.
  public var destination: IPPrefix
  /// Only for packets from here; IPv6 only.
  public var source: IPPrefix?
  /// What becomes of the packets.
  public var kind: Kind = .unicast
  /// By which ways; none for kinds that go nowhere, more than one share the load.
  public var nextHops: [NextHop]
  /// The routing table; 254 is main.
  public var table: UInt32 = 254
  /// Who put it there (`rtm_protocol`): ``OwnershipMark/number`` for ours.
  public var owner: UInt8 = OwnershipMark.number
  /// 0 universe, 253 link, 254 host; `nil` as ip(8) chooses: by kind and gateway.
  public var scope: UInt8?
  /// TOS the packets must have.
  public var typeOfService: UInt8 = 0
  /// Priority among routes to the same destination; `nil` is the family's default, 0 or 1024.
  public var metric: UInt32?
  /// Source address of what this host sends that way.
  public var preferredSource: IPAddress?
  /// TCP's and path's properties.
  public var metrics: [Metric: UInt32] = [:]
  /// Those of ``metrics`` the kernel must not learn better.
  public var lockedMetrics: Set<Metric> = []
  /// TCP's congestion control.
  public var congestionControl: String?
  /// Whether connections may not choose another.
  public var locksCongestionControl = false
  /// Realms: of the source in the upper 16 bits, of the destination in the lower; IPv4 only.
  public var realms: UInt32?
  /// Seconds until the kernel removes it; IPv6 only.
  public var lifetimeSeconds: UInt32?
  /// Router preference: 0 medium, 1 high, 3 low; IPv6 only.
  public var preference: UInt8?
  /// Whether MPLS takes its hop limit from the packet; `nil` leaves it to the system's setting.
  public var propagatesHopLimit: Bool?

  /// `RTN_*`.
  public enum Kind: UInt8, Hashable, Sendable, BitwiseCopyable {
    case unicast = 1
    case local = 2
    case broadcast = 3
    case anycast = 4
    case multicast = 5
    case blackhole = 6
    case unreachable = 7
    case prohibit = 8
    case `throw` = 9
    case nat = 10
  }

  /// `RTAX_*`: numbers a route carries.
  public enum Metric: UInt16, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    case mtu = 2
    case window = 3
    /// In eighths of a millisecond.
    case roundTripTime = 4
    /// In quarters of a millisecond.
    case roundTripTimeVariance = 5
    case slowStartThreshold = 6
    case congestionWindow = 7
    case advertisedMSS = 8
    case reordering = 9
    case hopLimit = 10
    case initialCongestionWindow = 11
    /// Bit 0 is ECN.
    case features = 12
    /// In milliseconds.
    case minimumRetransmissionTimeout = 13
    case initialReceiveWindow = 14
    case quickAcknowledge = 15
    case fastOpenWithoutCookie = 17
  }

  /// One way.
  public struct NextHop: Hashable, Sendable {
    /// The router, of either family.
    public var gateway: IPAddress?
    /// The interface.
    public var interface: InterfaceIndex?
    /// Its share among several, 1…256.
    public var weight: UInt16 = 1
    /// The gateway is on the link though no prefix says so.
    public var isOnLink = false
    /// As ``Route/realms``, for this way.
    public var realms: UInt32?
    /// What packets are wrapped in on this way. Not read back from the kernel.
    public var encapsulation: Encapsulation?

    /// A way through a gateway, out of an interface, or both.
    public init(gateway: IPAddress? = nil, interface: InterfaceIndex? = nil) {
      self.gateway = gateway
      self.interface = interface
    }
  }

  /// A route of ours in the main table.
  public init(to destination: IPPrefix, by nextHops: NextHop...) {
    self.destination = destination
    self.nextHops = nextHops
  }

  /// The kernel's own route to an address of this host, to be removed.
  init(localTo address: IPAddress, on interface: InterfaceIndex) {
    self.init(to: IPPrefix(host: address), by: NextHop(interface: interface))
    kind = .local
    table = 255
    // RTPROT_UNSPEC and RT_SCOPE_NOWHERE: whatever they are.
    owner = 0
    scope = 255
  }

  /// Whether we put it there.
  public var isOurs: Bool { owner == OwnershipMark.number }
}

extension Route {
  /// Writes an `RTM_NEWROUTE` or `RTM_DELROUTE` payload.
  func encode(into writer: inout NetlinkWriter, isRemoval: Bool) {
    let family = destination.address.family
    writer.append(family.netlinkNumber)
    writer.append(destination.length)
    writer.append(source?.length ?? 0)
    writer.append(typeOfService)
    writer.append(UInt8(table < 256 ? table : 0))
    writer.append(owner)
    writer.append(scope ?? defaultScope)
    writer.append(kind.rawValue)
    let flags: UInt32 = nextHops.count == 1 && nextHops[0].isOnLink ? RouteFlag.onLink : 0
    writer.append(flags)
    writer.attribute(RouteAttribute.table, table)
    if destination.length > 0 { writer.attribute(RouteAttribute.destination, destination.address) }
    if let source { writer.attribute(RouteAttribute.source, source.address) }
    if let metric { writer.attribute(RouteAttribute.priority, metric) }
    if let preferredSource { writer.attribute(RouteAttribute.preferredSource, preferredSource) }
    encodeNextHops(into: &writer)
    // The kernel finds what to delete without these.
    guard !isRemoval else { return }
    encodeMetrics(into: &writer)
    if let realms { writer.attribute(RouteAttribute.realms, realms) }
    if let lifetimeSeconds { writer.attribute(RouteAttribute.expires, lifetimeSeconds) }
    if let preference { writer.attribute(RouteAttribute.preference, preference) }
    if let propagatesHopLimit { writer.attribute(RouteAttribute.propagateHopLimit, UInt8(propagatesHopLimit ? 1 : 0)) }
  }

  private var defaultScope: UInt8 {
    guard destination.address.family == .ipv4 else { return 0 }
    switch kind {
    case .local, .nat: return 254
    case .broadcast, .multicast, .anycast: return 253
    case .unicast: return nextHops.count == 1 && nextHops[0].gateway == nil ? 253 : 0
    case .blackhole, .unreachable, .prohibit, .throw: return 0
    }
  }

  private func encodeNextHops(into writer: inout NetlinkWriter) {
    guard nextHops.count > 1 else {
      if let hop = nextHops.first { hop.encode(into: &writer, for: destination.address.family, withInterface: true) }
      return
    }
    writer.attribute(RouteAttribute.multipath) { writer in
      for hop in nextHops {
        writer.nextHop(
          flags: UInt8(hop.isOnLink ? RouteFlag.onLink : 0), weight: hop.weight, interface: hop.interface
        ) { writer in
          hop.encode(into: &writer, for: destination.address.family, withInterface: false)
        }
      }
    }
  }

  private func encodeMetrics(into writer: inout NetlinkWriter) {
    guard !metrics.isEmpty || congestionControl != nil else { return }
    writer.attribute(RouteAttribute.metrics) { writer in
      var locked = lockedMetrics.reduce(UInt32(0)) { $0 | 1 << UInt32($1.rawValue) }
      if locksCongestionControl { locked |= 1 << UInt32(RouteAttribute.metricCongestionControl) }
      if locked != 0 { writer.attribute(RouteAttribute.metricLock, locked) }
      for metric in Metric.allCases {
        if let value = metrics[metric] { writer.attribute(metric.rawValue, value) }
      }
      if let congestionControl { writer.attribute(RouteAttribute.metricCongestionControl, congestionControl) }
    }
  }
}

extension Route.NextHop {
  fileprivate func encode(into writer: inout NetlinkWriter, for family: AddressFamily, withInterface: Bool) {
    if let gateway {
      if gateway.family == family {
        writer.attribute(RouteAttribute.gateway, gateway)
      } else {
        // struct rtvia: family, address.
        writer.attribute(RouteAttribute.via) { writer in
          writer.append(UInt16(gateway.family.netlinkNumber))
          writer.append(gateway)
        }
      }
    }
    if withInterface, let interface { writer.attribute(RouteAttribute.outputInterface, interface.rawValue) }
    if let realms { writer.attribute(RouteAttribute.realms, realms) }
    encapsulation?.encode(into: &writer)
  }
}

extension NetlinkWriter {
  /// `struct rtnexthop`: length, flags, weight less one, interface; then attributes.
  fileprivate mutating func nextHop(
    flags: UInt8, weight: UInt16, interface: InterfaceIndex?, _ body: (inout NetlinkWriter) -> Void
  ) {
    lengthPrefixed { writer in
      writer.append(flags)
      writer.append(UInt8(truncatingIfNeeded: max(weight, 1) - 1))
      writer.append(interface?.rawValue ?? 0)
      body(&writer)
    }
  }
}

enum RouteFlag {
  /// `RTNH_F_ONLINK`.
  static let onLink: UInt32 = 4
}
