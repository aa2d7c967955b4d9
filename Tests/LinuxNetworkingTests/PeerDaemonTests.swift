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
    let other = try ask(.a, "web.test", .address(.v4(IPv4Address(192, 0, 2, 8))))
    #expect(other != fine)
  }
}

private let pythonPath = "/usr/bin/python3"
private let hasPythonMail =
  ["3.8", "3.9", "3.10", "3.11"].contains { FileManager.default.fileExists(atPath: "/usr/lib/python\($0)/smtpd.py") }
private let dnsmasqPath = "/usr/sbin/dnsmasq"
private let hasDNSMasq = FileManager.default.isExecutableFile(atPath: dnsmasqPath)
