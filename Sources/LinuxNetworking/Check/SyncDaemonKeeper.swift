import Glibc
import LoadBalancing

/// Keeps the kernel's sync daemon in the role that the state of a virtual router gives it: it tells connections while
/// the router is active here, and else takes those that others tell.
struct SyncDaemonKeeper {
  private var definition: SyncDaemonDefinition?
  private var isActive = false
  /// What we have started and not stopped.
  private var started: SyncDaemon?

  /// Takes a configuration.
  mutating func apply(_ definition: SyncDaemonDefinition?) { self.definition = definition }

  /// Whether the state of this router matters here.
  func follows(_ router: String) -> Bool { definition?.instance == router }

  /// The router became active here, or no longer is.
  mutating func routerChanged(isActive: Bool) { self.isActive = isActive }

  /// Brings the kernel to what is wanted; returns what went wrong.
  mutating func settle(_ socket: ServiceSocket) -> IPVSError? {
    let wanted = definition.map { SyncDaemon($0, role: isActive ? .master : .backup) }
    guard wanted != started else { return nil }
    do {
      if let old = started { try Self.stop(old.role, socket) }
      started = nil
      guard let wanted else { return nil }
      // What a predecessor left may have another role, or other settings.
      for left in try socket.syncDaemons() { try Self.stop(left.role, socket) }
      try socket.start(wanted)
      started = wanted
      return nil
    } catch { return error }
  }

  /// Stops what we started.
  mutating func stop(_ socket: ServiceSocket) -> IPVSError? {
    definition = nil
    return settle(socket)
  }

  private static func stop(_ role: SyncDaemon.Role, _ socket: ServiceSocket) throws(IPVSError) {
    do { try socket.stop(role) } catch .refused(_, errno: ESRCH) {}
  }
}

extension SyncDaemon {
  fileprivate init(_ definition: SyncDaemonDefinition, role: Role) {
    self.init(
      role: role, interface: definition.interface, id: UInt32(definition.id),
      maximumMessageBytes: definition.maximumMessageBytes, group: definition.group, port: definition.port,
      hopLimit: definition.hopLimit)
  }
}
