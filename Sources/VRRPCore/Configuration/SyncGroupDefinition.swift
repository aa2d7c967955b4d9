/// `vrrp_sync_group`: virtual routers that are active together or not at all.
public struct SyncGroupDefinition: Hashable, Sendable {
  public var name: String
  /// `group`: names of instances that exist, each in one group only, at least one.
  public var members: [String]
  /// `track_interface`.
  public var trackedInterfaces: [VirtualRouterDefinition.TrackedInterface] = []
  /// `track_script`, `track_file`, `track_process`, `track_bfd`.
  public var tracking = TrackingDefinition()
  /// `sync_group_tracking_weight`: weights of what members track count.
  public var usesTrackingWeights = false
  /// `notify*`, `smtp_alert`.
  public var notify = NotifyDefinition()

  /// A group that only holds its members together.
  public init(name: String, members: [String]) {
    self.name = name
    self.members = members
  }
}
