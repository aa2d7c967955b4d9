/// rtnetlink's numbers (netlink(7), rtnetlink(7)), spelled once. A test compares them with the kernel's headers.
enum NetlinkMessageType {
  static let error: UInt16 = 2
  static let done: UInt16 = 3
  static let newLink: UInt16 = 16
  static let deleteLink: UInt16 = 17
  static let getLink: UInt16 = 18
  static let newAddress: UInt16 = 20
  static let deleteAddress: UInt16 = 21
  static let getAddress: UInt16 = 22
  static let newRoute: UInt16 = 24
  static let deleteRoute: UInt16 = 25
  static let getRoute: UInt16 = 26
  static let newRule: UInt16 = 32
  static let deleteRule: UInt16 = 33
  static let getRule: UInt16 = 34
}

enum NetlinkFlag {
  static let request: UInt16 = 0x001
  static let acknowledge: UInt16 = 0x004
  static let capped: UInt16 = 0x100
  static let extendedAcknowledgement: UInt16 = 0x200
  static let replace: UInt16 = 0x100
  static let exclusive: UInt16 = 0x200
  static let dump: UInt16 = 0x300
  static let create: UInt16 = 0x400
  static let append: UInt16 = 0x800
}

/// `IFLA_*`.
enum LinkAttribute {
  static let address: UInt16 = 1
  static let name: UInt16 = 3
  static let mtu: UInt16 = 4
  static let parent: UInt16 = 5
  static let master: UInt16 = 10
  static let operationalState: UInt16 = 16
  static let info: UInt16 = 18
  static let alias: UInt16 = 20
  static let interfaceFamilies: UInt16 = 26
  static let group: UInt16 = 27
  static let namespaceDescriptor: UInt16 = 28
  static let protocolDown: UInt16 = 39
  static let infoKind: UInt16 = 1
  static let infoData: UInt16 = 2
  static let macvlanMode: UInt16 = 1
  static let ipvlanMode: UInt16 = 1
  static let ipvlanFlags: UInt16 = 2
  static let vlanID: UInt16 = 1
  static let vethPeer: UInt16 = 1
  static let vrfTable: UInt16 = 1
  static let inet6AddressGeneration: UInt16 = 8
}

/// `IFA_*`.
enum AddressAttribute {
  static let address: UInt16 = 1
  static let local: UInt16 = 2
  static let label: UInt16 = 3
  static let broadcast: UInt16 = 4
  static let cacheInfo: UInt16 = 6
  static let flags: UInt16 = 8
  static let ownership: UInt16 = 11
}

/// `RTA_*`, and the `RTAX_*` that are no ``Route/Metric``.
enum RouteAttribute {
  static let destination: UInt16 = 1
  static let source: UInt16 = 2
  static let outputInterface: UInt16 = 4
  static let gateway: UInt16 = 5
  static let priority: UInt16 = 6
  static let preferredSource: UInt16 = 7
  static let metrics: UInt16 = 8
  static let multipath: UInt16 = 9
  static let realms: UInt16 = 11
  static let table: UInt16 = 15
  static let via: UInt16 = 18
  static let preference: UInt16 = 20
  static let encapsulationKind: UInt16 = 21
  static let encapsulation: UInt16 = 22
  static let expires: UInt16 = 23
  static let propagateHopLimit: UInt16 = 26
  static let metricLock: UInt16 = 1
  static let metricCongestionControl: UInt16 = 16
}

/// `FRA_*`.
enum RuleAttribute {
  static let destination: UInt16 = 1
  static let source: UInt16 = 2
  static let inputName: UInt16 = 3
  static let goto: UInt16 = 4
  static let priority: UInt16 = 6
  static let firewallMark: UInt16 = 10
  static let realms: UInt16 = 11
  static let tunnelID: UInt16 = 12
  static let suppressInterfaceGroup: UInt16 = 13
  static let suppressPrefixLength: UInt16 = 14
  static let table: UInt16 = 15
  static let firewallMask: UInt16 = 16
  static let outputName: UInt16 = 17
  static let l3mdev: UInt16 = 19
  static let users: UInt16 = 20
  static let ownership: UInt16 = 21
  static let ipProtocol: UInt16 = 22
  static let sourcePorts: UInt16 = 23
  static let destinationPorts: UInt16 = 24
}

extension AddressFamily {
  /// `AF_INET` or `AF_INET6`.
  var netlinkNumber: UInt8 {
    switch self {
    case .ipv4: 2
    case .ipv6: 10
    }
  }

  init?(netlinkNumber: UInt8) {
    switch netlinkNumber {
    case 2: self = .ipv4
    case 10: self = .ipv6
    default: return nil
    }
  }
}
