public import NetPrimitives

/// One address a virtual router owns while it is active, with what the kernel is to be told about it.
public struct VirtualAddress: Hashable, Sendable {
  /// The address and its prefix length; the length configures the interface, only the address is advertised.
  public var prefix: IPPrefix
  /// The interface it is put on (`dev`); `nil` for the virtual router's own.
  public var interface: String?
  /// `label`, IPv4 only, at most 15 bytes.
  public var label: String?
  /// `brd`, IPv4 only.
  public var broadcast: Broadcast?
  /// `scope`, an rtnetlink scope: 0 global, 200 site, 253 link, 254 host. `nil` leaves it to the kernel's rules.
  public var scope: UInt8?
  /// `peer`: the other end of a point-to-point link.
  public var peer: IPAddress?
  /// `preferred_lft` in seconds; `nil` for the default: 0 for an IPv6 host address, else for ever.
  public var preferredLifetime: Lifetime?
  /// `home`, `mngtmpaddr`, `noprefixroute`, `autojoin`.
  public var flags: Flags = []
  /// `-nodad`: IPv6 duplicate address detection is left on.
  public var detectsDuplicates = false
  /// False with `no_track`: the address does not follow its interface.
  public var isTracked = true
  /// `use_vmac`: on a virtual MAC of its interface.
  public var usesVirtualMAC = false
  /// `track_group`, static addresses only.
  public var trackGroup: String?

  /// How long an address is preferred.
  public enum Lifetime: Hashable, Sendable, BitwiseCopyable {
    case forever
    case seconds(UInt32)
  }

  /// Flags the kernel knows.
  public struct Flags: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt8

    /// The flags in `rawValue`.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `home`: a mobile node's home address.
    public static let home = Flags(rawValue: 1)
    /// `mngtmpaddr`: temporary addresses are made from it.
    public static let managesTemporary = Flags(rawValue: 2)
    /// `noprefixroute`: no route for the prefix.
    public static let noPrefixRoute = Flags(rawValue: 4)
    /// `autojoin`: multicast groups are joined.
    public static let autoJoin = Flags(rawValue: 8)
  }

  /// How the broadcast address is set.
  public enum Broadcast: Hashable, Sendable {
    /// `brd +`: the last address of the prefix.
    case lastOfPrefix
    /// `brd -`: the first address of the prefix.
    case firstOfPrefix
    case address(IPv4Address)
  }

  /// An address with nothing special about it.
  public init(
    _ prefix: IPPrefix, interface: String? = nil, label: String? = nil, broadcast: Broadcast? = nil,
    scope: UInt8? = nil
  ) {
    self.prefix = prefix
    self.interface = interface
    self.label = label
    self.broadcast = broadcast
    self.scope = scope
  }
}
