/// The `auth_hmac` block of one virtual router.
public struct HMACPolicy: Hashable, Sendable {
  /// The keys, each id once; any of them verifies.
  public var keys: [Key]
  /// The id of the key that signs; one of ``keys``.
  public var activeKeyID: UInt8
  /// What is signed and what is demanded.
  public var mode: Mode
  /// How replays are told from news.
  public var replayProtection: ReplayProtection

  /// One shared secret.
  public struct Key: Hashable, Sendable {
    /// 1…255.
    public let id: UInt8
    /// 32…64 bytes.
    public let bytes: [UInt8]

    /// `nil` for id 0 or a key shorter than 32 or longer than 64 bytes.
    public init?(id: UInt8, bytes: [UInt8]) {
      guard id != 0, (32...64).contains(bytes.count) else { return nil }
      self.id = id
      self.bytes = bytes
    }
  }

  /// `mode`, for a roll-out in the order receive-only everywhere, permissive everywhere, enforce everywhere.
  public enum Mode: Hashable, Sendable, BitwiseCopyable {
    /// Signs, and demands a valid trailer.
    case enforce
    /// Signs, and takes advertisements without a trailer; one that is there must be valid.
    case permissive
    /// Does not sign; a trailer that is there must be valid.
    case receiveOnly
  }

  /// `anti_replay`.
  public enum ReplayProtection: Hashable, Sendable, BitwiseCopyable {
    /// `time`: the sender's clock may differ from ours by at most `windowSeconds`, 1…300, and each advertisement must
    /// be newer than the last of that sender.
    case time(windowSeconds: UInt16)
    /// `monotonic`: only newer than the last; for routers without a common clock.
    case monotonic
  }

  /// A policy.
  ///
  /// - Precondition: The ids of `keys` differ, `activeKeyID` is one of them, and a window is 1…300 s.
  public init(
    keys: [Key], activeKeyID: UInt8, mode: Mode = .enforce, replayProtection: ReplayProtection
  ) {
    precondition(keys.contains { $0.id == activeKeyID }, "the active key is one of the keys")
    precondition(Set(keys.map { $0.id }).count == keys.count, "each key id once")
    if case .time(let windowSeconds) = replayProtection {
      precondition((1...300).contains(windowSeconds), "time_window is 1…300 seconds")
    }
    self.keys = keys
    self.activeKeyID = activeKeyID
    self.mode = mode
    self.replayProtection = replayProtection
  }

  /// The default `time_window`: three intervals, at least 5 s, at most 300 s.
  public static func defaultWindowSeconds(for interval: AdvertisementInterval) -> UInt16 {
    let seconds = (3 * UInt32(interval.centiseconds) + 99) / 100
    return UInt16(min(300, max(5, seconds)))
  }

  /// What the gate is to do about a trailer.
  public var trailerRule: AdvertisementGate.TrailerRule {
    switch mode {
    case .enforce: .required
    case .permissive, .receiveOnly: .optional
    }
  }
}
