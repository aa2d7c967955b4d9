public import NetPrimitives

/// A line of `virtual_routes` or `static_routes`, in the words of `ip route`.
public struct RouteDefinition: Hashable, Sendable {
  public var family: AddressFamily
  /// `nil` for the default route.
  public var destination: IPPrefix?
  public var type: Kind = .unicast
  /// `via`; of either family.
  public var gateway: IPAddress?
  /// `dev`.
  public var interface: String?
  /// `src`.
  public var preferredSource: IPAddress?
  /// `from`, IPv6 only.
  public var source: IPPrefix?
  /// `table`: a number, or a name of `rt_tables`.
  public var table: NameOrNumber?
  /// `vrf`: the table is that of this VRF device.
  public var vrf: String?
  /// `metric`.
  public var metric: UInt32?
  /// `scope`, an rtnetlink scope.
  public var scope: UInt8?
  /// `protocol`, only with `no_track`: what is followed carries the daemon's own mark.
  public var routingProtocol: NameOrNumber?
  /// `tos`.
  public var typeOfService: NameOrNumber?
  /// `onlink`.
  public var isOnLink = false
  /// `pref`: low 3, medium 0, high 1 (RFC 4191 §2.1).
  public var preference: UInt8?
  /// `expires` in seconds.
  public var expiresSeconds: UInt32?
  /// `mtu`, `advmss` and the other numbers of `ip route`, in order.
  public var metrics: [RouteMetric] = []
  /// Words of the line that keep their text: `encap`, `realms`, `congctl`, `features`, `ttl-propagate` …, each with
  /// its value.
  public var attributes: [Attribute] = []
  /// `nexthop`: several ways, each with its own line of words.
  public var nextHops: [NextHop] = []
  /// False with `no_track`: the route does not follow its interface.
  public var isTracked = true
  /// `track_group`, static routes only.
  public var trackGroup: String?

  /// Route types of rtnetlink.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case unicast, local, broadcast, multicast, blackhole, unreachable, prohibit, `throw`, nat
  }

  /// A word of the line and what follows it.
  public struct Attribute: Hashable, Sendable {
    public var keyword: String
    public var value: String

    /// `keyword value`.
    public init(_ keyword: String, _ value: String) {
      self.keyword = keyword
      self.value = value
    }
  }

  /// One way of a route with several.
  public struct NextHop: Hashable, Sendable {
    public var gateway: IPAddress?
    public var interface: String?
    /// 1…256.
    public var weight: UInt16 = 1
    public var isOnLink = false
    public var attributes: [Attribute] = []

    /// A way with nothing said about it.
    public init() {}
  }

  /// The interfaces it names.
  public var interfaces: [String] { ([interface] + nextHops.map { $0.interface }).compactMap { $0 } }

  /// A route to everywhere, or to `destination`.
  public init(family: AddressFamily, destination: IPPrefix? = nil) {
    self.family = family
    self.destination = destination
  }
}

/// A number a route carries for the kernel.
public struct RouteMetric: Hashable, Sendable {
  public var kind: Kind
  public var value: UInt32
  /// `lock`: the kernel may not change it.
  public var isLocked: Bool

  /// The metrics of `ip route`, in the kernel's units: `rtt` in eighths of a millisecond, `rttvar` in quarters,
  /// `rto_min` in whole ones.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case mtu, hoplimit, advmss, rtt, rttvar, reordering, window, cwnd, ssthresh, initcwnd, initrwnd, quickack
    case retransmissionMinimum = "rto_min"
    case fastOpenNoCookie = "fastopen_no_cookie"
  }

  /// A metric.
  public init(_ kind: Kind, _ value: UInt32, isLocked: Bool = false) {
    self.kind = kind
    self.value = value
    self.isLocked = isLocked
  }
}

/// Something `/etc/iproute2` may give a name to.
public enum NameOrNumber: Hashable, Sendable {
  case number(UInt32)
  /// To be looked up when it is used.
  case name(String)
}

extension NameOrNumber: CustomStringConvertible {
  /// A number in decimal or hexadecimal, else a name.
  public init(_ text: String) {
    let number = text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    self = number.map { .number($0) } ?? .name(text)
  }

  /// As it was written, a number in decimal.
  public var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }
}
