public import NetPrimitives

/// Names one run of a probe; never used twice by a scheduler.
public struct ProbeID: Hashable, Sendable, BitwiseCopyable {
  /// Any number that names no other probe under way.
  public let rawValue: UInt64

  /// The probe with this number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  // A scheduler finds the check in the name: no table must be kept and searched for each probe.

  private static let serialBits: UInt64 = 40

  /// The `serial`-th probe of a scheduler, of the check at `slot`. Serials repeat after 2⁴⁰.
  init(serial: UInt64, slot: Int) {
    rawValue = UInt64(slot) << Self.serialBits | serial & (1 << Self.serialBits - 1)
  }

  /// The slot of the check it is of, as long as a scheduler made the name.
  var slot: Int { Int(rawValue >> Self.serialBits) }
}

/// A probe to be made now.
public struct ProbeStart: Hashable, Sendable {
  /// Its name; the finding is handed back under it.
  public var id: ProbeID
  /// What to probe.
  public var definition: CheckDefinition
  /// Which step: the index of a URL, otherwise 0.
  public var step: UInt16
  /// When it must have ended.
  public var deadline: MonotonicInstant
  /// 64 random bits, for query ids and echo tokens.
  public var nonce: UInt64

  /// A probe.
  public init(
    id: ProbeID, definition: CheckDefinition, step: UInt16 = 0, deadline: MonotonicInstant, nonce: UInt64
  ) {
    self.id = id
    self.definition = definition
    self.step = step
    self.deadline = deadline
    self.nonce = nonce
  }
}
