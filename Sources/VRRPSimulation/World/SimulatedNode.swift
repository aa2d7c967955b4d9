public import NetPrimitives
public import VRRPCore
public import VRRPRuntime

/// A simulated network interface.
public struct SimulatedInterface: Sendable, Hashable {
  public let name: String
  public let hardwareAddress: MACAddress
  /// The addresses the host has there by itself.
  public internal(set) var addresses: [IPAddress]
  /// Up, with carrier.
  public internal(set) var isUp = true
  /// True time in nanoseconds at which the kernel tells, or told, of its last change.
  var noticeDueAt: UInt64 = 0
  /// Where it is plugged in; `nil` for an interface that is only tracked.
  var place: Place?

  struct Place: Hashable, Sendable, BitwiseCopyable {
    var segment: Int
    var port: Int
  }
}

/// A host that runs the daemon's engine: its process, its kernel and its clock can fail separately.
public struct SimulatedNode: Sendable {
  /// What is wrong with a node's running.
  public enum Pause: Hashable, Sendable, BitwiseCopyable {
    /// The process gets no CPU; the kernel lives and answers for the addresses.
    case stalled
    /// The whole machine stands still while its clock goes on, as a paused virtual machine's does.
    case frozen
    /// The whole machine sleeps and its monotonic clock with it.
    case suspended
  }

  public let name: String
  public internal(set) var interfaces: [SimulatedInterface]
  /// What its configuration file says now; a running process may not have read it yet.
  public internal(set) var definitions: [VirtualRouterDefinition]
  /// The sync groups of its configuration file.
  public internal(set) var syncGroups: [SyncGroupDefinition] = []
  /// Scripts, files, processes and sessions that fail now; all others are well.
  public internal(set) var failures: [TrackedKey] = []
  /// Whether the machine has power.
  public internal(set) var isPowered = true
  /// Whether, and how, it stands still.
  public internal(set) var pause: Pause?
  /// The process; `nil` when there is none.
  var engine: VRRPEngine<NodeWorld>?
  var clock: SimulatedClock
  /// How long the kernel takes for each change of addresses, in nanoseconds.
  var kernelDelay: UInt64 = 0
  /// How long the kernel takes to tell of a link, in nanoseconds.
  var noticeDelay: UInt64 = 1_000_000
  /// For each virtual router of the simulation, whether the kernel has its addresses.
  var installed: [Bool] = []
  /// For each handle of the engine, the virtual router of the simulation.
  var groups: [Int] = []
  /// For each virtual router of the simulation, what the monitor remembers.
  var traces: [RouterTrace] = []
  /// Received while the process could not read.
  var backlog: [Received] = []
  /// Asked of the kernel and not done yet, or waiting behind such.
  var pending: [KernelWork] = []
  /// True time until which the process waits for the kernel.
  var busyUntil: UInt64 = 0
  /// True time of the earliest entry in the queue that will wake the process.
  var wakeAt = UInt64.max
  /// True time at which the process was started.
  var launchedAt: UInt64 = 0
  /// Tells one pause from the next.
  var pauseGeneration = 0
  var pausedAt: UInt64 = 0
  /// True times in nanoseconds at which a process of it was killed.
  var deaths: [UInt64] = []
  /// What its supervisor keeps of the last process: numbers of Authentication Headers.
  var sequences: [String: UInt32] = [:]
  /// The process is leaving and ends when its routers have left.
  var isStopping = false
  /// Told to stop, to read its file again, or of links, while it could not listen.
  var owesStop = false
  var owesReload = false
  var owesNotices = false
  /// Counts what may change what its routers' priority and eligibility ought to be.
  var factCount: UInt64 = 0
  /// How often it advertised, for ``PlantedDefect/skipsAdverts``.
  var advertCount = 0
  /// The last advert it took, for ``PlantedDefect/obeysDiscarded``.
  var lastGood: Datagram?
  /// A bug to plant between the engine and the world, for tests of the properties.
  var defect: PlantedDefect?

  struct Received: Sendable {
    var interface: Int
    var datagram: Datagram
    var at: MonotonicInstant
  }

  /// What a kernel does, in order.
  enum KernelWork: Hashable, Sendable {
    case install(group: Int, Bool)
    case announce(group: Int, repeats: UInt8)
  }

  init(name: String, interfaces: [SimulatedInterface], definitions: [VirtualRouterDefinition], clock: SimulatedClock) {
    self.name = name
    self.interfaces = interfaces
    self.definitions = definitions
    self.clock = clock
  }

  /// Whether a process runs, paused or not.
  public var isRunning: Bool { engine != nil }

  /// Whether the kernel answers for the addresses it has.
  var kernelLives: Bool {
    guard isPowered else { return false }
    return switch pause {
    case nil, .stalled: true
    case .frozen, .suspended: false
    }
  }

  /// Whether the process can act at the true time `now`.
  func isAwake(at now: UInt64) -> Bool { engine != nil && pause == nil && busyUntil <= now }

  /// Everything beside interfaces that its configuration tracks.
  var trackedKeys: [TrackedKey] {
    var keys: [TrackedKey] = []
    for tracking in definitions.map(\.tracking) + syncGroups.map(\.tracking) {
      keys += tracking.scripts.map { .script($0.name) } + tracking.processes.map { .process($0.name) }
      keys += tracking.files.map { .file($0.name) } + tracking.bfdSessions.map { .bfd($0.name) }
    }
    return keys
  }

  /// What a check of `key` finds.
  func finding(of key: TrackedKey) -> TrackedState {
    let isUp = !failures.contains(key)
    if case .file = key { return .value(isUp ? 0 : 1) }
    return .verdict(isUp ? .up : .down)
  }

  func interface(named name: String) -> Int? { interfaces.indices.first { interfaces[$0].name == name } }

  /// The port it has on `segment`, by an interface that is up.
  func port(on segment: Int) -> Int? {
    for index in interfaces.indices where interfaces[index].isUp {
      if let place = interfaces[index].place, place.segment == segment { return place.port }
    }
    return nil
  }

  func handle(of group: Int) -> RouterHandle? {
    groups.firstIndex(of: group).map(RouterHandle.init(rawValue:))
  }

  /// The election of the virtual router `group`; `nil` when the engine has none.
  func machine(of group: Int) -> VirtualRouter? { handle(of: group).flatMap { engine?.machine(of: $0) } }

  /// Its role; `nil` when the engine has none.
  func role(of group: Int) -> VirtualRouter.Role? { handle(of: group).flatMap { engine?.role(of: $0) } }

  /// Its effective priority; `nil` when the engine has none.
  func priority(of group: Int) -> UInt8? { handle(of: group).flatMap { engine?.priority(of: $0) } }

  /// What the engine calls it; `nil` when it has none.
  func name(of group: Int) -> String? { handle(of: group).flatMap { engine?.name(of: $0) } }
}
