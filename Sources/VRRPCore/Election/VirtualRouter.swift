public import NetPrimitives

/// One virtual router on one interface, as a value.
///
/// The machine of RFC 9568 §6.4 with the clock, the wire and the kernel taken out: feed it events and the time, carry
/// out the effects it asks for in order, and wake it at ``nextDeadline``. It performs no I/O, allocates nothing and
/// copies like an integer, so a simulator can snapshot thousands of them.
///
/// The contract with the shell:
/// - time never goes backwards from call to call;
/// - a call with ``Event/deadlineReached`` before the deadline changes nothing, so waking early or twice is harmless;
/// - whatever has arrived is handed over as ``Event/received(_:)`` before the deadline is, so that a late shell does
///   not declare a router dead whose adverts it has not read yet;
/// - only verified advertisements of other routers arrive: a packet that failed a check moves no timer.
public struct VirtualRouter: Sendable, Hashable, BitwiseCopyable {
  /// What was configured. Changed by ``reconfigure(_:now:effects:)`` alone.
  public internal(set) var configuration: Configuration
  /// Where the machine is. One line of the package assigns it.
  public private(set) var state: State
  /// The priority adverts carry, 1…255: the configured one plus the weights of what is tracked.
  public internal(set) var priority: UInt8
  /// Whether another router of this VRID was ever heard: it decides how long a leaving router waits for a successor.
  public internal(set) var hasHeardPeer: Bool
  /// The last interval claimed beyond what one advert may make us believe.
  var claim: IntervalClaim

  /// A router that has not been started.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    state = .initialize
    priority = configuration.priority
    hasHeardPeer = false
    claim = IntervalClaim()
  }

  /// Advances the machine. `effects` is cleared first, then filled in the order in which they must be carried out.
  public mutating func handle(_ event: Event, now: MonotonicInstant, effects: inout EffectBuffer) {
    effects.removeAll()
    take(next(after: event, from: fenced(now: now, effects: &effects), now: now, effects: &effects))
  }

  /// Replaces the configuration without leaving the present state: a reload that changes an interval or a priority
  /// costs no advert and no transition. VRID, version and family must be as before; they make another virtual router.
  public mutating func reconfigure(
    _ wanted: Configuration, now: MonotonicInstant, effects: inout EffectBuffer
  ) {
    precondition(
      wanted.id == configuration.id && wanted.version == configuration.version
        && wanted.primaryAddress.family == configuration.primaryAddress.family)
    effects.removeAll()
    take(reconfigured(wanted, now: now, effects: &effects))
  }

  private mutating func take(_ next: State) { state = next }

  /// When to call ``handle(_:now:effects:)`` with ``Event/deadlineReached``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? {
    switch state {
    case .initialize, .fault: nil
    case .backup(let backup): deadline(of: backup)
    case .active(let active): active.nextDeadline
    case .leaving(let leaving): leaving.releaseAt
    }
  }

  /// The role as others see it. A leaving router still serves the addresses, so it counts as active.
  public var role: Role {
    switch state {
    case .initialize: .initialize
    case .fault: .fault
    case .backup: .backup
    case .active, .leaving: .active
    }
  }

  /// Whether only the rest of the sync group keeps the router from being active.
  public var isReadyForGroup: Bool {
    if case .backup(let backup) = state, case .group = backup.wait { true } else { false }
  }

  /// Whether the router has said good-bye and serves on until its successor speaks.
  public var isLeaving: Bool {
    if case .leaving = state { true } else { false }
  }

  /// Active_Adver_Interval (RFC 9568 §6.1) as believed; our own interval while active or stopped.
  public var activeInterval: AdvertisementInterval {
    switch state {
    case .backup(let backup): backup.activeInterval
    case .initialize, .fault, .active, .leaving: configuration.interval
    }
  }
}
