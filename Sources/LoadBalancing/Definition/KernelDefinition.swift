public import NetPrimitives

/// What concerns IPVS as a whole, of `global_defs` and from outside of all blocks.
public struct KernelDefinition: Hashable, Sendable {
  /// `net_namespace_ipvs`: whose IPVS it is.
  public var namespace = BalancingNamespace.own
  /// `nftables_ipvs`: groups of addresses are services by mark.
  public var marksGroups = false
  /// How, if they are.
  public var marking = GroupMarking()
  /// `lvs_flush`: everything in the kernel's table goes at the start, whoever put it there.
  public var flushesAtStart = false
  /// `lvs_flush_on_stop`: what others put there goes at the stop, too.
  public var flushesAtStop = false
  /// `lvs_timeouts`: how long the kernel keeps idle connections; `nil` leaves them as they are.
  public var timeouts: ConnectionTimeouts?
  /// `lvs_sync_daemon`: the connections of this director are told to others, or theirs taken.
  public var syncDaemon: SyncDaemonDefinition?

  /// Nothing said.
  public init() {}
}

/// The network namespace whose IPVS is used; checks are made in the daemon's own all the same.
public enum BalancingNamespace: Hashable, Sendable {
  /// The one the daemon runs in.
  case own
  /// `net_namespace_ipvs` without a name: the host's first.
  case initial
  /// The one `ip netns` knows by this name, which has no slash.
  case named(String)
}

extension KernelDefinition {
  /// Puts back what holds from the start to the end, as `first` has it; the keywords of what was otherwise.
  public mutating func keepFixed(of first: KernelDefinition) -> [String] {
    var changed: [String] = []
    if namespace != first.namespace { changed.append("net_namespace_ipvs") }
    if marksGroups != first.marksGroups || marking.table != first.marking.table { changed.append("nftables_ipvs") }
    if marking.priority != first.marking.priority { changed.append("nftables_ipvs_priority") }
    if marking.firstMark != first.marking.firstMark { changed.append("nftables_ipvs_start_fwmark") }
    (namespace, marksGroups, marking) = (first.namespace, first.marksGroups, first.marking)
    return changed
  }
}

/// How long the kernel keeps an idle connection, in seconds; 0 in a change leaves it as it is.
public struct ConnectionTimeouts: Hashable, Sendable, BitwiseCopyable {
  /// An established TCP connection, at most 2 678 400.
  public var tcp: UInt32
  /// A TCP connection after a FIN, at most 2 678 400.
  public var tcpFin: UInt32
  /// A UDP exchange, at most 2 678 400.
  public var udp: UInt32

  /// Timeouts in seconds.
  public init(tcp: UInt32 = 0, tcpFin: UInt32 = 0, udp: UInt32 = 0) {
    self.tcp = tcp
    self.tcpFin = tcpFin
    self.udp = udp
  }
}

/// `lvs_sync_daemon`: the master tells its connections while the virtual router is active here; else they are taken.
public struct SyncDaemonDefinition: Hashable, Sendable {
  /// The interface, at most 15 bytes.
  public var interface: String
  /// The virtual router whose state decides; without one connections are only taken.
  public var instance: String?
  /// `id`, 0…255: directors with the same number talk to each other. By default the router's VRID, or 0.
  public var id: UInt8
  /// `maxlen`, 1…65 507: the longest message in bytes; `nil` is what the MTU allows.
  public var maximumMessageBytes: UInt16?
  /// `group`: the multicast group; `nil` is 224.0.0.81.
  public var group: IPAddress?
  /// `port`; `nil` is 8848.
  public var port: UInt16?
  /// `ttl`, 1…255; `nil` is 1.
  public var hopLimit: UInt8?

  /// A daemon on an interface, with the kernel's defaults.
  public init(interface: String, instance: String? = nil, id: UInt8 = 0) {
    self.interface = interface
    self.instance = instance
    self.id = id
  }
}
