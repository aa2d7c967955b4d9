public import NetPrimitives
public import VRRPCore

/// When a process raises its own real-time priority (`max_auto_priority`): one step each time it is woken so late that
/// it must have waited for a processor.
public struct PriorityLadder: Hashable, Sendable {
  /// The priority the process has, 1…99; 0 in the ordinary class.
  public private(set) var priority: UInt8
  private var definition = AutomaticPriorityDefinition()

  /// - Parameter priority: What the process has at first, 1…99; 0 in the ordinary class.
  public init(priority: UInt8 = 0) { self.priority = priority }

  /// Takes what the configuration says. What was gained stays.
  public mutating func follow(_ definition: AutomaticPriorityDefinition) { self.definition = definition }

  /// The process was to be woken at `deadline` and was at `now`: the priority to take, if another one.
  public mutating func woken(at now: MonotonicInstant, for deadline: MonotonicInstant?) -> UInt8? {
    guard let deadline, priority < definition.maximum,
      now.nanoseconds(since: deadline) >= UInt64(definition.delayMicroseconds) * 1000
    else { return nil }
    priority += 1
    return priority
  }
}
