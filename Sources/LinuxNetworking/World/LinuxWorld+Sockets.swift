import NetPrimitives
import VRRPCore
import VRRPRuntime

extension LinuxWorld {
  /// The socket for a router of `definition`, opened or shared; its place does not change while somebody uses it.
  mutating func socketIndex(for definition: VirtualRouterDefinition, on interface: InterfaceState?) -> Int? {
    guard let interface else { return nil }
    let key = SocketKey(
      interface: interface.index, family: definition.family,
      group: definition.unicastPeers.isEmpty ? definition.group : nil, hopLimit: definition.hopLimit,
      carrier: definition.carrier)
    let found = sockets.firstIndex { $0?.key == key }
    do {
      let index = try found ?? open(key)
      sockets[index]?.users += 1
      try hear(on: index, adding: definition)
      return index
    } catch {
      fail("\(definition.name): cannot listen on \(interface.name): \(error)")
      return nil
    }
  }

  private mutating func open(_ key: SocketKey) throws(SystemCallError) -> Int {
    var configuration =
      key.group == nil
      ? AdvertisementSocket.Configuration(unicast: key.family, on: key.interface)
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
    let users = plans.compactMap { $0?.socket == index ? $0?.definition : nil } + [definition].compactMap(\.self)
    var ids = VirtualRouterIDSet()
    for user in users { ids.insert(user.virtualRouterID) }
    try sockets[index]?.socket.hear(hearsUnknownRouters ? .all : ids)
    let mtu = sockets[index].flatMap { table.mtu(of: $0.key.interface) } ?? 1500
    let wanted = users.compactMap { $0.receiveBufferBytes(mtu: mtu) }.map { UInt64($0) }
    guard !wanted.isEmpty else { return }
    try sockets[index]?.socket.setReceiveBuffer(Int32(clamping: wanted.reduce(0, +)))
  }
}

extension VirtualRouterDefinition {
  /// What adverts travel in.
  fileprivate var carrier: AdvertisementSocket.Carrier {
    guard version == .v2, case .authenticationHeader = authentication else { return .vrrp }
    return .authenticationHeader
  }
}
