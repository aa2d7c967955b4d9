/// All or nothing: what the members of a `vrrp_sync_group` must do so that they are active together or not at all.
///
/// RFC 9568 knows virtual routers only one by one; a firewall with two sides must not be active on one of them. The
/// group has no state of its own: what it wants follows from what its members are.
public enum SyncGroup {
  /// What one member is.
  public struct Member: Hashable, Sendable, BitwiseCopyable {
    /// Its role.
    public var role: VirtualRouter.Role
    /// Whether it waits for the group alone.
    public var isReady: Bool
    /// Whether it gives way already and only waits for its successor.
    public var isLeaving: Bool

    /// A member as it is.
    public init(role: VirtualRouter.Role, isReady: Bool, isLeaving: Bool = false) {
      self.role = role
      self.isReady = isReady
      self.isLeaving = isLeaving
    }
  }

  /// What follows for the members.
  public enum Verdict: Hashable, Sendable, BitwiseCopyable {
    /// Nothing is to be done.
    case settled
    /// Every member that is ready becomes active.
    case activate
    /// Every member that is active gives way.
    case yield
  }

  /// Judges the group. Carrying out a verdict leads to ``Verdict/settled``.
  public static func verdict(on members: some Sequence<Member>) -> Verdict {
    var hasActive = false
    var hasReady = false
    var hasOther = false
    for member in members {
      // On its way out: the group is judged when it is gone.
      if member.isLeaving { return .settled }
      switch member.role {
      case .active: hasActive = true
      case .backup where member.isReady: hasReady = true
      case .backup, .fault: hasOther = true
      // Starting or stopping: the group is not whole, so it wants nothing.
      case .initialize: return .settled
      }
    }
    if hasOther { return hasActive ? .yield : .settled }
    return hasReady ? .activate : .settled
  }

  /// The role of the group as it is told: active when all are, at fault when one is, else the least any member has.
  public static func role(of members: some Sequence<Member>) -> VirtualRouter.Role {
    var role = VirtualRouter.Role.active
    for member in members {
      switch (member.role, role) {
      case (.fault, _): return .fault
      case (.initialize, _): role = .initialize
      case (.backup, .active): role = .backup
      case (.backup, _), (.active, _): break
      }
    }
    return role
  }
}
