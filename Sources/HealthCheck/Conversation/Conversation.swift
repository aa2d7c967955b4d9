/// A dialogue with a probed server without the wire: bytes in, bytes out, and how it ended.
///
/// The caller connects, then calls ``begin(output:)`` once, ``receive(_:output:)`` for each stretch of bytes (for
/// datagrams: each datagram) and ``peerClosed()`` or ``timedOut(_:)`` at the end. The first call that does not return
/// `nil` ends the conversation; it must not be called again. Memory is bounded whatever the peer sends, and time is
/// the caller's business: a conversation knows which ``step`` it is at, not how long it has been there.
public protocol Conversation {
  /// The step the conversation waits at: what a failure of the transport or a timeout is booked under.
  var step: ProbeStep { get }

  /// The transport is connected. Appends what to send first.
  mutating func begin(output: inout [UInt8]) -> Finding.Outcome?

  /// Bytes came in. Appends what to send next.
  mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome?

  /// The peer sends no more.
  mutating func peerClosed() -> Finding.Outcome

  /// The peer was silent for too long, or the check as a whole took too long, as `reason` says.
  mutating func timedOut(_ reason: ProbeFailure.Reason) -> Finding.Outcome
}

extension Conversation {
  /// A failure at the present step.
  func failed(_ reason: ProbeFailure.Reason) -> Finding.Outcome { .failure(ProbeFailure(step, reason)) }

  /// Most conversations end badly when the peer falls silent.
  public mutating func timedOut(_ reason: ProbeFailure.Reason) -> Finding.Outcome { failed(reason) }

  /// Most conversations end badly when the peer leaves.
  public mutating func peerClosed() -> Finding.Outcome { failed(.closedEarly) }
}

/// What conversations need and pure code does not bring along: digests and regular expressions.
public protocol ProbeToolbox {
  /// An MD5 under way.
  associatedtype Digest: MessageDigest
  /// A compiled pattern under way.
  associatedtype Matcher: ContentMatcher

  /// A new MD5 (RFC 1321); `nil` when there is none, which makes checks with digests inconclusive.
  func makeDigest() -> Digest?

  /// A matcher for `pattern`; `nil` when it does not compile, which makes the check inconclusive.
  func makeMatcher(for pattern: PatternDefinition) -> Matcher?
}

/// A digest fed piecewise.
public protocol MessageDigest {
  /// Adds bytes.
  mutating func update(_ bytes: borrowing RawSpan)
  /// The digest of all bytes added. Nothing is called after it.
  mutating func finish() -> [UInt8]
}

/// A search in content that arrives piecewise. Its memory must not grow with the content.
public protocol ContentMatcher {
  /// Adds bytes.
  mutating func update(_ bytes: borrowing RawSpan)
  /// Whether the bytes so far match, the match starting within the pattern's offsets.
  /// ``PatternDefinition/mustNotMatch`` is not the matcher's business.
  var hasMatch: Bool { get }
}

/// A toolbox with nothing in it: checks with digests or patterns end inconclusively.
public struct EmptyToolbox: ProbeToolbox, Sendable {
  /// A tool that does not exist.
  public struct Absent: MessageDigest, ContentMatcher, Sendable {
    public mutating func update(_ bytes: borrowing RawSpan) {}
    public mutating func finish() -> [UInt8] { [] }
    public var hasMatch: Bool { false }
  }

  /// An empty toolbox.
  public init() {}

  public func makeDigest() -> Absent? { nil }
  public func makeMatcher(for pattern: PatternDefinition) -> Absent? { nil }
}
