public import NetPrimitives

extension VirtualRouter {
  /// What the election needs to know; names and addresses to own stay with the shell.
  public struct Configuration: Sendable, Hashable, BitwiseCopyable {
    /// VRID, 1…255 (RFC 9568 §5.2.3).
    public var id: UInt8
    /// The version spoken; it decides Skew_Time and whether intervals are learned.
    public var version: ProtocolVersion
    /// Priority, 1…255, before weights (RFC 9568 §5.2.4).
    public var priority: UInt8
    /// The source address of our adverts: it breaks ties (RFC 9568 §6.4.3).
    public var primaryAddress: IPAddress
    /// Advertisement_Interval.
    public var interval: AdvertisementInterval
    /// Preempt_Mode.
    public var preempts: Bool
    /// How long a lower-priority active router is left alone, in nanoseconds, from the first of its adverts.
    public var preemptDelayNanoseconds: UInt64
    /// Whether to aim for Active at start without waiting out Active_Down_Interval (`state MASTER`).
    public var startsActive: Bool
    /// Silent intervals before the active router counts as down; RFC 9568 §6.1 says 3.
    public var downTimerAdvertisements: UInt8
    /// When the addresses are announced.
    public var announcement: AnnouncementPolicy
    /// Whether a router that gives way unasked serves on until its successor is heard (docs/decisions/0006).
    public var handsOver: Bool
    /// Whether a router that loses a contest sends one last advert, so that the winner knows to announce again.
    public var sendsLastAdvertisement: Bool
    /// Whether an advert of lower rank is answered at once (RFC 9568 §6.4.3); false with `lower_prio_no_advert`.
    public var answersLowerPriority = true
    /// Whether a router that owns its addresses hears nobody (`owner_ignore_adverts`).
    public var ignoresAsOwner = false
    /// Frames per address when a contest makes us announce again; 0 for none, `nil` for two where any are sent at all.
    public var contestRepeats: UInt8?
    /// How long after that they are sent once more, in nanoseconds; 0 for not at all.
    public var contestSecondBurstNanoseconds: UInt64 = 0
    /// How often addresses on other interfaces are announced while active, in nanoseconds; 0 for never.
    public var extraAnnouncementNanoseconds: UInt64 = 0
    /// The highest priority of the other routers (`timer_expired_backup`): whoever was late for so long that it would
    /// have taken over gives way. `nil` for any priority, and for no less than a tenth of a second.
    public var highestRivalPriority: UInt8?
    /// Whether the router belongs to a sync group: it then waits for ``VirtualRouter/Event/groupActivates``.
    public var isGrouped: Bool

    /// The defaults are those of RFC 9568 §6.1.
    public init(
      id: UInt8, version: ProtocolVersion = .v3, priority: UInt8 = 100, primaryAddress: IPAddress,
      interval: AdvertisementInterval = .second, preempts: Bool = true, preemptDelayNanoseconds: UInt64 = 0,
      startsActive: Bool = false, downTimerAdvertisements: UInt8 = 3,
      announcement: AnnouncementPolicy = AnnouncementPolicy(), handsOver: Bool = true,
      sendsLastAdvertisement: Bool = true, isGrouped: Bool = false
    ) {
      precondition(id != 0, "VRID 0 is reserved")
      precondition(priority != 0, "priority 0 is the farewell of an active router, not a setting")
      precondition(downTimerAdvertisements != 0, "a router cannot be down before its first advert is due")
      self.id = id
      self.version = version
      self.priority = priority
      self.primaryAddress = primaryAddress
      self.interval = interval
      self.preempts = preempts
      self.preemptDelayNanoseconds = preemptDelayNanoseconds
      self.startsActive = startsActive
      self.downTimerAdvertisements = downTimerAdvertisements
      self.announcement = announcement
      self.handsOver = handsOver
      self.sendsLastAdvertisement = sendsLastAdvertisement
      self.isGrouped = isGrouped
    }

    /// Priority 255 is reserved for the router that owns the addresses (RFC 9568 §5.2.4).
    public var ownsAddresses: Bool { priority == 255 }
  }
}

extension VirtualRouter.Configuration {
  /// The election's part of `definition`, for a router that sends from `primaryAddress`.
  public init(_ definition: VirtualRouterDefinition, primaryAddress: IPAddress) {
    self.init(
      id: definition.virtualRouterID, version: definition.version, priority: definition.priority,
      primaryAddress: primaryAddress, interval: definition.interval, preempts: definition.preempts,
      preemptDelayNanoseconds: definition.preemptDelayNanoseconds,
      startsActive: definition.initialRole == .active,
      downTimerAdvertisements: definition.downTimerAdvertisements, announcement: definition.announcement,
      handsOver: definition.policy.handsOver,
      sendsLastAdvertisement: definition.policy.sendsBeforeYielding ?? true)
    answersLowerPriority = !definition.policy.ignoresLowerPriority
    ignoresAsOwner = definition.policy.ignoresAsOwner
    if let contest = definition.lowerPriorityAnnouncement {
      contestRepeats = contest.repeats
      contestSecondBurstNanoseconds = contest.secondBurstDelayNanoseconds
    }
    extraAnnouncementNanoseconds = definition.extraAnnouncementNanoseconds ?? 0
    highestRivalPriority = definition.policy.stepsDownWhenLate
  }
}
