public import NetPrimitives

/// A link to be made.
public struct LinkSpecification: Hashable, Sendable {
  /// At most 15 bytes.
  public var name: String
  /// What it is to be.
  public var kind: Kind
  /// Its hardware address; the kernel draws one when there is none.
  public var hardwareAddress: MACAddress?
  /// Its MTU; the kind's default when there is none.
  public var mtu: UInt32?
  /// `IFLA_GROUP`: lets many links be removed at once. 0 is everybody's.
  public var group: UInt32 = 0
  /// Whether it starts up.
  public var isUp = false

  /// The kinds we make.
  public enum Kind: Hashable, Sendable {
    case bridge
    /// A pair; the peer goes into the namespace of `namespaceDescriptor` when that is given.
    case veth(peer: String, namespaceDescriptor: Int32?)
    case macvlan(parent: InterfaceIndex, mode: MacvlanMode)
    case ipvlan(parent: InterfaceIndex, mode: IPvlanMode, sharing: IPvlanSharing)
    case vlan(parent: InterfaceIndex, id: UInt16)
  }

  /// How macvlans of one parent see one another.
  public enum MacvlanMode: UInt32, Hashable, Sendable, BitwiseCopyable {
    case `private` = 1
    case vepa = 2
    case bridge = 4
  }

  /// At which layer an ipvlan forwards.
  public enum IPvlanMode: UInt16, Hashable, Sendable, BitwiseCopyable {
    case layer2 = 0
    case layer3 = 1
    case layer3Symmetric = 2
  }

  /// How ipvlans of one parent see one another.
  public enum IPvlanSharing: UInt16, Hashable, Sendable, BitwiseCopyable {
    case bridge = 0
    case `private` = 1
    case vepa = 2
  }

  /// A link with nothing special about it.
  public init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// Changes to a link; what is `nil` stays.
public struct LinkChange: Hashable, Sendable {
  /// Administratively up or down.
  public var isUp: Bool?
  /// A new name.
  public var name: String?
  /// A new hardware address.
  public var hardwareAddress: MACAddress?
  /// A new MTU.
  public var mtu: UInt32?
  /// A new bridge, bond or VRF; index 0 for none.
  public var master: InterfaceIndex?
  /// A new group.
  public var group: UInt32?
  /// A remark for people, at most 255 bytes; the kernel takes it only for a link that exists.
  public var alias: String?
  /// Holds the carrier down (`protodown`).
  public var isProtocolDown: Bool?
  /// Whether IPv6 gives it a link-local address when it comes up; false is `addrgenmode none`. The kernel takes this
  /// only for a link that exists, not when it is made.
  public var makesLinkLocalAddress: Bool?
  /// Moves it into the network namespace of this descriptor.
  public var namespaceDescriptor: Int32?

  /// No change.
  public init() {}

  /// Up or down, nothing else.
  public init(isUp: Bool) { self.isUp = isUp }
}

extension RouteBatch {
  /// Makes a link; one of that name is an error (EEXIST).
  public mutating func add(_ link: LinkSpecification) {
    append(NetlinkMessageType.newLink, NetlinkFlag.create | NetlinkFlag.exclusive) { link.encode(into: &$0) }
  }

  /// Changes a link.
  public mutating func change(_ link: InterfaceIndex, _ change: LinkChange) {
    append(NetlinkMessageType.newLink, 0) { writer in
      writer.appendLinkHeader(index: link.rawValue, isUp: change.isUp)
      if let name = change.name { writer.attribute(LinkAttribute.name, name) }
      change.encode(into: &writer)
    }
  }

  /// Changes the link of this name, which may be one that the same batch makes; ``LinkChange/name`` is passed over.
  public mutating func change(named name: String, _ change: LinkChange) {
    append(NetlinkMessageType.newLink, 0) { writer in
      writer.appendLinkHeader(index: 0, isUp: change.isUp)
      writer.attribute(LinkAttribute.name, name)
      change.encode(into: &writer)
    }
  }

  /// Removes a link.
  public mutating func remove(_ link: InterfaceIndex) {
    append(NetlinkMessageType.deleteLink, 0) { $0.appendLinkHeader(index: link.rawValue, isUp: nil) }
  }

  /// Removes every link of a group, whoever made it, in one go: forty times faster than one by one. Traps on group 0,
  /// which is everybody's.
  public mutating func removeLinks(inGroup group: UInt32) {
    precondition(group != 0, "group 0 is everybody's")
    append(NetlinkMessageType.deleteLink, 0) { writer in
      writer.appendLinkHeader(index: 0, isUp: nil)
      writer.attribute(LinkAttribute.group, group)
    }
  }
}

extension LinkChange {
  /// Everything but the header and the name.
  fileprivate func encode(into writer: inout NetlinkWriter) {
    if let hardwareAddress { writer.attribute(LinkAttribute.address, hardwareAddress) }
    if let mtu { writer.attribute(LinkAttribute.mtu, mtu) }
    if let master { writer.attribute(LinkAttribute.master, master.rawValue) }
    if let group { writer.attribute(LinkAttribute.group, group) }
    if let alias { writer.attribute(LinkAttribute.alias, alias) }
    if let isProtocolDown { writer.attribute(LinkAttribute.protocolDown, UInt8(isProtocolDown ? 1 : 0)) }
    if let makesLinkLocalAddress {
      writer.attribute(LinkAttribute.interfaceFamilies) { writer in
        writer.attribute(UInt16(AddressFamily.ipv6.netlinkNumber)) { writer in
          // IN6_ADDR_GEN_MODE_EUI64 and _NONE.
          writer.attribute(LinkAttribute.inet6AddressGeneration, UInt8(makesLinkLocalAddress ? 0 : 1))
        }
      }
    }
    if let namespaceDescriptor {
      writer.attribute(LinkAttribute.namespaceDescriptor, UInt32(bitPattern: namespaceDescriptor))
    }
  }
}

extension LinkSpecification {
  func encode(into writer: inout NetlinkWriter) {
    writer.appendLinkHeader(index: 0, isUp: isUp ? true : nil)
    writer.attribute(LinkAttribute.name, name)
    if let hardwareAddress { writer.attribute(LinkAttribute.address, hardwareAddress) }
    if let mtu { writer.attribute(LinkAttribute.mtu, mtu) }
    if group != 0 { writer.attribute(LinkAttribute.group, group) }
    switch kind {
    case .bridge, .veth: break
    case .macvlan(let parent, _), .ipvlan(let parent, _, _), .vlan(let parent, _):
      writer.attribute(LinkAttribute.parent, parent.rawValue)
    }
    writer.attribute(LinkAttribute.info) { writer in
      writer.attribute(LinkAttribute.infoKind, kind.name)
      kind.encodeData(into: &writer)
    }
  }
}

extension LinkSpecification.Kind {
  fileprivate var name: String {
    switch self {
    case .bridge: "bridge"
    case .veth: "veth"
    case .macvlan: "macvlan"
    case .ipvlan: "ipvlan"
    case .vlan: "vlan"
    }
  }

  fileprivate func encodeData(into writer: inout NetlinkWriter) {
    if case .bridge = self { return }
    writer.attribute(LinkAttribute.infoData) { writer in
      switch self {
      case .bridge: break
      case .veth(let peer, let namespaceDescriptor):
        writer.attribute(LinkAttribute.vethPeer) { writer in
          writer.appendLinkHeader(index: 0, isUp: nil)
          writer.attribute(LinkAttribute.name, peer)
          if let namespaceDescriptor {
            writer.attribute(LinkAttribute.namespaceDescriptor, UInt32(bitPattern: namespaceDescriptor))
          }
        }
      case .macvlan(_, let mode):
        writer.attribute(LinkAttribute.macvlanMode, mode.rawValue)
      case .ipvlan(_, let mode, let sharing):
        writer.attribute(LinkAttribute.ipvlanMode, mode.rawValue)
        // The default, which kernels before 4.15 do not know by name.
        if sharing != .bridge { writer.attribute(LinkAttribute.ipvlanFlags, sharing.rawValue) }
      case .vlan(_, let id):
        writer.attribute(LinkAttribute.vlanID, id)
      }
    }
  }
}

extension NetlinkWriter {
  /// `struct ifinfomsg`: family, type, index, flags, mask of the flags that change.
  fileprivate mutating func appendLinkHeader(index: UInt32, isUp: Bool?) {
    append(UInt32(0))
    append(index)
    append(UInt32(isUp == true ? LinkFlags.up.rawValue : 0))
    append(UInt32(isUp == nil ? 0 : LinkFlags.up.rawValue))
  }
}
