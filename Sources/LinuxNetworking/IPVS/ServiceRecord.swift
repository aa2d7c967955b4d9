public import LoadBalancing
public import NetPrimitives

/// A service as the kernel tells it.
public struct ServiceRecord: Hashable, Sendable {
  /// Which service.
  public var key: IPVSServiceKey
  /// Its settings; `nil` when our words cannot say them: a scheduler nobody configures here, a mask with holes.
  public var service: IPVSService?
  /// What went through it since it was added or zeroed.
  public var traffic: TrafficCounters

  /// A record.
  public init(key: IPVSServiceKey, service: IPVSService?, traffic: TrafficCounters = TrafficCounters()) {
    self.key = key
    self.service = service
    self.traffic = traffic
  }
}

/// A destination as the kernel tells it.
public struct DestinationRecord: Hashable, Sendable {
  /// Which destination.
  public var server: RealServerKey
  /// Its settings; `nil` when our words cannot say them: `local` or `bypass` forwarding, a tunnel of another kind.
  public var destination: IPVSDestination?
  /// Connections on which data may flow.
  public var activeConnections: UInt32
  /// Connections being closed.
  public var inactiveConnections: UInt32
  /// Clients that persistence keeps here.
  public var persistentConnections: UInt32
  /// What went through it.
  public var traffic: TrafficCounters

  /// A record.
  public init(
    server: RealServerKey, destination: IPVSDestination?, activeConnections: UInt32 = 0,
    inactiveConnections: UInt32 = 0, persistentConnections: UInt32 = 0, traffic: TrafficCounters = TrafficCounters()
  ) {
    self.server = server
    self.destination = destination
    self.activeConnections = activeConnections
    self.inactiveConnections = inactiveConnections
    self.persistentConnections = persistentConnections
    self.traffic = traffic
  }
}

/// Counters of a service or destination, as the kernel's estimator last summed them: up to two seconds ago. On kernels
/// before 4.1 all but the bytes wrap at 32 bits.
public struct TrafficCounters: Hashable, Sendable, BitwiseCopyable {
  /// Connections scheduled.
  public var connections: UInt64 = 0
  /// Packets from clients.
  public var inputPackets: UInt64 = 0
  /// Packets to clients; only NAT sees them.
  public var outputPackets: UInt64 = 0
  /// Bytes from clients.
  public var inputBytes: UInt64 = 0
  /// Bytes to clients.
  public var outputBytes: UInt64 = 0

  /// All zero.
  public init() {}
}

/// What IPVS says about itself.
public struct IPVSInformation: Hashable, Sendable, BitwiseCopyable {
  /// Its version: 1.2.1 is 0x010201.
  public var version: UInt32
  /// The buckets of the connection table.
  public var connectionTableSize: UInt32

  /// What GET_INFO answers.
  public init(version: UInt32, connectionTableSize: UInt32) {
    self.version = version
    self.connectionTableSize = connectionTableSize
  }
}

/// One of the kernel's two threads that tell the connections of this director to others.
public struct SyncDaemon: Hashable, Sendable {
  /// Tells, or is told; both may run at once.
  public enum Role: UInt32, Hashable, Sendable, BitwiseCopyable, CaseIterable {
    case master = 1
    case backup = 2
  }

  /// Which of the two.
  public var role: Role
  /// The interface, at most 15 bytes.
  public var interface: String
  /// Directors with the same number talk to each other: 0…255.
  public var id: UInt32
  /// The longest message in bytes; `nil` is what the MTU allows.
  public var maximumMessageBytes: UInt16?
  /// The multicast group; `nil` is 224.0.0.81.
  public var group: IPAddress?
  /// The UDP port; `nil` is 8848.
  public var port: UInt16?
  /// The hop limit; `nil` is 1.
  public var hopLimit: UInt8?

  /// A daemon; what is `nil` is the kernel's default, and never `nil` in what the kernel tells.
  public init(
    role: Role, interface: String, id: UInt32, maximumMessageBytes: UInt16? = nil, group: IPAddress? = nil,
    port: UInt16? = nil, hopLimit: UInt8? = nil
  ) {
    self.role = role
    self.interface = interface
    self.id = id
    self.maximumMessageBytes = maximumMessageBytes
    self.group = group
    self.port = port
    self.hopLimit = hopLimit
  }
}
