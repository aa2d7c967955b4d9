import Foundation
import LoadBalancing
import NetPrimitives
import Testing

@testable import LinuxNetworking

/// A client, a director and real servers, each in a namespace of its own: client and director share one wire, servers
/// hang on it, too (direct routing, tunnels), or on one behind the director (NAT).
struct BalancerLab: ~Copyable {
  let director: NetworkNamespace
  let client: NetworkNamespace
  let servers: NetworkNamespace
  /// The director's table.
  let socket: ServiceSocket
  let family: AddressFamily
  /// What clients connect to.
  let service: RealServerKey

  /// Address `host` of the wire in front (7) or behind (8).
  static func address(_ family: AddressFamily, _ wire: UInt8, _ host: UInt8) -> IPAddress {
    switch family {
    case .ipv4: .v4(IPv4Address(10, wire, 0, host))
    case .ipv6: .v6(IPv6Address(high: 0xfd00 << 48 | UInt64(wire), low: UInt64(host)))
    }
  }

  /// Makes the wires; `wire` is the one the servers hang on. The calling thread ends up in the director's namespace.
  init(_ family: AddressFamily, serversOn wire: UInt8, servers count: UInt8 = 2) throws {
    let client = try NetworkNamespace.unshare()
    let servers = try NetworkNamespace.unshare()
    let director = try NetworkNamespace.unshare()
    let bits = family == .ipv4 ? 24 : 64
    let routes = try RouteSocket()
    try routes.perform("front") { $0.add(LinkSpecification("front", .bridge)) }
    try routes.perform("back") { $0.add(LinkSpecification("back", .bridge)) }
    for (name, namespace) in [("c", client.descriptor.rawValue), ("s", servers.descriptor.rawValue)] {
      try routes.perform("veth") { $0.add(LinkSpecification(name, .veth(peer: "eth", namespaceDescriptor: namespace))) }
    }
    let vip = Self.address(family, 7, 100)
    try shell(
      """
      sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
      ip link set lo up; ip link set front up; ip link set back up
      ip link set c master front up; ip link set s master \(wire == 7 ? "front" : "back") up
      ip addr add \(Self.address(family, 7, 1))/\(bits) dev front \(Self.option(family))
      ip addr add \(Self.address(family, 8, 1))/\(bits) dev back \(Self.option(family))
      ip addr add \(vip) dev front \(Self.option(family))
      """)
    try client.enter()
    try shell(
      """
      ip link set lo up; ip link set eth up
      ip addr add \(Self.address(family, 7, 2))/\(bits) dev eth \(Self.option(family))
      """)
    try servers.enter()
    let addresses = (1...count).map {
      "ip addr add \(Self.address(family, wire, 10 + $0))/\(bits) dev eth \(Self.option(family))"
    }
    let gateway = wire == 7 ? "" : "ip route add default via \(Self.address(family, 8, 1))"
    try shell((["ip link set lo up; ip link set eth up"] + addresses + [gateway]).joined(separator: "\n"))
    try director.enter()
    let socket = try ServiceSocket()
    self.director = director
    self.client = client
    self.servers = servers
    self.socket = socket
    self.family = family
    service = RealServerKey(address: vip, port: 80)
  }

  private static func option(_ family: AddressFamily) -> String { family == .ipv6 ? "nodad" : "" }

  /// Server `number`, from 1, at `port`.
  func server(_ number: UInt8, on wire: UInt8, port: UInt16) -> RealServerKey {
    RealServerKey(address: Self.address(family, wire, 10 + number), port: port)
  }

  /// A second director on the wire in front, without the service's address yet.
  func anotherDirector() throws -> NetworkNamespace {
    let other = try NetworkNamespace.unshare()
    try director.enter()
    let link = LinkSpecification("o", .veth(peer: "eth", namespaceDescriptor: other.descriptor.rawValue))
    try RouteSocket().perform("veth") { $0.add(link) }
    try shell("ip link set o master front up")
    try on(other) {
      _ = try shell(
        """
        sysctl -qw net.ipv4.ip_forward=1
        ip link set lo up; ip link set eth up
        ip addr add \(Self.address(family, 7, 3))/24 dev eth
        """)
    }
    return other
  }

  /// Runs `body` in another namespace, and comes back.
  func on<Result>(_ namespace: borrowing NetworkNamespace, _ body: () throws -> Result) throws -> Result {
    try namespace.enter()
    defer { try? director.enter() }
    return try body()
  }

  /// Runs `body` among the servers.
  func onServers<Result>(_ body: () throws -> Result) throws -> Result { try on(servers, body) }

  /// Runs `body` where the client is.
  func onClient<Result>(_ body: () throws -> Result) throws -> Result { try on(client, body) }

  /// A client's connection to the service; an error when there is none in time.
  func connect() throws -> TestStream { try onClient { try TestStream(to: service) } }
}

/// A TCP socket of a test: blocking, but for at most a while.
final class TestStream {
  private let number: Int32

  private init(number: Int32) { self.number = number }

  deinit { close(number) }

  private static func open(_ family: AddressFamily) throws -> TestStream {
    let number = Glibc.socket(family == .ipv4 ? AF_INET : AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
    try #require(number >= 0)
    let stream = TestStream(number: number)
    // The first neighbour solicitations of IPv6 get lost while the links' own addresses are checked for duplicates.
    stream.patience(milliseconds: 8000)
    return stream
  }

  /// How long connecting, accepting and receiving may take.
  func patience(milliseconds: Int) {
    var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(number, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  /// Connects.
  convenience init(to remote: RealServerKey) throws {
    let stream = try Self.open(remote.address.family)
    let result = Self.withSocketAddress(remote) { Glibc.connect(stream.number, $0, $1) }
    if result != 0 { throw SystemCallError(call: "connect(\(remote.label))", errno: errno) }
    self.init(number: dup(stream.number))
  }

  /// Listens.
  convenience init(listeningOn local: RealServerKey) throws {
    let stream = try Self.open(local.address.family)
    let result = Self.withSocketAddress(local) { Glibc.bind(stream.number, $0, $1) }
    try #require(result == 0, "bind: \(ErrorNumber.name(errno))")
    try #require(listen(stream.number, 64) == 0)
    self.init(number: dup(stream.number))
  }

  /// The next connection, if one waits.
  func accept() -> TestStream? {
    var request = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, 100) == 1 else { return nil }
    let accepted = Glibc.accept(number, nil, nil)
    guard accepted >= 0 else { return nil }
    let stream = TestStream(number: accepted)
    stream.patience(milliseconds: 2000)
    return stream
  }

  /// Sends `text` here and says whether `far` gets it in time.
  func reaches(_ far: TestStream, _ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return false }
    return far.hears(text)
  }

  /// Whether `text` comes in time.
  func hears(_ text: String) -> Bool {
    var buffer = [UInt8](repeating: 0, count: text.utf8.count)
    return recv(number, &buffer, buffer.count, Int32(MSG_WAITALL)) == buffer.count && buffer == Array(text.utf8)
  }

  private static func withSocketAddress(
    _ key: RealServerKey, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafeTemporaryAllocation(byteCount: SocketAddress.byteCount, alignment: 8) { bytes in
      guard let place = bytes.baseAddress else { return -1 }
      let length = SocketAddress.write(key.address, scope: 0, to: place)
      // Where `sockaddr_in` and `sockaddr_in6` have the port.
      place.storeBytes(of: key.port.bigEndian, toByteOffset: 2, as: UInt16.self)
      return body(place.assumingMemoryBound(to: sockaddr.self), length)
    }
  }
}
