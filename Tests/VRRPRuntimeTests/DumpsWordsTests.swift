import NetPrimitives
import Testing
import VRRPCore

@testable import VRRPRuntime

@Suite struct DumpsWordsTests {
  static func address(_ text: String, _ change: (inout VirtualAddress) -> Void = { _ in }) throws -> String {
    var address = VirtualAddress(try DumpsTests.prefix(text))
    change(&address)
    return address.dumpText(on: "eth0", isSet: false)
  }

  @Test func `addresses are told with all that was said of them`() throws {
    #expect(try Self.address("192.0.2.1") == "192.0.2.1 dev eth0 scope global")
    #expect(try Self.address("192.0.2.1/32") == "192.0.2.1 dev eth0 scope global")
    // A host address of IPv6 is nobody's source.
    #expect(try Self.address("2001:db8::1") == "2001:db8::1 dev eth0 scope global preferred_lft 0")
    #expect(try Self.address("2001:db8::1/64") == "2001:db8::1/64 dev eth0 scope global preferred_lft forever")
    #expect(
      try Self.address("2001:db8::1") { $0.preferredLifetime = .forever }
        == "2001:db8::1 dev eth0 scope global preferred_lft forever")
    #expect(
      try Self.address("192.0.2.1") { $0.preferredLifetime = .forever } == "192.0.2.1 dev eth0 scope global")
    let peer = try DumpsTests.address("192.0.2.2")
    #expect(
      try Self.address("192.0.2.1") {
        $0.peer = peer
        $0.interface = "eth1"
        $0.flags = [.autoJoin]
        $0.preferredLifetime = .seconds(9)
      } == "192.0.2.1 peer 192.0.2.2 dev eth1 scope global autojoin preferred_lft 9")
  }

  @Test(arguments: [
    ("192.0.2.77/24", VirtualAddress.Broadcast.lastOfPrefix, "192.0.2.255"),
    ("192.0.2.77/24", .firstOfPrefix, "192.0.2.0"), ("192.0.2.77/32", .lastOfPrefix, "192.0.2.77"),
    ("192.0.2.77/0", .lastOfPrefix, "255.255.255.255"), ("192.0.2.77/0", .firstOfPrefix, "0.0.0.0"),
    ("192.0.2.77/30", .address(IPv4Address(rawValue: 0x0102_0304)), "1.2.3.4"),
  ]) func `the broadcast address is worked out`(prefix: String, kind: VirtualAddress.Broadcast, text: String) throws {
    #expect(try Self.address(prefix) { $0.broadcast = kind }.contains(" brd \(text) dev "))
  }

  @Test func `scopes have their names`() {
    #expect([0, 200, 253, 254, 255, 17].map(scopeName) == ["global", "site", "link", "host", "nowhere", "17"])
  }

  @Test func `routes are told with all that was said of them`() throws {
    #expect(RouteDefinition(family: .ipv4).dumpText == "prepend default proto 18")
    var route = RouteDefinition(family: .ipv6, destination: try DumpsTests.prefix("2001:db8::/32"))
    route.type = .blackhole
    route.source = try DumpsTests.prefix("2001:db8:1::/48")
    route.gateway = try DumpsTests.address("fe80::1")
    route.interface = "eth0"
    route.preferredSource = try DumpsTests.address("2001:db8::5")
    route.typeOfService = .number(16)
    route.table = .name("main")
    route.routingProtocol = .name("static")
    route.scope = 253
    route.metric = 7
    route.isOnLink = true
    route.metrics = [RouteMetric(.mtu, 1400, isLocked: true), RouteMetric(.retransmissionMinimum, 30)]
    route.attributes = [.init("congctl", "reno")]
    var hop = RouteDefinition.NextHop()
    hop.gateway = try DumpsTests.address("192.0.2.9")
    hop.interface = "eth1"
    hop.weight = 3
    hop.isOnLink = true
    route.nextHops = [hop]
    route.isTracked = false
    #expect(
      route.dumpText
        == "prepend blackhole 2001:db8::/32 from 2001:db8:1::/48 via inet6 fe80::1 dev eth0 src 2001:db8::5 tos 16 "
        + "table main proto static scope link metric 7 onlink mtu lock 1400 rto_min 30 congctl reno "
        + "nexthop via inet 192.0.2.9 dev eth1 weight 3 onlink no_track")
  }

  @Test func `rules are told with all that was said of them`() throws {
    #expect(RuleDefinition(family: .ipv4, action: .blackhole).dumpText == "from all tos 0x0 protocol 18 blackhole")
    var rule = RuleDefinition(family: .ipv4, action: .goTo(900))
    rule.isInverted = true
    rule.destination = try DumpsTests.prefix("192.0.2.0/24")
    rule.preference = 5
    rule.typeOfService = .number(8)
    rule.firewallMark = .init(value: 255, mask: 0xff00)
    rule.inputInterface = "eth0"
    rule.outputInterface = "eth1"
    rule.users = 1...9
    rule.transport = .name("tcp")
    rule.sourcePorts = 10...20
    rule.destinationPorts = 30...40
    rule.tunnelID = 77
    rule.realms = "1/2"
    rule.suppressedPrefixLength = 0
    rule.suppressedGroup = .number(3)
    rule.routingProtocol = 4
    rule.isTracked = false
    #expect(
      rule.dumpText
        == "not from all to 192.0.2.0/24 priority 5 tos 8 fwmark 0xff/0xff00 iif eth0 oif eth1 uidrange 1-9 protocol 4 "
        + "ipproto tcp sport 10-20 dport 30-40 tunnel-id 77 realms 1/2 suppress_prefixlength 0 suppress_ifgroup 3 "
        + "goto 900 no_track")
    let actions: [RuleDefinition.Action] = [.lookUp(.name("x")), .lookUpMasterDevice, .nop, .unreachable, .prohibit]
    #expect(
      actions.map { RuleDefinition(family: .ipv4, action: $0).dumpText.split(separator: "protocol 18 ").last }
        == ["lookup x", "l3mdev", "nop", "unreachable", "prohibit"])
  }
}
