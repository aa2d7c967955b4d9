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

  /// Enters what tracked object `index` means now; a requirement adds nothing to the priority.
  ///
  /// - Returns: Whether the router may take part as far as this object is concerned.
  public mutating func enter(_ contribution: TrackedContribution, at index: Int) -> Bool {
    switch contribution {
    case .requirement(let isMet):
      contributions[index] = 0
      return isMet
    case .weight(let weight):
      contributions[index] = weight
      return true
    }
  }

  /// The sum before it is held within bounds: what keepalived calls the total priority.
  public var total: Int {
    var sum = Int(base)
    for contribution in contributions { sum += Int(contribution) }
    return sum
  }

  /// The sum, held within 1…254; an owner's 255 is never changed.
  public var effectivePriority: UInt8 { base == 255 ? 255 : UInt8(min(max(total, 1), 254)) }
}
