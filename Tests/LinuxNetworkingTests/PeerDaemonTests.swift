import Foundation
import HealthCheck
import NetPrimitives
import Testing

/// Mail and name servers that others wrote.
@Suite struct PeerDaemonTests {
  /// The mail server of Python's library: no daemon of this world runs without a user, a spool and a configuration.
  @Test(.enabled(if: hasPythonMail, "needs python3 with smtpd"))
  func `SMTP_CHECK is content with Python's mail server`() throws {
    let port = try unusedPort()
    let arguments = ["-W", "ignore", "-m", "smtpd", "-n", "-c", "DebuggingServer", "127.0.0.1:\(port)"]
    let server = try ServerProcess(pythonPath, arguments, port: port)
    #expect(try outcome(of: .smtp(SMTPCheck(connection: loopback(server.port)))) == fine)
    // Python wants a name after HELO, and says 501 without one.
    #expect(
      try outcome(of: .smtp(SMTPCheck(connection: loopback(server.port), heloName: "")))
        == fault(.hello, .unexpectedReplyCode(501)))
  }

  /// The mail server of Debian, which insists on RFC 5321 and on talking in turn.
  @Test(.enabled(if: isRoot && hasExim, "needs root and exim4 (scripts/install-packages exim4-daemon-light)"))
  func `SMTP_CHECK is content with exim`() throws {
    let server = try ServerProcess.exim()
    let check = SMTPCheck(connection: loopback(server.port))
    #expect(try outcome(of: .smtp(check)) == fine)
    #expect(try outcome(of: .smtp(SMTPCheck(connection: loopback(server.port), heloName: "probe.example.org"))) == fine)
    // It wants a name after HELO, and may have a reason to talk to nobody.
    #expect(
      try outcome(of: .smtp(SMTPCheck(connection: loopback(server.port), heloName: "")))
        == fault(.hello, .unexpectedReplyCode(501)))
    let closed = try ServerProcess.exim("acl_smtp_connect = deny")
    #expect(
      try outcome(of: .smtp(SMTPCheck(connection: loopback(closed.port))))
        == fault(.banner, .unexpectedReplyCode(550)))
    #expect(server.complaints() == "")
  }

  @Test(.enabled(if: hasDNSMasq, "needs dnsmasq (scripts/install-packages dnsmasq-base)"))
  func `DNS_CHECK understands dnsmasq`() throws {
    let port = try unusedPort()
    let server = try ServerProcess(
      dnsmasqPath,
      [
        "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--no-resolv", "--no-hosts",
        "--listen-address=127.0.0.1", "--bind-interfaces", "--port=\(port)", "--address=/web.test/192.0.2.7",
        "--local=/test/", "--mx-host=mail.test,mx.test,10", "--txt-record=text.test,hello",
      ], port: port)
    func ask(
      _ type: DNSRecordType, _ name: String, _ expectation: DNSCheck.Expectation = .any
    ) throws -> Finding.Outcome {
      try outcome(
        of: .dns(DNSCheck(connection: loopback(server.port), type: type, name: name, expectation: expectation)))
    }
    #expect(try ask(.a, "web.test") == fine)
    #expect(try ask(.a, "web.test", .address(.v4(IPv4Address(192, 0, 2, 7)))) == fine)
    #expect(try ask(.mx, "mail.test") == fine)
    #expect(try ask(.txt, "text.test") == fine)
    // NXDOMAIN of what it answers for itself, REFUSED of everything else (RFC 1035 §4.1.1).
    #expect(try ask(.a, "none.test") == fault(.reply, .responseCode(3)))
    #expect(try ask(.a, "example.com") == fault(.reply, .responseCode(5)))
    // The same question as a datagram of UDP_CHECK: number 7, one question, web.test, A, IN.
    let question: [UInt8] =
      [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3] + Array("web".utf8) + [4] + Array("test".utf8)
      + [0, 0, 1, 0, 1]
    func reply(_ answers: UInt8) throws -> Finding.Outcome {
      var pattern = [0, 7, 0x80, 0, 0, 1, 0, answers].map { UDPCheck.PatternByte(value: $0) }
      pattern[2] = UDPCheck.PatternByte(value: 0x80, mask: 0x80)
      pattern[3] = UDPCheck.PatternByte(value: 0, mask: 0)
      let check = UDPCheck(
        connection: loopback(server.port), payload: question, reply: .init(pattern: pattern, minimumLength: 42))
      return try outcome(of: .udp(check))
    }
    #expect(try reply(1) == fine)
    #expect(try reply(2) != fine)
    let other = try ask(.a, "web.test", .address(.v4(IPv4Address(192, 0, 2, 8))))
    #expect(other != fine)
  }
}

private let pythonPath = "/usr/bin/python3"
private let hasPythonMail =
  ["3.8", "3.9", "3.10", "3.11"].contains { FileManager.default.fileExists(atPath: "/usr/lib/python\($0)/smtpd.py") }
private let dnsmasqPath = "/usr/sbin/dnsmasq"
private let hasDNSMasq = FileManager.default.isExecutableFile(atPath: dnsmasqPath)
