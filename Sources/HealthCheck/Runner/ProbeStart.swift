public import NetPrimitives

/// Names one run of a probe; never used twice by a scheduler.
public struct ProbeID: Hashable, Sendable, BitwiseCopyable {
  /// Counts from 1.
  public let rawValue: UInt64

  /// The probe with this number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }
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
