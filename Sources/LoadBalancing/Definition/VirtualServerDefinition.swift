public import HealthCheck
public import NetPrimitives

/// One `virtual_server` as it was configured.
///
/// A plain value without behaviour: the parser makes it, ``VirtualService`` runs it, a reload compares two of them.
public struct VirtualServerDefinition: Hashable, Sendable {
  /// What clients connect to; with `transport` it identifies the virtual server.
  public var address: VirtualServiceAddress
  /// `protocol`; `nil` for firewall marks, which have none.
  public var transport: TransportProtocol?
  /// `ip_family`, else that of the addresses.
  public var family: AddressFamily
  /// `lvs_sched`.
  public var scheduler: Scheduler
  /// `flag-1` … `flag-3`, `sh-port`, `sh-fallback`, `mh-port`, `mh-fallback`.
  public var schedulerFlags: SchedulerFlags
  /// `ops`: each UDP packet is scheduled by itself.
  public var schedulesEachPacket: Bool
  /// `lvs_method`: of servers that do not name their own.
  public var forwarding: ForwardingMethod
  /// `persistence_timeout` and what belongs to it; `nil` is off.
  public var persistence: Persistence?
  /// The servers, in the order of the file. Two with the same address and port are a mistake the parser reports.
  public var realServers: [RealServerDefinition]
  /// `sorry_server`.
  public var sorryServer: SorryServer?
  /// `quorum`: the weight of live servers below which the service is lost, at least 1.
  public var quorum: UInt32
  /// `hysteresis`: how far the weight must pass the quorum either way, less than `quorum`.
  public var hysteresis: UInt32
  /// `quorum_up`.
  public var quorumUp: HookCommand?
  /// `quorum_down`.
  public var quorumDown: HookCommand?
  /// `ha_suspend`: checks run only while the address is on this host.
  public var suspendsWithoutAddress: Bool
  /// `omega`: the down notifications are given at shutdown too.
  public var notifiesAtShutdown: Bool
  /// `smtp_alert`: changes of the quorum are mailed.
  public var mailsAlerts: Bool
  /// `virtualhost`: the Host header and TLS name of checks that name none. The parser has already applied it to the
  /// checks; it is kept for dumps.
  public var virtualHost: String?
  /// `snmp_name`.
  public var snmpName: String?
  /// `active_on master_of INSTANCE`: in the kernel only while this virtual router is active here. Ours.
  public var activeOnMasterOf: String?

  /// A virtual server with keepalived's defaults.
  public init(
    address: VirtualServiceAddress, transport: TransportProtocol? = .tcp, family: AddressFamily = .ipv4,
    scheduler: Scheduler = .wlc, schedulerFlags: SchedulerFlags = [], schedulesEachPacket: Bool = false,
    forwarding: ForwardingMethod = .masquerade, persistence: Persistence? = nil,
    realServers: [RealServerDefinition] = [], sorryServer: SorryServer? = nil, quorum: UInt32 = 1,
    hysteresis: UInt32 = 0, quorumUp: HookCommand? = nil, quorumDown: HookCommand? = nil,
    suspendsWithoutAddress: Bool = false, notifiesAtShutdown: Bool = false, mailsAlerts: Bool = false,
    virtualHost: String? = nil, snmpName: String? = nil, activeOnMasterOf: String? = nil
  ) {
    self.address = address
    self.transport = transport
    self.family = family
    self.scheduler = scheduler
    self.schedulerFlags = schedulerFlags
    self.schedulesEachPacket = schedulesEachPacket
    self.forwarding = forwarding
    self.persistence = persistence
    self.realServers = realServers
    self.sorryServer = sorryServer
    self.quorum = quorum
    self.hysteresis = hysteresis
    self.quorumUp = quorumUp
    self.quorumDown = quorumDown
    self.suspendsWithoutAddress = suspendsWithoutAddress
    self.notifiesAtShutdown = notifiesAtShutdown
    self.mailsAlerts = mailsAlerts
    self.virtualHost = virtualHost
    self.snmpName = snmpName
    self.activeOnMasterOf = activeOnMasterOf
  }
}

/// What clients of a virtual server connect to.
public enum VirtualServiceAddress: Hashable, Sendable {
  /// `virtual_server IP PORT`; port 0 is every port, which wants persistence.
  case address(IPAddress, port: UInt16)
  /// `virtual_server fwmark MARK`; the mark is not 0.
  case firewallMark(UInt32)
  /// `virtual_server group NAME`, with the group's members.
  case group(VirtualServerGroup)
}

/// A `virtual_server_group`: several addresses and marks served by the same real servers.
public struct VirtualServerGroup: Hashable, Sendable {
  /// The group's name.
  public var name: String
  /// The members, in the order of the file.
  public var members: [Member]

  /// Addresses one line may stand for: the low 16 bits of an IPv6 range. More are not served; the parser refuses them.
  public static let addressLimit = 65_536

  /// One line of the block.
  public enum Member: Hashable, Sendable {
    /// One address, or all from the first to the last, of one family; port 0 is every port.
    case addresses(first: IPAddress, last: IPAddress, port: UInt16)
    /// `fwmark`; without a family that of the virtual server.
    case firewallMark(UInt32, family: AddressFamily?)
  }

  /// A group.
  public init(name: String, members: [Member]) {
    self.name = name
    self.members = members
  }
}

/// The protocols IPVS balances, by their IP numbers.
public enum TransportProtocol: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case tcp = 6
  case udp = 17
  case sctp = 132

  /// The name in lower case, as in FIFO lines.
  public var name: String {
    switch self {
    case .tcp: "tcp"
    case .udp: "udp"
    case .sctp: "sctp"
    }
  }
}

/// What stays the same about a virtual server from one configuration to the next.
public enum VirtualServerID: Hashable, Sendable {
  /// An address, port and protocol.
  case address(IPAddress, port: UInt16, TransportProtocol?)
  /// A mark, of one family.
  case firewallMark(UInt32, AddressFamily)
  /// A group serves each protocol once.
  case group(String, TransportProtocol?)
}

extension VirtualServerDefinition {
  /// The virtual server's identity; two of the same in one configuration are a mistake the parser reports.
  public var id: VirtualServerID {
    switch address {
    case .address(let address, let port): .address(address, port: port, transport)
    case .firewallMark(let mark): .firewallMark(mark, family)
    case .group(let group): .group(group.name, transport)
    }
  }
}
