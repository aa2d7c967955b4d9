public import ConfigParser
import Glibc
import NetPrimitives

/// This host, for `LoadedConfiguration.check(against:writtenPaths:)`.
public struct HostSystem: HostProvider {
  public let interfaces: [HostInterface]

  /// Looks at the interfaces as they are now.
  public init() {
    let addresses = Self.addresses()
    interfaces = FileSources().list("/sys/class/net").sorted().map { name in
      func number(_ file: String) -> Int? { Self.line("/sys/class/net/\(name)/\(file)").flatMap { Self.number($0) } }
      let flags = number("flags") ?? 0
      return HostInterface(
        name: name, mtu: number("mtu") ?? 1500, isRunning: flags & Int(IFF_UP) != 0 && number("carrier") == 1,
        hasMulticast: flags & Int(IFF_MULTICAST) != 0, addresses: addresses[name] ?? [])
    }
  }

  public func file(_ path: String) -> HostFile? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let kind: HostFile.Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFIFO: .pipe
      default: .other
      }
    return HostFile(kind, owner: status.st_uid, group: status.st_gid, mode: status.st_mode & 0o7777)
  }

  public func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  public func user(_ name: String) -> HostUser? {
    if let entry = getpwnam(name) { return HostUser(id: entry.pointee.pw_uid, group: entry.pointee.pw_gid) }
    return UInt32(name).map { HostUser(id: $0, group: $0) }
  }

  public func group(_ name: String) -> UInt32? {
    if let entry = getgrnam(name) { return entry.pointee.gr_gid }
    return UInt32(name)
  }

  public func kernelSetting(_ name: String) -> String? { Self.line("/proc/sys/\(name)") }

  public func text(_ path: String) -> [UInt8]? { try? FileSources().read(path) }

  public func names(in directory: String) -> [String] { FileSources().list(directory) }

  /// What `PATH` says, or where commands are on every system.
  public var searchPath: [String] {
    let path = FileSources().environment("PATH") ?? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return path.split(separator: ":").map(String.init)
  }

  /// The first line of a small file.
  private static func line(_ path: String) -> String? {
    guard let bytes = try? FileSources().read(path) else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  private static func number(_ text: String) -> Int? {
    text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
  }

  private static func addresses() -> [String: [IPPrefix]] {
    var first: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&first) == 0 else { return [:] }
    defer { freeifaddrs(first) }
    var result: [String: [IPPrefix]] = [:]
    var next = first
    while let entry = next {
      next = entry.pointee.ifa_next
      let length = entry.pointee.ifa_netmask.flatMap { words($0) }?.reduce(0) { $0 + $1.nonzeroBitCount }
      guard let words = entry.pointee.ifa_addr.flatMap({ words($0) }), let length else { continue }
      let address: IPAddress =
        words.count == 1
        ? .v4(IPv4Address(rawValue: words[0]))
        : .v6(
          IPv6Address(
            high: UInt64(words[0]) << 32 | UInt64(words[1]), low: UInt64(words[2]) << 32 | UInt64(words[3])))
      guard let prefix = IPPrefix(address, length: UInt8(length)) else { continue }
      result[String(cString: entry.pointee.ifa_name), default: []].append(prefix)
    }
    return result
  }

  /// An address in words of host order: one for IPv4, four for IPv6; `nil` for another family.
  private static func words(_ address: UnsafeMutablePointer<sockaddr>) -> [UInt32]? {
    switch Int32(address.pointee.sa_family) {
    case AF_INET:
      address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { [UInt32(bigEndian: $0.pointee.sin_addr.s_addr)] }
    case AF_INET6:
      address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
        let words = address.pointee.sin6_addr.__in6_u.__u6_addr32
        return [words.0, words.1, words.2, words.3].map { UInt32(bigEndian: $0) }
      }
    default: nil
    }
  }
}
