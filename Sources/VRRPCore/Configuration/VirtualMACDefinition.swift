public import NetPrimitives

/// `use_vmac` or `use_ipvlan`: the interface of its own a virtual router gets.
public struct VirtualMACDefinition: Hashable, Sendable {
  /// Which kind of interface.
  public var kind: Kind
  /// Its name; `nil` for a made-up one.
  public var name: String?
  /// The MAC address; `nil` for that of RFC 9568 §7.3.
  public var address: MACAddress?
  /// `ipvlan`: the address it gets, which is also the source of adverts.
  public var source: IPPrefix?
  /// `group`: the link group, by number or name.
  public var group: NameOrNumber?
  /// `netlink_notify_msg`.
  public var notifiesNetlink = false
  /// `vmac_xmit_base`: adverts leave through the interface below.
  public var sendsFromBase = false
  /// `vmac_prepare_addresses`: a backup has its IPv4 addresses on the macvlan already, which is down. To become active
  /// takes one change then instead of one for each address.
  public var preparesAddresses = false
  /// `use_vmac_addr`: each address has ``VirtualAddress/usesVirtualMAC`` set, those on other interfaces included.
  public var coversOtherInterfaces = false

  /// The kinds of interface.
  public enum Kind: Hashable, Sendable, BitwiseCopyable {
    /// A macvlan with the virtual router's MAC.
    case macvlan
    case ipvlan(IPVLANMode)
  }

  /// How neighbours on one ipvlan see each other.
  public enum IPVLANMode: Hashable, Sendable, BitwiseCopyable { case bridge, `private`, vepa }

  /// An interface with a made-up name.
  public init(kind: Kind = .macvlan) { self.kind = kind }
}
