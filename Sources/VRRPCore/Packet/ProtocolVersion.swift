/// The protocol versions this package speaks.
public enum ProtocolVersion: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  /// RFC 3768: IPv4 (and, by custom, IPv6), whole seconds.
  case v2 = 2
  /// RFC 9568, and RFC 5798 before it: IPv4 and IPv6, centiseconds.
  case v3 = 3
}
