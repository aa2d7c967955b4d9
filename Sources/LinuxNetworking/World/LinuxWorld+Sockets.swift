import NetPrimitives
import VRRPCore
import VRRPRuntime

extension LinuxWorld {
  /// The socket for a router of `definition`, opened or shared; its place does not change while somebody uses it.
  mutating func socketIndex(for definition: VirtualRouterDefinition, on interface: InterfaceIndex?) -> Int? {
    guard let interface else { return nil }
    let key = SocketKey(
      interface: interface, family: definition.family,
      group: definition.unicastPeers.isEmpty ? definition.group : nil, hopLimit: definition.hopLimit,
      carrier: definition.carrier)
    let found = sockets.firstIndex { $0?.key == key }
    do {
      let index = try found ?? open(key)
      sockets[index]?.users += 1
      try hear(on: index, adding: definition)
      return index
    } catch {
      let name = table.name(of: interface) ?? "interface \(interface)"
      fail("\(definition.name): cannot listen on \(name): \(error)")
      return nil
    }
  }

  /// The socket by which adverts leave that are sent by interfaces of virtual routers without one that hears. All of
  /// one kind share it, and it hears nothing.
  mutating func senderIndex(for definition: VirtualRouterDefinition) -> Int? {
    let key = SocketKey(
      interface: InterfaceIndex(rawValue: 0), family: definition.family, group: nil, hopLimit: definition.hopLimit,
      carrier: definition.carrier)
    do {
      let index = try sockets.firstIndex { $0?.key == key } ?? open(key)
      sockets[index]?.users += 1
      return index
    } catch {
      fail("\(definition.name): cannot send: \(error)")
      return nil
    }
  }

  private mutating func open(_ key: SocketKey) throws(SystemCallError) -> Int {
    var configuration =
      key.group == nil
      ? AdvertisementSocket.Configuration(
        unicast: key.family, on: key.interface.rawValue == 0 ? nil : key.interface)
      : AdvertisementSocket.Configuration(key.family, on: key.interface)
    configuration.group = key.group
    configuration.hopLimit = key.hopLimit
    configuration.allowsForeignSource = true
    configuration.carrier = key.carrier
    socketGeneration += 1
    let open = OpenSocket(key: key, socket: try AdvertisementSocket(configuration), users: 0)
    guard let free = sockets.firstIndex(where: { $0 == nil }) else {
      sockets.append(open)
      return sockets.count - 1
    }
    sockets[free] = open
    return free
  }

  mutating func leaveSockets(of plan: RouterPlan) {
    for index in Set([plan.socket, plan.sender, plan.inner].compactMap(\.self)) { leaveSocket(index) }
  }

  /// The own interfaces of these routers went up or are about to go down: adverts are heard elsewhere.
  mutating func hearAnew(_ routers: [Int]) {
    var indices: Set<Int> = []
    for router in routers where plans.indices.contains(router) {
      guard let inner = plans[router]?.inner else { continue }
      indices.insert(inner)
      if let socket = plans[router]?.socket { indices.insert(socket) }
    }
    for index in indices {
      do { try hear(on: index, adding: nil) } catch { fail("cannot change a socket filter: \(error)") }
    }
  }

  /// Where an advert that came in on `interface` was on the wire: below, when it came by a router's own interface.
  public func segment(of interface: InterfaceIndex) -> InterfaceIndex { parents[interface.rawValue] ?? interface }

  /// A router uses socket `index` no longer.
  mutating func leaveSocket(_ index: Int) {
    sockets[index]?.users -= 1
    guard let open = sockets[index] else { return }
    if open.users <= 0 {
      sendAdverts()
      retired.append(open.socket)
      sockets[index] = nil
      socketGeneration += 1
      return
    }
    do { try hear(on: index, adding: nil) } catch { fail("cannot change a socket filter: \(error)") }
  }

  /// Lets the kernel pass exactly the VRIDs of the routers that use the socket, and keep as many as they want.
  private func hear(on index: Int, adding definition: VirtualRouterDefinition?) throws(SystemCallError) {
    let mtu = sockets[index].flatMap { table.mtu(of: $0.key.interface) } ?? 1500
    var ids = VirtualRouterIDSet()
    var wanted: UInt64?
    func add(_ id: UInt8?, _ bytes: UInt32?) {
      if let id { ids.insert(id) }
      if let bytes { wanted = (wanted ?? 0) + UInt64(bytes) }
    }
    // Plans are read where they lie: this is done for each of a thousand routers, and looks at all of them.
    for router in plans.indices where hears(router, on: index) {
      add(plans[router]?.definition.virtualRouterID, plans[router]?.definition.receiveBufferBytes(mtu: mtu))
    }
    if let definition { add(definition.virtualRouterID, definition.receiveBufferBytes(mtu: mtu)) }
    try sockets[index]?.socket.hear(hearsUnknownRouters ? .all : ids)
    guard let wanted else { return }
    try sockets[index]?.socket.setReceiveBuffer(Int32(clamping: wanted))
  }

  /// Whether what is heard on socket `index` is for `router`.
  private func hears(_ router: Int, on index: Int) -> Bool {
    guard let socket = plans[router]?.hearsInside == true ? plans[router]?.inner : plans[router]?.socket else {
      return false
    }
    return socket == index
  }
}

extension VirtualRouterDefinition {
  /// What adverts travel in.
  fileprivate var carrier: AdvertisementSocket.Carrier {
    guard version == .v2, case .authenticationHeader = authentication else { return .vrrp }
    return .authenticationHeader
  }
}
