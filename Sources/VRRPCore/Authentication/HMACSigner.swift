public import NetPrimitives

/// Signs the advertisements of one virtual router with `auth_hmac`.
public struct HMACSigner: Hashable, Sendable {
  private let key: HMACPolicy.Key
  private let replayProtection: HMACPolicy.ReplayProtection
  /// The sequence last used; `nil` before the first.
  public private(set) var lastSequence: HMACTrailer.SequenceNumber?

  /// A signer with the active key; `nil` in mode receive-only, which signs nothing.
  ///
  /// - Parameters:
  ///   - policy: The `auth_hmac` block.
  ///   - lastSequence: Where an earlier signer of this virtual router ended, when that is known.
  public init?(_ policy: HMACPolicy, lastSequence: HMACTrailer.SequenceNumber? = nil) {
    guard policy.mode != .receiveOnly, let key = policy.keys.first(where: { $0.id == policy.activeKeyID }) else {
      return nil
    }
    self.key = key
    self.replayProtection = policy.replayProtection
    self.lastSequence = lastSequence
  }

  /// The trailer of one advertisement. Copies of it to several peers carry the same one. Allocates nothing.
  ///
  /// - Parameters:
  ///   - message: The encoded message without a trailer; its checksum does not matter.
  ///   - source: The source it is sent from.
  ///   - utcNanoseconds: The wall clock, nanoseconds since 1970.
  ///   - authenticator: Computes the digest.
  /// - Returns: The trailer to send.
  public mutating func sign(
    _ message: borrowing RawSpan, from source: IPAddress, utcNanoseconds: UInt64,
    using authenticator: borrowing some MessageAuthenticator & ~Copyable
  ) -> HMACTrailer {
    let sequence = nextSequence(utcNanoseconds)
    lastSequence = sequence
    var trailer = HMACTrailer(keyID: key.id, sequence: sequence, digest: MessageDigest(high: 0, low: 0))
    trailer.digest = trailer.expectedDigest(of: message, from: source, key: key.bytes.span, using: authenticator)
    return trailer
  }

  /// The clock's, or the one after the last when the clock has not moved on. A clock that was put back by less than the
  /// window is out-counted, since receivers would take its sequences for replays; one that was put back by more is
  /// followed, since they would find ours stale and have let their mark expire.
  private func nextSequence(_ utcNanoseconds: UInt64) -> HMACTrailer.SequenceNumber {
    let clock = HMACTrailer.SequenceNumber(utcNanoseconds: utcNanoseconds)
    guard let lastSequence, !clock.isNewer(than: lastSequence) else { return clock }
    switch replayProtection {
    case .time(let windowSeconds) where lastSequence.distance(from: clock) > Int64(windowSeconds) << 32:
      return clock
    case .time, .monotonic:
      return HMACTrailer.SequenceNumber(rawValue: lastSequence.rawValue &+ 1)
    }
  }
}
