/// When gratuitous ARP and unsolicited neighbour advertisements are sent (`garp_*`).
public struct AnnouncementPolicy: Hashable, Sendable, BitwiseCopyable {
  /// `garp_master_repeat`: frames per address when becoming active; 0 sends none.
  public var repeats: UInt8
  /// `garp_master_delay` in nanoseconds: when the burst is repeated once; 0 for no second burst.
  public var secondBurstDelayNanoseconds: UInt64
  /// `garp_master_refresh` in nanoseconds: how often to announce while active; 0 for never.
  public var refreshNanoseconds: UInt64
  /// `garp_master_refresh_repeat`: frames per address each time.
  public var refreshRepeats: UInt8

  /// keepalived's defaults: five frames, five more after five seconds, no refresh.
  public init(
    repeats: UInt8 = 5, secondBurstDelayNanoseconds: UInt64 = 5_000_000_000, refreshNanoseconds: UInt64 = 0,
    refreshRepeats: UInt8 = 1
  ) {
    self.repeats = repeats
    self.secondBurstDelayNanoseconds = secondBurstDelayNanoseconds
    self.refreshNanoseconds = refreshNanoseconds
    self.refreshRepeats = refreshRepeats
  }
}
