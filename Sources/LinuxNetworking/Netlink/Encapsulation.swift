public import NetPrimitives

/// What packets are wrapped in on a way of a route: a lightweight tunnel.
public enum Encapsulation: Hashable, Sendable {
  /// Through a tunnel device of the kind that asks the route (`encap ip`, `encap ip6`).
  case tunnel(Tunnel)
  /// Labels, outermost first, each 20 bits (`encap mpls`).
  case labels([UInt32])
  /// Identifier-locator addressing (`encap ila`).
  case locator(UInt64)

  /// The outer header of a packet.
  public struct Tunnel: Hashable, Sendable {
    /// The family of the outer header.
    public var family: AddressFamily
    public var id: UInt64 = 0
    public var destination: IPAddress?
    public var source: IPAddress?
    /// TOS or traffic class.
    public var trafficClass: UInt8 = 0
    /// TTL or hop limit.
    public var hopLimit: UInt8 = 0
    /// `TUNNEL_*`.
    public var flags: UInt16 = 0

    /// A tunnel with nothing said about it.
    public init(_ family: AddressFamily) { self.family = family }
  }
}

extension Encapsulation {
  /// `LWTUNNEL_ENCAP_*`.
  private var number: UInt16 {
    switch self {
    case .labels: 1
    case .tunnel(let tunnel): tunnel.family == .ipv4 ? 2 : 4
    case .locator: 3
    }
  }

  /// Writes `RTA_ENCAP_TYPE` and `RTA_ENCAP`.
  func encode(into writer: inout NetlinkWriter) {
    writer.attribute(RouteAttribute.encapsulationKind, number)
    writer.attribute(RouteAttribute.encapsulation) { writer in
      switch self {
      case .tunnel(let tunnel): tunnel.encode(into: &writer)
      case .labels(let labels):
        // MPLS_IPTUNNEL_DST: label stack entries, the last with the bottom-of-stack bit (RFC 3032 §2.1).
        writer.attribute(1) { writer in
          for (index, label) in labels.enumerated() {
            let bottom: UInt64 = index == labels.count - 1 ? 0x100 : 0
            writer.appendNetworkOrder(UInt64(label & 0xf_ffff) << 12 | bottom, count: 4)
          }
        }
      // ILA_ATTR_LOCATOR.
      case .locator(let locator): writer.attribute(1) { $0.appendNetworkOrder(locator, count: 8) }
      }
    }
  }
}

extension Encapsulation.Tunnel {
  /// `LWTUNNEL_IP_*` or `LWTUNNEL_IP6_*`, whose numbers agree.
  fileprivate func encode(into writer: inout NetlinkWriter) {
    writer.attribute(1) { $0.appendNetworkOrder(id, count: 8) }
    if let destination { writer.attribute(2, destination) }
    if let source { writer.attribute(3, source) }
    writer.attribute(4, hopLimit)
    writer.attribute(5, trafficClass)
    if flags != 0 { writer.attribute(6) { $0.appendNetworkOrder(UInt64(flags), count: 2) } }
  }
}
