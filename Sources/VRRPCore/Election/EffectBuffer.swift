/// The effects of one event, held inline.
///
/// No event causes more than ``capacity`` effects; more is a defect of this module, not of the caller, so it traps.
public struct EffectBuffer: Sendable {
  /// The most effects one event can cause.
  public static let capacity = 8

  @usableFromInline var storage: InlineArray<8, VirtualRouter.Effect>
  /// How many effects there are.
  public private(set) var count: Int

  /// An empty buffer, to be kept and handed in again and again.
  public init() {
    storage = InlineArray(repeating: .releaseAddresses)
    count = 0
  }

  /// The effect at `index`, in the order of execution. Traps beyond ``count``.
  @inlinable
  public subscript(index: Int) -> VirtualRouter.Effect {
    precondition(index < count)
    return storage[index]
  }

  mutating func removeAll() { count = 0 }

  mutating func append(_ effect: VirtualRouter.Effect) {
    precondition(count < Self.capacity, "an event caused more effects than any transition may")
    storage[count] = effect
    count += 1
  }
}
