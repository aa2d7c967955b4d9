import NetPrimitives

extension NetlinkWriter {
  /// All attributes of a daemon to be started; the kernel takes its defaults for what is left out.
  mutating func append(_ daemon: SyncDaemon) {
    attribute(DaemonAttribute.state, daemon.role.rawValue)
    attribute(DaemonAttribute.interface, daemon.interface)
    attribute(DaemonAttribute.id, daemon.id)
    if let maximum = daemon.maximumMessageBytes { attribute(DaemonAttribute.maximumLength, maximum) }
    // The port is in host order, unlike every other port of IPVS.
    if let port = daemon.port { attribute(DaemonAttribute.port, port) }
    if let limit = daemon.hopLimit { attribute(DaemonAttribute.hopLimit, limit) }
    switch daemon.group {
    case .v4(let group): attribute(DaemonAttribute.group, IPAddress.v4(group))
    case .v6(let group): attribute(DaemonAttribute.group6, IPAddress.v6(group))
    case nil: break
    }
  }
}

extension ServiceDecoder {
  /// The sync daemon in a message.
  static func daemon(_ payload: RawSpan) -> SyncDaemon? {
    var role: SyncDaemon.Role?
    var daemon = SyncDaemon(role: .master, interface: "", id: 0)
    let isFound = forEachAttribute(of: IPVSAttribute.daemon, in: payload) { type, value in
      switch type {
      case DaemonAttribute.state: role = value.exactly32.flatMap(SyncDaemon.Role.init(rawValue:))
      case DaemonAttribute.interface: daemon.interface = NetlinkReader.string(value)
      case DaemonAttribute.id: daemon.id = value.exactly32 ?? 0
      case DaemonAttribute.maximumLength: daemon.maximumMessageBytes = value.exactly16
      case DaemonAttribute.group, DaemonAttribute.group6: daemon.group = NetlinkReader.address(value)
      case DaemonAttribute.port: daemon.port = value.exactly16
      case DaemonAttribute.hopLimit: daemon.hopLimit = value.exactly8
      default: break
      }
    }
    guard isFound, let role else { return nil }
    daemon.role = role
    return daemon
  }
}
