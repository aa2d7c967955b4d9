import CLinuxShims
import Glibc
import NetPrimitives
public import VRRPCore

/// Tells of changes to links and addresses, whoever makes them, our own included.
public final class RouteMonitor {
  private let socket: NetlinkSocket
  /// How often the kernel had to drop events.
  public private(set) var overrunCount: UInt64 = 0

  /// One change.
  public enum Event: Hashable, Sendable {
    /// A link is new or something about it changed.
    case linkChanged(Link)
    /// A link is gone.
    case linkRemoved(Link)
    /// An address is new or something about it changed, its flags included.
    case addressChanged(InterfaceAddress)
    /// An address is gone.
    case addressRemoved(InterfaceAddress)
    /// A route of ours is gone, by whoever's hand. The kernel says nothing of IPv4 routes that went with their link.
    case routeRemoved(Route)
    /// A rule of ours is gone, by whoever's hand.
    case ruleRemoved(RoutingRule)
    /// Events were lost: list everything anew, nothing that was known is certain.
    case overrun
  }

  /// What to hear of.
  public struct Subjects: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Links (`RTMGRP_LINK`).
    public static let links = Subjects(rawValue: 0x1)
    /// IPv4 addresses.
    public static let ipv4Addresses = Subjects(rawValue: 0x10)
    /// IPv6 addresses.
    public static let ipv6Addresses = Subjects(rawValue: 0x100)
    /// IPv4 routes of ours.
    public static let ipv4Routes = Subjects(rawValue: 0x40)
    /// IPv6 routes of ours.
    public static let ipv6Routes = Subjects(rawValue: 0x400)
    /// IPv4 rules of ours.
    public static let ipv4Rules = Subjects(rawValue: 0x80)
    /// IPv6 rules of ours.
    public static let ipv6Rules = Subjects(rawValue: 0x40000)
  }

  /// Subscribes in the calling thread's network namespace. Subscribe before listing: nothing is missed then. The kernel
  /// queues up to `receiveLimitBytes` before it drops events.
  public init(
    _ subjects: Subjects = [.links, .ipv4Addresses, .ipv6Addresses], receiveLimitBytes: Int32 = 1 << 20
  ) throws(SystemCallError) {
    socket = try NetlinkSocket(family: 0, groups: subjects.rawValue, receiveLimitBytes: receiveLimitBytes)
  }

  /// Hears of the removal of routes of ours and of rules, too. What else happens to routes, and that may be a whole
  /// table of the Internet, the kernel keeps to itself.
  public func hearRoutes() throws(SystemCallError) {
    try PacketFilter.attach(Self.filter(), to: socket.descriptor)
    // RTNLGRP_IPV4_ROUTE, _IPV4_RULE, _IPV6_ROUTE, _IPV6_RULE by NETLINK_ADD_MEMBERSHIP.
    for group: Int32 in [7, 8, 11, 19] {
      try SocketOptions.set(socket.descriptor, SocketOptions.netlinkLevel, 1, group, "NETLINK_ADD_MEMBERSHIP")
    }
  }

  /// Gives the socket the room that was configured; without any it keeps what it has.
  public func follow(_ buffer: ReceiveBufferDefinition) throws(SystemCallError) { try socket.follow(buffer) }

  /// How many bytes the kernel queues for us, its own accounting included: twice what was asked for.
  public var receiveLimitBytes: Int32 { socket.receiveLimitBytes }

  /// Passes everything but routes and rules that are new or changed, and removals of routes that are not ours. The
  /// filter reads words in network order, the type is in the host's.
  private static func filter() -> [sock_filter] {
    var filter = PacketFilter()
    // struct nlmsghdr: length, type.
    filter.loadHalf(4)
    for type in [NetlinkMessageType.newRoute, NetlinkMessageType.newRule] {
      filter.jump(ifEqual: UInt32(type.bigEndian), .drop, else: .next)
    }
    filter.jump(ifEqual: UInt32(NetlinkMessageType.deleteRoute.bigEndian), .next, else: .accept)
    // struct rtmsg behind the header: its sixth byte says who made the route.
    filter.loadByte(16 + 5)
    filter.jump(ifEqual: UInt32(OwnershipMark.number), .accept, else: .drop)
    return filter.finish()
  }

  /// For the reactor; the monitor keeps it and closes it.
  public var rawDescriptor: Int32 { socket.descriptor.rawValue }

  /// Hands the events that wait to `body`, in order, without blocking; at most `limit` datagrams. Returns true when
  /// none is left.
  @discardableResult
  public func receive(limit: Int = 64, _ body: (Event) -> Void) throws(SystemCallError) -> Bool {
    for _ in 0..<limit {
      do {
        let found = try socket.receive { datagram in
          NetlinkReader.forEachMessage(in: datagram) { header, payload in
            if let event = Event(header, payload) { body(event) }
          }
        }
        if !found { return true }
      } catch  where error.errno == ENOBUFS {
        overrunCount &+= 1
        body(.overrun)
      }
    }
    return false
  }
}

extension RouteMonitor.Event {
  init?(_ header: NetlinkHeader, _ payload: RawSpan) {
    switch header.type {
    case NetlinkMessageType.newLink:
      guard let link = Link(netlink: payload) else { return nil }
      self = .linkChanged(link)
    case NetlinkMessageType.deleteLink:
      guard let link = Link(netlink: payload) else { return nil }
      self = .linkRemoved(link)
    case NetlinkMessageType.newAddress:
      guard let address = InterfaceAddress(netlink: payload) else { return nil }
      self = .addressChanged(address)
    case NetlinkMessageType.deleteAddress:
      guard let address = InterfaceAddress(netlink: payload) else { return nil }
      self = .addressRemoved(address)
    case NetlinkMessageType.deleteRoute:
      guard let route = Route(netlink: payload), route.isOurs else { return nil }
      self = .routeRemoved(route)
    case NetlinkMessageType.deleteRule:
      guard let rule = RoutingRule(netlink: payload), rule.isOurs else { return nil }
      self = .ruleRemoved(rule)
    default: return nil
    }
  }
}
