/// What is known of something tracked.
public enum TrackedVerdict: Hashable, Sendable, BitwiseCopyable {
  /// Nothing yet: its first result is still to come.
  case undecided
  case up
  case down
}

/// What a tracked object means for who tracks it with a weight.
public enum TrackedContribution: Hashable, Sendable, BitwiseCopyable {
  /// Without weight the object must be up: otherwise the router is at fault.
  case requirement(isMet: Bool)
  /// What it adds to the priority.
  case weight(Int16)

  /// A positive weight is added while the object is up, a negative one while it is down.
  ///
  /// `isReversed` turns the sign round and not the condition, as keepalived does: `weight 7 reverse` takes seven away
  /// while the object is up, `weight -5 reverse` adds five while it is down. Without weight it demands that the object
  /// be down.
  public init(isUp: Bool, weight: Int16, isReversed: Bool) {
    guard weight != 0 else {
      self = .requirement(isMet: isUp != isReversed)
      return
    }
    let counts = isUp == (weight > 0)
    self = .weight(counts ? (isReversed ? -weight : weight) : 0)
  }

  /// The same for an object that may not have been looked at yet: whoever depends on it waits for its first result,
  /// whoever only weighs it does not.
  public init(_ verdict: TrackedVerdict, weight: Int16, isReversed: Bool) {
    switch verdict {
    case .undecided: self = weight == 0 ? .requirement(isMet: false) : .weight(0)
    case .up: self.init(isUp: true, weight: weight, isReversed: isReversed)
    case .down: self.init(isUp: false, weight: weight, isReversed: isReversed)
    }
  }

  /// What `value` in a tracked file means: `value × weight` is added to the priority, at most 253, and -254 or less is
  /// a fault. Without weight every value but 0 is a fault; reversed, 0 is. `isReversed` turns the sign round.
  public init(fileValue value: Int64, weight: Int16, isReversed: Bool) {
    guard weight != 0 else {
      self = .requirement(isMet: (value == 0) != isReversed)
      return
    }
    let factor = isReversed ? -Int64(weight) : Int64(weight)
    let (product, overflow) = value.multipliedReportingOverflow(by: factor)
    let sum = overflow ? ((value < 0) == (factor < 0) ? Int64.max : Int64.min) : product
    self = sum <= -254 ? .requirement(isMet: false) : .weight(Int16(min(sum, 253)))
  }
}
