public import NetPrimitives

extension VirtualRouter {
  /// What can happen to a virtual router.
  public enum Event: Sendable, Hashable, BitwiseCopyable {
    /// Take part; `isEligible` is false when an interface or something tracked is down already.
    case startup(isEligible: Bool)
    /// Take part as the active router, whose addresses a predecessor of this process left in place: a supervisor
    /// that restarts a crashed process costs no election.
    case resume
    /// Stop taking part. A second one while leaving withdraws at once.
    case shutdown
    /// ``VirtualRouter/nextDeadline`` has come.
    case deadlineReached
    /// A verified advertisement of another router.
    case received(Advertisement)
    /// An interface or something tracked without weight went down. `canServe` says whether the addresses can still be
    /// served until a successor speaks: not on an interface that is down. A second one may take that back.
    case eligibilityLost(canServe: Bool)
    /// All that makes us eligible is up again.
    case eligibilityGained
    /// The weights of what is tracked make another priority, 1…254. Owners ignore it.
    case priorityChanged(UInt8)
    /// Evidence that somebody else claims our addresses, or that switches may have forgotten us: an ARP or
    /// neighbour advertisement from another MAC, our link back, a bond that failed over.
    case contested
    /// The host slept: the boot-time clock moved on while the monotonic one stood still.
    case clockJumped
    /// Every member of the sync group is ready or active: become active too.
    case groupActivates
    /// Another member of the sync group gave way: give way too. Without `canServe` the addresses go at once: somebody
    /// took one of them away, and may have meant it.
    case groupYields(canServe: Bool)
    /// The interface's address changed, and with it the source of our adverts.
    case primaryAddressChanged(IPAddress)
  }

  /// What the election reads in an advert.
  public struct Advertisement: Sendable, Hashable, BitwiseCopyable {
    /// The sender's primary address.
    public var source: IPAddress
    /// 0…255; 0 is a good-bye.
    public var priority: UInt8
    /// The sender's interval. For version 2 it equals ours, or the advert was rejected (RFC 3768 §7.1).
    public var interval: AdvertisementInterval
    /// When the kernel received it; not after the `now` of the event. A late shell must not stretch the down timer.
    public var receivedAt: MonotonicInstant

    /// An advert as verified.
    public init(source: IPAddress, priority: UInt8, interval: AdvertisementInterval, receivedAt: MonotonicInstant) {
      self.source = source
      self.priority = priority
      self.interval = interval
      self.receivedAt = receivedAt
    }
  }

  /// What the shell must now do. Order matters: carry them out first to last.
  public enum Effect: Sendable, Hashable, BitwiseCopyable {
    /// Send one advert with this priority.
    case sendAdvertisement(priority: UInt8)
    /// Put every address on its interface.
    case acquireAddresses
    /// Take every address we put there away.
    case releaseAddresses
    /// Send this many gratuitous ARPs or unsolicited neighbour advertisements for every address.
    case announceAddresses(repeats: UInt8)
    /// Send one for every address that is not on the router's own interface.
    case announceElsewhere
    /// Tell the world.
    case report(Transition)
    /// An advert of lower rank arrived while we are active (`notify_master_rx_lower_pri`).
    case reportContest(source: IPAddress, priority: UInt8)
  }

  /// A change of role.
  public struct Transition: Sendable, Hashable, BitwiseCopyable {
    /// Why it came.
    public enum Cause: Sendable, Hashable, BitwiseCopyable {
      /// Started, or eligible again.
      case startup
      case shutdown
      /// Active_Down_Timer ran out.
      case activeDown
      /// The active router said good-bye with priority 0.
      case activeLeft
      /// An advert of higher rank.
      case outranked
      /// Something tracked failed.
      case ineligible
      /// Another member of the sync group gave way.
      case groupYielded
      /// We were not running for longer than our peers wait.
      case clockGap
    }
    public var from: Role
    public var to: Role
    public var cause: Cause
  }
}
