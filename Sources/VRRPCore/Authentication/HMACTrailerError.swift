/// Why the `auth_hmac` trailer of an advertisement does not verify; one case for each of keepalived's counters.
public enum HMACTrailerError: Error, Hashable, Sendable, BitwiseCopyable {
  /// No trailer where one is required.
  case missing
  /// A type other than 1, key id 0, or reserved bytes that are not zero.
  case malformed
  /// Signed with a key we do not have.
  case unknownKey(id: UInt8)
  /// The digest is wrong: another key under that id, or the packet was changed.
  case invalidDigest
  /// Authentic, but its time is further from ours than the window; `skewMilliseconds` is positive when the sender is
  /// ahead.
  case stale(skewMilliseconds: Int64)
  /// Authentic, but not newer than what this sender sent before.
  case replay
}
