/// Why a datagram was not taken; each cause has a counter in ``BFDCounters``.
public enum BFDRejection: Error, Hashable, Sendable, BitwiseCopyable {
  /// It is no control packet.
  case undecodable(BFDDecodingError)
  /// `Your Discriminator` is no session of ours.
  case unknownDiscriminator
  /// It names no session, and its addresses are those of none.
  case unknownNeighbor
  /// A session across routers and one without have different ports.
  case otherPort
  /// It came from farther away than the session allows.
  case hopLimit(UInt8)
  /// It is authenticated; no session of ours is.
  case authenticated
}

/// How many packets were taken and refused, by cause. Fields only grow; they wrap after 2⁶⁴.
public struct BFDCounters: Hashable, Sendable, BitwiseCopyable {
  /// Packets that were taken.
  public var received: UInt64 = 0
  /// Shorter than a packet, or than they say.
  public var lengthErrors: UInt64 = 0
  /// Of another version.
  public var versionErrors: UInt64 = 0
  /// A multiplier of 0, the reserved flag set, or a discriminator of 0 where none may be.
  public var fieldErrors: UInt64 = 0
  /// An authentication section that makes no sense.
  public var malformedAuthentications: UInt64 = 0
  /// Authenticated packets.
  public var authenticated: UInt64 = 0
  /// For a session we do not have.
  public var unknownDiscriminators: UInt64 = 0
  /// From an address no session has.
  public var unknownNeighbors: UInt64 = 0
  /// To the port of the other kind of session.
  public var portErrors: UInt64 = 0
  /// From too far away.
  public var hopLimitErrors: UInt64 = 0

  /// All zero.
  public init() {}

  /// Packets that were refused, for whatever cause.
  public var refused: UInt64 {
    lengthErrors &+ versionErrors &+ fieldErrors &+ malformedAuthentications &+ authenticated
      &+ unknownDiscriminators &+ unknownNeighbors &+ portErrors &+ hopLimitErrors
  }

  /// Counts a refused packet by its cause.
  public mutating func count(_ rejection: BFDRejection) {
    switch rejection {
    case .undecodable(.truncated), .undecodable(.lengthTooSmall), .undecodable(.lengthBeyondPayload): lengthErrors &+= 1
    case .undecodable(.unsupportedVersion): versionErrors &+= 1
    case .undecodable(.zeroMultiplier), .undecodable(.multipoint), .undecodable(.zeroMyDiscriminator),
      .undecodable(.zeroYourDiscriminator):
      fieldErrors &+= 1
    case .undecodable(.malformedAuthentication): malformedAuthentications &+= 1
    case .unknownDiscriminator: unknownDiscriminators &+= 1
    case .unknownNeighbor: unknownNeighbors &+= 1
    case .otherPort: portErrors &+= 1
    case .hopLimit: hopLimitErrors &+= 1
    case .authenticated: authenticated &+= 1
    }
  }
}
