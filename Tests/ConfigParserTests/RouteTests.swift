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
          + "onlink mtu lock 1400 rtt 300ms rttvar 2000 rto_min 2s vrf blue pref high no_track"
      ).first)
    #expect(route.destination == IPPrefix("192.0.2.0/24"))
    #expect(route.gateway == IPAddress("198.51.100.1"))
    #expect(route.interface == "eth0" && route.preferredSource == IPAddress("198.51.100.9"))
    #expect(route.table == .number(100) && route.metric == 16 && route.scope == 253)
    #expect(route.routingProtocol == .name("static") && route.isOnLink && !route.isTracked)
    #expect(route.preference == 1 && route.vrf == "blue")
    #expect(
      route.metrics == [
        RouteMetric(.mtu, 1400, isLocked: true), RouteMetric(.rtt, 2400), RouteMetric(.rttvar, 2000),
        RouteMetric(.retransmissionMinimum, 2000),
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

  @Test func `times are kept within bounds, in the kernel's units`() throws {
    let route = try #require(routes("10.0.0.0/8 dev a rtt 1 rttvar 1ms rto_min 200s").first)
    #expect(route.metrics.map(\.value) == [1600, 800, 120_000])
  }

  @Test func `what is followed keeps our protocol`() {
    #expect(routes("10.0.0.0/8 dev a protocol 99").map(\.routingProtocol) == [nil])
    #expect(rules("from 10.0.0.0/8 table 5 protocol 99 preference 1").map(\.routingProtocol) == [nil])
    #expect(rules("from 10.0.0.0/8 table 5 protocol 99 preference 1 no_track").map(\.routingProtocol) == [99])
  }

  @Test func `rules without preference count down, each family for itself`() {
    let lines = "from 10.0.0.0/8 table 5\nfrom 2001:db8::/32 table 5\nfrom 10.1.0.0/16 table 5"
    #expect(rules(lines).map(\.preference) == [16_384, 16_384, 16_383])
  }

  @Test func `members of a track group follow what names it`() {
    let routers = load(
      """
      track_group G {
        group {
          A
        }
      }
      static_ipaddress {
        192.0.2.1/24 track_group G
        192.0.2.2/24 dev other
      }
      static_routes {
        10.0.0.0/8 dev tun0 track_group G
        10.1.0.0/16 dev tun1 track_group H
      }
      static_rules {
        from 10.0.0.0/8 iif tun2 table 5 preference 1 track_group G
      }
      vrrp_instance A {
        interface eth1
        virtual_router_id 1
        on_external_removal step_down
        virtual_ipaddress {
          192.0.2.9/24
        }
      }
      vrrp_instance B {
        interface eth1
        virtual_router_id 2
        virtual_ipaddress {
          192.0.2.8/24
        }
      }
      """
    ).configuration.virtualRouters
    #expect(routers.map(\.followedInterfaces) == [["eth0", "tun0", "tun2"], []])
    #expect(routers.map(\.externalRemoval) == [.stepDown, .repair])
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
        "track_group G {\n group {\n V\n}\n}\nstatic_ipaddress {\n 192.0.2.1/24 dev eth0 broadcast 192.0.2.255 peer 192.0.2.7/32 home mngtmpaddr "
          + "noprefixroute autojoin -nodad no_track preferred_lft 60 track_group G\n}"
      ).configuration.staticAddresses.first)
    #expect(address.broadcast == .address(IPv4Address(192, 0, 2, 255)))
    #expect(address.peer == IPAddress("192.0.2.7"))
    #expect(address.flags == [.home, .managesTemporary, .noPrefixRoute, .autoJoin])
    #expect(address.detectsDuplicates && !address.isTracked)
    #expect(address.preferredLifetime == .seconds(60) && address.trackGroup == "G")
  }
}
