public import VRRPCore
public import VRRPRuntime

/// What a node's engine asked for, to be carried out by the simulation after each call.
enum NodeAction: Sendable {
  /// On the heap: it is ten times as large as anything that is asked for often.
  indirect case define(RouterHandle, VirtualRouterDefinition)
  case forget(RouterHandle)
  case send(RouterHandle, AdvertisementTemplate, AuthenticationHeader.Bytes?)
  case own(RouterHandle, Bool)
  case announce(RouterHandle, repeats: UInt8)
  case tell(Notice)

  /// Whose addresses this moves or announces; `nil` for anything else.
  var claimant: RouterHandle? {
    switch self {
    case .own(let router, _), .announce(let router, _): router
    case .define, .forget, .send, .tell: nil
    }
  }

  /// Whether `router` owns its addresses or not from here on, whatever was said before.
  func settlesOwnership(of router: RouterHandle) -> Bool {
    if case .own(router, _) = self { true } else { false }
  }

  func isTransition(of router: RouterHandle) -> Bool {
    if case .tell(.transition(router, _, _)) = self { true } else { false }
  }
}

/// The world as a node's engine sees it: it takes notes.
public struct NodeWorld: VRRPWorld, Sendable {
  var actions: [NodeAction] = []
  /// The numbers of Authentication Headers, by router; they outlive a process that crashes.
  var sequences: [String: UInt32] = [:]
  private var names: [Int: String] = [:]

  /// An empty world.
  init() {}

  /// Hands the notes over and goes on with another sheet.
  mutating func exchangeActions(with sheet: inout [NodeAction]) { swap(&actions, &sheet) }

  public mutating func define(
    _ router: RouterHandle, as definition: VirtualRouterDefinition, on interface: InterfaceState?
  ) {
    names[router.rawValue] = definition.name
    actions.append(.define(router, definition))
  }

  public mutating func forget(_ router: RouterHandle) { actions.append(.forget(router)) }

  public mutating func send(
    _ advertisement: borrowing AdvertisementTemplate, behind headers: AuthenticationHeader.Bytes?,
    of router: RouterHandle
  ) {
    actions.append(.send(router, copy advertisement, headers))
  }

  public mutating func remember(sequence: UInt32, of router: RouterHandle) {
    if let name = names[router.rawValue] { sequences[name] = sequence }
  }

  public func rememberedSequence(of definition: VirtualRouterDefinition) -> UInt32 { sequences[definition.name] ?? 0 }

  public mutating func setOwnership(of router: RouterHandle, _ isOwner: Bool) { actions.append(.own(router, isOwner)) }

  public mutating func announce(_ router: RouterHandle, repeats: UInt8) {
    actions.append(.announce(router, repeats: repeats))
  }

  public mutating func report(_ notice: Notice) { actions.append(.tell(notice)) }
}
