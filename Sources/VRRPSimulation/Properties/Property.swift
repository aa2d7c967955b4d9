import NetPrimitives

/// What must hold in every simulation, whatever fails. Where the protocol itself needs time, the bound is the
/// protocol's own, counted from the last disturbance: a fault, its end, or a frame lost or held up.
public enum Property: String, Hashable, Sendable, CaseIterable, BitwiseCopyable {
  /// A router that hears a better active one stays active for longer than one advertisement interval.
  case twoActive = "two-active"
  /// A backup that hears nobody stays backup beyond its Active_Down_Interval.
  case noneActive = "none-active"
  /// A backup that hears only worse routers and may preempt them stays backup beyond its time.
  case wrongActive = "wrong-active"
  /// The active router changed though nothing happened.
  case needlessSwitch = "needless-switch"
  /// A backup took over though adverts that it has to respect reached it within Active_Down_Interval, or before its
  /// skew after a good-bye was over. Covers `nopreempt` and `preempt_delay`, under which adverts of lower priority
  /// count.
  case earlyTakeover = "early-takeover"
  /// An active router that had the processor let more than an interval pass without an advert, or did not begin with
  /// one.
  case silentActive = "silent-active"
  /// A neighbour that could hear the only owner still believes in another, or its switch does.
  case staleCache = "stale-cache"
  /// A packet that had to be discarded changed the state, the priority or a timer.
  case discardedPacketCounted = "discarded-packet-counted"
  /// A router reckons with an interval beyond what one sender may make it believe.
  case intervalOutOfBounds = "interval-out-of-bounds"
  /// A router is active without its addresses, or has them without being active.
  case addressesDisagree = "addresses-disagree"
  /// A router advertises, or contends with, another priority than its configuration and what it tracks add up to.
  case wrongPriority = "wrong-priority"
  /// An active router gave up without the good-bye that lets its successor hurry (RFC 9568 §6.4.3).
  case missingFarewell = "missing-farewell"
  /// A router that is not active advertises, though it is not giving way this moment (RFC 9568 §6.4.2).
  case backupSpeaks = "backup-speaks"
  /// A router takes part though something it cannot do without is down, or stays away though all of it is up.
  case wrongEligibility = "wrong-eligibility"
  /// Some members of a sync group are active on a node and others are not.
  case splitGroup = "split-group"
}

/// A property that did not hold.
public struct Violation: Hashable, Sendable {
  public var property: Property
  /// True time in nanoseconds.
  public var time: UInt64
  /// The virtual router concerned: an index into ``Simulation/groups``.
  public var group: Int
  /// The node concerned: an index into ``Simulation/nodes``.
  public var node: Int
  /// What was wrong, in numbers: the time it lasted and the time it may, in nanoseconds, where it is a matter of time.
  public var lasted: UInt64
  public var allowed: UInt64
}

/// What the truth about everything tracked comes to for one router.
struct Expectation: Hashable, Sendable, BitwiseCopyable {
  /// ``SimulatedNode/factCount`` when it was reckoned.
  var factCount: UInt64
  var priority: UInt8
  /// `nil` when nothing can be said: what cannot be authenticated stays out, whatever else is well.
  var isEligible: Bool?
}

/// What the properties need to remember about one router of one node.
struct RouterTrace: Hashable, Sendable, BitwiseCopyable {
  /// When the last advert arrived that forbids taking over, on the node's clock.
  var respectedAt: MonotonicInstant?
  /// Active_Adver_Interval as of then, in nanoseconds.
  var respectedInterval: UInt64 = 0
  /// When the first good-bye since the last advert that counts arrived, on the node's clock.
  var farewellAt: MonotonicInstant?
  /// Active_Adver_Interval as of then, in nanoseconds.
  var farewellInterval: UInt64 = 0
  /// True time of the last own advert but good-byes.
  var sentAt: UInt64?
  /// True time of the last own advert of the present activity, or of its beginning.
  var advertisedAt: UInt64?
  /// The interval in force then, in nanoseconds.
  var advertisedInterval: UInt64 = 0
  /// Whether the present activity was ended with a good-bye.
  var saidFarewell = false
  /// Who said last how slowly it advertises, how often in a row, beyond what is believed at once.
  var claimant = IPAddress.v4(.any)
  var claimed: UInt16 = 0
  var claimCount = 0
  /// The last of these that was said three times, in nanoseconds, and until when it holds, on the node's clock.
  var confirmed: UInt64 = 0
  var confirmedUntil: MonotonicInstant?
  /// What was true at ``SimulatedNode/factCount``; until that moves it is true.
  var expectation: Expectation?
  /// A violation already told, until things are well again: bit n for property n.
  var told: UInt16 = 0
}
