/// The generator of every choice a simulation makes: SplitMix64 (Steele, Lea, Flood 2014), whose whole state is one
/// number.
///
/// It is not a `RandomNumberGenerator` on purpose: how the standard library turns such numbers into ranges may change
/// from release to release, and a seed must mean the same for ever.
public struct SplitMix64: Hashable, Sendable, BitwiseCopyable {
  private var state: UInt64

  /// The generator that `seed` names.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    return bits ^ (bits >> 31)
  }

  /// A number from 0 up to, not including, `bound`.
  ///
  /// - Precondition: `bound` is not 0.
  public mutating func below(_ bound: UInt64) -> UInt64 {
    precondition(bound != 0, "there is no number below zero")
    return next().multipliedFullWidth(by: bound).high
  }

  /// A number of `range`.
  public mutating func within(_ range: ClosedRange<UInt64>) -> UInt64 {
    let width = range.upperBound - range.lowerBound
    return width == .max ? next() : range.lowerBound + below(width + 1)
  }

  /// Whether something that happens `permille` times in a thousand happens now. Draws nothing for 0.
  public mutating func happens(permille: UInt16) -> Bool {
    permille > 0 && below(1000) < UInt64(permille)
  }

  /// One element of `choices`.
  ///
  /// - Precondition: There is one.
  public mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int(below(UInt64(choices.count)))]
  }
}
