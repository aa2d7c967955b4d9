public import NetPrimitives

/// An address packets to which, and from which, are dropped.
public struct FirewallElement: Hashable, Sendable {
  /// The address.
  public var address: IPAddress
  /// For a link-local address, which other links may have, too: the interface it is on.
  public var interface: Interface?

  /// An interface by both its names; which one rules match is a setting.
  public struct Interface: Hashable, Sendable {
    /// Its number.
    public var index: InterfaceIndex
    /// Its name.
    public var name: String

    /// An interface.
    public init(index: InterfaceIndex, name: String) {
      self.index = index
      self.name = name
    }
  }

  /// `address`, which is on `interface`.
  public init(_ address: IPAddress, on interface: Interface) {
    self.address = address
    if case .v6(let six) = address, six.isLinkLocal { self.interface = interface }
  }
}

/// How the rules that drop packets to virtual addresses are made.
public struct FirewallSettings: Hashable, Sendable {
  /// `nftables`: the name of our tables, one of family ip and one of family ip6.
  public var table = "keepalived"
  /// `nftables_priority`: of our chains; smaller comes first, and 0 is where other filters are.
  public var priority: Int32 = -1
  /// `nftables_ifindex`: interfaces are matched by number and not by name.
  public var matchesIndex = false
  /// `nftables_counters`: dropped packets are counted.
  public var counts = false

  /// keepalived's defaults.
  public init() {}
}
