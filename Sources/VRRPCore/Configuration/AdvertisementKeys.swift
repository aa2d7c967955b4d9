/// `auth_hmac`: the keys and rules of keepalived's HMAC trailer.
public struct AdvertisementKeys: Hashable, Sendable {
  /// By ID, 1…255.
  public var keys: [UInt8: Secret] = [:]
  /// `active_key`: the one to sign with.
  public var activeKey: UInt8
  /// `time_window` in seconds, 1…300; `nil` for three intervals, at least five seconds.
  public var timeWindowSeconds: UInt16?
  /// `anti_replay monotonic`: compare with the last advert only, not with the clock.
  public var comparesOrderOnly = false
  public var mode: Mode = .enforce

  /// Where a key comes from.
  public enum Secret: Hashable, Sendable {
    /// 32…64 bytes.
    case bytes([UInt8])
    /// `file:PATH`: a file that holds text or `hex:` digits.
    case file(String)
  }

  /// `mode`.
  public enum Mode: Hashable, Sendable, BitwiseCopyable {
    /// Sign, and demand a trailer.
    case enforce
    /// Sign, and accept adverts without.
    case permissive
    /// Verify what is there, sign nothing.
    case receiveOnly
  }

  /// Keys of which `activeKey` signs.
  public init(keys: [UInt8: Secret], activeKey: UInt8) {
    self.keys = keys
    self.activeKey = activeKey
  }
}
