import LoadBalancing
import NetPrimitives

/// Requests to IPVS, gathered to be sent in one system call. Each stands alone: one that fails does not stop those
/// after it. Pure; ``ServiceSocket`` sends it.
struct ServiceBatch {
  /// The family's number of this boot.
  let family: UInt16
  private(set) var writer: NetlinkWriter

  init(family: UInt16, capacity: Int = 1) {
    self.family = family
    writer = NetlinkWriter(capacity: capacity * 160)
  }

  mutating func removeAll() { writer.removeAll() }

  /// Appends one change of the plan.
  mutating func append(_ command: IPVSCommand) {
    switch command {
    case .addService(let key, let service):
      self.service(IPVSCommandNumber.newService, key, service)
    case .editService(let key, let service):
      self.service(IPVSCommandNumber.setService, key, service)
    case .deleteService(let key):
      request(IPVSCommandNumber.deleteService) { $0.nest(IPVSAttribute.service) { $0.append(key) } }
    case .addDestination(let key, let server, let destination):
      self.destination(IPVSCommandNumber.newDestination, key, server, destination)
    case .editDestination(let key, let server, let destination):
      self.destination(IPVSCommandNumber.setDestination, key, server, destination)
    case .deleteDestination(let key, let server):
      self.destination(IPVSCommandNumber.deleteDestination, key, server, nil)
    }
  }

  private mutating func service(_ number: UInt8, _ key: IPVSServiceKey, _ service: IPVSService) {
    request(number) { writer in
      writer.nest(IPVSAttribute.service) { writer in
        writer.append(key)
        writer.append(service, key.family)
      }
    }
  }

  private mutating func destination(
    _ number: UInt8, _ key: IPVSServiceKey, _ server: RealServerKey, _ destination: IPVSDestination?
  ) {
    request(number) { writer in
      writer.nest(IPVSAttribute.service) { $0.append(key) }
      writer.nest(IPVSAttribute.destination) { writer in
        writer.append(server)
        if let destination { writer.append(destination) }
      }
    }
  }

  /// Sets the counters of a service and its destinations to zero, or everybody's.
  mutating func zero(_ key: IPVSServiceKey?) {
    request(IPVSCommandNumber.zero) { writer in
      if let key { writer.nest(IPVSAttribute.service) { $0.append(key) } }
    }
  }

  /// Deletes every service, whoever added it.
  mutating func flush() { request(IPVSCommandNumber.flush) }

  mutating func set(_ timeouts: ConnectionTimeouts) {
    request(IPVSCommandNumber.setConfiguration) { writer in
      writer.attribute(IPVSAttribute.timeoutTCP, timeouts.tcp)
      writer.attribute(IPVSAttribute.timeoutTCPFin, timeouts.tcpFin)
      writer.attribute(IPVSAttribute.timeoutUDP, timeouts.udp)
    }
  }

  mutating func start(_ daemon: SyncDaemon) {
    request(IPVSCommandNumber.newDaemon) { $0.nest(IPVSAttribute.daemon) { $0.append(daemon) } }
  }

  mutating func stop(_ role: SyncDaemon.Role) {
    request(IPVSCommandNumber.deleteDaemon) { writer in
      writer.nest(IPVSAttribute.daemon) { $0.attribute(DaemonAttribute.state, role.rawValue) }
    }
  }

  mutating func getInformation() { request(IPVSCommandNumber.getInformation) }

  mutating func getTimeouts() { request(IPVSCommandNumber.getConfiguration) }

  mutating func get(_ key: IPVSServiceKey) {
    request(IPVSCommandNumber.getService) { $0.nest(IPVSAttribute.service) { $0.append(key) } }
  }

  mutating func listServices() { request(IPVSCommandNumber.getService, NetlinkFlag.dump) }

  mutating func listDestinations(of key: IPVSServiceKey) {
    request(IPVSCommandNumber.getDestination, NetlinkFlag.dump) { $0.nest(IPVSAttribute.service) { $0.append(key) } }
  }

  mutating func listDaemons() { request(IPVSCommandNumber.getDaemon, NetlinkFlag.dump) }

  /// Only the last asks for an answer: the kernel tells of refusals unasked, and answers when it has tried them all.
  private mutating func request(
    _ number: UInt8, _ flags: UInt16 = 0, _ body: (inout NetlinkWriter) -> Void = { _ in }
  ) {
    writer.removeFlagsFromLastMessage(NetlinkFlag.acknowledge)
    writer.genericMessage(
      family: family, command: number, flags: NetlinkFlag.request | NetlinkFlag.acknowledge | flags,
      sequence: writer.nextSequence, body)
  }
}
