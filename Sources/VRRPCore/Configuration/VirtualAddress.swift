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
