import Foundation
import HealthCheck
import LinuxNetworking
import NetPrimitives
import Testing

/// `SSL_GET` of the page at `/`.
private func page(
  _ port: UInt16, _ tls: TLSDefinition = TLSDefinition(), version: HTTPCheck.Version = .http1_0,
  status: StatusCodeSet = .success
) -> CheckDefinition.Probe {
  .http(
    HTTPCheck(
      connection: loopback(port), urls: [HTTPCheck.URL(path: "/", statusCodes: status)], version: version, tls: tls))
}

private let strict = TLSDefinition(
  serverName: "good.test", verification: .authorityAndName, authorityFile: TLSFixture.path("authority.pem"))

@Suite(.enabled(if: hasOpenSSL, opensslOnly)) struct CertificateTests {
  @Test func `a certificate that will do, and one nobody asked about`() throws {
    let server = try ServerProcess.openssl()
    #expect(try outcome(of: page(server.port)) == fine)
    #expect(try outcome(of: page(server.port, strict)) == fine)
    // Without a name the address is what the certificate must be for.
    var byAddress = strict
    byAddress.serverName = nil
    #expect(try outcome(of: page(server.port, byAddress)) == fine)
  }

  @Test func `each fault of a certificate has its reason`() throws {
    let cases: [(String, TLSDefinition, ProbeFailure.CertificateFault)] = [
      ("expired", strict, .expired),
      ("future", strict, .notYetValid),
      ("good", TLSDefinition(serverName: "good.test", verification: .authority), .untrusted),
      (
        "good",
        TLSDefinition(
          serverName: "other.test", verification: .authorityAndName, authorityFile: TLSFixture.path("authority.pem")),
        .wrongName
      ),
    ]
    for (certificate, definition, wanted) in cases {
      let server = try ServerProcess.openssl(certificate)
      let found = try outcome(of: page(server.port, definition))
      #expect(found == fault(.tlsHandshake, .certificate(wanted)), "\(certificate)")
      // keepalived would not have looked.
      #expect(try outcome(of: page(server.port)) == fine, "\(certificate)")
    }
  }

  @Test func `the end of a certificate is told in time`() throws {
    let server = try ServerProcess.openssl()
    var definition = strict
    var bench = try ProbeBench()
    #expect(try bench.finding(page(server.port, definition)).certificateDaysLeft == nil)
    definition.expiryWarningDays = 1
    #expect(try bench.finding(page(server.port, definition)).certificateDaysLeft == nil)
    definition.expiryWarningDays = .max
    let finding = try bench.finding(page(server.port, definition))
    #expect(finding.outcome == fine)
    // 2100-01-01 at 0:00 UTC.
    let days = Int32((4_102_444_800 - Date().timeIntervalSince1970) / 86_400)
    #expect(finding.certificateDaysLeft == days)
  }

  @Test func `a server that wants to know us`() throws {
    let server = try ServerProcess.openssl(
      "good", ["-www", "-Verify", "1", "-verify_return_error", "-CAfile", TLSFixture.path("authority.pem")])
    // 1.3 tells only after the handshake that a certificate was missing.
    #expect(try outcome(of: page(server.port)) == fault(.statusLine, .alert(116)))
    var client = TLSDefinition(
      certificateFile: TLSFixture.path("good.pem"), keyFile: TLSFixture.path("locked-key.pem"), keyPassword: "secret")
    #expect(try outcome(of: page(server.port, client)) == fine)

    client.keyPassword = "wrong"
    var bench = try ProbeBench()
    for _ in 0..<3 {
      #expect(try bench.finding(page(server.port, client)).outcome == .inconclusive(.unusableDefinition))
    }
    let problems = bench.table.takeProblems()
    #expect(problems.count == 1 && problems.first?.contains("locked-key.pem") == true, "\(problems)")
  }

  @Test func `a file that is not there is told, and looked for again after a reload`() throws {
    let server = try ServerProcess.openssl()
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("ca-\(UUID().uuidString).pem")
    defer { try? FileManager.default.removeItem(at: file) }
    var definition = strict
    definition.authorityFile = file.path
    var bench = try ProbeBench()
    #expect(try bench.finding(page(server.port, definition)).outcome == .inconclusive(.unusableDefinition))
    #expect(bench.table.takeProblems().count == 1)
    try FileManager.default.copyItem(atPath: TLSFixture.path("authority.pem"), toPath: file.path)
    #expect(try bench.finding(page(server.port, definition)).outcome == .inconclusive(.unusableDefinition))
    bench.table.forget()
    #expect(try bench.finding(page(server.port, definition)).outcome == fine)
  }

  @Test func `versions and ciphers without anything in common`() throws {
    let server = try ServerProcess.openssl("good", ["-www", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"])
    #expect(try outcome(of: page(server.port)) == fault(.tlsHandshake, .alert(40)))
  }

  @Test func `HTTP 2 is agreed on, never assumed`() throws {
    let server = try ServerProcess.openssl("good", ["-www"])
    #expect(try outcome(of: page(server.port, version: .http2)) == fault(.tlsHandshake, .alert(120)))
  }
}

@Suite(.enabled(if: hasNginx, nginxOnly)) struct NginxTLSTests {
  private static let tls = "listen PORT ssl http2; ssl_certificate TLS/good.pem; ssl_certificate_key TLS/key.pem;"

  @Test func `HTTP 1 and 2, the name asked for, and closing with and without an alert`() throws {
    let server = try ServerProcess.nginx(
      "\(Self.tls) location / { return 200 \"$ssl_server_name $server_protocol\\n\"; }")
    let pattern = { (text: String) in
      HTTPCheck.URL(path: "/", pattern: PatternDefinition(text))
    }
    for (version, name) in [
      (HTTPCheck.Version.http1_0, "HTTP/1\\.0"), (.http1_1, "HTTP/1\\.1"), (.http2, "HTTP/2\\.0"),
    ] {
      for closesProperly in [false, true] {
        var definition = strict
        definition.closesProperly = closesProperly
        let check = HTTPCheck(
          connection: loopback(server.port), urls: [pattern("^good\\.test \(name)\n$"), pattern("other")],
          version: version, tls: definition)
        #expect(try outcome(of: .http(check)) == fine, "\(name)")
        #expect(try outcome(of: .http(check), step: 1) == fault(.content, .patternMissing), "\(name)")
      }
    }
  }

  @Test(arguments: [true, false]) func `gRPC health over TLS and in the clear`(isSecure: Bool) throws {
    let listen = isSecure ? Self.tls : "listen PORT http2;"
    let server = try ServerProcess.nginx(
      """
      \(listen) default_type application/grpc; root FOLDER; error_page 405 =200 $uri; add_trailer grpc-status 0 always;
      """)
    let folder = try #require(server.folder?.appendingPathComponent("grpc.health.v1.Health"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let check = GRPCCheck(connection: loopback(server.port), service: "shop", tls: isSecure ? strict : nil)
    for (status, wanted) in [(1 as UInt8, fine), (2, fault(.reply, .notServing(2)))] {
      try Data([0, 0, 0, 0, 2, 8, status]).write(to: folder.appendingPathComponent("Check"))
      #expect(try outcome(of: .grpc(check)) == wanted)
    }
    try FileManager.default.removeItem(at: folder)
    #expect(try outcome(of: .grpc(check)) == fault(.statusLine, .unexpectedStatus(404)))
  }

  @Test func `a thousand handshakes at once`() throws {
    let server = try ServerProcess.nginx("\(Self.tls) location / { return 204; }")
    var bench = try ProbeBench(socketLimit: 100)
    for _ in 0..<300 { bench.start(page(server.port, strict)) }
    let findings = try bench.findings(300)
    #expect(findings.values.allSatisfy { $0.outcome == fine })
  }
}

@Suite struct HostileTLSTests {
  @Test func `what is no TLS`() throws {
    let garbage = try StreamServer { connection in
      _ = hear(until: "nothing a client hello ends with", on: connection, limit: 100)
      say(String(repeating: "garbage ", count: 1000), on: connection)
    }
    #expect(try outcome(of: page(garbage.port)) == fault(.tlsHandshake, .alert(255)))
  }

  @Test func `a server that says nothing, and one that leaves`() throws {
    let silent = try StreamServer { connection in _ = hear(on: connection) }
    let short = timing(connectTimeout: 200)
    #expect(try outcome(of: page(silent.port), timing: short) == fault(.tlsHandshake, .timedOut))
    let absent = try StreamServer { connection in _ = hear(until: "", on: connection, limit: 1) }
    let outcome = try outcome(of: page(absent.port))
    #expect([fault(.tlsHandshake, .closedEarly), fault(.tlsHandshake, .reset)].contains(outcome))
  }

  @Test func `a handshake that trickles ends with the whole check`() throws {
    let slow = try StreamServer { connection in
      // The head of a record of 16 KiB, then a byte now and then.
      guard say([0x16, 3, 3, 0x40, 0], on: connection) else { return }
      while say([0], on: connection) { usleep(20_000) }
    }
    let short = timing(connectTimeout: 5000, deadline: 300)
    #expect(try outcome(of: page(slow.port), timing: short) == fault(.tlsHandshake, .deadlinePassed))
  }
}
