/// `max_auto_priority` and `min_auto_priority_delay`: a process that is woken too late raises its real-time priority.
public struct AutomaticPriorityDefinition: Hashable, Sendable, BitwiseCopyable {
  /// The highest priority it takes, 1…99; 0 for never.
  public var maximum: UInt8 = 0
  /// What is too late, in microseconds after a timer was due, 1…10,000,000.
  public var delayMicroseconds: UInt32 = 1_000_000

  /// Never.
  public init() {}
}
