import ConfigParser
import NetPrimitives
import Testing

@Suite struct HostTests {
  /// What the check of a host adds, as `line code severity`.
  private func found(_ text: String, _ host: TestHost, writtenPaths: [String] = []) -> [String] {
    var loaded = load(text)
    let before = Set(loaded.diagnostics)
    loaded.check(against: host, writtenPaths: writtenPaths)
    return loaded.diagnostics.filter { !before.contains($0) }.map {
      "\(loaded.sources.location(of: $0.range).line) \($0.code) \($0.severity.word)"
    }
  }

  private let vip = "virtual_ipaddress { 192.0.2.1/24 }"

  @Test func `a host that fits has nothing to say`() {
    let text = instance("priority 100\nunicast_src_ip 192.0.2.11\nunicast_peer { 192.0.2.12 }\n\(vip)")
    #expect(found(text, TestHost()) == [])
  }

  @Test func `an interface is missed once, wherever it is named`() {
    let text =
      instance("track_interface { eth1 }\nvirtual_ipaddress { 192.0.2.1/24 dev eth1 }")
      + "interface_up_down_delays { eth2 1 }\nstatic_routes { 198.51.100.0/24 via 192.0.2.254 dev eth3 }\n"
    #expect(found(text, TestHost()) == ["4 VRC0801 error", "7 VRC0801 error", "8 VRC0801 error"])
    #expect(
      found("global_defs { dynamic_interfaces }\n" + text, TestHost())
        == ["5 VRC0801 note", "8 VRC0801 note", "9 VRC0801 note"])
  }

  @Test func `a routing table that has no number is missed once`() {
    let text =
      instance(vip) + "static_routes { 198.51.100.0/24 dev eth0 table blue }\n"
      + "static_rules {\n from 198.51.100.0/24 lookup blue preference 1\n from 198.51.101.0/24 table main preference 2\n"
      + " from 198.51.102.0/24 table 7 preference 3\n from 198.51.103.0/24 table red preference 4\n"
      + " from 198.51.104.0/24 table old preference 5\n}\n"
    var host = TestHost()
    host.texts["/usr/share/iproute2/rt_tables"] = "200\told # not red\n"
    host.texts["/etc/iproute2/rt_tables.d/a.conf"] = "100 red\n"
    host.texts["/etc/iproute2/rt_tables.d/a.bak"] = "101 blue\n"
    #expect(found(text, host) == ["6 VRC0314 warning"])
    host.texts["/etc/iproute2/rt_tables"] = "101 blue"
    #expect(found(text, host) == [])
  }

  @Test func `an interface the daemon makes is not missed`() {
    #expect(found(instance("use_vmac vrrp.51\ntrack_interface { vrrp.51 }\n\(vip)"), TestHost()) == [])
  }

  @Test func `over IPv6 adverts come from a link-local address, and IPv6 must be on`() {
    let text = instance("virtual_ipaddress { fe80::1/64 }")
    #expect(found(text, TestHost()) == [])
    let eth0 = HostInterface(name: "eth0", addresses: [IPPrefix("2001:db8::11/64")].compactMap(\.self))
    #expect(found(text, TestHost(interfaces: [eth0])) == ["2 VRC0803 warning"])
    let off = TestHost(settings: ["net/ipv6/conf/eth0/disable_ipv6": "1"])
    #expect(found(text, off) == ["2 VRC0817 error"])
  }

  @Test func `multicast needs an interface that has it, unicast does not`() {
    let loop = TestHost(interfaces: [HostInterface(name: "eth0", hasMulticast: false, addresses: TestHost.addresses)])
    #expect(found(instance(vip), loop) == ["2 VRC0802 error"])
    #expect(found(instance("unicast_peer { 192.0.2.12 }\n\(vip)"), loop) == [])
  }

  @Test func `255 IPv6 addresses do not fit a packet, 90 do`() {
    func text(_ count: Int) -> String {
      instance("virtual_ipaddress {\n" + (1...count).map { "fe80::1:\($0)/64\n" }.joined() + "}")
    }
    #expect(found(text(90), TestHost()) == [])
    #expect(found(text(91), TestHost()) == ["1 VRC0806 error"])
  }

  @Test func `the source may be on another interface only without one named`() {
    let host = TestHost(interfaces: [
      HostInterface(name: "eth0", addresses: TestHost.addresses),
      HostInterface(name: "eth1", addresses: [IPPrefix("198.51.100.1/24")].compactMap(\.self)),
    ])
    #expect(found(instance("mcast_src_ip 198.51.100.1\n\(vip)"), host) == ["4 VRC0804 error"])
  }

  @Test func `a script is looked for in the path, and judged by who runs it`() {
    let script = HostFile(mode: 0o750)
    let directory = HostFile(.directory)
    var host = TestHost(files: ["/usr/bin/check": script, "/usr": directory, "/usr/bin": directory])
    let text = "vrrp_script a {\n script \"check -x\"\n}\n"
    #expect(found(text, host) == [])
    host.users["nobody"] = HostUser(id: 65_534, group: 65_534)
    #expect(found("vrrp_script a {\n script \"check -x\"\n user nobody\n}\n", host) == ["2 VRC0813 error"])
    // The user of another block is nobody's business.
    let other = "vrrp_script b {\n script check\n user nobody\n}\n"
    #expect(found(text + other, host) == ["5 VRC0813 error"])
    host.users["keepalived_script"] = HostUser(id: 990, group: 990)
    #expect(found(text, host) == ["2 VRC0813 error"])
    #expect(found(text.replacing("check", with: "chek"), host) == ["2 VRC0812 error"])
  }

  @Test(arguments: [
    (HostFile(mode: 0o755), []),
    (HostFile(owner: 1000, mode: 0o755), ["2 VRC0814 warning"]),
    (HostFile(mode: 0o757), ["2 VRC0814 warning"]),
    (HostFile(group: 100, mode: 0o775), ["2 VRC0814 warning"]),
    (HostFile(group: 0, mode: 0o775), []),
  ])
  func `what root runs only root may change`(file: HostFile, expected: [String]) {
    var host = TestHost(files: ["/opt/check": file, "/opt": HostFile(.directory, mode: 0o755)])
    let text = "vrrp_script a {\n script /opt/check\n}\n"
    #expect(found(text, host) == expected)
    // Others run what they like; a link is judged by what it leads to.
    host.users["nobody"] = HostUser(id: 65_534, group: 65_534)
    #expect(found("vrrp_script a {\n script /opt/check\n user nobody\n}\n", host) == [])
    host.links["/check"] = "/opt/check"
    #expect(found(text.replacing("/opt/check", with: "/check"), host) == expected)
  }

  @Test func `a directory that all may write is unsafe, unless it is sticky`() {
    let text = "vrrp_script a {\n script /tmp/check\n}\n"
    func host(_ mode: UInt32) -> TestHost {
      TestHost(files: ["/tmp": HostFile(.directory, mode: mode), "/tmp/check": HostFile(mode: 0o755)])
    }
    #expect(found(text, host(0o777)) == ["2 VRC0814 warning"])
    #expect(found(text, host(0o1777)) == [])
  }

  @Test func `pipes, files and directories`() {
    let fifo = "global_defs {\n notify_fifo /run/n nobody\n}\n"
    #expect(found(fifo, TestHost()) == ["2 VRC0816 error", "2 VRC0811 error"])
    var host = TestHost(files: ["/run": HostFile(.directory), "/run/n": HostFile()])
    #expect(found("global_defs {\n notify_fifo /run/n\n}\n", host) == ["2 VRC0816 error"])
    host.files["/run/n"] = HostFile(.pipe)
    #expect(found("global_defs {\n notify_fifo /run/n\n}\n", host, writtenPaths: ["/run/vrrpd.pid"]) == [])
    #expect(found("", host, writtenPaths: ["/var/run/vrrpd.pid"]) == ["1 VRC0816 error"])
    #expect(found("track_file f {\n file /run/f\n}\n", host) == ["2 VRC0815 warning"])
    #expect(found("track_file f {\n file /run/f\n init_file 0\n}\n", host) == [])
  }

  @Test func `virtual servers need IPVS, and NAT needs forwarding`() {
    let text = """
      virtual_server 192.0.2.1 80 {
        protocol TCP
        lvs_sched rr
        lvs_method NAT
        real_server 192.0.2.21 80 {
        }
      }
      """
    #expect(found(text, TestHost(settings: ["net/ipv4/ip_forward": "0"])) == ["1 VRC0817 note", "1 VRC0817 warning"])
    let ready = TestHost(files: ["/proc/net/ip_vs": HostFile()], settings: ["net/ipv4/ip_forward": "0"])
    #expect(found(text.replacing("NAT", with: "DR"), ready) == [])
  }
}
