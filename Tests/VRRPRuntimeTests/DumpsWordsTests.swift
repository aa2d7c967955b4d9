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
    #expect(try Self.address("2001:db8::1") == "2001:db8::1 dev eth0 scope global deprecated")
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
      } == "192.0.2.1 dev eth1 scope global peer 192.0.2.2/32 autojoin preferred_lft 9")
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

  static func route(
    _ destination: String?, via gateway: String? = nil, dev interface: String? = nil,
    _ change: (inout RouteDefinition) throws -> Void = { _ in }
  ) throws -> String {
    let destination = try destination.map { try DumpsTests.prefix($0) }
    let gateway = try gateway.map { try DumpsTests.address($0) }
    var route = RouteDefinition(family: (gateway ?? destination?.address)?.family ?? .ipv4, destination: destination)
    (route.gateway, route.interface) = (gateway, interface)
    try change(&route)
    return route.dumpText
  }

  // Every line below but for names was seen in a dump of keepalived 2.2.7.

  @Test func `a route with everything`() throws {
    let text = try Self.route("10.3.0.0/16", via: "192.0.2.254", dev: "eth0") { route in
      route.preferredSource = try DumpsTests.address("192.0.2.10")
      route.metric = 5
      let metrics: [(RouteMetric.Kind, UInt32, Bool)] = [
        (.mtu, 1400, true), (.advmss, 1300, false), (.rtt, 1600, false), (.rttvar, 800, false), (.reordering, 5, false),
        (.window, 4000, false), (.cwnd, 10, true), (.ssthresh, 20, false), (.retransmissionMinimum, 300, true),
        (.initcwnd, 11, false), (.initrwnd, 12, false), (.quickack, 1, false), (.hoplimit, 33, false),
        (.fastOpenNoCookie, 1, false),
      ]
      route.metrics = metrics.map { RouteMetric($0, $1, isLocked: $2) }
      route.attributes = [.init("features", "ecn")]
    }
    #expect(
      text
        == "prepend 10.3.0.0/16 src 192.0.2.10 via inet 192.0.2.254 dev eth0 proto 18 metric 5 rtt 200ms rttvar 200ms "
        + "rto_min lock 300ms features ecn mtu lock 1400 window 4000 ssthresh 20 cwnd lock 10 advmss 1300 reordering 5 "
        + "hoplimit 33 initcwnd 11 initrwnd 12 quickack 1 fastopen_no_cookie 1")
  }

  @Test func `routes are told in keepalived's words`() throws {
    let gateway = "192.0.2.254"
    #expect(try Self.route("10.1.0.0/16", via: gateway) == "prepend 10.1.0.0/16 via inet 192.0.2.254 proto 18 no_track")
    #expect(
      try Self.route("10.5.0.0/16") { $0.type = .blackhole } == "add blackhole 10.5.0.0/16 proto 18 no_track")
    #expect(
      try Self.route("10.7.0.0/16", via: gateway) {
        $0.typeOfService = .number(16)
        $0.scope = 0
        $0.attributes = [.init("realms", "3/4")]
      } == "prepend 10.7.0.0/16 tos 16 via inet 192.0.2.254 proto 18 scope 0 realms 3/4 no_track")
    #expect(
      try Self.route("10.8.0.0/16", via: "172.16.1.1", dev: "eth0") { $0.isOnLink = true }
        == "prepend 10.8.0.0/16 via inet 172.16.1.1 dev eth0 proto 18 onlink")
    #expect(
      try Self.route("10.12.0.0/16", dev: "eth0") {
        $0.table = .number(255)
        $0.scope = 254
      } == "prepend 10.12.0.0/16 dev eth0 table 255 proto 18 scope 254")
    #expect(
      try Self.route("10.16.0.0/16", via: gateway) { $0.attributes = [.init("append", "")] }
        == "append 10.16.0.0/16 via inet 192.0.2.254 proto 18 no_track")
    #expect(
      try Self.route("10.19.0.0/16", via: gateway) { $0.attributes = [.init("encap", "ip id 7 dst 10.9.9.9 ttl 9")] }
        == "prepend 10.19.0.0/16 encap ip id 7 dst 10.9.9.9 ttl 9 via inet 192.0.2.254 proto 18 no_track")
    #expect(
      try Self.route("2001:db8:2::/48", via: "fe80::2", dev: "eth0") {
        $0.preference = 1
        $0.expiresSeconds = 600
        $0.metric = 9
      } == "prepend 2001:db8:2::/48 via inet6 fe80::2 dev eth0 proto 18 metric 9 expires 600sec pref high")
    #expect(
      try Self.route(nil, via: "2001:db8::fe") { $0.table = .number(200) }
        == "prepend ::/0 via inet6 2001:db8::fe table 200 proto 18 no_track")
    #expect(
      try Self.route("10.9.0.0/16", via: gateway) {
        $0.routingProtocol = .number(99)
        $0.isTracked = false
      } == "prepend 10.9.0.0/16 via inet 192.0.2.254 proto 99 no_track")
  }

  @Test func `several ways are told one after the other`() throws {
    let text = try Self.route("10.4.0.0/16") { route in
      var first = RouteDefinition.NextHop()
      first.gateway = try DumpsTests.address("192.0.2.254")
      first.weight = 3
      var second = RouteDefinition.NextHop()
      second.interface = "eth0"
      second.weight = 5
      second.isOnLink = true
      route.nextHops = [first, second]
    }
    #expect(
      text
        == "prepend 10.4.0.0/16 proto 18 nexthop via inet 192.0.2.254 weight 3 nexthop dev eth0 weight 5 onlink no_track"
    )
  }

  static func rule(
    from source: String?, to destination: String? = nil, _ action: RuleDefinition.Action, _ preference: UInt32,
    _ change: (inout RuleDefinition) -> Void = { _ in }
  ) throws -> String {
    var rule = RuleDefinition(family: .ipv4, action: action)
    rule.source = try source.map { try DumpsTests.prefix($0) }
    rule.destination = try destination.map { try DumpsTests.prefix($0) }
    rule.preference = preference
    change(&rule)
    return rule.dumpText
  }

  @Test func `rules are told in keepalived's words`() throws {
    #expect(
      try Self.rule(from: "192.0.2.0/24", to: "10.0.0.0/8", .lookUp(.number(77)), 1002) {
        $0.isInverted = true
        $0.typeOfService = .number(16)
        $0.firewallMark = .init(value: 3, mask: 7)
      } == "not from 192.0.2.0/24 to 10.0.0.0/8 priority 1002 tos 0x10 fwmark 0x3/0x7 protocol 18 lookup 77")
    #expect(
      try Self.rule(from: "192.0.2.10", .blackhole, 1003) {
        $0.outputInterface = "eth0"
        $0.users = 5...10
        $0.transport = .number(6)
        $0.sourcePorts = 10...20
        $0.destinationPorts = 30...40
      } == "from 192.0.2.10 priority 1003 tos 0x0 oif eth0 uidrange 5-10 protocol 18 ipproto 6 sport 10-20 dport 30-40 "
        + "type blackhole")
    #expect(
      try Self.rule(from: nil, to: "10.0.0.0/8", .lookUp(.number(254)), 1004) {
        $0.suppressedPrefixLength = 8
        $0.suppressedGroup = .number(3)
      } == "from all to 10.0.0.0/8 priority 1004 tos 0x0 suppress_prefixlen 8 suppress_ifgroup 3 protocol 18 lookup 254"
    )
    #expect(
      try Self.rule(from: "192.0.2.11", .goTo(1010), 1005)
        == "from 192.0.2.11 priority 1005 tos 0x0 protocol 18 goto 1010")
    #expect(try Self.rule(from: "192.0.2.12", .nop, 1006) == "from 192.0.2.12 priority 1006 tos 0x0 protocol 18 nop")
    #expect(
      try Self.rule(from: nil, .lookUp(.number(77)), 1011) { $0.tunnelID = 77 }
        == "from 0.0.0.0/0 priority 1011 tos 0x0 tunnel-id 77 protocol 18 lookup 77")
    #expect(
      try Self.rule(from: "192.0.2.14", .lookUp(.number(77)), 1012) { $0.realms = "3/4" }
        == "from 192.0.2.14 priority 1012 tos 0x0 protocol 18 realms 3/4 lookup 77")
    #expect(
      try Self.rule(from: nil, .lookUpMasterDevice, 1013)
        == "from 0.0.0.0/0 priority 1013 tos 0x0 l3mdev protocol 18 lookup 0")
    #expect(
      try Self.rule(from: "192.0.2.22", .lookUp(.number(200)), 1014) {
        $0.routingProtocol = 99
        $0.isTracked = false
      } == "from 192.0.2.22 priority 1014 tos 0x0 protocol 99 lookup 200 no_track")
  }
}
