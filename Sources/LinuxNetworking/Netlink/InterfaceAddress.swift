public import NetPrimitives

/// An address on an interface, as the kernel has it or is to have it.
public struct InterfaceAddress: Hashable, Sendable {
  /// The interface.
  public var interface: InterfaceIndex
  /// The address with its prefix length.
  public var prefix: IPPrefix
  /// The other end of a point-to-point address (`peer`).
  public var peer: IPAddress?
  /// IPv4 only, at most 15 bytes; the kernel uses the interface's name when there is none.
  public var label: String?
  /// IPv4 only.
  public var broadcast: IPv4Address?
  /// 0 global, 200 site, 253 link, 254 host. IPv6 derives it from the address.
  public var scope: UInt8 = 0
  /// What the kernel knows or is told besides.
  public var flags: AddressFlags = []
  /// Who put it there (`IFA_PROTO`); 0 unknown, ``OwnershipMark/number`` us. Kernels before 5.18 drop it.
  public var owner: UInt8 = 0
  /// Seconds the address may be chosen as a source; 0 deprecates it at once, `nil` for ever.
  public var preferredLifetimeSeconds: UInt32?

  /// An address of ours, marked so, without duplicate address detection for IPv6.
  public init(_ prefix: IPPrefix, on interface: InterfaceIndex) {
    self.prefix = prefix
    self.interface = interface
    owner = OwnershipMark.number
    if prefix.address.family == .ipv6 { flags.insert(.withoutDuplicateDetection) }
  }

  /// Whether we put it there.
  public var isOurs: Bool { owner == OwnershipMark.number }
}

/// `IFA_F_*`.
public struct AddressFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Added after another address of the same network.
  public static let secondary = AddressFlags(rawValue: 0x01)
  /// IPv6 added without asking the link whether anybody has it.
  public static let withoutDuplicateDetection = AddressFlags(rawValue: 0x02)
  /// Somebody else on the link has it: the address is there but unused.
  public static let duplicateDetectionFailed = AddressFlags(rawValue: 0x08)
  /// The mobile home address.
  public static let homeAddress = AddressFlags(rawValue: 0x10)
  /// Not to be chosen as a source.
  public static let deprecated = AddressFlags(rawValue: 0x20)
  /// Duplicate detection is still running.
  public static let tentative = AddressFlags(rawValue: 0x40)
  /// Without a lifetime.
  public static let permanent = AddressFlags(rawValue: 0x80)
  /// Prefix from a router for which temporary addresses are made.
  public static let managesTemporary = AddressFlags(rawValue: 0x100)
  /// The kernel makes no route to the prefix.
  public static let withoutPrefixRoute = AddressFlags(rawValue: 0x200)
  /// The interface joins the group of this address.
  public static let joinsMulticast = AddressFlags(rawValue: 0x400)
}

extension InterfaceAddress {
  /// Writes an `RTM_NEWADDR` or `RTM_DELADDR` payload.
  func encode(into writer: inout NetlinkWriter, isRemoval: Bool) {
    writer.append(prefix.address.family.netlinkNumber)
    writer.append(prefix.length)
    writer.append(UInt8(truncatingIfNeeded: flags.rawValue))
    writer.append(scope)
    writer.append(interface.rawValue)
    writer.attribute(AddressAttribute.local, prefix.address)
    writer.attribute(AddressAttribute.address, peer ?? prefix.address)
    if let label { writer.attribute(AddressAttribute.label, label) }
    // The kernel finds what to delete by address, length and label.
    guard !isRemoval else { return }
    if let broadcast { writer.attribute(AddressAttribute.broadcast, .v4(broadcast)) }
    if flags.rawValue > 0xff { writer.attribute(AddressAttribute.flags, flags.rawValue) }
    if owner != 0 { writer.attribute(AddressAttribute.ownership, owner) }
    if let preferredLifetimeSeconds {
      // struct ifa_cacheinfo: preferred, valid, created, updated.
      writer.attribute(AddressAttribute.cacheInfo) { writer in
        writer.append(preferredLifetimeSeconds)
        writer.append(UInt32.max)
        writer.append(UInt32(0))
        writer.append(UInt32(0))
      }
    }
  }

  /// Reads an `RTM_NEWADDR` or `RTM_DELADDR` payload; `nil` when it is of another family or cut short.
  init?(netlink payload: RawSpan) {
    guard
      payload.byteCount >= 8, let family = AddressFamily(netlinkNumber: payload.byte(at: 0))
    else { return nil }
    var address: IPAddress?
    var local: IPAddress?
    var label: String?
    var broadcast: IPv4Address?
    var flags = UInt32(payload.byte(at: 2))
    var owner: UInt8 = 0
    var preferred: UInt32?
    NetlinkReader.forEachAttribute(in: payload, from: 8) { type, value in
      switch type {
      case AddressAttribute.address: address = NetlinkReader.address(value)
      case AddressAttribute.local: local = NetlinkReader.address(value)
      case AddressAttribute.label: label = NetlinkReader.string(value)
      case AddressAttribute.broadcast where value.byteCount == 4: broadcast = value.ipv4Address(at: 0)
      case AddressAttribute.flags where value.byteCount >= 4: flags = value.host32(at: 0)
      case AddressAttribute.ownership where value.byteCount >= 1: owner = value.byte(at: 0)
      case AddressAttribute.cacheInfo where value.byteCount >= 8: preferred = value.host32(at: 0)
      default: break
      }
    }
    guard
      let own = local ?? address, own.family == family,
      let prefix = IPPrefix(own, length: payload.byte(at: 1))
    else { return nil }
    self.prefix = prefix
    interface = InterfaceIndex(rawValue: payload.host32(at: 4))
    peer = local != nil && address != local ? address : nil
    self.label = label
    self.broadcast = broadcast
    scope = payload.byte(at: 3)
    self.flags = AddressFlags(rawValue: flags)
    self.owner = owner
    // A deprecated address without end of life is told with an endless lifetime, too.
    preferredLifetimeSeconds = self.flags.isSuperset(of: [.permanent, .deprecated]) ? 0 : preferred
    if preferredLifetimeSeconds == .max { preferredLifetimeSeconds = nil }
  }
}
