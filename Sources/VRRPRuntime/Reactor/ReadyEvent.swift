/// Names one watched descriptor. A token outlives neither its removal nor the reuse of its descriptor's number.
public struct ReactorToken: Hashable, Sendable, BitwiseCopyable {
  /// Where the reactor keeps the descriptor.
  public let slot: UInt32
  /// Which of the slot's users is meant.
  public let generation: UInt32

  /// For reactors: the `generation`-th user of `slot`.
  public init(slot: UInt32, generation: UInt32) {
    self.slot = slot
    self.generation = generation
  }
}

/// What to wait for. Errors and hang-ups are always reported.
public struct Interest: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// There is something to read, or the end of the stream.
  public static let readable = Interest(rawValue: 1)
  /// There is room to write, or a connection is made.
  public static let writable = Interest(rawValue: 2)
  /// Exceptional data: what inotify-like files of /proc and /sys announce.
  public static let priority = Interest(rawValue: 4)
}

/// What a descriptor is ready for.
public struct Readiness: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Reading does not block.
  public static let readable = Readiness(rawValue: 1)
  /// Writing does not block.
  public static let writable = Readiness(rawValue: 2)
  /// Exceptional data.
  public static let priority = Readiness(rawValue: 4)
  /// The other side closed.
  public static let hangUp = Readiness(rawValue: 8)
  /// An error waits to be read: the next call on the descriptor reports it.
  public static let error = Readiness(rawValue: 16)
}

/// One descriptor that is ready.
public struct ReadyEvent: Hashable, Sendable, BitwiseCopyable {
  /// The number the caller gave when it added the descriptor.
  public var key: UInt32
  /// The descriptor's token, for changing or removing it.
  public var token: ReactorToken
  /// What it is ready for.
  public var readiness: Readiness

  /// An event as a reactor reports it.
  public init(key: UInt32, token: ReactorToken, readiness: Readiness) {
    self.key = key
    self.token = token
    self.readiness = readiness
  }
}
