import ConfigParser
import Testing

@Suite struct RouteTests {
  private func routes(_ lines: String) -> [RouteDefinition] {
    load("static_routes {\n\(lines)\n}").configuration.staticRoutes
  }

  private func rules(_ lines: String) -> [RuleDefinition] {
    load("static_rules {\n\(lines)\n}").configuration.staticRules
  }

  @Test func `a route with everything`() throws {
    let route = try #require(
      routes(
        "192.0.2.0/24 via 198.51.100.1 dev eth0 src 198.51.100.9 table 100 metric 0x10 scope link protocol static "
          + "onlink mtu lock 1400 rtt 20ms rto_min 2s pref high no_track"
      ).first)
    #expect(route.destination == IPPrefix("192.0.2.0/24"))
    #expect(route.gateway == IPAddress("198.51.100.1"))
    #expect(route.interface == "eth0" && route.preferredSource == IPAddress("198.51.100.9"))
    #expect(route.table == .number(100) && route.metric == 16 && route.scope == 253)
    #expect(route.routingProtocol == .name("static") && route.isOnLink && !route.isTracked)
    #expect(route.preference == 1)
    #expect(
      route.metrics == [
        RouteMetric(.mtu, 1400, isLocked: true), RouteMetric(.rtt, 20), RouteMetric(.retransmissionMinimum, 2000),
      ])
  }

  @Test(arguments: [
    ("default via 192.0.2.1", AddressFamily.ipv4), ("default via fe80::1 dev eth0", .ipv6),
    ("inet6 default via inet6 fe80::1", .ipv6), ("default6 dev eth0", .ipv6), ("blackhole 10.0.0.0/8", .ipv4),
    ("default nexthop via fe80::1 dev a", .ipv6),
  ])
  func `the family of a route comes from what it says`(line: String, family: AddressFamily) {
    #expect(routes(line).map(\.family) == [family])
  }

  @Test func `several ways`() throws {
    let route = try #require(
      routes("10.0.0.0/8 nexthop via 192.0.2.1 weight 5 nexthop dev eth1 onlink weight 256").first)
    #expect(route.nextHops.map(\.weight) == [5, 256])
    #expect(route.nextHops[0].gateway == IPAddress("192.0.2.1"))
    #expect(route.nextHops[1].interface == "eth1" && route.nextHops[1].isOnLink)
  }

  @Test func `a rule with everything`() throws {
    let rule = try #require(
      rules(
        "not from 10.0.0.0/8 to all fwmark 0x10/0xff iif eth0 oif eth1 uidrange 1-5 sport 80 dport 1000-2000 "
          + "suppress_prefixlength 0 preference 0x100 lookup main"
      ).first)
    #expect(rule.isInverted && rule.source == IPPrefix("10.0.0.0/8") && rule.destination == nil)
    #expect(rule.firewallMark == RuleDefinition.Mark(value: 16, mask: 255))
    #expect(rule.inputInterface == "eth0" && rule.outputInterface == "eth1")
    #expect(rule.users == 1...5 && rule.sourcePorts == 80...80 && rule.destinationPorts == 1000...2000)
    #expect(rule.suppressedPrefixLength == 0 && rule.preference == 256)
    #expect(rule.action == .lookUp(.name("main")))
  }

  @Test(arguments: ["from 10.0.0.0/8 preference 5", "from nonsense", "table"])
  func `a rule without an action is left out`(line: String) { #expect(rules(line).isEmpty) }

  @Test func `an address with everything`() throws {
    let address = try #require(
      load(
        "static_ipaddress {\n 192.0.2.1/24 dev eth0 broadcast 192.0.2.255 peer 192.0.2.7/32 home mngtmpaddr "
          + "noprefixroute autojoin -nodad no_track preferred_lft 60 track_group G\n}"
      ).configuration.staticAddresses.first)
    #expect(address.broadcast == .address(IPv4Address(192, 0, 2, 255)))
    #expect(address.peer == IPAddress("192.0.2.7"))
    #expect(address.flags == [.home, .managesTemporary, .noPrefixRoute, .autoJoin])
    #expect(address.detectsDuplicates && !address.isTracked)
    #expect(address.preferredLifetime == .seconds(60) && address.trackGroup == "G")
  }
}
