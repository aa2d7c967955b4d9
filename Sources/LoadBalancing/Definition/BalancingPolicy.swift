/// The `global_defs` that concern every virtual server.
public struct BalancingPolicy: Hashable, Sendable, BitwiseCopyable {
  /// `rs_init_notifies`: servers alive at the start are told to notify_up and the FIFO.
  public var notifiesInitialServers: Bool
  /// `no_checker_emails`: a check's result is mailed only when it changed the server's state.
  public var mailsOnlyServerChanges: Bool

  /// keepalived's defaults.
  public init(notifiesInitialServers: Bool = false, mailsOnlyServerChanges: Bool = false) {
    self.notifiesInitialServers = notifiesInitialServers
    self.mailsOnlyServerChanges = mailsOnlyServerChanges
  }
}
