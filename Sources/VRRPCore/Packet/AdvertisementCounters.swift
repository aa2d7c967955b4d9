/// How many advertisements one virtual router took and refused, by cause. Each field names the statistic of keepalived
/// it continues, or says that keepalived has none. Fields only grow; they wrap after 2⁶⁴.
public struct AdvertisementCounters: Hashable, Sendable, BitwiseCopyable {
  /// `advert_rcvd`: admitted advertisements.
  public var received: UInt64 = 0
  /// `pri_zero_rcvd`: admitted advertisements with priority 0.
  public var priorityZeroReceived: UInt64 = 0
  /// Admitted advertisements whose checksum covers the message alone. Not in keepalived.
  public var messageOnlyChecksums: UInt64 = 0
  /// Admitted advertisements whose checksum covers a pseudo-header. Not in keepalived.
  public var pseudoHeaderChecksums: UInt64 = 0
  /// `addr_list_err`: advertisements with another address list, admitted or not.
  public var addressListErrors: UInt64 = 0

  /// `packet_len_err`: cut short, or the address count and the length disagree.
  public var lengthErrors: UInt64 = 0
  /// `ip_ttl_err`: forwarded by a router.
  public var hopLimitErrors: UInt64 = 0
  /// `invalid_type_rcvd`: another type than ADVERTISEMENT.
  public var invalidTypes: UInt64 = 0
  /// `advert_interval_err`: another interval than ours in version 2, or interval 0.
  public var intervalErrors: UInt64 = 0
  /// `invalid_authtype`: an authentication type that does not exist.
  public var invalidAuthenticationTypes: UInt64 = 0
  /// `authtype_mismatch`: another authentication type than the configured one.
  public var authenticationTypeMismatches: UInt64 = 0
  /// `auth_failure`: a wrong password, or an Authentication Header that does not verify.
  public var authenticationFailures: UInt64 = 0
  /// Of ``authenticationFailures``, the replayed Authentication Headers. Not in keepalived.
  public var authenticationHeaderReplays: UInt64 = 0
  /// `auth_ext_missing`: no trailer where one is required.
  public var trailersMissing: UInt64 = 0
  /// `auth_ext_malformed`: a trailer that makes no sense.
  public var trailersMalformed: UInt64 = 0
  /// `auth_ext_unknown_key`: a trailer signed with a key we do not have.
  public var trailersOfUnknownKey: UInt64 = 0
  /// `auth_ext_invalid_hmac`: a trailer with a wrong digest.
  public var trailersInvalid: UInt64 = 0
  /// `auth_ext_stale`: an authentic trailer outside the time window.
  public var trailersStale: UInt64 = 0
  /// `auth_ext_replay`: an authentic trailer seen before.
  public var trailersReplayed: UInt64 = 0

  // Not in keepalived's statistics:

  /// A version that is neither 2 nor 3, or the one not configured.
  public var versionErrors: UInt64 = 0
  /// No checksum fits, or one of the kind that is not accepted.
  public var checksumErrors: UInt64 = 0
  /// VRID 0 or another virtual router's; the socket filter should have dropped these.
  public var virtualRouterIDMismatches: UInt64 = 0
  /// A source address no router has: unspecified, a group, or of the wrong family.
  public var sourceErrors: UInt64 = 0
  /// Our own address as the source.
  public var ownSourceReceived: UInt64 = 0
  /// IPv4 options.
  public var optionErrors: UInt64 = 0
  /// A destination this virtual router does not listen to.
  public var destinationErrors: UInt64 = 0
  /// A source that is not among the unicast peers.
  public var unknownPeers: UInt64 = 0

  /// All zero.
  public init() {}

  /// Counts an admitted advertisement.
  public mutating func count(_ advertisement: VerifiedAdvertisement) {
    received &+= 1
    if advertisement.priority == 0 { priorityZeroReceived &+= 1 }
    if !advertisement.addressListMatches { addressListErrors &+= 1 }
    switch advertisement.checksumKind {
    case .messageOnly: messageOnlyChecksums &+= 1
    case .pseudoHeader, .groupPseudoHeader: pseudoHeaderChecksums &+= 1
    }
  }

  /// Counts a refused datagram by its cause.
  public mutating func count(_ rejection: AdvertisementRejection) {
    switch rejection {
    case .wrongFamily, .unspecifiedSource, .multicastSource: sourceErrors &+= 1
    case .ownSource: ownSourceReceived &+= 1
    case .options: optionErrors &+= 1
    case .hopLimit: hopLimitErrors &+= 1
    case .malformed(let error): count(error)
    case .versionMismatch: versionErrors &+= 1
    case .virtualRouterIDMismatch: virtualRouterIDMismatches &+= 1
    case .authenticationTypeMismatch: authenticationTypeMismatches &+= 1
    case .wrongPassword: authenticationFailures &+= 1
    case .authenticationHeader(let error): count(error)
    case .trailer(let error): count(error)
    case .intervalMismatch: intervalErrors &+= 1
    case .checksumKind: checksumErrors &+= 1
    case .unexpectedDestination: destinationErrors &+= 1
    case .unknownPeer: unknownPeers &+= 1
    case .addressListMismatch: addressListErrors &+= 1
    }
  }

  private mutating func count(_ error: AdvertisementDecodingError) {
    switch error {
    case .truncated, .lengthMismatch: lengthErrors &+= 1
    case .unsupportedVersion: versionErrors &+= 1
    case .unknownType: invalidTypes &+= 1
    case .reservedVirtualRouterID: virtualRouterIDMismatches &+= 1
    case .unknownAuthenticationType: invalidAuthenticationTypes &+= 1
    case .badChecksum: checksumErrors &+= 1
    case .zeroInterval: intervalErrors &+= 1
    }
  }

  private mutating func count(_ error: AuthenticationHeaderError) {
    switch error {
    case .truncated, .unsupportedIPHeader, .fragmented, .unexpectedProtocol, .unexpectedHeaderLength:
      lengthErrors &+= 1
    case .unexpectedSecurityParametersIndex, .invalidIntegrityCheckValue:
      authenticationFailures &+= 1
    case .replay:
      authenticationFailures &+= 1
      authenticationHeaderReplays &+= 1
    }
  }

  private mutating func count(_ error: HMACTrailerError) {
    switch error {
    case .missing: trailersMissing &+= 1
    case .malformed: trailersMalformed &+= 1
    case .unknownKey: trailersOfUnknownKey &+= 1
    case .invalidDigest: trailersInvalid &+= 1
    case .stale: trailersStale &+= 1
    case .replay: trailersReplayed &+= 1
    }
  }
}
