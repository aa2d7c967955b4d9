public import LoadBalancing

/// Keeps the kernel's services as a `LoadBalancer` wants them.
///
/// Commands are edges; the kernel's table is the level. ``apply(_:)`` sends commands as they come and remembers what
/// they add up to. When the kernel refuses one, because somebody else changed what it is about, the services concerned
/// are read and set right at once. ``reconcile()`` does that for all of ours, so that it can be called from time to
/// time. Services of others are never touched.
public struct ServiceInstaller: ~Copyable {
  /// What our services should be.
  public private(set) var wanted = IPVSTable()
  private let socket: ServiceSocket

  /// What it took to set things right.
  public struct Repair: Hashable, Sendable {
    /// How many commands were sent.
    public var commandCount: Int
    /// Those that were refused again.
    public var failures: [ServiceFailure]

    /// A repair.
    public init(commandCount: Int, failures: [ServiceFailure]) {
      self.commandCount = commandCount
      self.failures = failures
    }
  }

  /// Wants nothing yet.
  public init(_ socket: ServiceSocket) { self.socket = socket }

  /// Takes over at the start: remembers what the commands add up to and makes the kernel so, whatever an earlier
  /// process left in it. What it left as it should be is not touched, and its connections go on.
  public mutating func adopt(_ commands: [IPVSCommand]) throws(IPVSError) -> Repair {
    remember(commands)
    var keys = Set(wanted.services.keys)
    for case .deleteService(let key) in commands { keys.insert(key) }
    return try repair(keys)
  }

  /// Carries commands out, first to last. Returns those that failed even after the services had been set right.
  public mutating func apply(_ commands: [IPVSCommand]) throws(IPVSError) -> [ServiceFailure] {
    guard !commands.isEmpty else { return [] }
    remember(commands)
    let failures = try socket.commit(commands)
    guard !failures.isEmpty else { return [] }
    return try repair(Set(failures.map(\.command.service))).failures
  }

  /// Compares all our services with the kernel's and repairs what somebody else changed.
  public func reconcile() throws(IPVSError) -> Repair {
    try repair(Set(wanted.services.keys))
  }

  private mutating func remember(_ commands: [IPVSCommand]) {
    for command in commands { _ = wanted.apply(command.asToldByKernel) }
  }

  private func repair(_ keys: Set<IPVSServiceKey>) throws(IPVSError) -> Repair {
    guard !keys.isEmpty else { return Repair(commandCount: 0, failures: []) }
    let actual = try socket.table(of: keys)
    let isEverything = wanted.services.count <= keys.count && wanted.services.keys.allSatisfy(keys.contains)
    let ours = isEverything ? wanted : IPVSTable(services: wanted.services.filter { keys.contains($0.key) })
    let commands = ServicePlan.commands(from: actual, to: ours)
    return Repair(commandCount: commands.count, failures: try socket.commit(commands))
  }
}
