import NetPrimitives

/// Changes to addresses, links, routes and rules, gathered to be made in one system call.
///
/// Each change stands alone: one that fails does not stop those after it. Pure; ``RouteSocket/commit(_:)`` sends it.
public struct RouteBatch: Sendable {
  private(set) var writer: NetlinkWriter

  /// An empty batch with room for about `capacity` addresses before it grows.
  public init(capacity: Int = 16) { writer = NetlinkWriter(capacity: capacity * 80) }

  /// How many changes it holds.
  public var count: Int { writer.messageCount }

  /// How long it is.
  public var byteCount: Int { writer.bytes.count }

  /// Whether it holds none.
  public var isEmpty: Bool { count == 0 }

  /// Forgets all changes, keeps the memory.
  public mutating func removeAll() { writer.removeAll() }

  /// Adds an address. One that is there already is an error (EEXIST), so that nobody else's is taken for ours; with
  /// `replacing` it gets these attributes, our mark included.
  public mutating func add(_ address: InterfaceAddress, replacing: Bool = false) {
    let flags = NetlinkFlag.create | (replacing ? NetlinkFlag.replace : NetlinkFlag.exclusive)
    append(NetlinkMessageType.newAddress, flags) { address.encode(into: &$0, isRemoval: false) }
  }

  /// Removes an address; one that is not there is an error (EADDRNOTAVAIL).
  public mutating func remove(_ address: InterfaceAddress) {
    append(NetlinkMessageType.deleteAddress, 0) { address.encode(into: &$0, isRemoval: true) }
  }

  /// What to do when a route to the same destination is there.
  public enum RouteInsertion: Hashable, Sendable, BitwiseCopyable {
    /// Refuse (EEXIST) when one has the same metric (`ip route add`).
    case exclusive
    /// Put it before those of the same metric (`ip route prepend`).
    case before
    /// Put it after them (`ip route append`).
    case after
    /// Put it in the place of the first (`ip route replace`).
    case inPlace
  }

  /// Adds a route.
  public mutating func add(_ route: Route, _ insertion: RouteInsertion = .exclusive) {
    let flags =
      switch insertion {
      case .exclusive: NetlinkFlag.exclusive
      case .before: UInt16(0)
      case .after: NetlinkFlag.append
      case .inPlace: NetlinkFlag.replace
      }
    append(NetlinkMessageType.newRoute, NetlinkFlag.create | flags) { route.encode(into: &$0, isRemoval: false) }
  }

  /// Removes a route; one that is not there is an error (ESRCH).
  public mutating func remove(_ route: Route) {
    append(NetlinkMessageType.deleteRoute, 0) { route.encode(into: &$0, isRemoval: true) }
  }

  /// Adds a rule; one just like it is an error (EEXIST).
  public mutating func add(_ rule: RoutingRule) {
    append(NetlinkMessageType.newRule, NetlinkFlag.create | NetlinkFlag.exclusive) { rule.encode(into: &$0) }
  }

  /// Removes a rule; one that is not there is an error (ENOENT).
  public mutating func remove(_ rule: RoutingRule) {
    append(NetlinkMessageType.deleteRule, 0) { rule.encode(into: &$0) }
  }

  /// Appends one request. Only the last asks for an answer, which the kernel gives when it has tried them all.
  mutating func append(_ type: UInt16, _ flags: UInt16, _ body: (inout NetlinkWriter) -> Void) {
    writer.removeFlagsFromLastMessage(NetlinkFlag.acknowledge)
    writer.message(
      type: type, flags: NetlinkFlag.request | NetlinkFlag.acknowledge | flags, sequence: writer.nextSequence,
      body)
  }
}

/// One change of a batch that the kernel refused.
public struct RouteFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// Which change of the batch, from 0.
  public var index: Int
  /// The kernel's error number.
  public var errno: Int32
  /// Its words, where it gave some.
  public var detail: String

  /// The error as text: `change 3: File exists (EEXIST)`.
  public var description: String {
    "change \(index): \(SystemCallError(call: "netlink", errno: errno, needs: .netAdmin, detail: detail))"
  }
}
