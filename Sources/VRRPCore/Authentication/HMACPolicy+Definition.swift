import NetPrimitives

extension HMACPolicy {
  /// The policy `keys` describe for a router that advertises at `interval`; `nil` while a key's file was not read, or
  /// when a key has a length HMAC-SHA256 is not used with here.
  public init?(_ keys: AdvertisementKeys, interval: AdvertisementInterval) {
    var usable: [Key] = []
    for (id, secret) in keys.keys.sorted(by: { $0.key < $1.key }) {
      guard case .bytes(let bytes) = secret, let key = Key(id: id, bytes: bytes) else { return nil }
      usable.append(key)
    }
    guard usable.contains(where: { $0.id == keys.activeKey }) else { return nil }
    let mode: Mode =
      switch keys.mode {
      case .enforce: .enforce
      case .permissive: .permissive
      case .receiveOnly: .receiveOnly
      }
    let window = min(300, max(1, keys.timeWindowSeconds ?? Self.defaultWindowSeconds(for: interval)))
    self.init(
      keys: usable, activeKeyID: keys.activeKey, mode: mode,
      replayProtection: keys.comparesOrderOnly ? .monotonic : .time(windowSeconds: window))
  }

  /// How far a sender's clock may be from ours before people should be told, in milliseconds: half the window.
  /// `nil` when clocks are not compared.
  public var noticeableSkewMilliseconds: Int64? {
    switch replayProtection {
    case .time(let windowSeconds): Int64(windowSeconds) * 500
    case .monotonic: nil
    }
  }
}
