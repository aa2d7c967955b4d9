import Glibc
public import NetPrimitives
public import VRRPCore

/// Asks the kernel for changes to, and lists of, links, addresses, routes and rules. Answers come at once (rtnetlink
/// works in the caller's time), so calls look synchronous and are.
public final class RouteSocket {
  private let socket: NetlinkSocket

  /// Opens the socket in the calling thread's network namespace.
  public init() throws(SystemCallError) {
    // A limit, not a reservation: room for the refusals of a batch of thousands.
    socket = try NetlinkSocket(family: 0, groups: 0, receiveLimitBytes: 4 << 20)
  }

  /// Gives the socket the room that was configured; without any it keeps what it has.
  public func follow(_ buffer: ReceiveBufferDefinition) throws(SystemCallError) { try socket.follow(buffer) }

  /// How many bytes the kernel queues for us, its own accounting included: twice what was asked for.
  public var receiveLimitBytes: Int32 { socket.receiveLimitBytes }

  /// Makes all changes with one system call and reports those the kernel refused; the others are in force.
  /// Throws only when the exchange itself failed, and then some changes may be in force.
  ///
  /// One batch may have at most 200,000 bytes (about 2,500 addresses); a longer one is an EMSGSIZE error.
  public func commit(_ batch: borrowing RouteBatch) throws(SystemCallError) -> [RouteFailure] {
    guard !batch.isEmpty else { return [] }
    var failures: [RouteFailure] = []
    try socket.commit(batch.writer) { index, number, text in
      failures.append(RouteFailure(index: index, errno: number, detail: text))
    }
    return failures
  }

  /// Makes one change; its refusal is thrown as an error of `call`.
  public func perform(_ call: String, _ change: (inout RouteBatch) -> Void) throws(SystemCallError) {
    var batch = RouteBatch(capacity: 2)
    change(&batch)
    guard let failure = try commit(batch).first else { return }
    throw SystemCallError(call: call, errno: failure.errno, needs: .netAdmin, detail: failure.detail)
  }

  /// All interfaces.
  public func links() throws(SystemCallError) -> [Link] {
    var links: [Link] = []
    try dump("RTM_GETLINK", NetlinkMessageType.getLink) { writer in
      // struct ifinfomsg, all zero.
      for _ in 0..<4 { writer.append(UInt32(0)) }
    } _: { type, payload in
      if type == NetlinkMessageType.newLink, let link = Link(netlink: payload) { links.append(link) }
    }
    return links
  }

  /// The interface called `name`; `nil` when there is none.
  public func link(named name: String) throws(SystemCallError) -> Link? {
    var found: Link?
    let number = try ask(NetlinkMessageType.getLink) { writer in
      for _ in 0..<4 { writer.append(UInt32(0)) }
      writer.attribute(LinkAttribute.name, name)
    } _: { type, payload in
      if type == NetlinkMessageType.newLink { found = Link(netlink: payload) }
    }
    switch number {
    case 0, ENODEV: return found
    default: throw SystemCallError(call: "RTM_GETLINK \(name)", errno: number)
    }
  }

  /// All addresses, or those of one interface.
  public func addresses(on interface: InterfaceIndex? = nil) throws(SystemCallError) -> [InterfaceAddress] {
    var addresses: [InterfaceAddress] = []
    try dump("RTM_GETADDR", NetlinkMessageType.getAddress) { writer in
      // struct ifaddrmsg.
      writer.append(UInt32(0))
      writer.append(interface?.rawValue ?? 0)
    } _: { type, payload in
      guard type == NetlinkMessageType.newAddress, let address = InterfaceAddress(netlink: payload) else { return }
      // Old kernels ignore the filter.
      if interface == nil || address.interface == interface { addresses.append(address) }
    }
    return addresses
  }

  /// All routes of a family that `owner` put there, in every table; by default ours.
  public func routes(
    _ family: AddressFamily, owner: UInt8 = OwnershipMark.number
  ) throws(SystemCallError) -> [Route] {
    var routes: [Route] = []
    try dump("RTM_GETROUTE", NetlinkMessageType.getRoute) { writer in
      // struct rtmsg: the kernel filters by protocol, its sixth byte.
      writer.append(family.netlinkNumber)
      for _ in 1..<5 { writer.append(UInt8(0)) }
      writer.append(owner)
      for _ in 6..<12 { writer.append(UInt8(0)) }
    } _: { type, payload in
      guard type == NetlinkMessageType.newRoute, let route = Route(netlink: payload) else { return }
      if route.owner == owner { routes.append(route) }
    }
    return routes
  }

  /// All rules of a family, whoever put them there.
  public func rules(_ family: AddressFamily) throws(SystemCallError) -> [RoutingRule] {
    var rules: [RoutingRule] = []
    try dump("RTM_GETRULE", NetlinkMessageType.getRule) { writer in
      // struct fib_rule_hdr.
      writer.append(family.netlinkNumber)
      for _ in 1..<12 { writer.append(UInt8(0)) }
    } _: { type, payload in
      if type == NetlinkMessageType.newRule, let rule = RoutingRule(netlink: payload) { rules.append(rule) }
    }
    return rules
  }

  /// Runs a dump. When the kernel says that what it lists changed meanwhile the dump is only a hint; callers reconcile
  /// from events afterwards anyway.
  func dump(
    _ call: String, _ type: UInt16, _ request: (inout NetlinkWriter) -> Void, _ body: (UInt16, RawSpan) -> Void
  ) throws(SystemCallError) {
    let number = try exchange(type, flags: NetlinkFlag.dump, request, body)
    guard number == 0 else { throw SystemCallError(call: call, errno: number, needs: .netAdmin) }
  }

  /// Asks for one object; returns the kernel's error number, 0 for none.
  func ask(
    _ type: UInt16, _ request: (inout NetlinkWriter) -> Void, _ body: (UInt16, RawSpan) -> Void
  ) throws(SystemCallError) -> Int32 {
    try exchange(type, flags: NetlinkFlag.acknowledge, request, body)
  }

  private func exchange(
    _ type: UInt16, flags: UInt16, _ request: (inout NetlinkWriter) -> Void, _ body: (UInt16, RawSpan) -> Void
  ) throws(SystemCallError) -> Int32 {
    var writer = NetlinkWriter(capacity: 64)
    writer.message(
      type: type, flags: NetlinkFlag.request | flags, sequence: writer.nextSequence, request)
    return try socket.exchange(writer, body)
  }
}
