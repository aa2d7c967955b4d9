public import NetPrimitives
public import VRRPCore

/// Everything there is to tell about the virtual routers at one moment: what dumps are written from.
public struct VRRPSnapshot: Sendable {
  /// When it was taken, on both clocks.
  public var clock: WallClockTime.Reference
  public var global: GlobalDefinition
  /// The host's name: `router_id` unless that was configured.
  public var hostName: String
  /// What is there whatever the elections say.
  public var statics: [StaticAddress] = []
  public var staticRoutes: [RouteDefinition] = []
  public var staticRules: [RuleDefinition] = []
  public var routers: [Router] = []
  public var groups: [Group] = []
  public var scripts: [Script] = []
  public var files: [File] = []
  public var processes: [Process] = []
  public var sessions: [Session] = []
  /// The numbers of users and groups that scripts run as; whoever is missing is shown as root.
  public var identities: [GlobalDefinition.ScriptUser: Identity] = [:]

  /// A snapshot of nothing.
  public init(clock: WallClockTime.Reference, global: GlobalDefinition, hostName: String) {
    self.clock = clock
    self.global = global
    self.hostName = hostName
  }

  /// A user and a group by number.
  public struct Identity: Hashable, Sendable, BitwiseCopyable {
    public var user: UInt32
    public var group: UInt32

    /// The user and group with these numbers.
    public init(user: UInt32, group: UInt32) {
      self.user = user
      self.group = group
    }
  }

  /// One static address.
  public struct StaticAddress: Hashable, Sendable {
    public var definition: VirtualAddress
    /// Whether it is on its interface.
    public var isSet: Bool

    /// An address as it is.
    public init(_ definition: VirtualAddress, isSet: Bool) {
      self.definition = definition
      self.isSet = isSet
    }
  }

  /// One virtual router.
  public struct Router: Sendable {
    public var definition: VirtualRouterDefinition
    /// The sync group it belongs to.
    public var groupName: String?
    public var role: VirtualRouter.Role
    /// The role it aims for.
    public var wantedRole: VirtualRouter.Role
    /// The source of its adverts.
    public var primaryAddress: IPAddress
    /// The name of its virtual MAC's interface; `nil` without one.
    public var virtualInterface: String?
    /// After weights.
    public var effectivePriority: UInt8
    /// The sum of priority and weights before it is held within bounds.
    public var totalPriority: Int
    /// Of the active router heard; `nil` while there is none or it is us.
    public var activeRouter: ActiveRouter?
    /// How many things keep it from taking part.
    public var faultCount: Int
    /// How many scripts it waits for.
    public var undecidedCount: Int
    public var lastTransitionAt: MonotonicInstant
    /// When its next timer fires; `nil` while none runs.
    public var nextDeadline: MonotonicInstant?
    /// How long it waits for adverts, in nanoseconds.
    public var downIntervalNanoseconds: UInt64
    /// Whether the addresses are on their interfaces.
    public var ownsAddresses: Bool
    public var counters: AdvertisementCounters
    /// Adverts sent, each unicast copy counted; of them with priority 0.
    public var sentCount: UInt64
    public var priorityZeroSentCount: UInt64
    public var becameActiveCount: UInt64
    public var releasedActiveCount: UInt64
    /// How often another hardware address claimed one of its addresses while it was active.
    public var conflictCount: UInt64 = 0
    /// Who did so last.
    public var lastRival: MACAddress?

    /// What the active router says of itself.
    public struct ActiveRouter: Hashable, Sendable {
      public var address: IPAddress
      public var priority: UInt8
      public var interval: AdvertisementInterval

      /// A router that was heard.
      public init(address: IPAddress, priority: UInt8, interval: AdvertisementInterval) {
        self.address = address
        self.priority = priority
        self.interval = interval
      }
    }

    /// A router that was never started.
    public init(_ definition: VirtualRouterDefinition, primaryAddress: IPAddress) {
      self.definition = definition
      role = .initialize
      wantedRole = definition.initialRole == .active ? .active : .backup
      self.primaryAddress = primaryAddress
      effectivePriority = definition.priority
      totalPriority = Int(definition.priority)
      faultCount = 0
      undecidedCount = 0
      lastTransitionAt = MonotonicInstant(nanoseconds: 0)
      downIntervalNanoseconds = 0
      ownsAddresses = false
      counters = AdvertisementCounters()
      sentCount = 0
      priorityZeroSentCount = 0
      becameActiveCount = 0
      releasedActiveCount = 0
    }
  }

  /// One sync group.
  public struct Group: Sendable {
    public var definition: SyncGroupDefinition
    public var role: VirtualRouter.Role
    /// Members that cannot take part; members that wait for scripts.
    public var faultCount = 0
    public var undecidedCount = 0

    /// A group as it is.
    public init(_ definition: SyncGroupDefinition, role: VirtualRouter.Role) {
      self.definition = definition
      self.role = role
    }
  }

  /// One tracked script.
  public struct Script: Sendable {
    public var definition: TrackScriptDefinition
    public var monitor: ScriptMonitor
    /// Who tracks it, with which weight.
    public var trackers: [Tracker]

    /// A script as it is.
    public init(_ definition: TrackScriptDefinition, monitor: ScriptMonitor, trackers: [Tracker] = []) {
      self.definition = definition
      self.monitor = monitor
      self.trackers = trackers
    }
  }

  /// One tracked file.
  public struct File: Sendable {
    public var definition: TrackFileDefinition
    public var value: Int64
    public var trackers: [Tracker]

    /// A file as it is.
    public init(_ definition: TrackFileDefinition, value: Int64, trackers: [Tracker] = []) {
      self.definition = definition
      self.value = value
      self.trackers = trackers
    }
  }

  /// One tracked process.
  public struct Process: Sendable {
    public var definition: TrackProcessDefinition
    public var monitor: ProcessMonitor
    public var trackers: [Tracker]

    /// Processes as they are.
    public init(_ definition: TrackProcessDefinition, monitor: ProcessMonitor, trackers: [Tracker] = []) {
      self.definition = definition
      self.monitor = monitor
      self.trackers = trackers
    }
  }

  /// One tracked BFD session.
  public struct Session: Sendable {
    /// Its name, and the weight of its own block.
    public var definition: TrackedObject
    public var isUp: Bool
    public var trackers: [Tracker]

    /// A session as it is.
    public init(_ definition: TrackedObject, isUp: Bool, trackers: [Tracker] = []) {
      self.definition = definition
      self.isUp = isUp
      self.trackers = trackers
    }
  }

  /// Who tracks something.
  public struct Tracker: Hashable, Sendable {
    /// The name of an instance.
    public var name: String
    public var weight: Int16
    public var isReversed: Bool

    /// The instance `name`.
    public init(name: String, weight: Int16, isReversed: Bool = false) {
      self.name = name
      self.weight = weight
      self.isReversed = isReversed
    }
  }
}
