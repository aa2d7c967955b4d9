public import HealthCheck

/// What the host offers to conversations.
public struct SystemToolbox: ProbeToolbox, Sendable {
  /// The host's tools.
  public init() {}

  /// An MD5 of our own: digests need no library.
  public func makeDigest() -> MD5Digest? { MD5Digest() }

  public func makeMatcher(for pattern: PatternDefinition) -> EmptyToolbox.Absent? { nil }
}
