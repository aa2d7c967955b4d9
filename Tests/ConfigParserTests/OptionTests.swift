import ConfigParser
import NetPrimitives
import Testing
import VRRPCore

@Suite struct OptionTests {
  private func router(_ lines: String, globals: String = "") throws -> VirtualRouterDefinition {
    let text = "global_defs {\n\(globals)\n}\n" + instance("virtual_ipaddress {\n10.0.1.1/24\n}\n\(lines)")
    let loaded = load(text)
    return try #require(loaded.configuration.virtualRouters.first)
  }

  @Test func `make_before_break is on unless it is turned off`() throws {
    #expect(try router("").policy.handsOver)
    #expect(try router("make_before_break off").policy.handsOver == false)
    #expect(try router("", globals: "vrrp_make_before_break off").policy.handsOver == false)
    #expect(try router("make_before_break on", globals: "vrrp_make_before_break off").policy.handsOver)
    let configuration = VirtualRouter.Configuration(
      try router("make_before_break off"), primaryAddress: .v4(IPv4Address(10, 0, 0, 1)))
    #expect(!configuration.handsOver)
  }

  @Test func `higher_prio_send_advert is on unless it is turned off`() throws {
    #expect(try router("").policy.sendsBeforeYielding == nil)
    #expect(try router("higher_prio_send_advert off").policy.sendsBeforeYielding == false)
    #expect(try router("", globals: "vrrp_higher_prio_send_advert off").policy.sendsBeforeYielding == false)
    #expect(try router("strict_mode").policy.sendsBeforeYielding == false)
  }

  @Test func `timer_expired_backup needs nopreempt`() throws {
    #expect(try router("nopreempt\ntimer_expired_backup 200").policy.stepsDownWhenLate == 200)
    #expect(try router("nopreempt\ntimer_expired_backup").policy.stepsDownWhenLate == 254)
    #expect(try router("timer_expired_backup 200").policy.stepsDownWhenLate == nil)
  }

  @Test func `receive buffers follow the policy, the number before MTU before ADVERT`() throws {
    func bytes(_ globals: String, _ lines: String = "") throws -> UInt32? {
      try router(lines, globals: globals).receiveBufferBytes(mtu: 1500)
    }
    #expect(try bytes("") == nil)
    #expect(try bytes("vrrp_rx_bufs_policy MTU") == 4500)
    #expect(try bytes("vrrp_rx_bufs_multiplier 5\nvrrp_rx_bufs_policy ADVERT MTU") == 7500)
    // Version 2: 8 bytes, an address, 8 of authentication, and the headers of an advert with AH.
    #expect(try bytes("vrrp_rx_bufs_policy ADVERT\nvrrp_rx_bufs_multiplier 2") == 2 * (20 + 44))
    #expect(try bytes("vrrp_rx_bufs_policy 9000 MTU") == 9000)
    #expect(try bytes("vrrp_rx_bufs_policy MTU", "kernel_rx_buf_size 70000") == 70_000)
  }

  @Test func `a garp_group has members of its own`() throws {
    let loaded = load(
      """
      garp_group {
        garp_interval 0.5
        interface eth0
      }
      garp_group {
        gna_interval 2
        interfaces {
          eth1 eth0
          eth2
        }
      }
      garp_group {
        interface eth3
      }
      """)
    let groups = loaded.configuration.global.announcementGroups
    #expect(groups.map(\.interfaces) == [["eth0"], ["eth1", "eth2"]])
    #expect(groups.first?.announcementSpacingNanoseconds == 500_000_000)
    #expect(groups.last?.announcementSpacingNanoseconds == nil)
    #expect(groups.last?.neighborSpacingNanoseconds == 2_000_000_000)
    #expect(loaded.problems.contains(.duplicateSetting))
    #expect(loaded.problems.contains(.missingSetting))
  }

  @Test func `vrrp_min_garp takes what is left at its default`() throws {
    let least = try router("", globals: "vrrp_min_garp").announcement
    #expect((least.repeats, least.secondBurstDelayNanoseconds) == (1, 0))
    let own = try router("", globals: "vrrp_garp_master_repeat 3\nvrrp_min_garp").announcement
    #expect((own.repeats, own.secondBurstDelayNanoseconds) == (3, 0))
  }

  @Test func `unicast without peers is noted`() throws {
    #expect(try router("unicast_src_ip 10.0.0.1\nunicast_fault_no_peer").policy.lacksPeers)
    #expect(try !router("unicast_fault_no_peer").policy.lacksPeers)
  }

  @Test func `auth_hmac takes the place of a password, and is enforced in strict mode`() throws {
    let keys = "auth_hmac {\nkey 1 0123456789abcdef0123456789abcdef\nactive_key 1\nmode permissive\n}\n"
    let both = try router("\(keys)authentication {\nauth_type PASS\nauth_pass secret\n}")
    #expect(both.authentication == .none)
    #expect(both.keys?.mode == .permissive)
    #expect(try router("\(keys)strict_mode").keys?.mode == .enforce)
  }
}
