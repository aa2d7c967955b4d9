public import NetPrimitives

extension VirtualRouter {
  /// The states of RFC 9568 §6.4, and two of our own: a fault, and the moment of leaving.
  public enum State: Sendable, Hashable, BitwiseCopyable {
    /// Not started, or stopped. Can become: backup, active, fault.
    case initialize
    /// Started but not eligible: an interface or something tracked is down. Can become: initialize, backup, active.
    case fault
    /// Can become: initialize, fault, active.
    case backup(Backup)
    /// Can become: initialize, fault, backup, leaving.
    case active(Active)
    /// Priority 0 is sent, the addresses are still served until the successor speaks. Can become: initialize, fault,
    /// backup.
    case leaving(Leaving)
  }

  /// Waiting for the active router to fall silent.
  public struct Backup: Sendable, Hashable, BitwiseCopyable {
    /// What is waited for.
    public enum Wait: Sendable, Hashable, BitwiseCopyable {
      /// Active_Down_Interval after ``Backup/armedAt``.
      case activeDown
      /// Skew_Time after ``Backup/armedAt``: the active router said good-bye.
      case skew
      /// One interval and the smallest skew: `state MASTER`.
      case eagerStart
      /// The timer ran out; the other members of the sync group are waited for, without a deadline.
      case group(Transition.Cause)
    }
    /// When the timer was last armed: the arrival of the last advert that counted. The deadline follows from it, so a
    /// changed priority or interval moves a running timer without further ado.
    public var armedAt: MonotonicInstant
    /// What the timer stands for.
    public var wait: Wait
    /// Active_Adver_Interval.
    public var activeInterval: AdvertisementInterval
    /// When `preempt_delay` is over; `nil` while it does not run.
    public var preemptAt: MonotonicInstant?
    /// Whether the timer was armed anew after a gap in our own time; a second gap does not postpone again.
    public var isRelisten: Bool
    /// The best router heard since the timer was first armed; `nil` while none was.
    public var speaker: Speaker?
  }

  /// A router that advertises: how good it is, and when it will be heard again.
  public struct Speaker: Sendable, Hashable, BitwiseCopyable {
    /// The priority it advertised last, 1…255.
    public var priority: UInt8
    /// Its primary address.
    public var source: IPAddress
    /// When its next advert is due; not after the last one while it claims more than we believe.
    public var nextAt: MonotonicInstant

    /// Whether this is another router than `other`, and a better one (RFC 9568 §6.4.3).
    func outranks(_ other: Self) -> Bool {
      source != other.source && (priority, source) > (other.priority, other.source)
    }
  }

  /// Serving the addresses.
  public struct Active: Sendable, Hashable, BitwiseCopyable {
    /// Adver_Timer. Each next one counts from here and not from the moment we woke, so the cadence does not drift.
    public var advertiseAt: MonotonicInstant
    /// The second burst of announcements, once.
    public var secondBurstAt: MonotonicInstant?
    /// The next refresh of announcements.
    public var refreshAt: MonotonicInstant?
    /// The next announcement of addresses on other interfaces.
    public var extraAt: MonotonicInstant?
    /// The second announcement after a contest.
    public var contestEchoAt: MonotonicInstant?
    /// An announcement owed to a contest, held back until the last one is old enough.
    public var contestBurstAt: MonotonicInstant?
    /// Before this no contest is announced again: floods of adverts must not become floods of ARP.
    public var contestQuietUntil: MonotonicInstant
    /// When an advert was last answered; `nil` for never.
    public var answeredAt: MonotonicInstant?

    var nextDeadline: MonotonicInstant {
      var next = advertiseAt
      if let at = secondBurstAt { next = min(next, at) }
      if let at = refreshAt { next = min(next, at) }
      if let at = extraAt { next = min(next, at) }
      if let at = contestEchoAt { next = min(next, at) }
      if let at = contestBurstAt { next = min(next, at) }
      return next
    }
  }

  /// Serving on until the successor is heard.
  public struct Leaving: Sendable, Hashable, BitwiseCopyable {
    /// What the router is when it has left.
    public enum Destination: Sendable, Hashable, BitwiseCopyable { case initialize, fault, backup }
    /// What it will be.
    public var to: Destination
    /// Why it leaves.
    public var cause: Transition.Cause
    /// When the addresses are withdrawn at the latest.
    public var releaseAt: MonotonicInstant
  }

  /// What notify scripts, logs and dumps tell of a state.
  public enum Role: Sendable, Hashable, BitwiseCopyable, CaseIterable {
    case initialize, backup, active, fault
  }
}
