/// `linkbeat_use_polling` and `linkbeat_interfaces`: interfaces whose driver is asked for its link, once a second, in
/// place of what the kernel tells.
public struct LinkPollingDefinition: Hashable, Sendable {
  /// How a driver is asked.
  public enum Method: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
    /// The basic mode status register of its MII (`SIOCGMIIREG`).
    case mii
    /// `ETHTOOL_GLINK`.
    case ethtool
    /// Whether the interface is running (`SIOCGIFFLAGS`).
    case flags
  }

  /// `linkbeat_use_polling` outside of all blocks: every interface is asked.
  public var includesAll = false
  /// Those asked by name, in order.
  public private(set) var interfaces: [Interface] = []

  /// One of them.
  public struct Interface: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// What is tried first; `nil` tries all in the order of ``Method``. What a driver cannot do is left out.
    public var method: Method?

    /// The interface called `name`.
    public init(_ name: String, _ method: Method? = nil) {
      self.name = name
      self.method = method
    }
  }

  /// Nobody is asked.
  public init() {}

  /// Whether nobody is asked.
  public var isEmpty: Bool { !includesAll && interfaces.isEmpty }

  /// Has an interface asked; what was said first of a name holds.
  public mutating func add(_ interface: Interface) {
    guard !interfaces.contains(where: { $0.name == interface.name }) else { return }
    interfaces.append(interface)
  }
}
