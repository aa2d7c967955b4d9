import NetPrimitives
import VRRPCore

/// What happens for every advert. The record is used where it lies: to bind it to a name would copy it, and with it two
/// dozen arrays.
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
    let standing = (machine.role, machine.isReadyForGroup)
    machine.handle(event, now: now, effects: &effects)
    return aftermath(of: standing)
  }

  /// Hands another configuration to the machine.
  mutating func reconfigure(
    _ configuration: VirtualRouter.Configuration, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> Aftermath {
    let standing = (machine.role, machine.isReadyForGroup)
    machine.reconfigure(configuration, now: now, effects: &effects)
    encode()
    return aftermath(of: standing)
  }

  private func aftermath(of standing: (VirtualRouter.Role, Bool)) -> Aftermath {
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

  /// Counts the copies of one advert.
  mutating func countSent(_ priority: UInt8) {
    sentCount &+= UInt64(templates.count)
    if priority == 0 { priorityZeroSentCount &+= UInt64(templates.count) }
  }
}
