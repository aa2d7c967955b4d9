/// `garp_group`: interfaces that share the space between their announcements.
public struct AnnouncementGroupDefinition: Hashable, Sendable {
  /// Their names, each in one group only.
  public var interfaces: [String]
  /// `garp_interval` in nanoseconds; `nil` for that of all.
  public var announcementSpacingNanoseconds: UInt64?
  /// `gna_interval` in nanoseconds; `nil` for that of all.
  public var neighborSpacingNanoseconds: UInt64?

  /// A group without members.
  public init(interfaces: [String] = []) { self.interfaces = interfaces }
}
