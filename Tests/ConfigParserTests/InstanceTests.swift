import ConfigParser
import Testing

@Suite struct InstanceTests {
  @Test func `without an interface the VRF is what sockets are bound to, and addresses go elsewhere`() throws {
    let lines =
      "unicast_src_ip 192.0.2.11\nunicast_peer { 192.0.2.12 }\nvrf red\n"
      + "virtual_ipaddress {\n 192.0.2.1/24\n 192.0.2.2/24 dev eth7\n}\nvirtual_ipaddress_excluded { 192.0.2.3/24 }"
    let text = "vrrp_instance A {\nvirtual_router_id 51\n\(lines)\n}\n"
    let router = try #require(
      load("global_defs { default_interface eth9 }\n" + text).configuration.virtualRouters.first)
    #expect((router.interface, router.vrf) == ("red", "red"))
    #expect(router.addresses.map(\.interface) == ["eth9", "eth7"])
    #expect(router.excludedAddresses.map(\.interface) == ["eth9"])
    let loaded = load(instance(lines))
    #expect(loaded.problems == [.duplicateSetting])
    let other = try #require(loaded.configuration.virtualRouters.first)
    #expect((other.interface, other.vrf) == ("eth0", nil))
    #expect(other.addresses.map(\.interface) == [nil, "eth7"])
  }

  @Test func `lowers every setting of a plain instance`() throws {
    let loaded = load(
      """
      ! a comment
      global_defs {
        router_id LVS_1  # the name
        vrrp_garp_master_refresh 60
      }
      vrrp_instance VI_1 {
          state BACKUP
          interface eth0
          virtual_router_id 51
          priority 150
          advert_int 2
          nopreempt
          garp_master_delay 1
          garp_master_repeat 2
          authentication {
              auth_type PASS
              auth_pass 1111
          }
          unicast_src_ip 192.0.2.1
          unicast_peer { 192.0.2.2 min_ttl 254
            192.0.2.3
          }
          virtual_ipaddress {
              192.0.2.100/24 dev eth1 label eth1:vip brd + scope link
          }
          virtual_ipaddress_excluded { 2001:db8::1/64 }
          track_interface {
              eth2 weight -20
              eth3
          }
      }
      """)
    #expect(loaded.problems.isEmpty)
    #expect(loaded.configuration.global.routerID == "LVS_1")
    let router = try #require(loaded.configuration.virtualRouters.first)
    #expect(router.name == "VI_1")
    #expect(router.interface == "eth0")
    #expect(router.virtualRouterID == 51)
    #expect(router.version == .v2)
    #expect(router.priority == 150)
    #expect(router.initialRole == .backup)
    #expect(router.interval.centiseconds == 200)
    #expect(!router.preempts)
    #expect(router.announcement.repeats == 2)
    #expect(router.announcement.secondBurstDelayNanoseconds == 1_000_000_000)
    #expect(router.announcement.refreshNanoseconds == 60_000_000_000)
    #expect(router.authentication == .simplePassword(SimplePassword(truncating: "1111".utf8)))
    #expect(router.sourceAddress == IPAddress("192.0.2.1"))
    #expect(router.unicastPeers == [IPAddress("192.0.2.2"), IPAddress("192.0.2.3")])
    let address = try #require(router.addresses.first)
    #expect(address.prefix == IPPrefix("192.0.2.100/24"))
    #expect(address.interface == "eth1")
    #expect(address.label == "eth1:vip")
    #expect(address.broadcast == .lastOfPrefix)
    #expect(address.scope == 253)
    #expect(router.excludedAddresses.map(\.prefix.description) == ["2001:db8::1/64"])
    #expect(router.trackedInterfaces.map(\.weight) == [-20, 0])
  }

  @Test func `takes keepalived's defaults`() throws {
    let router = try #require(load(instance("virtual_ipaddress { 192.0.2.1 }")).configuration.virtualRouters.first)
    #expect(router.version == .v2)
    #expect(router.priority == 100)
    #expect(router.initialRole == .backup)
    #expect(router.interval == .second)
    #expect(router.preempts)
    #expect(router.addresses.first?.prefix == IPPrefix("192.0.2.1/32"))
    #expect(router.announcement == AnnouncementPolicy())
  }

  @Test func `state MASTER without priority owns the addresses`() throws {
    let loaded = load(instance("state MASTER\nvirtual_ipaddress { 192.0.2.1/24 }"))
    #expect(loaded.configuration.virtualRouters.first?.priority == 255)
    #expect(loaded.configuration.virtualRouters.first?.initialRole == .active)
  }

  @Test func `an IPv6 address makes it version 3`() throws {
    let router = try #require(
      load(instance("advert_int 0.25\nvirtual_ipaddress { fe80::1/64 }")).configuration.virtualRouters.first)
    #expect(router.family == .ipv6)
    #expect(router.version == .v3)
    #expect(router.interval.centiseconds == 25)
  }

  @Test(arguments: [
    ("advert_int 0.3", "2", 100), ("advert_int 1.5", "2", 200), ("advert_int 0.005", "3", 1),
    ("advert_int 60", "3", 4095), ("advert_int 255", "2", 25_500),
  ])
  func `an interval the version cannot say is rounded`(line: String, version: String, centiseconds: UInt16) throws {
    let loaded = load(instance("\(line)\nversion \(version)\nvirtual_ipaddress { 192.0.2.1/24 }"))
    // 5 ms is below keepalived's least, too: that line is refused and the default stays.
    let expected = line.hasSuffix("0.005") ? 100 : centiseconds
    #expect(loaded.configuration.virtualRouters.first?.interval.centiseconds == expected)
  }

  @Test func `two instances cannot share a router ID on one interface`() {
    let loaded = load(
      instance("virtual_ipaddress { 192.0.2.1/24 }") + instance("virtual_ipaddress { 192.0.2.2/24 }", name: "B"))
    #expect(loaded.problems == [.duplicateRouterID])
    #expect(loaded.configuration.virtualRouters.map(\.name) == ["A"])
  }

  @Test(arguments: [
    "mcast_dst_ip 224.0.0.77", "unicast_peer { 192.0.2.9 }", "unicast_src_ip 192.0.2.8\nunicast_peer { 192.0.2.9 }",
  ])
  func `another multicast group, or unicast, is another segment`(line: String) {
    let loaded = load(
      instance("virtual_ipaddress { 192.0.2.1/24 }")
        + instance("\(line)\nvirtual_ipaddress { 192.0.2.2/24 }", name: "B"))
    #expect(loaded.problems == [])
    #expect(loaded.configuration.virtualRouters.map(\.name) == ["A", "B"])
  }

  @Test func `a mistake in one line leaves the others alone`() {
    let loaded = load(instance("priority 300\nnopreemt\nadvert_int 1s\nvirtual_ipaddress { 192.0.2.1/24 }"))
    #expect(Set(loaded.places) == ["4:10 VRC0304", "5:1 VRC0101", "6:13 VRC0303"])
    #expect(loaded.configuration.virtualRouters.first?.priority == 100)
  }

  @Test func `strict mode takes back what the RFC does not have`() throws {
    let loaded = load(
      "global_defs {\n vrrp_strict\n}\n"
        + instance(
          "state MASTER\npriority 150\npreempt_delay 5\nauthentication {\n auth_type PASS\n auth_pass x\n}\n"
            + "down_timer_adverts 5\ngarp_lower_prio_repeat 3\nvirtual_ipaddress { 192.0.2.1/24 }")
        + instance("unicast_peer { 192.0.2.9 }\nvirtual_ipaddress { 192.0.2.2/24 }", name: "B", id: 52)
        + instance("priority 90", name: "C", id: 53)
        + instance("virtual_ipaddress { 192.0.2.4/24 }", name: "D", id: 54))
    #expect(loaded.configuration.virtualRouters.map(\.name) == ["A", "D"])
    // Neither what is configured nor what would be without a word of it.
    #expect(loaded.configuration.virtualRouters.map(\.lowerPriorityAnnouncement?.repeats) == [0, 0])
    let router = try #require(loaded.configuration.virtualRouters.first)
    #expect(router.initialRole == .backup && router.authentication == .none)
    #expect(router.downTimerAdvertisements == 3 && router.policy.ignoresLowerPriority && !router.acceptsPackets)
    #expect(loaded.problems.filter { $0 == .strictMode }.count == 5)
  }

  @Test func `a member of a sync group starts as BACKUP unless it owns its addresses`() {
    let loaded = load(
      instance("state MASTER\npriority 150\nvirtual_ipaddress { 192.0.2.1/24 }")
        + instance("priority 255\nvirtual_ipaddress { 192.0.2.2/24 }", name: "B", id: 52)
        + "vrrp_sync_group G {\n group { A B }\n}\n")
    #expect(loaded.configuration.virtualRouters.map(\.initialRole) == [.backup, .active])
  }
}
