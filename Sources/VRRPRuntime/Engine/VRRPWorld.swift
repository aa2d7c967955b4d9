public import NetPrimitives
public import VRRPCore

/// A virtual router's place in the engine: a small number, stable from its start to its removal, then used again.
public struct RouterHandle: Hashable, Sendable, BitwiseCopyable {
  /// The number; worlds may index arrays by it.
  public let rawValue: Int

  /// The router at place `rawValue`.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// What the engine needs of the world around it. The Linux adapter is one, the simulator another.
///
/// Nothing here may wait, and nothing here fails: a world that cannot carry out an effect now keeps at it, for what the
/// engine says is what is wanted from then on, not an event to be lost.
public protocol VRRPWorld: ~Copyable {
  /// Computes digests.
  associatedtype Authenticator: MessageAuthenticator

  /// Computes the digests of AH and `auth_hmac`.
  var authenticator: Authenticator { get }
  /// A router was added or its definition changed. Comes before any other call about it.
  mutating func define(_ router: RouterHandle, as definition: VirtualRouterDefinition, on interface: InterfaceState?)
  /// What keeps the world from carrying out anything for a router as it was last defined; empty when nothing does.
  func obstruction(of router: RouterHandle) -> Ineligibility
  /// A router is gone; its addresses were released before.
  mutating func forget(_ router: RouterHandle)
  /// Sends one advert from the router's interface; behind `headers`, an IP header and an Authentication Header of which
  /// no byte may be changed, when there are any.
  mutating func send(
    _ advertisement: borrowing AdvertisementTemplate, behind headers: AuthenticationHeader.Bytes?,
    of router: RouterHandle)
  /// The number the router's Authentication Header is at: a successor of this process is asked for it, for peers take
  /// a lower one for a replay.
  mutating func remember(sequence: UInt32, of router: RouterHandle)
  /// The number a predecessor of this process last remembered for `definition`; 0 when there is none.
  func rememberedSequence(of definition: VirtualRouterDefinition) -> UInt32
  /// From now on the router's addresses are to be on their interfaces, or not.
  mutating func setOwnership(of router: RouterHandle, _ isOwner: Bool)
  /// Sends `repeats` gratuitous ARPs or neighbour advertisements for each of the router's addresses.
  mutating func announce(_ router: RouterHandle, repeats: UInt8)
  /// Sends one gratuitous ARP or neighbour advertisement for each of the router's addresses that is not on its own
  /// interface; for all of them when its definition says `extraAnnouncementsEverywhere`.
  mutating func announceElsewhere(_ router: RouterHandle)
  /// Something people or scripts want to know.
  mutating func report(_ notice: Notice)
}

/// For worlds that can do all that a definition asks for.
extension VRRPWorld where Self: ~Copyable {
  /// Nothing is in the way.
  public func obstruction(of router: RouterHandle) -> Ineligibility { [] }
}

/// For worlds that are alone and have one interface.
extension VRRPWorld where Self: ~Copyable {
  /// Nobody goes on after this process.
  public mutating func remember(sequence: UInt32, of router: RouterHandle) {}
  /// Everything is on the router's own interface.
  public mutating func announceElsewhere(_ router: RouterHandle) {}
  /// There was nobody before this process.
  public func rememberedSequence(of definition: VirtualRouterDefinition) -> UInt32 { 0 }
}

extension VRRPWorld where Self: ~Copyable, Authenticator == DigestAuthenticator {
  /// Our own digests.
  public var authenticator: DigestAuthenticator { DigestAuthenticator() }
}

/// Why a router cannot take part.
public struct Ineligibility: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Its interface does not exist (yet).
  public static let interfaceMissing = Ineligibility(rawValue: 1)
  /// Its interface is down or has no carrier.
  public static let interfaceDown = Ineligibility(rawValue: 2)
  /// Its interface has no address adverts could come from.
  public static let noSourceAddress = Ineligibility(rawValue: 4)
  /// Something it tracks without weight is down.
  public static let trackedObjectDown = Ineligibility(rawValue: 8)
  /// Another member of its sync group cannot take part.
  public static let groupMemberDown = Ineligibility(rawValue: 16)
  /// It is to speak with unicast peers and has none.
  public static let noPeers = Ineligibility(rawValue: 64)
  /// The interface of its own that it is to have could not be made.
  public static let virtualInterfaceMissing = Ineligibility(rawValue: 128)
  /// A key it is to authenticate with is missing: to take part without would be a second, unheard active router.
  public static let authenticationMissing = Ineligibility(rawValue: 32)

  /// Whether the addresses can be served in spite of all reasons: none is in the way of packets.
  var canServe: Bool { isSubset(of: [.trackedObjectDown, .groupMemberDown]) }
}

/// What the engine tells.
public enum Notice: Hashable, Sendable {
  /// A router changed its role; `priority` is the effective one.
  case transition(RouterHandle, VirtualRouter.Transition, priority: UInt8)
  /// An advert of lower rank arrived while the router is active.
  case contest(RouterHandle, source: IPAddress, priority: UInt8)
  /// An advert was rejected; told once per kind between two changes of role, counted always.
  case rejection(RouterHandle, AdvertisementRejection, source: IPAddress)
  /// The clock of a sender is more than half the time window of `auth_hmac` away from ours, ahead when positive; told
  /// as seldom as rejections.
  case clockSkew(RouterHandle, source: IPAddress, milliseconds: Int64)
  /// The advert lists other addresses than ours; told as seldom as rejections.
  case addressListMismatch(RouterHandle, source: IPAddress)
  /// Weights changed the effective priority.
  case priorityChange(RouterHandle, from: UInt8, to: UInt8)
  /// The reasons why a router cannot take part changed; empty when it can.
  case eligibilityChange(RouterHandle, Ineligibility)
  /// All members of a sync group came to a role, or one left it.
  case groupTransition(name: String, from: VirtualRouter.Role, to: VirtualRouter.Role)
  /// Another hardware address claims an address of an active router; told at most once a second.
  case addressConflict(RouterHandle, IPAddress, by: MACAddress)
  /// Somebody advertises a virtual router that is none of ours; told once each.
  case unknownRouter(interface: String, family: AddressFamily, virtualRouterID: UInt8, source: IPAddress)
  /// An interface went up or down.
  case interfaceChange(name: String, isUp: Bool)
}

extension Notice {
  /// The router it is about; `nil` for a notice about a group or an interface.
  public var router: RouterHandle? {
    switch self {
    case .transition(let router, _, _), .contest(let router, _, _), .rejection(let router, _, _),
      .clockSkew(let router, _, _), .addressListMismatch(let router, _), .priorityChange(let router, _, _),
      .addressConflict(let router, _, _), .eligibilityChange(let router, _):
      router
    case .groupTransition, .unknownRouter, .interfaceChange: nil
    }
  }
}
