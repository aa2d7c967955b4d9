import CLinuxShims
import Foundation
import Glibc
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@testable import LinuxNetworking

/// Virtual routers with an interface of their own, on the kernel.
@Suite(.enabled(if: isRoot, rootOnly)) struct VirtualLinkTests {
  typealias Host = LinuxWorldTests.Host

  static let virtualMAC = MACAddress.virtualRouter(7, .ipv4)

  /// A router that starts as a backup, or with priority 255 as the active one.
  static func definition(
    priority: UInt8 = 255, _ change: (inout VirtualRouterDefinition) throws -> Void = { _ in }
  ) throws -> VirtualRouterDefinition {
    try LinuxWorldTests.definition {
      $0.priority = priority
      $0.excludedAddresses = []
      $0.virtualMAC = VirtualMACDefinition()
      try change(&$0)
    }
  }

  static func setting(_ name: String) throws -> String { try KernelParameters().value(of: name) }

  @Test func `a backup's interface is there, with the virtual MAC, and down`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      host.engine.apply([try Self.definition(priority: 100)], now: host.now)
      host.engine.world.flush(now: host.now)
      let link = try #require(try host.routes.link(named: "vrrp.7"))
      #expect(link.hardwareAddress == Self.virtualMAC)
      #expect(link.parent == cable.left.index)
      #expect(link.kind == "macvlan")
      #expect(!link.flags.contains(.up))
      #expect(try host.routes.addresses(on: link.index) == [])
      #expect(host.failures() == [])
    }
  }

  @Test func `prepared addresses wait on the interface that is down, and stay when the router gives way`() async throws
  {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let definition = try Self.definition(priority: 100) { $0.virtualMAC?.preparesAddresses = true }
      func localRoutes() throws -> Int {
        try host.routes.routes(.ipv4, owner: 2).count { $0.kind == .local && "\($0.destination)" == "10.0.1.1/32" }
      }
      host.engine.apply([definition], now: host.now)
      host.engine.world.flush(now: host.now)
      let link = try #require(try host.routes.link(named: "vrrp.7"))
      #expect(!link.flags.contains(.up))
      #expect(try host.routes.addresses(on: link.index).map { "\($0.prefix)" } == ["10.0.1.1/24"])
      #expect(try localRoutes() == 0, "what this host sends there goes to the active router")
      let looksActive = host.engine.world.hasAddresses(of: definition)
      #expect(!looksActive, "a backup that crashed is no active router")

      let router = RouterHandle(rawValue: 0)
      host.engine.world.setOwnership(of: router, true)
      host.engine.world.flush(now: host.now)
      #expect(try host.routes.link(named: "vrrp.7")?.flags.contains(.up) == true)
      #expect(try localRoutes() == 1)
      host.engine.world.setOwnership(of: router, false)
      host.engine.world.flush(now: host.now)
      #expect(try host.routes.link(named: "vrrp.7")?.flags.contains(.up) == false)
      #expect(try host.routes.addresses(on: link.index).map { "\($0.prefix)" } == ["10.0.1.1/24"])
      #expect(try localRoutes() == 0)

      var other = definition
      other.addresses = [VirtualAddress(try #require(IPPrefix("10.0.1.2/24")))]
      host.engine.apply([other], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try host.routes.addresses(on: link.index).map { "\($0.prefix)" } == ["10.0.1.2/24"])
      other.virtualMAC?.preparesAddresses = false
      host.engine.apply([other], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try host.routes.addresses(on: link.index) == [])
      #expect(host.failures() == [])
    }
  }

  @Test func `the active router speaks with the virtual MAC and leaves nothing behind`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let ears = try cable.onRight {
        try PacketSocket(hearing: .arp([IPv4Address(10, 0, 1, 1)]), on: cable.right.index)
      }
      let arpIgnore = "net/ipv4/conf/left/arp_ignore"
      #expect(try Self.setting(arpIgnore) == "0")
      host.engine.apply([try Self.definition()], now: host.now)
      host.engine.world.flush(now: host.now)
      let link = try #require(try host.routes.link(named: "vrrp.7"))
      #expect(link.flags.contains(.up))
      #expect(try host.routes.addresses(on: link.index).map { "\($0.prefix)" } == ["10.0.1.1/24"])
      #expect(try host.prefixes() == [], "none on the interface below")
      #expect(try Self.setting(arpIgnore) == "1")
      #expect(try Self.setting("net/ipv4/conf/vrrp.7/arp_ignore") == "1")
      #expect(try Self.setting("net/ipv4/conf/vrrp.7/rp_filter") == "0")
      #expect(
        try Self.claims(ears) == [
          AddressClaim(.v4(IPv4Address(10, 0, 1, 1)), at: Self.virtualMAC, kind: .gratuitousARP)
        ])

      host.engine.stop(now: host.now)
      host.engine.advance(to: host.now.advanced(byNanoseconds: 1_200_000_000))
      host.engine.world.flush(now: host.now)
      #expect(try host.routes.link(named: "vrrp.7")?.flags.contains(.up) == false)
      host.engine.world.dismantle()
      #expect(try host.routes.link(named: "vrrp.7") == nil)
      #expect(try Self.setting(arpIgnore) == "0")
      #expect(host.failures() == [])
    }
  }

  @Test func `adverts come from the virtual MAC, or from the interface below if so configured`() async throws {
    for sendsFromBase in [false, true] {
      try await isolated {
        let cable = try Cable()
        let host = try Host(cable.left)
        let capture = try cable.onRight { try RawCapture(on: cable.right.index) }
        host.engine.apply([try Self.definition { $0.virtualMAC?.sendsFromBase = sendsFromBase }], now: host.now)
        host.engine.world.flush(now: host.now)
        let sources = Set(capture.frames().filter { $0.isAdvertisement }.map(\.source))
        #expect(sources == [sendsFromBase ? try #require(cable.left.hardwareAddress) : Self.virtualMAC])
      }
    }
  }

  @Test func `IPv6 adverts come from the link-local address below, which the interface does not get`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let capture = try cable.onRight { try RawCapture(on: cable.right.index) }
      let definition = try Self.definition {
        $0.family = .ipv6
        $0.addresses = [
          VirtualAddress(try #require(IPPrefix("fe80::7/64"))),
          VirtualAddress(try #require(IPPrefix("2001:db8::7/64"))),
        ]
      }
      host.engine.apply([definition], now: host.now)
      host.engine.world.flush(now: host.now)
      let link = try #require(try host.routes.link(named: "vrrp.7"))
      #expect(link.hardwareAddress == .virtualRouter(7, .ipv6))
      #expect(
        try host.routes.addresses(on: link.index).map { "\($0.prefix)" }.sorted() == ["2001:db8::7/64", "fe80::7/64"])
      #expect(capture.frames().filter { $0.isAdvertisement }.allSatisfy { $0.source == .virtualRouter(7, .ipv6) })
      #expect(host.failures() == [])
    }
  }

  /// A leaving router still has the address when its successor announces it.
  @Test func `a successor's announcement is not answered, a neighbour's question is`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      host.engine.apply([try Self.definition()], now: host.now)
      host.engine.world.flush(now: host.now)
      let capture = try cable.onRight { try RawCapture(on: cable.right.index) }
      let virtual = IPv4Address(10, 0, 1, 1)
      let (neighbor, address) = (MACAddress(rawValue: 0x0200_0000_0063), IPv4Address(10, 0, 1, 99))
      capture.inject(Self.question(about: virtual, from: virtual, at: Self.virtualMAC))
      capture.inject(Self.question(about: virtual, from: address, at: neighbor))
      var replies: [[UInt8]] = []
      for _ in 0..<100 where replies.isEmpty {
        // The kernel answers a question to all from a work queue, and what it takes for one at once.
        usleep(10_000)
        replies += capture.bytes().filter { $0[12...13] == [0x08, 0x06] && $0[21] == 2 }
      }
      #expect(replies.map { MACAddress(rawValue: Self.number($0[0..<6])) } == [neighbor])
      #expect(replies.map { MACAddress(rawValue: Self.number($0[6..<12])) } == [Self.virtualMAC])
    }
  }

  /// An ARP request to all.
  private static func question(about target: IPv4Address, from sender: IPv4Address, at mac: MACAddress) -> [UInt8] {
    let own = (0..<6).reversed().map { UInt8(truncatingIfNeeded: mac.rawValue >> ($0 * 8)) }
    let addresses = [sender, target].map { address in
      (0..<4).reversed().map { UInt8(truncatingIfNeeded: address.rawValue >> ($0 * 8)) }
    }
    return [UInt8](repeating: 0xff, count: 6) + own + [8, 6, 0, 1, 8, 0, 6, 4, 0, 1] + own + addresses[0]
      + [UInt8](repeating: 0, count: 6) + addresses[1]
  }

  fileprivate static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  @Test func `a crashed active router's interface is taken over as it is`() async throws {
    try await isolated {
      let cable = try Cable()
      let definition = try Self.definition()
      let before: Link
      do {
        let crashed = try Host(cable.left)
        crashed.engine.apply([definition], now: crashed.now)
        crashed.engine.world.flush(now: crashed.now)
        before = try #require(try crashed.routes.link(named: "vrrp.7"))
      }
      let next = try Host(cable.left)
      #expect(next.has(definition))
      next.engine.world.removeLeftovers(keeping: [definition])
      next.engine.apply([definition], now: next.now) { _ in true }
      next.engine.world.flush(now: next.now)
      #expect(try next.routes.link(named: "vrrp.7")?.index == before.index)
      next.engine.stop(now: next.now)
      next.engine.world.dismantle()
      #expect(try Self.setting("net/ipv4/conf/left/arp_ignore") == "0", "what the crashed one changed is put back")
    }
  }

  @Test func `leftovers of another configuration go`() async throws {
    try await isolated {
      let cable = try Cable()
      do {
        let crashed = try Host(cable.left)
        crashed.engine.apply([try Self.definition()], now: crashed.now)
        crashed.engine.world.flush(now: crashed.now)
      }
      let next = try Host(cable.left)
      next.engine.world.removeLeftovers(keeping: [])
      next.engine.world.flush(now: next.now)
      #expect(try next.routes.link(named: "vrrp.7") == nil)
      #expect(try Self.setting("net/ipv4/conf/left/arp_ignore") == "0")
    }
  }

  @Test func `an interface somebody removes is made anew, addresses and all`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      host.engine.apply([try Self.definition()], now: host.now)
      host.engine.world.flush(now: host.now)
      try host.follow()
      let link = try #require(try host.routes.link(named: "vrrp.7"))
      try host.routes.perform("delete") { $0.remove(link.index) }
      try host.follow()
      for router in host.engine.world.takeDisturbed() { host.engine.redefine(router, now: host.now) }
      host.engine.world.flush(now: host.now)
      let again = try #require(try host.routes.link(named: "vrrp.7"))
      #expect(again.index != link.index)
      #expect(again.flags.contains(.up))
      #expect(try host.routes.addresses(on: again.index).map { "\($0.prefix)" } == ["10.0.1.1/24"])
      #expect(host.failures().contains { $0.contains("removed by somebody else") })
    }
  }

  /// `dynamic_interfaces`.
  @Test func `an interface that goes and comes back with another number is followed, own interface and all`()
    async throws
  {
    try await isolated {
      let first = try Self.makePair()
      let host = try Host(first)
      let definition = try Self.definition {
        $0.interface = "a"
        $0.excludedAddresses = [VirtualAddress(try #require(IPPrefix("2001:db8::7/128")))]
      }
      host.engine.apply([definition], now: host.now)
      host.engine.world.flush(now: host.now)
      try host.routes.perform("delete") { $0.remove(first.index) }
      try host.follow()
      #expect(host.engine[RouterHandle(rawValue: 0)]?.ineligibility == .interfaceMissing)
      #expect(try host.routes.link(named: "vrrp.7") == nil)
      let second = try Self.makePair()
      #expect(second.index != first.index)
      for _ in 0..<50 where host.engine[RouterHandle(rawValue: 0)]?.machine.role != .active {
        try host.waitAndFollow()
      }
      let own = try #require(try host.routes.link(named: "vrrp.7"))
      #expect(own.parent == second.index && own.flags.contains(.up))
      #expect(try host.routes.addresses(on: own.index).map { "\($0.prefix)" } == ["10.0.1.1/24"])
      #expect(
        try host.routes.addresses(on: second.index).filter(\.isOurs).map { "\($0.prefix)" } == ["2001:db8::7/128"])
    }
  }

  /// `a` with 10.0.0.1, and its other end.
  private static func makePair() throws -> Link {
    let routes = try RouteSocket()
    try routes.perform("add veth") {
      $0.add(LinkSpecification("a", .veth(peer: "b", namespaceDescriptor: nil)))
    }
    for name in ["a", "b"] { try routes.perform("up") { $0.change(named: name, LinkChange(isUp: true)) } }
    let link = try #require(try routes.link(named: "a"))
    var address = InterfaceAddress(try #require(IPPrefix("10.0.0.1/24")), on: link.index)
    address.owner = 0
    try routes.perform("add address") { $0.add(address) }
    return try #require(try routes.link(named: "a"))
  }

  @Test func `an ipvlan has its own address, and the MAC below`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let own = try #require(IPPrefix("10.0.0.9/24"))
      var kind = VirtualMACDefinition(kind: .ipvlan(.private))
      kind.source = own
      let definition = try Self.definition {
        $0.virtualMAC = kind
        $0.sourceAddress = own.address
      }
      let capture = try cable.onRight { try RawCapture(on: cable.right.index) }
      host.engine.apply([definition], now: host.now)
      host.engine.world.flush(now: host.now)
      guard let link = try host.routes.link(named: "vrrp.7") else {
        let failures = host.failures()
        // Kernels are built without it.
        #expect(failures.contains { $0.contains("EOPNOTSUPP") }, "\(failures)")
        print("SKIPPED: this kernel has no ipvlan")
        return
      }
      #expect(link.kind == "ipvlan" && link.flags.contains(.up))
      // Or the interface below never hears where its clients are.
      #expect(try Self.setting("net/ipv4/conf/left/arp_announce") == "2")
      #expect(
        try host.routes.addresses(on: link.index).map { "\($0.prefix)" }.sorted() == ["10.0.0.9/24", "10.0.1.1/24"])
      let adverts = capture.frames().filter(\.isAdvertisement)
      #expect(Set(adverts.map(\.source)) == [try #require(cable.left.hardwareAddress)])
      #expect(host.failures() == [])
    }
  }

  @Test func `a name that somebody else uses keeps the router from taking part, until it is free`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      try host.routes.perform("bridge") { $0.add(LinkSpecification("mine", .bridge)) }
      try host.follow()
      host.engine.apply([try Self.definition { $0.virtualMAC?.name = "mine" }], now: host.now)
      let router = RouterHandle(rawValue: 0)
      #expect(host.engine[router]?.ineligibility == .virtualInterfaceMissing)
      #expect(host.failures().contains { $0.contains("'mine' that is not ours") })
      let bridge = try #require(try host.routes.link(named: "mine"))
      try host.routes.perform("delete") { $0.remove(bridge.index) }
      try host.follow()
      for router in host.engine.world.takeDisturbed() { host.engine.redefine(router, now: host.now) }
      #expect(host.engine[router]?.ineligibility == [])
      #expect(try host.routes.link(named: "mine")?.kind == "macvlan")
    }
  }

  @Test func `addresses go behind the MAC of their family; a made-up name that is taken is passed over`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      var global = GlobalDefinition()
      global.virtualMACPrefix = "vm"
      global.virtualAddressMACPrefix = "va"
      host.engine.world.follow(global)
      try host.routes.perform("bridge") { $0.add(LinkSpecification("va6.7", .bridge)) }
      try host.follow()
      let definition = try Self.definition {
        var six = VirtualAddress(try #require(IPPrefix("2001:db8::7/128")))
        six.usesVirtualMAC = true
        // Without `use_vmac` it has no place behind an IPv4 MAC.
        $0.excludedAddresses = [six, VirtualAddress(try #require(IPPrefix("2001:db8::8/128")))]
      }
      try host.routes.perform("bridge") { $0.add(LinkSpecification("va.7", .bridge)) }
      try host.follow()
      host.engine.apply([definition], now: host.now)
      host.engine.world.flush(now: host.now)
      let own = try #require(try host.routes.link(named: "vm.7"))
      let other = try #require(try host.routes.link(named: "va1.7"))
      #expect(other.hardwareAddress == .virtualRouter(7, .ipv6))
      #expect(try host.routes.addresses(on: own.index).map { "\($0.prefix)" } == ["10.0.1.1/24"])
      #expect(try host.routes.addresses(on: other.index).map { "\($0.prefix)" } == ["2001:db8::7/128"])
      #expect(try host.prefixes() == ["2001:db8::8/128"])
    }
  }

  @Test func `the strictest reverse path filter moves from all to each`() async throws {
    try await isolated {
      let cable = try Cable()
      var parameters = KernelParameters()
      try parameters.set("net/ipv4/conf/all/rp_filter", to: "1")
      try parameters.set("net/ipv4/conf/left/rp_filter", to: "0")
      let host = try Host(cable.left)
      host.engine.apply([try Self.definition(priority: 100)], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try Self.setting("net/ipv4/conf/all/rp_filter") == "0")
      #expect(try Self.setting("net/ipv4/conf/left/rp_filter") == "1")
      #expect(try Self.setting("net/ipv4/conf/vrrp.7/rp_filter") == "0")
      host.engine.stop(now: host.now)
      host.engine.world.dismantle()
      #expect(try Self.setting("net/ipv4/conf/all/rp_filter") == "1")
      #expect(try Self.setting("net/ipv4/conf/left/rp_filter") == "0")
    }
  }

  @Test func `promote_secondaries and disable_local_igmp are set and put back`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let promote = "net/ipv4/conf/left/promote_secondaries"
      var parameters = KernelParameters()
      try parameters.set(promote, to: "0")
      var global = GlobalDefinition()
      global.silencesLocalGroups = true
      host.engine.world.follow(global)
      let definition = try LinuxWorldTests.definition { $0.promotesSecondaries = true }
      host.engine.apply([definition], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try Self.setting(promote) == "1")
      #expect(try Self.setting("net/ipv4/igmp_link_local_mcast_reports") == "0")
      // A reload without either.
      host.engine.world.follow(GlobalDefinition())
      host.engine.apply([try LinuxWorldTests.definition()], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try Self.setting(promote) == "0")
      #expect(try Self.setting("net/ipv4/igmp_link_local_mcast_reports") == "1")
    }
  }

  @Test func `what an alias remembers is read back, and nothing else is`() {
    let saved = [("net/ipv4/conf/eth0/arp_ignore", "0"), ("net/ipv4/conf/all/rp_filter", "2")]
    let alias = SavedParameters.alias("vrrpd: V1 router 4 macvlan eth0", saved)
    #expect(SavedParameters.decode(alias).map { "\($0.name)=\($0.value)" } == saved.map { "\($0.0)=\($0.1)" })
    #expect(SavedParameters.decode("x|kernel/core_pattern=|evil").isEmpty)
    let many = (0..<50).map { ("net/ipv4/conf/interface\($0)/rp_filter", "0") }
    #expect(SavedParameters.alias("mark", many).utf8.count <= 255)
  }

  private static func claims(_ socket: PacketSocket) throws -> Set<AddressClaim> {
    var claims: Set<AddressClaim> = []
    try socket.receive(into: ReceiveBuffer()) { frame, _ in
      if let claim = AddressClaim(decodingFrame: frame) { claims.insert(claim) }
    }
    return claims
  }
}

/// Everything that arrives on an interface.
final class RawCapture {
  struct Frame {
    var source: MACAddress
    /// Of IP protocol 112, IPv4 or IPv6.
    var isAdvertisement: Bool
  }

  private let number: Int32

  init(on interface: InterfaceIndex) throws {
    // ETH_P_ALL in network order.
    let everything = UInt16(3).bigEndian
    number = socket(AF_PACKET, Int32(SOCK_RAW.rawValue | SOCK_NONBLOCK.rawValue), Int32(everything))
    // struct sockaddr_ll: family, protocol, interface; the rest is the kernel's.
    var address = (UInt16(AF_PACKET), everything, interface.rawValue, UInt64(0), UInt32(0))
    let result = withUnsafeBytes(of: &address) { bytes in
      bind(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, 20)
    }
    try #require(number >= 0 && result == 0)
  }

  deinit { close(number) }

  func inject(_ frame: [UInt8]) { #expect(send(number, frame, frame.count, 0) == frame.count) }

  /// The frames that wait.
  func frames() -> [Frame] {
    bytes().map { bytes in
      let protocolNumber = bytes[12] == 0x08 ? bytes[23] : bytes[12] == 0x86 ? bytes[20] : 0
      return Frame(
        source: MACAddress(rawValue: VirtualLinkTests.number(bytes[6..<12])), isAdvertisement: protocolNumber == 112)
    }
  }

  /// The same as they are, of 34 bytes at least.
  func bytes() -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var buffer = [UInt8](repeating: 0, count: 2048)
    while case let count = recv(number, &buffer, buffer.count, 0), count >= 34 {
      frames.append(Array(buffer[..<count]))
    }
    return frames
  }
}
