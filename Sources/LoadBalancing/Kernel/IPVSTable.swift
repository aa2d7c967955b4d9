public import NetPrimitives

/// What the kernel's table of virtual services holds or should hold.
public struct IPVSTable: Hashable, Sendable {
  /// The services, each with its destinations.
  public var services: [IPVSServiceKey: IPVSEntry]

  /// A table.
  public init(services: [IPVSServiceKey: IPVSEntry] = [:]) { self.services = services }

  /// Does to this table what `command` does to the kernel's. False when the kernel would refuse: adding what is there,
  /// changing or deleting what is not.
  public mutating func apply(_ command: IPVSCommand) -> Bool {
    switch command {
    case .addService(let key, let service):
      guard services[key] == nil else { return false }
      services[key] = IPVSEntry(service)
    case .editService(let key, let service):
      guard services[key] != nil else { return false }
      services[key]?.service = service
    case .deleteService(let key):
      return services.removeValue(forKey: key) != nil
    case .addDestination(let key, let server, let destination):
      guard let place = services.index(forKey: key), services.values[place].destinations[server] == nil else {
        return false
      }
      services.values[place].destinations[server] = destination
    case .editDestination(let key, let server, let destination):
      guard services[key]?.destinations[server] != nil else { return false }
      services[key]?.destinations[server] = destination
    case .deleteDestination(let key, let server):
      return services[key]?.destinations.removeValue(forKey: server) != nil
    }
    return true
  }
}

/// What identifies a service in the kernel.
public enum IPVSServiceKey: Hashable, Sendable, BitwiseCopyable {
  /// Protocol, address and port; port 0 is every port.
  case address(TransportProtocol, IPAddress, port: UInt16)
  /// A firewall mark, of one family.
  case firewallMark(UInt32, AddressFamily)

  /// The family of the service's addresses.
  public var family: AddressFamily {
    switch self {
    case .address(_, let address, _): address.family
    case .firewallMark(_, let family): family
    }
  }
}

extension IPVSServiceKey: Comparable {
  /// Marks after addresses; an order to make plans repeatable, no more.
  public static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (
      .address(let leftTransport, let leftAddress, let leftPort),
      .address(let rightTransport, let rightAddress, let rightPort)
    ):
      if leftAddress != rightAddress { return leftAddress < rightAddress }
      if leftPort != rightPort { return leftPort < rightPort }
      return leftTransport.rawValue < rightTransport.rawValue
    case (.firewallMark(let leftMark, let leftFamily), .firewallMark(let rightMark, let rightFamily)):
      return leftMark == rightMark ? leftFamily.rawValue < rightFamily.rawValue : leftMark < rightMark
    case (.address, .firewallMark):
      return true
    case (.firewallMark, .address):
      return false
    }
  }
}

/// A service and its destinations.
public struct IPVSEntry: Hashable, Sendable {
  /// The service's settings.
  public var service: IPVSService
  /// The destinations by address and port.
  public var destinations: [RealServerKey: IPVSDestination]

  /// A service, without destinations unless given.
  public init(_ service: IPVSService, destinations: [RealServerKey: IPVSDestination] = [:]) {
    self.service = service
    self.destinations = destinations
  }
}

/// The settings of a service, in the kernel's terms.
public struct IPVSService: Hashable, Sendable {
  /// `SCHED_NAME`.
  public var scheduler: Scheduler
  /// The scheduler's flags.
  public var flags: SchedulerFlags
  /// `IP_VS_SVC_F_ONEPACKET`.
  public var schedulesEachPacket: Bool
  /// Persistence; `nil` is off.
  public var persistence: Persistence?

  /// Settings.
  public init(
    scheduler: Scheduler, flags: SchedulerFlags = [], schedulesEachPacket: Bool = false,
    persistence: Persistence? = nil
  ) {
    self.scheduler = scheduler
    self.flags = flags
    self.schedulesEachPacket = schedulesEachPacket
    self.persistence = persistence
  }
}

/// The settings of a destination. The kernel wants all of them with every change.
public struct IPVSDestination: Hashable, Sendable, BitwiseCopyable {
  /// `FWD_METHOD` and the tunnel's attributes.
  public var forwarding: ForwardingMethod
  /// `WEIGHT`, 0…2 147 483 647.
  public var weight: Int32
  /// `U_THRESH`; 0 for no limit.
  public var upperThreshold: UInt32
  /// `L_THRESH`, at most `upperThreshold`.
  public var lowerThreshold: UInt32

  /// Settings.
  public init(forwarding: ForwardingMethod, weight: Int32, upperThreshold: UInt32 = 0, lowerThreshold: UInt32 = 0) {
    self.forwarding = forwarding
    self.weight = weight
    self.upperThreshold = upperThreshold
    self.lowerThreshold = lowerThreshold
  }
}

/// One change of the kernel's table.
public enum IPVSCommand: Hashable, Sendable {
  /// Adds a service without destinations.
  case addService(IPVSServiceKey, IPVSService)
  /// Replaces a service's settings.
  case editService(IPVSServiceKey, IPVSService)
  /// Deletes the service with its destinations.
  case deleteService(IPVSServiceKey)
  /// Adds a destination.
  case addDestination(IPVSServiceKey, RealServerKey, IPVSDestination)
  /// Replaces a destination's settings.
  case editDestination(IPVSServiceKey, RealServerKey, IPVSDestination)
  /// Deletes a destination; its connections end as the kernel is set to end them.
  case deleteDestination(IPVSServiceKey, RealServerKey)
}
