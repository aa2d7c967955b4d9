/// Why bytes are no BFD control packet: one case for each check of RFC 5880 §6.8.6 that needs no session, in its order,
/// so that each can have a counter of its own.
public enum BFDDecodingError: Error, Hashable, Sendable, BitwiseCopyable {
  /// Fewer bytes than the shortest packet has.
  case truncated(byteCount: Int)
  /// Another version than 1.
  case unsupportedVersion(UInt8)
  /// `Length` is below 24, or below 26 with an authentication section.
  case lengthTooSmall(UInt8)
  /// `Length` exceeds the bytes there are.
  case lengthBeyondPayload(UInt8)
  /// `Detect Mult` is 0.
  case zeroMultiplier
  /// `M` is set.
  case multipoint
  /// `My Discriminator` is 0.
  case zeroMyDiscriminator
  /// `Your Discriminator` is 0, which only senders that are down may send.
  case zeroYourDiscriminator(BFDState)
  /// The authentication section is longer than the packet, or too short to be one (§4.2…§4.4).
  case malformedAuthentication
}

/// What an authentication section says of itself (RFC 5880 §4.2…§4.4). Nothing here verifies one.
public struct BFDAuthenticationSection: Hashable, Sendable, BitwiseCopyable {
  /// `Auth Type`: 1 password, 2 and 3 MD5, 4 and 5 SHA-1.
  public var type: UInt8
  /// `Auth Len`: bytes of the section, these two included.
  public var byteCount: UInt8
}
