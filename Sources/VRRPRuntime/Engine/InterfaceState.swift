public import NetPrimitives

/// What the engine knows of a network interface.
public struct InterfaceState: Hashable, Sendable {
  /// The kernel's number.
  public var index: InterfaceIndex
  /// The name configurations call it by.
  public var name: String
  /// Administratively up, with carrier.
  public var isUp: Bool
  /// The hardware address; `nil` for interfaces without one.
  public var hardwareAddress: MACAddress?
  /// The addresses on it, in the kernel's order, without those we put there ourselves.
  public var addresses: [IPAddress]

  /// An interface as observed.
  public init(
    index: InterfaceIndex, name: String, isUp: Bool, hardwareAddress: MACAddress? = nil, addresses: [IPAddress] = []
  ) {
    self.index = index
    self.name = name
    self.isUp = isUp
    self.hardwareAddress = hardwareAddress
    self.addresses = addresses
  }

  /// The source of the adverts of `definition`: what was configured, else the first address of the right kind that is
  /// not itself virtual, else (an address owner) the first of the right kind. `nil` when there is none.
  func primaryAddress(for definition: VirtualRouterDefinition) -> IPAddress? {
    if let source = definition.sourceAddress { return source }
    let candidates = addresses.filter { Self.suits($0, definition) }
    return candidates.first { address in !definition.addresses.contains { $0.prefix.address == address } }
      ?? candidates.first
  }

  /// IPv6 adverts come from a link-local address (RFC 9568 §5.1.2.1), unless a peer is further away than the link.
  private static func suits(_ address: IPAddress, _ definition: VirtualRouterDefinition) -> Bool {
    guard address.family == definition.family else { return false }
    guard case .v6(let address) = address else { return true }
    let leavesLink = definition.unicastPeers.contains { peer in
      if case .v6(let peer) = peer { !peer.isLinkLocal } else { false }
    }
    return address.isLinkLocal != leavesLink
  }
}
