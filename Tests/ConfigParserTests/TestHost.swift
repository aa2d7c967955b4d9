import ConfigParser
import NetPrimitives

/// A host that is a few dictionaries: `eth0` with 192.0.2.11/24, root, and nothing else.
struct TestHost: HostProvider {
  static let addresses = [IPPrefix("192.0.2.11/24"), IPPrefix("fe80::11/64")].compactMap(\.self)

  var interfaces = [HostInterface(name: "eth0", addresses: TestHost.addresses)]
  var files: [String: HostFile] = [:]
  var links: [String: String] = [:]
  var users = ["root": HostUser(id: 0, group: 0)]
  var groups: [String: UInt32] = ["root": 0]
  var settings: [String: String] = [:]
  var texts: [String: String] = [:]
  var searchPath = ["/usr/bin", "/bin"]

  func file(_ path: String) -> HostFile? {
    path == "/" ? HostFile(.directory, mode: 0o755) : files[links[path] ?? path]
  }

  func realPath(_ path: String) -> String? { links[path] ?? path }
  func user(_ name: String) -> HostUser? { users[name] }
  func group(_ name: String) -> UInt32? { groups[name] }
  func text(_ path: String) -> [UInt8]? { texts[path].map { Array($0.utf8) } }
  func names(in directory: String) -> [String] {
    texts.keys.filter { $0.hasPrefix(directory + "/") }.map { String($0.dropFirst(directory.count + 1)) }
  }
  func kernelSetting(_ name: String) -> String? { settings[name] }
}
