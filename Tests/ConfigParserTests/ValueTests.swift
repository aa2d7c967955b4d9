import ConfigParser
import HealthCheck
import LoadBalancing
import NetPrimitives
import Testing

/// Spellings that keepalived takes, refuses or changes, each seen with `keepalived -t`.
@Suite struct ValueTests {
  @Test(arguments: ["+5", "5.", "\"5\"", "\" 5\"", "5 # seconds", "5 ! seconds", "5.000000"])
  func `spellings of five seconds`(text: String) {
    let loaded = load(instance("version 3\nadvert_int \(text)\nvirtual_ipaddress { 192.0.2.1/24 }"))
    #expect(loaded.problems == [])
    #expect(loaded.configuration.virtualRouters.first?.interval.centiseconds == 500)
  }

  @Test func `a number may begin with its point`() {
    let loaded = load(instance("version 3\nadvert_int .5\nvirtual_ipaddress { 192.0.2.1/24 }"))
    #expect(loaded.problems == [] && loaded.configuration.virtualRouters.first?.interval.centiseconds == 50)
    #expect(load(instance("advert_int .\nvirtual_ipaddress { 192.0.2.1/24 }")).problems == [.invalidNumber])
  }

  @Test(arguments: [("+5", [DiagnosticCode]()), ("++5", [.invalidNumber]), ("+", [.invalidNumber]), ("007", [])])
  func `whole numbers may have a sign`(text: String, expected: [DiagnosticCode]) {
    #expect(load(instance("priority \(text)\nvirtual_ipaddress { 192.0.2.1/24 }")).problems == expected)
  }

  @Test func `of several pipes and files the first counts`() {
    let loaded = load("global_defs {\n notify_fifo /run/a\n notify_fifo /run/b\n}\n")
    #expect(loaded.places == ["3:2 VRC0313"] && loaded.configuration.global.fifo?.path == "/run/a")
    let file = load("track_file f {\n file /run/a\n file /run/b\n init_file 255\n}\n")
    #expect(file.problems == [.duplicateSetting, .adjustedSetting])
    #expect(file.configuration.trackFiles.first?.path == "/run/a")
  }

  @Test func `a group must be of the instance's family`() {
    let loaded = load(instance("mcast_dst_ip ff02::9\nvirtual_ipaddress { 192.0.2.1/24 }"))
    #expect(loaded.problems == [.mixedFamilies])
    #expect(loaded.configuration.virtualRouters.first?.policy.destination == nil)
  }

  @Test(arguments: [
    ("dynamic_interfaces yes", DiagnosticCode.unknownValue), ("smtp_connect_timeout 0", .outOfRange),
    ("vrrp_rlimit_rttime 0", .outOfRange),
  ])
  func `values of global_defs`(line: String, code: DiagnosticCode) {
    #expect(load("global_defs {\n \(line)\n}\n").problems == [code])
  }

  @Test(arguments: [
    ("delay_loop 86400\n", "", [DiagnosticCode]()),
    ("persistence_engine a_very_long_name\n", "", [.adjustedSetting]),
    ("", "TCP_CHECK {\n bindto 2001:db8::1\n }\n", [.mixedFamilies]),
    ("", "HTTP_GET {\n url {\n path /\n status_code -253\n }\n }\n", [.outOfRange]),
    ("", "HTTP_GET {\n url {\n path /\n status_code 200-\n }\n }\n", [.outOfRange]),
    ("", "HTTP_GET {\n url {\n path /\n status_code 200 301-302\n }\n }\n", []),
  ])
  func `values of virtual servers`(server: String, real: String, expected: [DiagnosticCode]) {
    let loaded = load(
      "virtual_server 192.0.2.1 80 {\n lvs_sched rr\n lvs_method NAT\n protocol TCP\n\(server)"
        + " real_server 192.0.2.11 80 {\n \(real) }\n}\n")
    #expect(loaded.problems == expected)
  }

  @Test func `an old checksum is for routers that say never or nothing`() {
    func loaded(_ word: String) -> LoadedConfiguration {
      load(instance("old_unicast_checksum \(word)\nvirtual_ipaddress { 192.0.2.1/24 }"))
    }
    #expect(loaded("").configuration.virtualRouters.first?.policy.usesOldUnicastChecksum == true)
    #expect(loaded("never").configuration.virtualRouters.first?.policy.usesOldUnicastChecksum == false)
    #expect(loaded("often").problems == [.unknownValue])
  }
}

/// What keepalived 2.2.7's dump of its checker process said of the same lines.
@Suite struct EffectiveValueTests {
  private func server(_ head: String, _ lines: String) throws -> (LoadedConfiguration, VirtualServerDefinition) {
    let loaded = load("virtual_server \(head) {\n lvs_sched rr\n lvs_method NAT\n\(lines)}\n")
    return (loaded, try #require(loaded.configuration.virtualServers.first))
  }

  @Test func `a service by mark has ports with NAT only, its checks always`() throws {
    let lines = " sorry_server 192.0.2.12 53\n real_server 192.0.2.11 53 {\n TCP_CHECK {\n }\n }\n"
    let (nat, translated) = try server("fwmark 1", lines)
    #expect(nat.problems == [])
    #expect(translated.realServers.first?.port == 53 && translated.sorryServer?.port == 53)
    let (tunnel, carried) = try server("fwmark 1", " lvs_method TUN\n" + lines)
    #expect(tunnel.problems == [.adjustedSetting])
    #expect(carried.realServers.first?.port == 0 && carried.sorryServer?.port == 0)
    #expect(carried.realServers.first?.checks.first?.probe.connection?.port == 53)
  }

  @Test func `a service by mark is of its servers' family, or IPv4 when they disagree`() throws {
    func family(_ servers: String...) throws -> AddressFamily {
      try server("fwmark 1", " lvs_method TUN\n" + servers.map { " real_server \($0) 80 {\n }\n" }.joined()).1.family
    }
    #expect(try family("2001:db8::1", "2001:db8::2") == .ipv6)
    #expect(try family("2001:db8::1", "192.0.2.1") == .ipv4)
    #expect(try family("192.0.2.1") == .ipv4)
  }

  @Test func `direct routing keeps the port of packets, and checks that of the line`() throws {
    let loaded = load(
      "virtual_server 192.0.2.1 80 {\n lvs_sched rr\n lvs_method DR\n protocol TCP\n"
        + " real_server 192.0.2.11 8080 {\n TCP_CHECK {\n }\n }\n real_server 192.0.2.12 {\n TCP_CHECK {\n }\n }\n}\n")
    let servers = try #require(loaded.configuration.virtualServers.first?.realServers)
    #expect(servers.map(\.port) == [80, 80])
    #expect(servers.flatMap(\.checks).map { $0.probe.connection?.port } == [8080, 80])
  }

  @Test func `each host of an SMTP_CHECK is checked, with the times of the block`() throws {
    let (_, service) = try server(
      "192.0.2.1 25",
      """
       protocol TCP
       real_server 192.0.2.11 25 {
        SMTP_CHECK {
         connect_timeout 10
         host {
          connect_ip 192.0.2.12
         }
         host {
          connect_ip 192.0.2.13
          connect_port 587
         }
         retry 4
        }
       }

      """)
    let checks = service.realServers.flatMap(\.checks)
    #expect(checks.map { $0.probe.connection?.address.description } == ["192.0.2.12", "192.0.2.13"])
    #expect(checks.map { $0.probe.connection?.port } == [25, 587])
    #expect(checks.allSatisfy { $0.timing.retries == 4 && $0.timing.connectTimeoutNanoseconds == 10_000_000_000 })
  }

  @Test func `a host of an SMTP_CHECK may have settings of its own`() throws {
    let (_, service) = try server(
      "192.0.2.1 25",
      """
       protocol TCP
       real_server 192.0.2.11 25 {
        SMTP_CHECK {
         retry 4
         host {
          bindto 192.0.2.5
          bind_port 2500
          bind_if eth1
          fwmark 7
          connect_timeout 3
          retry 1
          delay_before_retry 2
          warmup 5
          delay_loop 6
          alpha
          log_all_failures
         }
        }
       }

      """)
    let check = try #require(service.realServers.flatMap(\.checks).first)
    let connection = try #require(check.probe.connection)
    #expect(connection.localAddress?.description == "192.0.2.5" && connection.localPort == 2500)
    #expect(connection.interface == "eth1" && connection.mark == 7)
    let timing = check.timing
    let seconds = [
      timing.connectTimeoutNanoseconds, timing.delayBeforeRetryNanoseconds, timing.warmupNanoseconds,
      timing.delayLoopNanoseconds,
    ].map { $0 / 1_000_000_000 }
    #expect(seconds == [3, 2, 5, 6] && timing.retries == 1)
    #expect(check.startsFailed && check.logsEveryFailure)
  }

  @Test(arguments: [("NAT", 8080), ("DR", 80)])
  func `only NAT changes the port of a sorry server`(method: String, port: UInt16) throws {
    let loaded = load(
      "virtual_server 192.0.2.1 80 {\n lvs_sched rr\n lvs_method \(method)\n protocol TCP\n"
        + " sorry_server 192.0.2.12 8080\n real_server 192.0.2.11 80 {\n }\n}\n")
    #expect(loaded.configuration.virtualServers.first?.sorryServer?.port == port)
    #expect(loaded.problems == (port == 80 ? [.adjustedSetting] : []))
  }

  @Test func `a sorry server that is a real server stays, as that does`() throws {
    let (loaded, service) = try server(
      "192.0.2.1 80",
      " protocol TCP\n sorry_server 192.0.2.11 80\n real_server 192.0.2.11 80 {\n inhibit_on_failure\n }\n")
    #expect(loaded.problems == [.adjustedSetting] && service.sorryServer?.inhibits == true)
  }
}
