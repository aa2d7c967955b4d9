public import VRRPCore

/// All that the VRRP process is told to do.
public struct VRRPConfiguration: Hashable, Sendable {
  /// What holds for the whole daemon.
  public var global = GlobalDefinition()
  /// The virtual routers.
  public var routers: [VirtualRouterDefinition] = []
  /// The sync groups.
  public var groups: [SyncGroupDefinition] = []
  /// What is there whatever the elections say.
  public var statics = StaticDefinitions()
  /// What the daemon is to be.
  public var daemon = DaemonDefinition()
  /// Where dumps go.
  public var dumps = DumpDefinition()
  /// What is tracked besides interfaces.
  public var tracking = TrackingBoard.Objects()

  /// Interfaces that are asked for their link.
  public var linkPolling = LinkPollingDefinition()

  /// Routers of which the check process is to hear.
  public var followedRouters: Set<String> = []

  /// Nothing to do.
  public init() {}
}

extension NotifyState {
  /// The state scripts are told of for a role; STOP for a router that takes no part.
  public init(_ role: VirtualRouter.Role) {
    self =
      switch role {
      case .active: .active
      case .backup: .backup
      case .fault: .fault
      case .initialize: .stop
      }
  }
}
