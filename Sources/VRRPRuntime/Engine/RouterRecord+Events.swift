import NetPrimitives
import VRRPCore

/// What happens for every advert, and for every router at a reload. The record is used where it lies: to bind it to a
/// name would copy it, and with it two dozen arrays. Only what is mutating is sure to be called in place.
extension RouterRecord {
  /// What the engine has to see to after an event.
  struct Aftermath {
    /// The machine's.
    var nextDeadline: MonotonicInstant?
    /// The sync group, when the event changed what matters to it.
    var unsettledGroup: Int?
    /// Whether the router was taken out of the configuration.
    var isRemoved: Bool
  }

  /// Hands `event` to the machine.
  mutating func handle(
    _ event: VirtualRouter.Event, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> Aftermath {
    drive { $0.handle(event, now: now, effects: &effects) }
  }

  /// Hands another configuration to the machine.
  mutating func reconfigure(
    _ configuration: VirtualRouter.Configuration, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> Aftermath {
    defer { encode() }
    return drive { $0.reconfigure(configuration, now: now, effects: &effects) }
  }

  /// Mutating all the way down, or the whole record is copied for the sake of what is read after the event.
  private mutating func drive(_ body: (inout VirtualRouter) -> Void) -> Aftermath {
    let standing = (machine.role, machine.isReadyForGroup)
    body(&machine)
    let isUnsettled = standing != (machine.role, machine.isReadyForGroup)
    return Aftermath(
      nextDeadline: machine.nextDeadline, unsettledGroup: isUnsettled ? group : nil, isRemoved: isRemoved)
  }

  /// The verdict on a packet; what is refused moves nothing.
  mutating func admit(
    _ arrival: AdvertisementArrival, payload: borrowing RawSpan
  ) throws(AdvertisementRejection) -> VerifiedAdvertisement {
    try gate.admit(arrival, payload: payload)
  }

  /// Counts an advert that was admitted and follows its checksum.
  ///
  /// With `skip_check_adv_addr` a list that differs is one only the first time its sender says so.
  mutating func take(_ verified: VerifiedAdvertisement) -> VerifiedAdvertisement {
    var verified = verified
    if definition.policy.skipsAddressCheck == true {
      if comparedSource == verified.source { verified.addressListMatches = true }
      comparedSource = verified.source
    }
    counters.count(verified)
    adopt(verified.checksumKind)
    return verified
  }

  /// Whether a kind of rejection was not told since the last change of role.
  mutating func tellsFirst(_ bit: UInt64) -> Bool {
    defer { toldRejections |= bit }
    return toldRejections & bit == 0
  }

  /// Sends an advert to every destination, unless it needs a signature first: then it returns false.
  mutating func advertise<World: VRRPWorld & ~Copyable>(
    _ priority: UInt8, as router: RouterHandle, in world: inout World
  ) -> Bool {
    guard security.signer == nil, security.header == nil else { return false }
    for index in templates.indices {
      templates[index].priority = priority
      world.send(templates[index], behind: nil, of: router)
    }
    countSent(priority)
    return true
  }

  /// What packets are known by while the router is in the configuration.
  mutating func configuredIdentity() -> VirtualRouterDefinition.Identity? { isRemoved ? nil : definition.identity }

  /// Whether a reload that wants it to be `wanted`, in `group`, changes nothing.
  mutating func stays(_ wanted: VirtualRouterDefinition, in group: Int?) -> Bool {
    self.group == group && definition == wanted
  }

  /// Whether it signs or verifies with the time of day.
  mutating func needsWallClock() -> Bool { security.policy != nil }

  /// Counts a claim of `rival` to an address of ours; whether it is to be told, which it is once a second at most.
  mutating func countsConflict(with rival: MACAddress, now: MonotonicInstant) -> Bool {
    addressConflictCount &+= 1
    lastRival = rival
    if let last = conflictToldAt, now.nanoseconds(since: last) < 1_000_000_000 { return false }
    conflictToldAt = now
    return true
  }

  /// Counts the copies of one advert.
  mutating func countSent(_ priority: UInt8) {
    sentCount &+= UInt64(templates.count)
    if priority == 0 { priorityZeroSentCount &+= UInt64(templates.count) }
  }
}
