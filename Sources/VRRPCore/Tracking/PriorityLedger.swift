/// What each tracked object adds to a priority.
///
/// A ledger of contributions instead of a running priority: taking a contribution back is exact, whatever was clamped
/// in between.
public struct PriorityLedger: Sendable, Hashable {
  /// The configured priority, 1…255.
  public var base: UInt8
  private var contributions: [Int16]

  /// A ledger for `count` tracked objects, none of which contributes yet.
  public init(base: UInt8, count: Int) {
    self.base = base
    contributions = [Int16](repeating: 0, count: count)
  }

  /// Enters what tracked object `index` contributes now, -254…254.
  public mutating func set(_ contribution: Int16, at index: Int) { contributions[index] = contribution }

  /// The sum, held within 1…254; an owner's 255 is never changed.
  public var effectivePriority: UInt8 {
    guard base != 255 else { return 255 }
    var sum = Int(base)
    for contribution in contributions { sum += Int(contribution) }
    return UInt8(min(max(sum, 1), 254))
  }
}

/// What an object that is up or down means for who tracks it with a weight.
public enum TrackedContribution: Hashable, Sendable, BitwiseCopyable {
  /// Without weight the object must be up: otherwise the router is at fault.
  case requirement(isMet: Bool)
  /// What it adds to the priority.
  case weight(Int16)

  /// A positive weight counts while the object is up, a negative one while it is down; `isReversed` swaps the two.
  public init(isUp: Bool, weight: Int16, isReversed: Bool) {
    let isGood = isUp != isReversed
    switch weight {
    case 0: self = .requirement(isMet: isGood)
    case 1...: self = .weight(isGood ? weight : 0)
    default: self = .weight(isGood ? 0 : weight)
    }
  }
}
