/// A set of VRIDs, 0…255 (0 is no valid VRID but may be asked about).
public struct VirtualRouterIDSet: Hashable, Sendable, BitwiseCopyable, ExpressibleByArrayLiteral {
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// No VRID.
  public init() {}

  public init(arrayLiteral ids: UInt8...) {
    for id in ids { insert(id) }
  }

  /// VRIDs 1…255.
  public static var all: VirtualRouterIDSet {
    var set = VirtualRouterIDSet()
    for id in UInt8(1)...255 { set.insert(id) }
    return set
  }

  /// Adds `id`.
  public mutating func insert(_ id: UInt8) { change(id) { $0 |= $1 } }

  /// Removes `id`.
  public mutating func remove(_ id: UInt8) { change(id) { $0 &= ~$1 } }

  /// Whether `id` is in the set.
  public func contains(_ id: UInt8) -> Bool { word(Int(id >> 5)) >> UInt32(id & 31) & 1 == 1 }

  /// Whether no VRID is in the set.
  public var isEmpty: Bool { words == (0, 0, 0, 0) }

  /// 32 VRIDs from 32 · `index` on, `index` 0…7; the lowest bit is the lowest VRID.
  func word(_ index: Int) -> UInt32 {
    let pair =
      switch index >> 1 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return UInt32(truncatingIfNeeded: pair >> UInt64(32 * (index & 1)))
  }

  private mutating func change(_ id: UInt8, _ body: (inout UInt64, UInt64) -> Void) {
    let bit: UInt64 = 1 << UInt64(id & 63)
    switch id >> 6 {
    case 0: body(&words.0, bit)
    case 1: body(&words.1, bit)
    case 2: body(&words.2, bit)
    default: body(&words.3, bit)
    }
  }

  public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}
