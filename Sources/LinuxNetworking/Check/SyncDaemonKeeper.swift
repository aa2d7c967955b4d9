import Glibc
import LoadBalancing
import NetPrimitives

/// Where sync daemons run: the kernel.
protocol SyncDaemonHost {
  func start(_ daemon: SyncDaemon) throws(IPVSError)
  func stop(_ role: SyncDaemon.Role) throws(IPVSError)
  func syncDaemons() throws(IPVSError) -> [SyncDaemon]
}

extension ServiceSocket: SyncDaemonHost {}

/// Keeps the kernel's sync daemon in the role that the state of a virtual router gives it: it tells connections while
/// the router is active here, and else takes those that others tell.
struct SyncDaemonKeeper {
  private var definition: SyncDaemonDefinition?
  private var isActive = false
  /// What we have started and not stopped.
  private var started: SyncDaemon?
  /// What went wrong last; told once.
  private var failure: IPVSError?

  /// What could not be done is tried again after so long, in nanoseconds: the interface may not be there yet.
  private static let retryNanoseconds: UInt64 = 5_000_000_000

  /// When to call ``settle(_:now:)`` again; `nil` while all is well.
  private(set) var nextDeadline: MonotonicInstant?

  /// Takes a configuration.
  mutating func apply(_ definition: SyncDaemonDefinition?) { self.definition = definition }

  /// Whether the state of this router matters here.
  func follows(_ router: String) -> Bool { definition?.instance == router }

  /// The router became active here, or no longer is.
  mutating func routerChanged(isActive: Bool) { self.isActive = isActive }

  /// Brings the kernel to what is wanted; returns what went wrong, unless the same was returned before.
  mutating func settle(_ host: some SyncDaemonHost, now: MonotonicInstant) -> IPVSError? {
    let before = failure
    failure = attempt(host)
    nextDeadline = failure == nil ? nil : now.advanced(byNanoseconds: Self.retryNanoseconds)
    return failure == before ? nil : failure
  }

  private mutating func attempt(_ host: some SyncDaemonHost) -> IPVSError? {
    let wanted = definition.map { SyncDaemon($0, role: isActive ? .master : .backup) }
    guard wanted != started else { return nil }
    do {
      if let old = started { try Self.stop(old.role, host) }
      started = nil
      guard let wanted else { return nil }
      // What a predecessor left may have another role, or other settings.
      for left in try host.syncDaemons() { try Self.stop(left.role, host) }
      try host.start(wanted)
      started = wanted
      return nil
    } catch { return error }
  }

  /// Stops what we started.
  mutating func stop(_ host: some SyncDaemonHost) -> IPVSError? {
    definition = nil
    nextDeadline = nil
    return attempt(host)
  }

  private static func stop(_ role: SyncDaemon.Role, _ host: some SyncDaemonHost) throws(IPVSError) {
    do { try host.stop(role) } catch .refused(_, errno: ESRCH) {}
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
