public import HealthCheck
public import NetPrimitives

/// One virtual server at work: which real servers live, whether the quorum is met, and what the kernel should hold.
///
/// A machine: it is told what checks, operators and virtual routers say and answers with notifications; what the kernel
/// should hold is not an effect but a fact, ``wanted``, that follows from its state. Whoever compares it with what the
/// kernel does hold can never miss an edge.
public struct VirtualService: Hashable, Sendable {
  /// As configured.
  public internal(set) var definition: VirtualServerDefinition
  /// `global_defs`.
  public internal(set) var policy: BalancingPolicy
  /// The quorum in force.
  public internal(set) var rule: QuorumRule
  /// The real servers, in the order of the definition.
  public internal(set) var servers: [RealServer]
  /// Between start and stop.
  public internal(set) var isRunning = false
  /// The quorum is met.
  public internal(set) var hasQuorum = false
  /// Whether the service may be in the kernel: `active_on master_of` is satisfied, or not configured.
  public internal(set) var isActive: Bool
  /// Where a server is in `servers`.
  var indexOfServer: [RealServerKey: Int]

  /// A service not yet started. A server that appears twice counts once.
  public init(_ definition: VirtualServerDefinition, policy: BalancingPolicy = BalancingPolicy()) {
    self.definition = definition
    self.policy = policy
    rule = QuorumRule(definition)
    isActive = definition.activeOnMasterOf == nil
    servers = []
    servers.reserveCapacity(definition.realServers.count)
    indexOfServer = Dictionary(minimumCapacity: definition.realServers.count)
    for server in definition.realServers { insert(RealServer(server)) }
  }

  /// The server of this name.
  public subscript(_ key: RealServerKey) -> RealServer? { indexOfServer[key].map { servers[$0] } }

  /// The sorry server stands in for the real ones.
  public var isSorry: Bool { isRunning && !hasQuorum && definition.sorryServer != nil }

  /// W: the weight of the live servers.
  public var liveWeight: Int64 {
    var sum: Int64 = 0
    for server in servers where server.isAlive { sum += Int64(server.weight) }
    return sum
  }

  /// When to call ``handle(_:now:effects:)`` with ``Event/deadlineReached``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? {
    var earliest: MonotonicInstant?
    for server in servers where server.ramp != nil { earliest = .earlier(earliest, server.nextDeadline) }
    return earliest
  }

  /// Whether a report would change anything or be told anybody.
  func isNews(_ key: RealServerKey, check: Int, _ report: CheckReport) -> Bool {
    guard let index = indexOfServer[key], servers[index].checks.indices.contains(check) else { return false }
    let known = servers[index].checks[check]
    return report.news != .none || known.isFailed == report.isUp || known.weight != report.weight
  }

  mutating func insert(_ server: RealServer) {
    guard indexOfServer[server.key] == nil else { return }
    indexOfServer[server.key] = servers.count
    servers.append(server)
  }
}

extension VirtualService {
  /// What happens to a service.
  public enum Event: Hashable, Sendable {
    /// It begins to be served. Only the first time.
    case start
    /// The check at an index of a server's list has made a finding. Ignored for strangers.
    case checkReported(RealServerKey, check: Int, CheckReport)
    /// An operator's order, or `nil` to lift it.
    case overridden(RealServerKey, RealServer.Override?)
    /// The virtual router of `active_on master_of` became active here, or no longer is.
    case routerActive(Bool)
    /// ``VirtualService/nextDeadline`` has come.
    case deadlineReached
    /// It is served no more: the daemon stops, or a reload removes the service.
    case stop(Ending)
  }

  /// Why a service stops.
  public enum Ending: Hashable, Sendable, BitwiseCopyable {
    /// Notifications are given with `omega` only.
    case shutdown
    /// A reload removed it; notifications are given.
    case removal
  }

  /// What the shell must now do, after it has brought the kernel to ``VirtualService/wanted``. Order matters.
  public enum Effect: Hashable, Sendable {
    /// Something happened; for logs, metrics and traps.
    case report(ServiceReport)
    /// Run a command.
    case run(HookCommand)
    /// Write this line, its newline included, to the LVS FIFOs. keepalived adds a NUL byte; we do not.
    case writeLine(String)
    /// Send a mail. The mailer puts `[router_id] ` before the subject.
    case mail(subject: String, body: String)
  }
}

/// Something that happened to a virtual service.
public enum ServiceReport: Hashable, Sendable {
  /// A server came to life; the check report behind it, if a check did it.
  case serverUp(RealServerKey, CheckReport?)
  /// A server failed.
  case serverDown(RealServerKey, CheckReport?)
  /// A check failed, or recovered, without changing its server.
  case checkChanged(RealServerKey, check: Int, CheckReport)
  /// A server's weight changed.
  case weightChanged(RealServerKey, from: Int32, to: Int32)
  /// The quorum is met again, by this weight.
  case quorumGained(weight: Int64, QuorumRule)
  /// The quorum is lost, with this weight left.
  case quorumLost(weight: Int64, QuorumRule)
}
