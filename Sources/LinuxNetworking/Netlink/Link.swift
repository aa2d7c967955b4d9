public import NetPrimitives

/// A network interface as the kernel describes it.
public struct Link: Hashable, Sendable {
  /// Its number.
  public var index: InterfaceIndex
  /// Its name.
  public var name: String
  /// `IFF_*`.
  public var flags: LinkFlags
  /// The kernel's `ARPHRD_*`: 1 Ethernet, 772 loopback.
  public var hardwareType: UInt16
  /// Its hardware address, when that has six bytes.
  public var hardwareAddress: MACAddress?
  /// Bytes of the longest packet.
  public var mtu: UInt32
  /// RFC 2863 state.
  public var operationalState: OperationalState
  /// The interface below: a macvlan's or VLAN's parent, a veth's peer.
  public var parent: InterfaceIndex?
  /// The bridge, bond or VRF it belongs to.
  public var master: InterfaceIndex?
  /// The driver's kind: `macvlan`, `ipvlan`, `vlan`, `veth`, `bridge`, `vrf`; empty for hardware.
  public var kind: String
  /// The routing table of a VRF device.
  public var vrfTable: UInt32?
  /// `IFLA_GROUP`; 0 unless somebody set it.
  public var group: UInt32
  /// `IFLA_IFALIAS`: a remark; empty unless somebody made one.
  public var alias = ""

  /// RFC 2863's states by the kernel's numbers.
  public enum OperationalState: UInt8, Hashable, Sendable, BitwiseCopyable {
    case unknown = 0
    case notPresent = 1
    case down = 2
    case lowerLayerDown = 3
    case testing = 4
    case dormant = 5
    case up = 6
  }

  /// Whether packets can pass: administratively up with a carrier.
  public var isRunning: Bool { flags.isSuperset(of: [.up, .running]) }
}

/// `IFF_*`.
public struct LinkFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Administratively up.
  public static let up = LinkFlags(rawValue: 0x1)
  /// Can broadcast.
  public static let broadcast = LinkFlags(rawValue: 0x2)
  /// The loopback.
  public static let loopback = LinkFlags(rawValue: 0x8)
  /// Point to point.
  public static let pointToPoint = LinkFlags(rawValue: 0x10)
  /// Operational: has a carrier.
  public static let running = LinkFlags(rawValue: 0x40)
  /// No ARP.
  public static let noARP = LinkFlags(rawValue: 0x80)
  /// Can multicast.
  public static let multicast = LinkFlags(rawValue: 0x1000)
  /// The layer below has a carrier.
  public static let lowerUp = LinkFlags(rawValue: 0x10000)
}

extension Link {
  /// Reads an `RTM_NEWLINK` or `RTM_DELLINK` payload; `nil` when cut short or of a bridge's own family.
  init?(netlink payload: RawSpan) {
    // Bridges announce their ports under AF_BRIDGE, too; those describe the port, not the link.
    guard payload.byteCount >= 16, payload.byte(at: 0) == 0 else { return nil }
    hardwareType = payload.host16(at: 2)
    index = InterfaceIndex(rawValue: payload.host32(at: 4))
    flags = LinkFlags(rawValue: payload.host32(at: 8))
    var name = ""
    var hardwareAddress: MACAddress?
    var mtu: UInt32 = 0
    var state: UInt8 = 0
    var parent: UInt32 = 0
    var master: UInt32 = 0
    var kind = ""
    var infoTable: UInt32?
    var group: UInt32 = 0
    var alias = ""
    NetlinkReader.forEachAttribute(in: payload, from: 16) { type, value in
      switch type {
      case LinkAttribute.name: name = NetlinkReader.string(value)
      case LinkAttribute.address where value.byteCount == 6:
        hardwareAddress = MACAddress(
          rawValue: UInt64(value.bigEndian16(at: 0)) << 32 | UInt64(value.bigEndian32(at: 2)))
      case LinkAttribute.mtu where value.byteCount >= 4: mtu = value.host32(at: 0)
      case LinkAttribute.operationalState where value.byteCount >= 1: state = value.byte(at: 0)
      case LinkAttribute.parent where value.byteCount >= 4: parent = value.host32(at: 0)
      case LinkAttribute.master where value.byteCount >= 4: master = value.host32(at: 0)
      case LinkAttribute.group where value.byteCount >= 4: group = value.host32(at: 0)
      case LinkAttribute.alias: alias = NetlinkReader.string(value)
      case LinkAttribute.info:
        NetlinkReader.forEachAttribute(in: value) { type, value in
          switch type {
          case LinkAttribute.infoKind: kind = NetlinkReader.string(value)
          case LinkAttribute.infoData:
            NetlinkReader.forEachAttribute(in: value) { type, value in
              if type == LinkAttribute.vrfTable, value.byteCount >= 4 { infoTable = value.host32(at: 0) }
            }
          default: break
          }
        }
      default: break
      }
    }
    self.name = name
    self.hardwareAddress = hardwareAddress
    self.mtu = mtu
    operationalState = OperationalState(rawValue: state) ?? .unknown
    self.parent = parent == 0 ? nil : InterfaceIndex(rawValue: parent)
    self.master = master == 0 ? nil : InterfaceIndex(rawValue: master)
    self.kind = kind
    vrfTable = kind == "vrf" ? infoTable : nil
    self.group = group
    self.alias = alias
  }
}
