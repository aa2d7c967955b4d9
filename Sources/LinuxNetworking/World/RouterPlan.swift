import NetPrimitives
import VRRPCore
import VRRPRuntime

/// What carrying out the wishes of one virtual router takes, worked out when it is defined and not when it is wanted.
struct RouterPlan {
  let definition: VirtualRouterDefinition
  /// The router's own interface; `nil` while it does not exist.
  let interface: InterfaceState?
  /// The addresses as the kernel is to have them; those whose interface does not exist are left out until it does.
  let addresses: [InterfaceAddress]
  /// The frames that announce the addresses, end to end.
  let frames: [UInt8]
  /// Where each frame ends, and which interface it leaves by.
  let frameEnds: [(end: Int, interface: InterfaceIndex)]
  /// The socket adverts leave by; `nil` without an interface.
  var socket: Int?
  /// Whether the addresses are to be there.
  var wantsAddresses = false
  /// Whether the last attempt to put them there was complete.
  var isSettled = true

  init(_ definition: VirtualRouterDefinition, on interface: InterfaceState?, in table: InterfaceTable) {
    self.definition = definition
    self.interface = interface
    var addresses: [InterfaceAddress] = []
    var frames: [UInt8] = []
    var frameEnds: [(end: Int, interface: InterfaceIndex)] = []
    for virtual in definition.addresses + definition.excludedAddresses {
      let place = virtual.interface.map { table.interface(named: $0) } ?? interface
      guard let place else { continue }
      addresses.append(InterfaceAddress(virtual, on: place.index))
      guard let hardwareAddress = place.hardwareAddress else { continue }
      frames += Self.frame(for: virtual.prefix.address, at: hardwareAddress)
      frameEnds.append((frames.count, place.index))
    }
    self.addresses = addresses
    self.frames = frames
    self.frameEnds = frameEnds
  }

  /// The family of the address frame `index` announces.
  func family(ofFrame index: Int) -> AddressFamily {
    let start = index == 0 ? 0 : frameEnds[index - 1].end
    return frameEnds[index].end - start == GratuitousARP.byteCount ? .ipv4 : .ipv6
  }

  private static func frame(for address: IPAddress, at hardwareAddress: MACAddress) -> [UInt8] {
    switch address {
    case .v4(let address):
      [UInt8](capacity: GratuitousARP.byteCount) { output in
        GratuitousARP(address, at: hardwareAddress).encode(into: &output)
      }
    case .v6(let address):
      // RFC 9568 §6.4.1: router flag and override set.
      [UInt8](capacity: UnsolicitedNeighborAdvertisement.byteCount) { output in
        UnsolicitedNeighborAdvertisement(address, at: hardwareAddress, isRouter: true).encode(into: &output)
      }
    }
  }
}

extension InterfaceAddress {
  /// A virtual address as `interface` is to have it.
  init(_ virtual: VirtualAddress, on interface: InterfaceIndex) {
    self.init(virtual.prefix, on: interface)
    label = virtual.label
    scope = virtual.scope ?? 0
    switch (virtual.prefix.address, virtual.broadcast) {
    case (.v4, .address(let address)): broadcast = address
    case (.v4(let address), .lastOfPrefix): broadcast = IPv4Address(rawValue: address.rawValue | ~virtual.networkMask)
    case (.v4(let address), .firstOfPrefix): broadcast = IPv4Address(rawValue: address.rawValue & virtual.networkMask)
    case (.v4, nil), (.v6, _): break
    }
    // A host address must not become the source of what this host sends by itself.
    if virtual.prefix.address.family == .ipv6, virtual.prefix.length == 128 { preferredLifetimeSeconds = 0 }
  }
}

extension VirtualAddress {
  /// The IPv4 netmask of the prefix.
  fileprivate var networkMask: UInt32 { prefix.length == 0 ? 0 : ~0 << (32 - UInt32(min(prefix.length, 32))) }
}
