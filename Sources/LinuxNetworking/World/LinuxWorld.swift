public import NetPrimitives
public import VRRPCore
public import VRRPRuntime

/// The world of the daemon: raw sockets, packet sockets and rtnetlink.
///
/// Calls of the engine only write down what is wanted; ``flush(now:)`` carries it out once per turn, so that a thousand
/// routers that act at the same moment cost a few system calls: adverts first, then addresses (all removals, all
/// additions), then announcements. What was wanted for a moment only and taken back in the same turn never happens.
public struct LinuxWorld: VRRPWorld, ~Copyable {
  /// Links and addresses as the kernel has them.
  public internal(set) var table = InterfaceTable()
  /// What was reported since ``takeNotices()``.
  private var notices: [NamedNotice] = []
  /// Failures worth a line, since ``takeFailures()``. Bounded: the rest is counted.
  private(set) var failures: [String] = []

  var plans: [RouterPlan?] = []
  var sockets: [OpenSocket?] = []
  /// Counts every opening and closing, so that the loop knows when to watch others.
  var socketGeneration: UInt64 = 0
  /// Sockets nobody uses; open until the loop no longer watches them, lest their numbers be used again too soon.
  var retired: [AdvertisementSocket] = []
  /// Sockets that listen for claims of others to the addresses we own.
  var claimSockets: [ClaimSocket?] = []
  var retiredClaims: [PacketSocket] = []
  /// Whether they must be told of other addresses.
  var claimsChanged = false
  /// When they last were.
  var claimsWatchedAt = MonotonicInstant(nanoseconds: 0)
  /// Which router owns an address now.
  var addressOwners: [IPAddress: Int] = [:]
  /// Addresses stay in place from now on (`--dont-release-vrrp`).
  public var keepsAddresses = false
  /// Whether adverts of virtual routers that are none of ours are heard (`log_unknown_vrids`).
  var hearsUnknownRouters = false
  var pacing = AnnouncementPacing()
  /// Routers to announce on other interfaces than their own.
  var extraAnnouncements: [Int] = []
  /// Owners whose wishes changed since the last flush.
  var unsettled: [Int] = []
  /// What plans of a moment ago had there and those of now have not.
  var dropped: [(owner: Int, object: KernelObject)] = []
  var announcements: [(router: Int, repeats: UInt8)] = []
  /// When to try again what the kernel refused or somebody undid; `nil` while all is as wanted.
  var repairAt: MonotonicInstant?
  /// Static addresses, routes and rules.
  var statics = ObjectPlan()
  var staticDefinitions = StaticDefinitions()
  /// Who wants what.
  var index = ObjectIndex()
  /// Who wants routes or rules.
  var routeOwners: Set<Int> = []
  /// What we put there ourselves, or found under our mark.
  var placed: Set<ObjectKey> = []
  /// What was there before us: never ours to remove.
  var foreign: Set<ObjectKey> = []
  /// Removals of our own that the kernel has yet to tell us of.
  var expectedRemovals: [ObjectKey: Int] = [:]
  /// Routers that are to give way for a loss, since ``takeDeposed()``.
  var deposed: [RouterHandle] = []
  var names = RoutingNames()

  /// The interface below each macvlan on which adverts are heard.
  var parents: [UInt32: InterfaceIndex] = [:]
  /// Routers whose own interface is to come up before their adverts are sent.
  var rising: [Int] = []
  /// Routers to be defined again, for something about their own interfaces changed.
  var disturbed: [RouterHandle] = []
  /// What was changed under /proc/sys.
  var parameters = KernelParameters()
  /// Whether a change there may have lost its reason.
  var areParametersStale = false
  /// `disable_local_igmp`.
  var silencesGroups = false
  /// What names of virtual routers' interfaces begin with.
  var prefixes = VirtualLinkPrefixes()
  /// How packets to virtual addresses are dropped.
  var firewallSettings = FirewallSettings()
  /// What drops them; `nil` until there is something to drop.
  var firewall: Firewall?

  /// Where numbers of Authentication Headers outlive this process; `nil` when nobody would read them.
  public var sequences: SequenceLedger?

  let routes: RouteSocket
  let packets: PacketSocket
  let adverts = TransmitBatch(capacity: 64, byteCapacity: 16_384)
  let frames = TransmitBatch(capacity: 64, byteCapacity: 8192)
  private var advertSocket = -1

  /// One socket and who uses it.
  struct OpenSocket {
    let key: SocketKey
    let socket: AdvertisementSocket
    var users: Int
  }

  /// A notice with the name its router had when it was made.
  public struct NamedNotice: Sendable {
    public var name: String
    public var notice: Notice
  }

  /// Routers that can share a socket.
  struct SocketKey: Hashable {
    var interface: InterfaceIndex
    var family: AddressFamily
    /// `nil` for unicast peers.
    var group: IPAddress?
    var hopLimit: UInt8
    var carrier: AdvertisementSocket.Carrier
  }

  /// Opens the sockets all routers share. Needs CAP_NET_ADMIN and CAP_NET_RAW.
  public init() throws(SystemCallError) {
    self.init(routes: try RouteSocket(), packets: try PacketSocket())
  }

  private init(routes: RouteSocket, packets: PacketSocket) {
    self.routes = routes
    self.packets = packets
  }

  // MARK: - What the engine asks for

  public mutating func define(
    _ router: RouterHandle, as definition: VirtualRouterDefinition, on interface: InterfaceState?
  ) {
    while plans.count <= router.rawValue { plans.append(nil) }
    let old = plans[router.rawValue]
    let requests = VirtualLinkRequest.all(for: definition, prefixes: prefixes)
    let links = provideLinks(requests, having: old?.links ?? [])
    var plan = resolving { RouterPlan(definition, on: interface, requests: requests, links: links, &$0) }
    plan.socket = socketIndex(for: definition, on: interface?.index)
    if let own = links.first, own.request.isPrimary, own.request.kind == .macvlan, definition.unicastPeers.isEmpty {
      plan.inner = socketIndex(for: definition, on: own.index)
      parents[own.index.rawValue] = interface?.index
    }
    plan.sender = plan.sendingPlace == nil ? plan.socket : plan.inner ?? senderIndex(for: definition)
    plans[router.rawValue] = plan
    if let old { leaveSockets(of: old) }
    hearAnew([router.rawValue])
    setParameters(of: plan)
    replacePlan(old?.objects ?? ObjectPlan(), with: plan.objects, of: router.rawValue)
    if let old { replaceOwn(old, by: plan, of: router.rawValue) }
  }

  /// What the old plan had besides objects and the new one does not goes now; what is new comes with the flush.
  private mutating func replaceOwn(_ old: RouterPlan, by plan: RouterPlan, of router: Int) {
    areParametersStale = true
    if old.objects.isWanted, old.filtered != plan.filtered {
      let kept = Set(plan.filtered)
      admit(old.filtered.filter { !kept.contains($0) })
      unsettle(router)
    }
    let gone = old.links.filter { link in !plan.links.contains { $0.index == link.index } }
    guard !gone.isEmpty else { return }
    // Addresses go before the interface they are on.
    settle(now: SystemClock.monotonic())
    removeLinks(gone)
  }

  public func obstruction(of router: RouterHandle) -> Ineligibility {
    plans.indices.contains(router.rawValue) && plans[router.rawValue]?.isObstructed == true
      ? .virtualInterfaceMissing : []
  }

  public mutating func forget(_ router: RouterHandle) {
    flush(now: SystemClock.monotonic())
    guard let plan = plans[router.rawValue] else { return }
    plans[router.rawValue] = nil
    index.remove(plan.objects.objects, of: router.rawValue)
    routeOwners.remove(router.rawValue)
    leaveSockets(of: plan)
    if !keepsAddresses { removeLinks(plan.links) }
    areParametersStale = true
  }

  public mutating func send(
    _ advertisement: borrowing AdvertisementTemplate, behind headers: AuthenticationHeader.Bytes?,
    of router: RouterHandle
  ) {
    guard let socket = plans[router.rawValue]?.sender else { return }
    let isDown = isSilent(router)
    // A router that gave way has nothing to say any more.
    if isDown, advertisement.priority == 0 { return }
    if isDown { rising.append(router.rawValue) }
    if socket != advertSocket { sendAdverts() }
    advertSocket = socket
    let bytes = advertisement.bytes
    let interface = plans[router.rawValue]?.ownInterface
    for _ in 0..<2 {
      let fits = adverts.append(
        to: advertisement.destination, from: advertisement.source, on: interface,
        byteCount: bytes.count + (headers == nil ? 0 : AuthenticationHeader.messageOffset)
      ) { output in
        if let headers { for index in headers.indices { output.append(headers[index]) } }
        for index in bytes.indices { output.append(bytes[index]) }
      }
      if fits { return }
      sendAdverts()
      advertSocket = socket
      if isSilent(router) { rising.append(router.rawValue) }
    }
  }

  /// Whether the interface adverts would leave by is down, as that of a backup is.
  private func isSilent(_ router: RouterHandle) -> Bool {
    guard let place = plans[router.rawValue]?.sendingPlace else { return false }
    return plans[router.rawValue]?.links[place].isUp == false
  }

  public mutating func remember(sequence: UInt32, of router: RouterHandle) {
    guard let definition = plans[router.rawValue]?.definition else { return }
    sequences?.set(sequence, of: definition)
  }

  public func rememberedSequence(of definition: VirtualRouterDefinition) -> UInt32 {
    sequences?[definition] ?? 0
  }

  public mutating func setOwnership(of router: RouterHandle, _ isOwner: Bool) {
    if keepsAddresses, !isOwner { return }
    plans[router.rawValue]?.objects.isWanted = isOwner
    unsettle(router.rawValue)
  }

  public mutating func announce(_ router: RouterHandle, repeats: UInt8) {
    announcements.append((router.rawValue, repeats))
  }

  public mutating func announceElsewhere(_ router: RouterHandle) { extraAnnouncements.append(router.rawValue) }

  public mutating func report(_ notice: Notice) {
    let name = notice.router.flatMap { plans[$0.rawValue]?.definition.name } ?? ""
    notices.append(NamedNotice(name: name, notice: notice))
  }

  // MARK: - What the shell asks for

  /// Follows what holds for all routers. Comes before they are defined.
  public mutating func follow(_ global: GlobalDefinition) {
    prefixes.router = global.virtualMACPrefix ?? "vrrp"
    prefixes.address = global.virtualAddressMACPrefix ?? prefixes.router
    silencesGroups = global.silencesLocalGroups
    if silencesGroups { silenceGroupReports() } else { areParametersStale = true }
    configureFirewall(FirewallSettings(global))
    hearsUnknownRouters = global.logsUnknownRouterIDs
    pacing.follow(global)
  }

  /// The notices since the last call, in order.
  public mutating func takeNotices() -> [NamedNotice] {
    guard !notices.isEmpty else { return [] }
    defer { notices.removeAll(keepingCapacity: true) }
    return notices
  }

  /// The failures since the last call, one line each.
  public mutating func takeFailures() -> [String] {
    guard !failures.isEmpty else { return [] }
    defer { failures.removeAll() }
    return failures
  }

  /// Reads links and addresses anew and tells what changed: at start, and when events were lost.
  public mutating func resynchronize() throws(SystemCallError) -> [InterfaceTable.Change] {
    let links = try routes.links()
    let addresses = try routes.addresses()
    let changes = table.replace(links: links, addresses: addresses)
    expectedRemovals.removeAll()
    for owner in owners where objects(of: owner).isWanted { unsettle(owner) }
    return changes
  }

  /// Enters events of the kernel; what somebody took away from us is put back soon.
  public mutating func enter(_ events: [RouteMonitor.Event], now: MonotonicInstant) -> [InterfaceTable.Change] {
    var wentDown: Set<InterfaceIndex> = []
    for event in events {
      switch event {
      case .addressRemoved(let address): noticeLoss(of: ObjectKey(address), now: now)
      case .addressChanged(let address) where address.flags.contains(.duplicateDetectionFailed):
        noticeLoss(of: ObjectKey(address), now: now)
      case .routeRemoved(let route): noticeLoss(of: ObjectKey(route), now: now)
      case .ruleRemoved(let rule): noticeLoss(of: ObjectKey(rule), now: now)
      case .linkChanged(let link):
        // The table does not know yet of what came before in the same lot.
        if !link.isRunning { wentDown.insert(link.index) }
        noticeLink(link, wentDown: wentDown.contains(link.index))
        if link.isVirtualRouters { noticeLink(link, isGone: false, now: now) }
      case .linkRemoved(let link):
        noticeLink(link, isGone: true, now: now)
        // A name is free again.
        for router in plans.indices where plans[router]?.isObstructed == true {
          disturbed.append(RouterHandle(rawValue: router))
        }
      case .addressChanged, .overrun: break
      }
    }
    let changes = table.enter(events)
    if !staticDefinitions.isEmpty, events.contains(where: \.concernsLinks) { placeStatics() }
    return changes
  }

  mutating func unsettle(_ owner: Int) {
    modifyObjects(of: owner) {
      $0.isSettled = false
      $0.pending = nil
    }
    claimsChanged = true
    unsettled.append(owner)
  }

  mutating func fail(_ text: @autoclosure () -> String) {
    // A broken network must not become a full disk.
    if failures.count < 16 { failures.append(text()) }
  }

  /// Sends the adverts written down so far.
  mutating func sendAdverts() {
    defer {
      adverts.removeAll()
      advertSocket = -1
    }
    raiseLinks()
    guard !adverts.isEmpty, advertSocket >= 0, let open = sockets[advertSocket] else { return }
    var refused: SystemCallError?
    open.socket.send(adverts) { refused = $1 }
    if let refused { fail("cannot send adverts: \(refused)") }
  }
}
