import NetPrimitives
import VRRPCore
import VRRPRuntime

extension LinuxWorld {
  /// The socket for a router of `definition`, opened or shared; its place does not change while somebody uses it.
  mutating func socketIndex(for definition: VirtualRouterDefinition, on interface: InterfaceState?) -> Int? {
    guard let interface else { return nil }
    let key = SocketKey(
      interface: interface.index, family: definition.family, isUnicast: !definition.unicastPeers.isEmpty,
      carrier: definition.carrier)
    let found = sockets.firstIndex { $0?.key == key }
    do {
      let index = try found ?? open(key)
      sockets[index]?.users += 1
      try hear(on: index, adding: definition.virtualRouterID)
      return index
    } catch {
      fail("\(definition.name): cannot listen on \(interface.name): \(error)")
      return nil
    }
  }

  private mutating func open(_ key: SocketKey) throws(SystemCallError) -> Int {
    var configuration =
      key.isUnicast
      ? AdvertisementSocket.Configuration(unicast: key.family, on: key.interface)
      : AdvertisementSocket.Configuration(key.family, on: key.interface)
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

  /// Lets the kernel pass exactly the VRIDs of the routers that use the socket.
  private func hear(on index: Int, adding id: UInt8?) throws(SystemCallError) {
    var ids = VirtualRouterIDSet()
    for plan in plans {
      if let plan, plan.socket == index { ids.insert(plan.definition.virtualRouterID) }
    }
    if let id { ids.insert(id) }
    try sockets[index]?.socket.hear(ids)
  }
}

extension VirtualRouterDefinition {
  /// What adverts travel in.
  fileprivate var carrier: AdvertisementSocket.Carrier {
    guard version == .v2, case .authenticationHeader = authentication else { return .vrrp }
    return .authenticationHeader
  }
}
