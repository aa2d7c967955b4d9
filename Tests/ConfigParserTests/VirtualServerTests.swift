import ConfigParser
import HealthCheck
import LoadBalancing
import Testing

@Suite struct VirtualServerTests {
  private func server(_ lines: String, head: String = "192.0.2.1 80") throws -> VirtualServerDefinition {
    try #require(
      load("virtual_server \(head) {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n\(lines)\n}").configuration
        .virtualServers.first)
  }

  private let plain = "real_server 192.0.2.11 8080 {\n weight 2\n}"

  @Test func `lowers a service with its servers`() throws {
    let service = try server(
      "delay_loop 2\nretry 4\nquorum 2\nhysteresis 1\npersistence_timeout\npersistence_granularity 255.255.255.0\n"
        + "lvs_sched mh\nmh-port\nsorry_server 192.0.2.99 80\nsorry_server_inhibit\nquorum_up \"/a/up x\"\nalpha\n"
        + "real_server 192.0.2.11 8080 {\n weight 2\n uthreshold 100\n lvs_method TUN type gue port 6080 csum\n"
        + " TCP_CHECK { connect_timeout 3\n connect_port 81 }\n}\nreal_server 192.0.2.12 {\n}")
    #expect(service.address == .address(.v4(IPv4Address(192, 0, 2, 1)), port: 80))
    #expect(service.transport == .tcp && service.scheduler == .mh && service.schedulerFlags == .maglevPort)
    #expect(service.persistence == Persistence(timeoutSeconds: 360, granularity: 24))
    #expect(service.quorum == 2 && service.hysteresis == 1)
    #expect(service.sorryServer?.inhibits == true)
    #expect(service.quorumUp == HookCommand(["/a/up", "x"]))
    let first = try #require(service.realServers.first)
    #expect(first.forwarding == .tunnel(.init(kind: .gue(port: 6080), checksum: .full)))
    // Only NAT can change the port.
    #expect(first.port == 80 && first.weight == 2 && first.upperThreshold == 100)
    let check = try #require(first.checks.first)
    #expect(check.startsFailed)
    #expect(check.timing.connectTimeoutNanoseconds == 3_000_000_000)
    #expect(check.timing.delayLoopNanoseconds == 2_000_000_000 && check.timing.retries == 4)
    #expect(check.probe.connection?.port == 81)
    #expect(service.realServers[1].port == 80)
  }

  @Test func `takes keepalived's defaults and says so`() throws {
    let loaded = load("virtual_server 192.0.2.1 80 {\n\(plain)\n}")
    let service = try #require(loaded.configuration.virtualServers.first)
    #expect(service.transport == .udp && service.scheduler == .wlc && service.forwarding == .masquerade)
    #expect(loaded.problems == [.defaultedSetting, .defaultedSetting, .defaultedSetting])
    #expect(service.realServers.first?.mailsAlerts == true && !service.mailsAlerts)
  }

  @Test func `marks and groups`() throws {
    #expect(try server(plain, head: "fwmark 7").address == .firewallMark(7))
    let loaded = load(
      "virtual_server group G {\n protocol UDP\n lvs_sched rr\n lvs_method NAT\n real_server 192.0.2.11 53 {\n }\n}\n"
        + "virtual_server_group G {\n 192.0.2.1-5 53\n 198.51.100.0/30\n 192.0.2.8-192.0.2.9 54\n fwmark 9 inet\n}\n")
    guard case .group(let group)? = loaded.configuration.virtualServers.first?.address else {
      Issue.record("no group")
      return
    }
    #expect(
      group.members == [
        .addresses(first: .v4(IPv4Address(192, 0, 2, 1)), last: .v4(IPv4Address(192, 0, 2, 5)), port: 53),
        .addresses(first: .v4(IPv4Address(198, 51, 100, 0)), last: .v4(IPv4Address(198, 51, 100, 3)), port: 0),
        .addresses(first: .v4(IPv4Address(192, 0, 2, 8)), last: .v4(IPv4Address(192, 0, 2, 9)), port: 54),
        .firewallMark(9, family: .ipv4),
      ])
    #expect(loaded.problems.isEmpty)
  }

  @Test func `every kind of check`() throws {
    let service = try server(
      """
      real_server 192.0.2.11 80 {
        HTTP_GET {
          url {
            path /health
            digest 00112233445566778899aabbccddeeff
            status_code 200 300-302
            regex "^ok\\\\.a b"
            regex_options caseless
          }
          virtualhost example.org
          http_protocol 1.1
        }
        SSL_GET {
          url {
            path /
          }
          sni_name secure.example.org
        }
        SMTP_CHECK {
          helo_name me
        }
        DNS_CHECK {
          type aaaa
          name example.org
        }
        UDP_CHECK {
          payload 00 ff
          require_reply 0x x1
          min_reply_length 2
        }
        PING_CHECK {
        }
        MISC_CHECK {
          misc_path "/a/check 'x y'"
          misc_timeout 7
          misc_dynamic
          user nobody
        }
      }
      """)
    let checks = try #require(service.realServers.first).checks
    #expect(checks.map { $0.probe.kind } == [.http, .ssl, .smtp, .dns, .udp, .ping, .misc])
    guard case .http(let http) = checks[0].probe, case .http(let secure) = checks[1].probe,
      case .udp(let udp) = checks[4].probe, case .misc(let misc) = checks[6].probe
    else {
      Issue.record("not what was configured")
      return
    }
    #expect(http.urls.first?.statusCodes == StatusCodeSet([200...200, 300...302]))
    #expect(http.urls.first?.digest?.count == 16 && http.version == .http1_1)
    #expect(http.urls.first?.pattern?.options == .caseless)
    #expect(secure.tls?.serverName == "secure.example.org")
    #expect(udp.payload == [0, 0xff] && udp.reply?.pattern.map(\.mask) == [0xf0, 0x0f])
    #expect(misc.command == HookCommand(["/a/check", "x y"], user: "nobody"))
    #expect(misc.setsWeight && misc.timeoutNanoseconds == 7_000_000_000)
  }

  @Test func `checks keepalived does not have, and what it does not ask`() throws {
    let service = try server(
      """
      real_server 192.0.2.11 80 {
        AGENT_CHECK { connect_port 9999
          send "hello\\n"
        }
        GRPC_CHECK {
          service shop.Cart
          virtualhost shop.test
          tls
          verify full
        }
        TCP_CHECK {
          expect "+OK"
          send "PING\\r\\n"
          expect_regex "^.PONG"
          tls
        }
        TCP_CHECK { complete_handshake
        }
        SSL_GET {
          http_protocol 2
          verify ca
          expiry_warning 14
          url { path / }
        }
      }
      """)
    let checks = try #require(service.realServers.first).checks
    #expect(checks.map { $0.probe.kind } == [.agent, .grpc, .tcp, .tcp, .ssl])
    guard case .agent(let agent) = checks[0].probe, case .grpc(let grpc) = checks[1].probe,
      case .tcp(let tcp) = checks[2].probe, case .tcp(let plain) = checks[3].probe,
      case .http(let web) = checks[4].probe
    else {
      Issue.record("not what was configured")
      return
    }
    #expect(agent.connection.port == 9999 && agent.greeting == Array("hello\n".utf8))
    #expect(grpc.service == "shop.Cart" && grpc.authority == "shop.test")
    #expect(grpc.tls?.verification == .authorityAndName && grpc.tls?.serverName == "shop.test")
    let script: [TCPCheck.Step] = [
      .expect(Array("+OK".utf8)), .send(Array("PING\r\n".utf8)), .expectPattern(PatternDefinition("^.PONG")),
    ]
    #expect(tcp.script == script && tcp.tls == TLSDefinition() && !tcp.completesHandshake)
    #expect(plain.completesHandshake)
    #expect(web.version == .http2 && web.tls?.verification == .authority && web.tls?.expiryWarningDays == 14)
  }

  @Test(arguments: [
    ("HTTP_GET {\n}", DiagnosticCode.checkDropped), ("MISC_CHECK {\n}", .checkDropped),
    ("FILE_CHECK {\n track_file none\n}", .checkDropped), ("BFD_CHECK {\n name none\n}", .checkDropped),
    ("DNS_CHECK {\n type Q\n}", .unknownValue), ("TCP_CHECK {\n connect_port 0\n}", .outOfRange),
  ])
  func `a check that cannot run is reported and left out`(block: String, code: DiagnosticCode) {
    let loaded = load(
      "virtual_server 192.0.2.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n real_server 192.0.2.11 80 {\n"
        + block + "\n }\n}")
    #expect(loaded.problems == [code])
  }

  @Test func `a session is checked where checks are told of it`() {
    func problems(_ restriction: String) -> [DiagnosticCode] {
      let loaded = load(
        "bfd_instance path {\n neighbor_ip 192.0.2.11\n \(restriction)\n}\nvirtual_server 192.0.2.1 80 {\n"
          + " protocol TCP\n lvs_sched rr\n lvs_method NAT\n real_server 192.0.2.11 80 {\n"
          + "BFD_CHECK {\n name path\n alpha\n}\n }\n}")
      guard let server = loaded.configuration.virtualServers.first?.realServers.first else { return loaded.problems }
      #expect(server.checks.map(\.probe) == (restriction == "vrrp" ? [] : [.bfd(BFDCheck(session: "path"))]))
      #expect(server.checks.allSatisfy { $0.startsFailed })
      return loaded.problems
    }
    #expect(problems("") == [])
    #expect(problems("checker") == [])
    #expect(problems("vrrp") == [.checkDropped])
  }
}
