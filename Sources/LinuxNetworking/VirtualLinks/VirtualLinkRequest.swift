import NetPrimitives
import VRRPCore

/// An interface of its own that a virtual router is to have: a macvlan with its virtual MAC, or an ipvlan.
struct VirtualLinkRequest: Hashable {
  /// The router's name.
  var router: String
  /// VRID: part of the MAC and of made-up names.
  var virtualRouterID: UInt8
  /// The interface below.
  var parent: String
  /// The family of the addresses on it, which decides the MAC.
  var family: AddressFamily
  /// What kind of interface.
  var kind: VirtualMACDefinition.Kind
  /// Whether it is the one adverts leave by, and not only home to some addresses.
  var isPrimary: Bool
  /// Its name as configured; `nil` for a made-up one.
  var name: String?
  /// What a made-up name begins with.
  var namePrefix: String
  /// Its MAC; `nil` for an ipvlan, which has that of the interface below.
  var hardwareAddress: MACAddress?
  /// `IFLA_GROUP`.
  var group: UInt32 = 0
  /// The address of its own that an ipvlan has.
  var source: IPPrefix?

  /// Everything `definition` needs, the one for adverts first; nothing without `use_vmac` and its relatives.
  static func all(for definition: VirtualRouterDefinition, prefixes: VirtualLinkPrefixes) -> [Self] {
    var requests: [Self] = []
    if let own = definition.virtualMAC, !definition.interface.isEmpty {
      requests.append(primary(of: definition, own, prefix: prefixes.router))
    }
    for virtual in definition.addresses + definition.excludedAddresses where virtual.usesVirtualMAC {
      let parent = virtual.interface ?? definition.interface
      let family = virtual.prefix.address.family
      guard !parent.isEmpty, !requests.contains(where: { $0.hosts(virtual, of: definition) }) else { continue }
      requests.append(
        Self(
          router: definition.name, virtualRouterID: definition.virtualRouterID, parent: parent, family: family,
          kind: .macvlan, isPrimary: false, name: nil, namePrefix: prefixes.address,
          hardwareAddress: .virtualRouter(definition.virtualRouterID, family)))
    }
    return requests
  }

  private static func primary(
    of definition: VirtualRouterDefinition, _ own: VirtualMACDefinition, prefix: String
  ) -> Self {
    var request = Self(
      router: definition.name, virtualRouterID: definition.virtualRouterID, parent: definition.interface,
      family: definition.family, kind: own.kind, isPrimary: true, name: own.name, namePrefix: prefix,
      hardwareAddress: nil, source: own.source)
    if own.kind == .macvlan {
      // RFC 9568 §7.3.
      request.hardwareAddress = own.address ?? .virtualRouter(definition.virtualRouterID, definition.family)
    }
    switch own.group {
    case .number(let number): request.group = number
    case .name(let name): request.group = LinkGroupNames.number(of: name) ?? 0
    case nil: break
    }
    return request
  }

  /// Whether `virtual` belongs on this interface. An IPv6 address has no place behind the MAC of an IPv4 router; an
  /// ipvlan has no MAC of its own and takes all.
  func hosts(_ virtual: VirtualAddress, of definition: VirtualRouterDefinition) -> Bool {
    guard (virtual.interface ?? definition.interface) == parent else { return false }
    guard isPrimary else { return virtual.usesVirtualMAC && family == virtual.prefix.address.family }
    return kind != .macvlan || family == virtual.prefix.address.family
  }

  /// Names to try, in order: the configured one alone, or `vrrp.51`, for IPv6 `vrrp6.51`, then `vrrp1.51` and so on.
  var candidateNames: [String] {
    if let name { return [name] }
    let suffixes = ["", family == .ipv6 ? "6" : nil].compactMap { $0 } + (1..<100).map(String.init)
    return suffixes.map { "\(namePrefix)\($0).\(virtualRouterID)" }.filter { $0.utf8.count <= 15 }
  }

  /// How it is found again after a crash: an alias that begins so is of this router and for this purpose.
  var mark: String {
    let use = "\(isPrimary ? "router" : "addresses") \(family == .ipv4 ? 4 : 6) \(kind.name) \(parent)"
    return "\(VirtualLink.markPrefix)\(router.prefix(100)) \(use)"
  }

  /// As the kernel is told.
  func specification(named name: String, on parent: InterfaceIndex) -> LinkSpecification {
    let kind: LinkSpecification.Kind =
      switch kind {
      // Private: the host's other interfaces on the same parent must not hear what only the wire is told.
      case .macvlan: .macvlan(parent: parent, mode: .private)
      case .ipvlan(let mode): .ipvlan(parent: parent, mode: .layer2, sharing: mode.sharing)
      }
    var specification = LinkSpecification(name, kind)
    specification.hardwareAddress = hardwareAddress
    specification.group = group
    return specification
  }
}

/// What made-up names of virtual links begin with.
struct VirtualLinkPrefixes: Hashable {
  /// `vmac_prefix`.
  var router = "vrrp"
  /// `vmac_addr_prefix`.
  var address = "vrrp"
}

extension VirtualMACDefinition.Kind {
  fileprivate var name: String {
    switch self {
    case .macvlan: "macvlan"
    case .ipvlan(.bridge): "ipvlan-bridge"
    case .ipvlan(.private): "ipvlan-private"
    case .ipvlan(.vepa): "ipvlan-vepa"
    }
  }
}

extension VirtualMACDefinition.IPVLANMode {
  fileprivate var sharing: LinkSpecification.IPvlanSharing {
    switch self {
    case .bridge: .bridge
    case .private: .private
    case .vepa: .vepa
    }
  }
}

/// The names of `IFLA_GROUP` numbers that the host's administrator chose.
enum LinkGroupNames {
  /// The number of `name`: from iproute2's file, or a name every host has.
  static func number(of name: String) -> UInt32? {
    if name == "default" { return 0 }
    for path in ["/etc/iproute2/group", "/usr/share/iproute2/group", "/usr/lib/iproute2/group"] {
      guard let bytes = try? FileReader.read(path, limit: 1 << 16) else { continue }
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        let words = line.split { $0 == " " || $0 == "\t" }
        if words.count >= 2, words[1] == name, let number = UInt32(words[0]) { return number }
      }
    }
    return nil
  }
}
