import CLinuxShims
import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

/// A server of somebody else that runs for a test. It is stopped when the value goes away.
final class ServerProcess {
  let port: UInt16
  let folder: URL?
  private let process: ChildProcess
  private let input: PipeDescriptors

  /// Runs a program and waits until it listens on `port` of loopback.
  init(_ program: String, _ arguments: [String], port: UInt16, folder: URL? = nil) throws {
    self.port = port
    self.folder = folder
    // Some servers end when their input does; this one never does.
    input = try PipeDescriptors(isNonBlocking: false)
    var command = ChildProcess.Command(path: program, arguments: [program] + arguments)
    command.standardInput = input.readEnd.rawValue
    // Threads of tests come and go.
    command.parentDeathSignal = 0
    process = try ChildProcess.spawn(command)
    for _ in 0..<500 {
      if isListening(port) { return }
      usleep(20_000)
    }
    throw SkipReason(description: "\(program) does not listen on port \(port)")
  }

  deinit {
    process.signalGroup(SIGKILL)
    while (try? process.reap()) == .some(nil) { usleep(1000) }
    if let folder { try? FileManager.default.removeItem(at: folder) }
  }

  struct SkipReason: Error, CustomStringConvertible { let description: String }

  /// `openssl s_server` with a certificate of ours. With `-www` it answers any GET with a page.
  static func openssl(_ certificate: String = "good", _ options: [String] = ["-www"]) throws -> ServerProcess {
    let port = try unusedPort()
    let files = ["-cert", TLSFixture.path("\(certificate).pem"), "-key", TLSFixture.path("key.pem")]
    return try ServerProcess(
      opensslPath, ["s_server", "-accept", "127.0.0.1:\(port)", "-quiet"] + files + options, port: port)
  }

  /// nginx with one server block, whose text may say `PORT`, `FOLDER` (an empty one) and `TLS` (the certificates').
  static func nginx(_ server: String) throws -> ServerProcess {
    let port = try unusedPort()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nginx-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let block = server.replacingOccurrences(of: "PORT", with: "127.0.0.1:\(port)")
      .replacingOccurrences(of: "FOLDER", with: folder.path)
      .replacingOccurrences(of: "TLS", with: TLSFixture.folder)
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      .map { "\($0)_temp_path \(folder.path)/\($0);" }.joined(separator: " ")
    let configuration = """
      daemon off; master_process off; worker_processes 1; pid \(folder.path)/pid; error_log /dev/null;
      events { worker_connections 256; }
      http { access_log off; \(temporary) server { \(block) } }
      """
    let file = folder.appendingPathComponent("nginx.conf")
    try configuration.write(to: file, atomically: true, encoding: .utf8)
    return try ServerProcess(
      nginxPath, ["-e", "/dev/null", "-p", folder.path, "-c", file.path], port: port, folder: folder)
  }
}

extension ServerProcess {
  /// exim in the foreground, with more options if need be; it takes mail for nobody and keeps a log.
  static func exim(_ options: String = "") throws -> ServerProcess {
    let port = try unusedPort()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("exim-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let configuration = """
      primary_hostname = mail.test
      spool_directory = \(folder.path)
      log_file_path = \(folder.path)/%slog
      local_interfaces = 127.0.0.1
      daemon_smtp_ports = \(port)
      pid_file_path = \(folder.path)/pid
      host_lookup =
      \(options)
      begin routers

      """
    let file = folder.appendingPathComponent("exim.conf")
    try configuration.write(to: file, atomically: true, encoding: .utf8)
    // It writes as a user of its own.
    try shell("chown -R Debian-exim \(folder.path); chown root \(file.path); chmod 755 \(folder.path)")
    return try ServerProcess(eximPath, ["-C", file.path, "-bdf"], port: port, folder: folder)
  }

  /// What exim says of clients that do not keep to the protocol, without those it refused.
  func complaints() -> String {
    guard let path = folder?.appendingPathComponent("mainlog").path,
      let log = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) })
    else { return "no log" }
    let complaints = ["syntax or protocol", "synchronization", "lost", "timeout", "reset"]
    return log.split(separator: "\n").filter { line in
      complaints.contains(where: line.contains)
    }.joined(separator: "\n")
  }
}

let eximPath = "/usr/sbin/exim4"
let hasExim = FileManager.default.isExecutableFile(atPath: eximPath)
let opensslPath = "/usr/bin/openssl"
let hasOpenSSL = FileManager.default.isExecutableFile(atPath: opensslPath)
let opensslOnly: Comment = "needs the openssl command"
let nginxPath = "/usr/sbin/nginx"
let hasNginx = FileManager.default.isExecutableFile(atPath: nginxPath)
let nginxOnly: Comment = "needs nginx"

private func isListening(_ port: UInt16) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var name = sockaddr_in()
  name.sin_family = sa_family_t(AF_INET)
  name.sin_port = port.bigEndian
  name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return withUnsafeBytes(of: &name) { bytes in
    let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
    return address.map { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 } ?? false
  }
}

/// Certificates made for these tests: an authority (to 2101) and, all of one key and for `good.test` and 127.0.0.1,
/// `good` (2024 to 2100), `expired` (2021) and `future` (from 2090). `locked-key` is the key, its password "secret".
/// The authority's own key was thrown away.
enum TLSFixture {
  static var folder: String {
    (Bundle.module.resourceURL ?? URL(fileURLWithPath: ".")).appendingPathComponent("Fixtures/TLS").path
  }

  static func path(_ name: String) -> String { "\(folder)/\(name)" }
}
