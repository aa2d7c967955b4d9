import NetPrimitives

extension VirtualServerDefinition {
  /// The services of the kernel that make up this one: one, or those of a group's members. Each appears once.
  public var kernelKeys: [IPVSServiceKey] {
    let transport = transport ?? .udp
    switch address {
    case .address(let address, let port):
      return [.address(transport, address, port: port)]
    case .firewallMark(let mark):
      return [.firewallMark(mark, family)]
    case .group(let group):
      var keys: [IPVSServiceKey] = []
      var seen: Set<IPVSServiceKey> = []
      for member in group.members {
        for key in Self.keys(of: member, transport, family) where seen.insert(key).inserted {
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
