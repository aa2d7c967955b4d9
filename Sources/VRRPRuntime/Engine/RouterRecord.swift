public import NetPrimitives
public import VRRPCore

/// Everything the engine keeps about one virtual router.
public struct RouterRecord: Sendable {
  /// As configured.
  public internal(set) var definition: VirtualRouterDefinition
  /// The election.
  public internal(set) var machine: VirtualRouter
  /// What was received, and what was wrong with it.
  public internal(set) var counters: AdvertisementCounters
  /// `advert_sent`: adverts sent, each unicast copy counted.
  public internal(set) var sentCount: UInt64
  /// `pri_zero_sent`: of them, those with priority 0.
  public internal(set) var priorityZeroSentCount: UInt64
  /// Why the router cannot take part; empty when it can.
  public internal(set) var ineligibility: Ineligibility
  /// Of ``ineligibility``, the reasons that are the router's own and not those of its sync group.
  var ownIneligibility: Ineligibility
  /// The place of its sync group.
  var group: Int?
  /// When the role last changed.
  public internal(set) var lastTransitionAt: MonotonicInstant
  /// How often the router became active.
  public internal(set) var becameActiveCount: UInt64
  /// How often it stopped being active.
  public internal(set) var releasedActiveCount: UInt64

  /// How often another hardware address claimed an address while the router was active.
  public internal(set) var addressConflictCount: UInt64 = 0
  /// Who claimed one last.
  public internal(set) var lastRival: MACAddress?
  var conflictToldAt: MonotonicInstant?

  var gate: AdvertisementGate
  /// One for the group, or one for each unicast peer.
  var templates: [AdvertisementTemplate]
  /// What signs and verifies.
  var security = AdvertisementSecurity()
  /// Everything tracked, the sync group's included; the ledger has one entry for each.
  var subjects: [TrackedSubject]
  var ledger: PriorityLedger
  /// The checksum adverts carry now; `automatic` follows what the peers send.
  var checksumKind: ChecksumKind
  /// Kinds of rejection told since the last change of role: one bit for each.
  var toldRejections: UInt64
  /// Contests told since ``contestsToldSince``: a flood of adverts must not become a flood of lines and scripts.
  var contestsTold = 0
  var contestsToldSince = MonotonicInstant(nanoseconds: 0)
  /// Whether the router waits to be started (`vrrp_startup_delay`).
  var isHeld = false
  /// With `skip_check_adv_addr`, whose list of addresses was compared last.
  var comparedSource: IPAddress?
  /// What packets for it are found by, while its interface is there.
  var routingKey: RoutingKey?
  /// A router taken out of the configuration is forgotten once it has left.
  var isRemoved: Bool

  init(_ definition: VirtualRouterDefinition, primaryAddress: IPAddress, group: Int?, now: MonotonicInstant) {
    self.definition = definition
    self.group = group
    machine = VirtualRouter(definition.configuration(primaryAddress: primaryAddress, isGrouped: group != nil))
    counters = AdvertisementCounters()
    sentCount = 0
    priorityZeroSentCount = 0
    ineligibility = []
    ownIneligibility = []
    lastTransitionAt = now
    becameActiveCount = 0
    releasedActiveCount = 0
    checksumKind = definition.initialChecksumKind
    gate = definition.gate(ownAddress: primaryAddress)
    templates = []
    subjects = []
    ledger = PriorityLedger(base: definition.priority, count: 0)
    toldRejections = 0
    isRemoved = false
    security.follow(definition)
    encode()
  }

  /// Makes the gate and the templates anew after anything they are made from has changed.
  mutating func encode() {
    let source = machine.configuration.primaryAddress
    gate = definition.gate(ownAddress: source)
    gate.trailer = security.policy?.trailerRule ?? .refused
    let addresses = definition.addresses.map { $0.prefix.address }
    let message = AdvertisementMessage(
      version: definition.version, family: definition.family, virtualRouterID: definition.virtualRouterID,
      priority: machine.priority, addressCount: UInt8(addresses.count), interval: definition.interval,
      authentication: definition.messageAuthentication, checksumKind: checksumKind)
    templates = definition.destinations.map { destination in
      AdvertisementTemplate(
        message, addresses: addresses.span, from: source, to: destination, hasTrailer: security.signer != nil)
    }
  }

  /// Whether one more contest may be told: eight in one interval say all there is to say.
  mutating func mayTellContest(now: MonotonicInstant) -> Bool {
    if now.nanoseconds(since: contestsToldSince) >= definition.interval.nanoseconds {
      contestsToldSince = now
      contestsTold = 0
    }
    contestsTold += 1
    return contestsTold <= 8
  }

  mutating func clearStatistics() {
    counters = AdvertisementCounters()
    sentCount = 0
    priorityZeroSentCount = 0
    becameActiveCount = 0
    releasedActiveCount = 0
    addressConflictCount = 0
  }

  /// The peers use another checksum than we send: from now on we send theirs.
  mutating func adopt(_ kind: ChecksumKind) {
    let old = definition.policy.usesOldUnicastChecksum
    guard definition.checksum == .automatic, kind != checksumKind, old != true else { return }
    if kind == .groupPseudoHeader, old == false { return }
    checksumKind = kind
    for index in templates.indices { templates[index].checksumKind = kind }
  }
}

extension VirtualRouterDefinition {
  /// The election's part, for a router that sends from `primaryAddress`.
  func configuration(primaryAddress: IPAddress, isGrouped: Bool) -> VirtualRouter.Configuration {
    var configuration = VirtualRouter.Configuration(self, primaryAddress: primaryAddress)
    configuration.isGrouped = isGrouped
    return configuration
  }

  /// What a packet must be to count for this router, which sends from `ownAddress`.
  func gate(ownAddress: IPAddress) -> AdvertisementGate {
    AdvertisementGate(
      virtualRouterID: virtualRouterID, version: version, family: family, interval: interval,
      addressList: AdvertisedAddressList(addresses.map { $0.prefix.address }),
      audience: audience,
      ownAddress: ownAddress, authentication: messageAuthentication)
  }

  private var audience: AdvertisementGate.Audience {
    guard unicastPeers.isEmpty else {
      return .peers(
        unicastPeers.map { AdvertisementGate.Peer($0, hopLimits: policy.peerHopLimits[$0] ?? .unlimited) },
        acceptsStrangers: !policy.checksUnicastSource)
    }
    return policy.destination.map { .otherGroup($0) } ?? .group
  }

  /// The group adverts go to when there are no unicast peers.
  public var group: IPAddress { policy.destination ?? .vrrpGroup(family) }

  /// Where adverts go.
  var destinations: [IPAddress] { unicastPeers.isEmpty ? [group] : unicastPeers }

  var initialChecksumKind: ChecksumKind {
    if let fixed = ChecksumKind.fixed(version, over: family) { return fixed }
    if policy.usesOldUnicastChecksum == true, !unicastPeers.isEmpty { return .groupPseudoHeader }
    return switch checksum {
    case .automatic, .pseudoHeader: .pseudoHeader
    case .messageOnly: .messageOnly
    }
  }

  var messageAuthentication: Version2Authentication {
    guard version == .v2 else { return .none }
    return switch authentication {
    case .none: .none
    case .simplePassword(let password): .simplePassword(password)
    case .authenticationHeader: .authenticationHeader
    }
  }

  /// What makes a virtual router the same one after a reload (RFC 9568 §1: VRID and segment).
  struct Identity: Hashable {
    var interface: String
    var family: AddressFamily
    var virtualRouterID: UInt8
    var version: ProtocolVersion
  }

  var identity: Identity {
    Identity(interface: interface, family: family, virtualRouterID: virtualRouterID, version: version)
  }
}
