/// A small generator, SplitMix64 (Steele, Lea, Flood 2014), whose whole state is one number. Not for keys.
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
}
