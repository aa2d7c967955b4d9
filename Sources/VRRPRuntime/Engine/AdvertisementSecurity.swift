import VRRPCore

/// What signs the adverts of one router and verifies those of others, and what it remembers.
struct AdvertisementSecurity: Sendable {
  /// Authentication type 2 of version 2.
  var header: AuthenticationHeaderSession?
  /// The `auth_hmac` block; `nil` without one, or while its keys are not known.
  private(set) var policy: HMACPolicy?
  var signer: HMACSigner?
  var verifier: HMACVerifier?
  /// Whether adverts are to be authenticated in a way that is not possible: a key's file could not be read.
  private(set) var isMissing = false

  /// Nothing signed and nothing demanded.
  init() {}

  /// Follows a definition. Numbers go on where they were, whatever else changes: peers remember ours.
  mutating func follow(_ definition: VirtualRouterDefinition) {
    if definition.version == .v2, case .authenticationHeader(let key) = definition.authentication {
      header?.replaceKey(with: key)
      header = header ?? AuthenticationHeaderSession(key: key)
    } else {
      header = nil
    }
    let old = policy
    policy = definition.keys.flatMap { HMACPolicy($0, interval: definition.interval) }
    isMissing = definition.keys != nil && policy == nil
    signer = policy.flatMap { HMACSigner($0, lastSequence: signer?.lastSequence) }
    if policy != old || verifier == nil {
      verifier = policy.map { HMACVerifier($0, unicastPeerCount: definition.unicastPeers.count) }
    }
  }
}
