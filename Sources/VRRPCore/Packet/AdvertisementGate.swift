public import NetPrimitives

/// Decides whether a datagram is an advertisement for one virtual router: the checks of RFC 9568 §7.1 and RFC 3768 §7.1
/// and our own, in a fixed order, as a pure function of what was configured and what was received.
///
/// A datagram that is not admitted must not move a timer, delay an advertisement or cost more than its counter. Nothing
/// here allocates.
public struct AdvertisementGate: Hashable, Sendable {
  /// VRID, 1…255.
  public var virtualRouterID: UInt8
  /// The version expected.
  public var version: ProtocolVersion
  /// The family expected.
  public var family: AddressFamily
  /// Our interval; version 2 demands it of others too.
  public var interval: AdvertisementInterval
  /// The addresses we advertise.
  public var addressList: AdvertisedAddressList
  /// Who may send, and to which destination.
  public var audience: Audience
  /// The source of our own advertisements, whose return is no news; `nil` while there is none.
  public var ownAddress: IPAddress?
  /// Version 2's authentication.
  public var authentication: Version2Authentication
  /// Whether an `auth_hmac` trailer may or must follow.
  public var trailer: TrailerRule
  /// What to do when the address list is not ours.
  public var addressListRule: AddressListRule
  /// The only checksum accepted of version 3 over IPv4; `nil` accepts both kinds.
  public var requiredChecksum: ChecksumKind?

  /// Who may send, and to which destination.
  public enum Audience: Hashable, Sendable {
    /// Anybody on the link, to the family's VRRP group, with hop limit 255.
    case group
    /// Anybody on the link, to another group.
    case otherGroup(IPAddress)
    /// These peers, to an address that is no group. `acceptsStrangers` takes other sources too, within the limits
    /// `strangerHopLimits`, as keepalived does without `check_unicast_src`.
    case peers([Peer], acceptsStrangers: Bool = false, strangerHopLimits: HopLimits = .linkOnly)
  }

  /// A unicast peer.
  public struct Peer: Hashable, Sendable, BitwiseCopyable {
    /// The source of its advertisements.
    public var address: IPAddress
    /// The hop limits accepted of it.
    public var hopLimits: HopLimits

    /// A peer; the default accepts every hop limit, since unicast is what crosses routers.
    @inlinable
    public init(_ address: IPAddress, hopLimits: HopLimits = .unlimited) {
      self.address = address
      self.hopLimits = hopLimits
    }
  }

  /// Whether a trailer may or must follow the message.
  public enum TrailerRule: Hashable, Sendable, BitwiseCopyable {
    /// Without `auth_hmac`: a trailer is a wrong length.
    case refused
    /// `mode permissive` and `mode receive-only`: what is there is verified.
    case optional
    /// `mode enforce`.
    case required
  }

  /// What to do with an advertisement whose address list is not ours; the RFC leaves it open (§7.1, "MAY").
  public enum AddressListRule: Hashable, Sendable, BitwiseCopyable {
    /// Say so in ``VerifiedAdvertisement/addressListMatches``, count it, and take it: rejecting would make two active
    /// routers of one that was reconfigured first.
    case countAndAccept
    /// Reject it.
    case reject
  }

  /// What one virtual router expects.
  ///
  /// - Precondition: The VRID is not 0.
  public init(
    virtualRouterID: UInt8, version: ProtocolVersion, family: AddressFamily, interval: AdvertisementInterval,
    addressList: AdvertisedAddressList, audience: Audience = .group, ownAddress: IPAddress? = nil,
    authentication: Version2Authentication = .none, trailer: TrailerRule = .refused,
    addressListRule: AddressListRule = .countAndAccept, requiredChecksum: ChecksumKind? = nil
  ) {
    precondition(virtualRouterID != 0, "VRID 0 is reserved")
    self.virtualRouterID = virtualRouterID
    self.version = version
    self.family = family
    self.interval = interval
    self.addressList = addressList
    self.audience = audience
    self.ownAddress = ownAddress
    self.authentication = authentication
    self.trailer = trailer
    self.addressListRule = addressListRule
    self.requiredChecksum = requiredChecksum
  }
}
