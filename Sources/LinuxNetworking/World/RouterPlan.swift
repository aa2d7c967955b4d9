import NetPrimitives
import VRRPCore
import VRRPRuntime

/// What carrying out the wishes of one virtual router takes, worked out when it is defined and not when it is wanted.
struct RouterPlan {
  let definition: VirtualRouterDefinition
  /// The router's own interface; `nil` while it does not exist.
  let interface: InterfaceState?
  /// The interfaces of its own, the one adverts leave by first.
  var links: [VirtualLink]
  /// The place among ``links`` of the one adverts leave by; `nil` when they leave by the interface below.
  let sendingPlace: Int?
  /// Whether one of them cannot be had although the interface below it is there.
  let isObstructed: Bool
  /// What is dropped while the addresses are there; empty when packets to them are accepted.
  let filtered: [FirewallElement]
  /// Addresses, routes and rules; those whose interface does not exist are left out until it does.
  var objects: ObjectPlan
  /// The frames that announce the addresses, end to end.
  let frames: [UInt8]
  /// Where each frame ends, and which interface it leaves by.
  let frameEnds: [(end: Int, interface: InterfaceIndex)]
  /// The socket adverts are heard on; `nil` without an interface.
  var socket: Int?
  /// The socket adverts leave by.
  var sender: Int?
  /// The socket of its own macvlan. While that is up the kernel gives it, and nobody else, what comes from its MAC:
  /// the adverts of another router that believes to be active.
  var inner: Int?

  /// Whether adverts are heard on its own macvlan now, and not on the interface below, where those of peers without a
  /// virtual MAC would be heard a second time.
  var hearsInside: Bool { inner != nil && links.first?.isUp == true }

  /// Nothing is put on an interface below instead of one of `requests` that could not be had: neighbours would learn
  /// another MAC than the virtual one.
  init(
    _ definition: VirtualRouterDefinition, on interface: InterfaceState?, requests: [VirtualLinkRequest],
    links: [VirtualLink], _ resolver: inout ObjectResolver
  ) {
    self.definition = definition
    self.interface = interface
    self.links = links
    // Unicast needs the addresses and routes of the interface below.
    let sendsBelow = definition.virtualMAC?.sendsFromBase ?? true || !definition.unicastPeers.isEmpty
    sendingPlace = sendsBelow ? nil : links.firstIndex { $0.request.isPrimary }
    let table = resolver.table
    isObstructed = requests.contains { request in
      table.link(named: request.parent) != nil && !links.contains { $0.request == request }
    }
    var filtered: [FirewallElement] = []
    var objects: [WantedObject] = []
    var frames: [UInt8] = []
    var frameEnds: [(end: Int, interface: InterfaceIndex)] = []
    for virtual in definition.addresses + definition.excludedAddresses {
      let place: Place?
      var isPrepared = false
      if let request = requests.first(where: { $0.hosts(virtual, of: definition) }) {
        place = links.first { $0.request == request }.map { Place($0.index, $0.name, $0.hardwareAddress) }
        // The kernel takes IPv6 addresses away from an interface that goes down.
        isPrepared =
          definition.virtualMAC?.preparesAddresses == true && request.kind == .macvlan
          && virtual.prefix.address.family == .ipv4
      } else {
        place = (virtual.interface.map { table.interface(named: $0) } ?? interface).map {
          Place($0.index, $0.name, $0.hardwareAddress)
        }
      }
      guard let place else { continue }
      filtered.append(FirewallElement(virtual.prefix.address, on: .init(index: place.index, name: place.name)))
      let address = InterfaceAddress(virtual, on: place.index)
      objects.append(
        WantedObject(object: .address(address), isTracked: virtual.isTracked, isPrepared: isPrepared))
      guard let hardwareAddress = place.hardwareAddress, !virtual.prefix.address.isMulticast else { continue }
      frames += Self.frame(for: virtual.prefix.address, at: hardwareAddress)
      frameEnds.append((frames.count, place.index))
    }
    objects += resolver.objects(definition.routes, definition.rules)
    self.objects = ObjectPlan(objects)
    self.frames = frames
    self.frameEnds = frameEnds
    self.filtered = definition.filtersAddresses ? filtered : []
  }

  /// Where an address goes.
  private struct Place {
    let index: InterfaceIndex
    let name: String
    let hardwareAddress: MACAddress?

    init(_ index: InterfaceIndex, _ name: String, _ hardwareAddress: MACAddress?) {
      self.index = index
      self.name = name
      self.hardwareAddress = hardwareAddress
    }
  }

  /// The interface adverts leave by.
  var ownInterface: InterfaceIndex? { sendingPlace.map { links[$0].index } ?? interface?.index }

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

extension VirtualRouterDefinition {
  /// Accept_Mode is false (RFC 9568 §6.1), which does not matter to who owns the addresses.
  var filtersAddresses: Bool { !acceptsPackets && priority != 255 }
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
    peer = virtual.peer
    if virtual.detectsDuplicates { flags.remove(.withoutDuplicateDetection) }
    if virtual.flags.contains(.noPrefixRoute) { flags.insert(.withoutPrefixRoute) }
    // The kernel knows these for IPv6 only, and joins groups only.
    let isIPv6 = virtual.prefix.address.family == .ipv6
    if isIPv6, virtual.flags.contains(.home) { flags.insert(.homeAddress) }
    if isIPv6, virtual.flags.contains(.managesTemporary) { flags.insert(.managesTemporary) }
    if virtual.prefix.address.isMulticast, virtual.flags.contains(.autoJoin) { flags.insert(.joinsMulticast) }
    preferredLifetimeSeconds =
      switch virtual.preferredLifetime {
      case .forever: nil
      case .seconds(let seconds): seconds
      // A host address must not become the source of what this host sends by itself.
      case nil: isIPv6 && virtual.prefix.length == 128 ? 0 : nil
      }
  }
}

extension VirtualAddress {
  /// The IPv4 netmask of the prefix.
  fileprivate var networkMask: UInt32 { prefix.length == 0 ? 0 : ~0 << (32 - UInt32(min(prefix.length, 32))) }
}
