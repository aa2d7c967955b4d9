public import NetPrimitives
public import VRRPCore

/// Many virtual routers, run together: it sorts packets to routers, verifies them, drives the machines, and tells the
/// world what they want.
///
/// The engine decides nothing about elections (`VirtualRouter` does) and touches nothing outside (``VRRPWorld``
/// does). It is a value without a clock, so a simulator runs the very code the daemon runs. Each turn of a shell:
/// hand over everything that was received, then ``advance(to:)``, then carry out what the world collected.
public struct VRRPEngine<World: VRRPWorld & ~Copyable>: ~Copyable {
  /// Where effects go.
  public var world: World
  var records: [RouterRecord?] = []
  var groups: [GroupRecord] = []
  /// The place of each member's group, by the member's name.
  var groupPlaces: [String: Int] = [:]
  /// Whether a verdict on a group is being carried out: its members are judged when that is done, not half-way.
  var isSettlingGroup = false
  private var isStopping = false
  /// What is known of everything tracked but interfaces.
  var tracked: [TrackedKey: TrackedState] = [:]
  var interfaces: [String: InterfaceState] = [:]
  /// The router, or the first of those, that packets belong to.
  var routes: [RoutingKey: Int] = [:]
  /// All routers of keys that several have.
  var sharedRoutes: [RoutingKey: [Int]] = [:]
  var deadlines = DeadlineQueue()
  var effects = EffectBuffer()
  /// Until when routers wait before they start; `nil` when they need not.
  var startsAt: MonotonicInstant?
  /// Whether adverts for virtual routers that are none of ours are told (`log_unknown_vrids`).
  public var tellsUnknownRouters = false
  /// Those that were.
  var unknownRouters: Set<RoutingKey> = []
  /// How far the wall clock is ahead of the monotonic one, in nanoseconds.
  var wallClockOffset: UInt64 = 0

  /// An engine without routers.
  public init(in world: consuming World) { self.world = world }

  /// When to call ``advance(to:)`` next; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? {
    .earlier(deadlines.first?.deadline, startsAt)
  }

  /// The time of day, nanoseconds since 1970, at `now`. `auth_hmac` needs to be told before anything of a turn when
  /// ``needsWallClock`` says so; nothing else asks.
  public mutating func setWallClock(_ utcNanoseconds: UInt64, now: MonotonicInstant) {
    wallClockOffset = utcNanoseconds &- now.nanoseconds
  }

  /// Whether a router signs or verifies with the time of day.
  public internal(set) var needsWallClock = false

  /// Whether no router takes part any more, so that the process may end.
  public var isStopped: Bool {
    records.indices.allSatisfy { (records[$0]?.machine.role ?? .initialize) == .initialize }
  }

  /// The routers in use, in the order of their handles.
  public var handles: [RouterHandle] {
    records.indices.filter { records[$0] != nil }.map(RouterHandle.init(rawValue:))
  }

  /// What the engine keeps about `router`; `nil` for a handle not in use.
  public subscript(router: RouterHandle) -> RouterRecord? {
    records.indices.contains(router.rawValue) ? records[router.rawValue] : nil
  }

  private func isInUse(_ router: RouterHandle) -> Bool {
    records.indices.contains(router.rawValue) && records[router.rawValue] != nil
  }

  /// The election of `router`, without a copy of all else that is kept about it; `nil` for a handle not in use.
  public func machine(of router: RouterHandle) -> VirtualRouter? {
    records.indices.contains(router.rawValue) ? records[router.rawValue]?.machine : nil
  }

  /// `advert_rcvd` of `router`; `nil` for a handle not in use.
  public func receivedCount(of router: RouterHandle) -> UInt64? {
    records.indices.contains(router.rawValue) ? records[router.rawValue]?.counters.received : nil
  }

  /// The name of `router`; `nil` for a handle not in use.
  public func name(of router: RouterHandle) -> String? {
    records.indices.contains(router.rawValue) ? records[router.rawValue]?.definition.name : nil
  }

  /// The role of `router`; `nil` for a handle not in use.
  public func role(of router: RouterHandle) -> VirtualRouter.Role? {
    records.indices.contains(router.rawValue) ? records[router.rawValue]?.machine.role : nil
  }

  /// The effective priority of `router`; `nil` for a handle not in use.
  public func priority(of router: RouterHandle) -> UInt8? {
    records.indices.contains(router.rawValue) ? records[router.rawValue]?.machine.priority : nil
  }

  /// The sync groups and the roles they were last told to have.
  public var groupRoles: [(definition: SyncGroupDefinition, role: VirtualRouter.Role)] {
    groups.map { ($0.definition, $0.role) }
  }

  /// The name of the sync group of `router`; `nil` when it has none.
  public func groupName(of router: RouterHandle) -> String? {
    guard isInUse(router), let group = records[router.rawValue]?.group else { return nil }
    return groups[group].definition.name
  }

  /// Sets all counters to zero (SIGRTMAX-1).
  public mutating func clearStatistics() {
    for place in records.indices { records[place]?.clearStatistics() }
  }

  /// Lets every timer that is due by `now` fire. Hand over what was received first.
  public mutating func advance(to now: MonotonicInstant) {
    if let start = startsAt, start <= now { startHeld(now: now) }
    // Each machine moves its deadline beyond `now`; the bound only keeps a defect from becoming a hang.
    var budget = 4 * records.count
    while let next = deadlines.first, next.deadline <= now, budget > 0 {
      handle(.deadlineReached, of: next.owner, now: now)
      budget -= 1
    }
  }

  /// Ends every router's part: active ones say good-bye. Ask ``isStopped`` and go on with ``advance(to:)`` until it is.
  public mutating func stop(now: MonotonicInstant) {
    // Members leave one by one; that is no reason for the others to give way first.
    startsAt = nil
    for place in records.indices {
      records[place]?.group = nil
      records[place]?.isHeld = false
    }
    isStopping = true
    for place in records.indices where records[place] != nil { handle(.shutdown, of: place, now: now) }
  }

  /// The host slept: every router gives way or listens anew.
  public mutating func clockJumped(now: MonotonicInstant) {
    for place in records.indices where records[place] != nil { handle(.clockJumped, of: place, now: now) }
  }

  /// Somebody took an address, route or rule of `router` away, and it is to give way for that.
  public mutating func stepDown(_ router: RouterHandle, now: MonotonicInstant) {
    guard isInUse(router) else { return }
    handle(.groupYields(canServe: false), of: router.rawValue, now: now)
  }

  /// An ARP or neighbour advertisement of another hardware address claims `address`, which `router` owns: it is
  /// counted, told now and then, and contradicted, in bounded bursts.
  public mutating func claimed(
    _ address: IPAddress, of router: RouterHandle, by rival: MACAddress, now: MonotonicInstant
  ) {
    guard role(of: router) == .active else { return }
    if records[router.rawValue]?.countsConflict(with: rival, now: now) == true {
      world.report(.addressConflict(router, address, by: rival))
    }
    handle(.contested, of: router.rawValue, now: now)
  }

  /// Somebody else claims an address of `router`, or its neighbours may have forgotten it.
  public mutating func contested(_ router: RouterHandle, now: MonotonicInstant) {
    guard isInUse(router) else { return }
    handle(.contested, of: router.rawValue, now: now)
  }
}

/// In a world that is a value the engine is one too: a simulator keeps copies to go back to.
extension VRRPEngine: Copyable where World: Copyable {}

extension VRRPEngine: Sendable where World: Sendable & ~Copyable {}

// MARK: - Driving a machine

extension VRRPEngine where World: ~Copyable {
  mutating func handle(_ event: VirtualRouter.Event, of place: Int, now: MonotonicInstant) {
    guard let aftermath = records[place]?.handle(event, now: now, effects: &effects) else { return }
    carryOut(aftermath, of: place, now: now)
  }

  mutating func reconfigure(_ configuration: VirtualRouter.Configuration, of place: Int, now: MonotonicInstant) {
    guard let aftermath = records[place]?.reconfigure(configuration, now: now, effects: &effects) else { return }
    carryOut(aftermath, of: place, now: now)
  }

  private mutating func carryOut(_ aftermath: RouterRecord.Aftermath, of place: Int, now: MonotonicInstant) {
    for index in 0..<effects.count { carryOut(effects[index], of: place, now: now) }
    deadlines.set(aftermath.nextDeadline, of: place)
    if let group = aftermath.unsettledGroup { settle(group, now: now) }
    if aftermath.isRemoved, records[place]?.machine.role == .initialize { forget(place) }
  }

  private mutating func carryOut(_ effect: VirtualRouter.Effect, of place: Int, now: MonotonicInstant) {
    let router = RouterHandle(rawValue: place)
    switch effect {
    case .sendAdvertisement(let priority): advertise(priority, of: place, now: now)
    case .acquireAddresses: world.setOwnership(of: router, true)
    case .releaseAddresses: world.setOwnership(of: router, false)
    case .announceAddresses(let repeats): world.announce(router, repeats: repeats)
    case .announceElsewhere: world.announceElsewhere(router)
    case .report(let transition): report(transition, of: place, now: now)
    case .reportContest(let source, let priority):
      guard records[place]?.mayTellContest(now: now) == true else { return }
      world.report(.contest(router, source: source, priority: priority))
    }
  }

  private mutating func report(_ transition: VirtualRouter.Transition, of place: Int, now: MonotonicInstant) {
    guard let priority = records[place]?.machine.priority else { return }
    records[place]?.lastTransitionAt = now
    records[place]?.toldRejections = 0
    if transition.to == .active { records[place]?.becameActiveCount += 1 }
    if transition.from == .active { records[place]?.releasedActiveCount += 1 }
    world.report(.transition(RouterHandle(rawValue: place), transition, priority: priority))
    // Members that stop belong to no group any more; the group is told of when the last has left.
    guard isStopping, transition.to == .initialize, let name = records[place]?.definition.name else { return }
    guard let group = groupPlace(of: name) else { return }
    let members = Set(groups[group].definition.members)
    let isWhole = records.indices.allSatisfy { place in
      guard let role = records[place]?.machine.role, let name = records[place]?.definition.name else { return true }
      return role == .initialize || !members.contains(name)
    }
    if isWhole { tellRole(of: group) }
  }
}
