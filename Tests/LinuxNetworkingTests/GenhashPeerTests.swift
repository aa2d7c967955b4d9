import Foundation
import LinuxNetworking
import Testing

/// `vrrpd --genhash` beside keepalived's genhash: the same words on the same page.
@Suite(.enabled(if: hasNginx && hasGenhash, "needs nginx and keepalived's genhash"))
struct GenhashPeerTests {
  @Test func `prints what keepalived's prints`() throws {
    let plain = try ServerProcess.nginx(
      "listen PORT; location / { return 200 \"$host $server_protocol\\n\"; } location /gone { return 404 gone; }")
    let secure = try ServerProcess.nginx(
      """
      listen PORT ssl; ssl_certificate TLS/good.pem; ssl_certificate_key TLS/key.pem;
      location / { return 200 "$host $ssl_server_name $server_protocol\\n"; }
      """)
    let calls: [(UInt16, [String])] = [
      (plain.port, ["-u", "/"]), (plain.port, ["-u", "/gone"]),
      (plain.port, ["-u", "/", "-V", "shop.test", "-P", "1.1"]),
      (plain.port, ["-u", "/", "-P", "1.0c"]), (plain.port, ["-v", "-u", "/"]), (plain.port, ["-v", "-u", "/gone"]),
      (secure.port, ["-S", "-u", "/"]), (secure.port, ["-S", "-I", "-V", "shop.test", "-v", "-u", "/"]),
      (plain.port, ["-x"]), (plain.port, ["-u", "/", "-P", "3"]),
    ]
    for (port, words) in calls {
      let arguments = ["-s", "127.0.0.1", "-p", "\(port)"] + words
      let theirs = try run(genhashPath, arguments)
      let ours = try run(vrrpdPath, ["--genhash"] + arguments)
      #expect(ours.text == theirs.text, "\(words)")
      #expect(ours.status == theirs.status, "\(words)")
    }
  }

  @Test func `a link called genhash is genhash`() throws {
    let server = try ServerProcess.nginx("listen PORT; location / { return 200 hello; }")
    let link = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)/genhash")
    try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: vrrpdPath)
    defer { try? FileManager.default.removeItem(at: link.deletingLastPathComponent()) }
    let found = try run(link.path, ["-s", "127.0.0.1", "-p", "\(server.port)", "-u", "/"])
    #expect(found.text == "5d41402abc4b2a76b9719d911017c592\n" && found.status == .exited(0))
  }

  /// Standard output without what differs from one run to the next.
  private func run(_ path: String, _ arguments: [String]) throws -> (text: String, status: ProcessOutcome) {
    // Some calls print nothing; reading must not wait for it.
    let output = try PipeDescriptors()
    var command = ChildProcess.Command(path: path, arguments: [path] + arguments)
    command.standardOutput = output.writeEnd.rawValue
    command.parentDeathSignal = 0
    let process = try ChildProcess.spawn(command)
    var status = try process.reap()
    while status == nil {
      usleep(2000)
      status = try process.reap()
    }
    // What little such a command prints fits into the pipe.
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(output.readEnd.rawValue, &buffer, buffer.count)
    let text = String(decoding: buffer[0..<max(0, count)], as: UTF8.self)
      .replacing(/Date: [^\r\n]*/, with: "Date")
      // The same in the dump of bytes, whose lines hold parts of it.
      .replacing(/(?m)^00(48|64|80)  .*$/, with: "dump")
      .replacing(/= [0-9]+ usecs/, with: "usecs")
    return (text, try #require(status))
  }
}

private let genhashPath = "/usr/bin/genhash"
private let hasGenhash = FileManager.default.isExecutableFile(atPath: genhashPath)

/// Built beside the tests.
private let vrrpdPath = Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("vrrpd").path
