public import NetPrimitives

/// Verifies the `auth_hmac` trailers one virtual router receives, and remembers each sender's last.
public struct HMACVerifier: Hashable, Sendable {
  private let policy: HMACPolicy
  private let capacity: Int
  /// Least recently used first.
  private var marks: [Mark] = []

  private struct Mark: Hashable, Sendable, BitwiseCopyable {
    var sender: IPAddress
    var sequence: HMACTrailer.SequenceNumber
  }

  /// Senders remembered when adverts come by multicast; the least recently heard is forgotten.
  public static let multicastSenderCapacity = 4

  /// A verifier that has heard nobody.
  ///
  /// - Parameters:
  ///   - policy: The `auth_hmac` block.
  ///   - unicastPeerCount: How many unicast peers there are, each with a mark of its own; 0 for multicast.
  public init(_ policy: HMACPolicy, unicastPeerCount: Int = 0) {
    precondition(unicastPeerCount >= 0)
    self.policy = policy
    capacity = unicastPeerCount > 0 ? unicastPeerCount : Self.multicastSenderCapacity
    marks.reserveCapacity(capacity)
  }

  /// Verifies the trailer at the end of `payload` and remembers its sequence. Allocates nothing.
  ///
  /// To be called last, once ``AdvertisementGate`` has admitted the message and found a trailer: a sequence is only
  /// worth remembering when the advertisement counts. Only authentic ones are judged by their time, so that forged ones
  /// cannot make clocks look wrong.
  ///
  /// - Parameters:
  ///   - payload: The message and its trailer.
  ///   - source: Source of the datagram.
  ///   - utcNanoseconds: The wall clock, nanoseconds since 1970.
  ///   - authenticator: Computes the digest.
  /// - Returns: How far the sender's clock is ahead of ours, in milliseconds; negative when behind. Past half the
  ///   window it deserves a warning.
  /// - Throws: What is wrong with the trailer.
  @discardableResult
  public mutating func verify(
    _ payload: borrowing RawSpan, from source: IPAddress, utcNanoseconds: UInt64,
    using authenticator: borrowing some MessageAuthenticator & ~Copyable
  ) throws(HMACTrailerError) -> Int64 {
    let trailer = try HMACTrailer(decodingEndOf: payload)
    guard let key = key(trailer.keyID) else { throw .unknownKey(id: trailer.keyID) }
    let expected = trailer.expectedDigest(
      of: payload.extracting(droppingLast: HMACTrailer.byteCount), from: source,
      key: key.bytes.span, using: authenticator)
    guard expected.isEqualInConstantTime(to: trailer.digest) else { throw .invalidDigest }

    let clock = HMACTrailer.SequenceNumber(utcNanoseconds: utcNanoseconds)
    let skewMilliseconds = Self.milliseconds(trailer.sequence.distance(from: clock))
    if !isWithinWindow(trailer.sequence, clock) { throw .stale(skewMilliseconds: skewMilliseconds) }
    try remember(trailer.sequence, of: source, clock)
    return skewMilliseconds
  }

  /// Forgets every sender, for a change of keys.
  public mutating func forgetSenders() { marks.removeAll(keepingCapacity: true) }

  private func isWithinWindow(_ sequence: HMACTrailer.SequenceNumber, _ clock: HMACTrailer.SequenceNumber) -> Bool {
    switch policy.replayProtection {
    case .monotonic:
      return true
    case .time(let windowSeconds):
      let window = Int64(windowSeconds) << 32
      return (-window...window).contains(sequence.distance(from: clock))
    }
  }

  private mutating func remember(
    _ sequence: HMACTrailer.SequenceNumber, of sender: IPAddress, _ clock: HMACTrailer.SequenceNumber
  ) throws(HMACTrailerError) {
    if let place = place(of: sender) {
      // A mark outside the window was set before a clock was corrected; nothing as old can be replayed any more.
      let counts = isWithinWindow(marks[place].sequence, clock)
      guard !counts || sequence.isNewer(than: marks[place].sequence) else { throw .replay }
      marks.remove(at: place)
    } else if marks.count == capacity {
      marks.remove(at: 0)
    }
    marks.append(Mark(sender: sender, sequence: sequence))
  }

  // Both lists are short, and a plain loop allocates nothing even in unoptimised code.

  private func key(_ id: UInt8) -> HMACPolicy.Key? {
    for index in policy.keys.indices where policy.keys[index].id == id { return policy.keys[index] }
    return nil
  }

  private func place(of sender: IPAddress) -> Int? {
    for index in marks.indices where marks[index].sender == sender { return index }
    return nil
  }

  /// Units of 2⁻³² s in milliseconds.
  private static func milliseconds(_ distance: Int64) -> Int64 {
    let seconds = distance >> 32
    let fraction = distance & 0xffff_ffff
    return seconds * 1000 + (fraction * 1000) >> 32
  }
}
