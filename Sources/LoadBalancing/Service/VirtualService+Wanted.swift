import NetPrimitives

extension VirtualService {
  /// What the kernel should hold for each of ``kernelKeys``; `nil` for nothing at all.
  public var wanted: IPVSEntry? {
    guard isRunning, isActive else { return nil }
    var entry = IPVSEntry(
      IPVSService(
        scheduler: definition.scheduler, flags: definition.schedulerFlags,
        schedulesEachPacket: definition.schedulesEachPacket, persistence: definition.persistence))
    entry.destinations.reserveCapacity(servers.count + 1)
    for server in servers {
      guard let weight = kernelWeight(of: server) else { continue }
      entry.destinations[server.key] = IPVSDestination(
        forwarding: server.definition.forwarding, weight: weight,
        upperThreshold: server.definition.upperThreshold, lowerThreshold: server.definition.lowerThreshold)
    }
    if let sorry = definition.sorryServer {
      let key = RealServerKey(address: sorry.address, port: sorry.port)
      if isSorry {
        entry.destinations[key] = IPVSDestination(forwarding: sorry.forwarding, weight: 1)
      } else if sorry.inhibits, indexOfServer[key] == nil {
        entry.destinations[key] = IPVSDestination(forwarding: sorry.forwarding, weight: 0)
      }
    }
    return entry
  }

  /// The weight the kernel should give a server; `nil` when it should not have it.
  private func kernelWeight(of server: RealServer) -> Int32? {
    // Whoever drains a server wants its connections to end in peace, also while others fail.
    let staysAtZero = server.definition.inhibitsOnFailure || server.override == .drain
    guard server.isAlive, !isSorry else { return staysAtZero ? 0 : nil }
    return server.presentWeight
  }

  /// The services of the kernel that make up this one: one, or those of a group's members. Each appears once.
  public var kernelKeys: [IPVSServiceKey] {
    let transport = definition.transport ?? .udp
    switch definition.address {
    case .address(let address, let port):
      return [.address(transport, address, port: port)]
    case .firewallMark(let mark):
      return [.firewallMark(mark, definition.family)]
    case .group(let group):
      var keys: [IPVSServiceKey] = []
      var seen: Set<IPVSServiceKey> = []
      for member in group.members {
        for key in Self.keys(of: member, transport, definition.family) where seen.insert(key).inserted {
          keys.append(key)
        }
      }
      return keys
    }
  }

  private static func keys(
    of member: VirtualServerGroup.Member, _ transport: TransportProtocol, _ family: AddressFamily
  ) -> [IPVSServiceKey] {
    switch member {
    case .firewallMark(let mark, let own):
      return [.firewallMark(mark, own ?? family)]
    case .addresses(.v4(let first), .v4(let last), let port):
      guard first <= last else { return [] }
      return (first.rawValue...last.rawValue).prefix(VirtualServerGroup.addressLimit).map {
        .address(transport, .v4(IPv4Address(rawValue: $0)), port: port)
      }
    case .addresses(.v6(let first), .v6(let last), let port):
      guard first.high == last.high, first.low <= last.low else { return [] }
      return (first.low...last.low).prefix(VirtualServerGroup.addressLimit).map {
        .address(transport, .v6(IPv6Address(high: first.high, low: $0)), port: port)
      }
    case .addresses:
      return []
    }
  }
}
