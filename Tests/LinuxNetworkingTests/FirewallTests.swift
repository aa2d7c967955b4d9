import Foundation
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@testable import LinuxNetworking

/// `no_accept` on the kernel: whether a connection to a virtual address comes to be.
@Suite(.enabled(if: isRoot, rootOnly)) struct FirewallTests {
  typealias Host = LinuxWorldTests.Host

  static func definition(
    _ change: (inout VirtualRouterDefinition) throws -> Void = { _ in }
  ) throws -> VirtualRouterDefinition {
    try LinuxWorldTests.definition {
      $0.priority = 200
      $0.acceptsPackets = false
      try change(&$0)
    }
  }

  /// A router at once active on a host that listens, and a neighbour that knocks.
  final class Lab {
    let cable: Cable
    let host: Host
    let listener: Int32

    init(_ definition: VirtualRouterDefinition, _ global: GlobalDefinition = GlobalDefinition()) throws {
      cable = try Cable()
      host = try Host(cable.left)
      host.engine.world.follow(global)
      listener = try Self.listen()
      host.engine.apply([definition], now: host.now) { _ in true }
      host.engine.world.flush(now: host.now)
      try cable.onRight {
        let routes = try RouteSocket()
        for text in ["10.0.1.2/24", "2001:db8::2/64"] {
          let prefix = try #require(IPPrefix(text))
          try routes.perform("add") { $0.add(InterfaceAddress(prefix, on: cable.right.index)) }
        }
      }
    }

    deinit { close(listener) }

    /// TCP on port 4242 of any address of either family.
    private static func listen() throws -> Int32 {
      let number = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
      var address = sockaddr_in6()
      address.sin6_family = UInt16(AF_INET6)
      address.sin6_port = UInt16(4242).bigEndian
      let result = withUnsafeBytes(of: &address) { bytes in
        bind(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
      }
      try #require(result == 0 && Glibc.listen(number, 8) == 0)
      return number
    }

    /// Whether the neighbour gets a connection within half a second.
    func answers(_ address: String, scope: Bool = false) throws -> Bool {
      try cable.onRight {
        let number = socket(AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        defer { close(number) }
        var target = sockaddr_in6()
        target.sin6_family = UInt16(AF_INET6)
        target.sin6_port = UInt16(4242).bigEndian
        if scope { target.sin6_scope_id = cable.right.index.rawValue }
        try #require(inet_pton(AF_INET6, address.contains(":") ? address : "::ffff:\(address)", &target.sin6_addr) == 1)
        _ = withUnsafeBytes(of: &target) { bytes in
          connect(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
        var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, 500) == 1 && request.revents & Int16(POLLERR) == 0
      }
    }
  }

  @Test func `packets to the addresses are dropped, others and neighbour discovery are not`() async throws {
    try await isolated {
      let lab = try Lab(
        try Self.definition {
          $0.excludedAddresses += [VirtualAddress(try #require(IPPrefix("fe80::77/64")))]
        })
      #expect(lab.host.failures() == [])
      #expect(try lab.answers("10.0.0.1"), "the host's own address")
      #expect(try !lab.answers("10.0.1.1"))
      #expect(try !lab.answers("2001:db8::7"))
      #expect(try lab.answers("fe80::1", scope: true), "the host's own link-local address")
      #expect(try !lab.answers("fe80::77", scope: true))
      // A neighbour finds the address all the same: its entry has a MAC.
      let neighbours = try lab.cable.onRight { try Self.run("ip", ["-6", "neigh", "show", "2001:db8::7"]) }
      if let neighbours { #expect(neighbours.contains("lladdr")) }
    }
  }

  @Test func `accepting is the default, and an owner's right`() async throws {
    try await isolated {
      let lab = try Lab(try Self.definition { $0.acceptsPackets = true })
      #expect(try lab.answers("10.0.1.1"))
    }
    try await isolated {
      let lab = try Lab(try Self.definition { $0.priority = 255 })
      #expect(try lab.answers("10.0.1.1"))
    }
  }

  @Test func `a reload, a stop and a rival's hand change the rules`() async throws {
    try await isolated {
      let lab = try Lab(try Self.definition())
      let host = lab.host
      #expect(try !lab.answers("10.0.1.1"))
      host.engine.apply([try Self.definition { $0.acceptsPackets = true }], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try lab.answers("10.0.1.1"))
      host.engine.apply([try Self.definition()], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try !lab.answers("10.0.1.1"))
      // Somebody removes our tables: the next change makes them anew.
      try Firewall(FirewallSettings()).dismantle()
      #expect(try lab.answers("10.0.1.1"))
      let more = VirtualAddress(try #require(IPPrefix("10.0.1.9/24")))
      host.engine.apply([try Self.definition { $0.addresses.append(more) }], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try !lab.answers("10.0.1.1"))
      #expect(try !lab.answers("10.0.1.9"))
      #expect(host.failures() == [])
      host.engine.stop(now: host.now)
      host.engine.world.dismantle()
      #expect(try Self.hasTable("keepalived") == false)
    }
  }

  @Test func `the table's name, its priority, counters and numbers are as configured`() async throws {
    try await isolated {
      var global = GlobalDefinition()
      global.firewallTable = "mine"
      global.firewallPriority = -7
      global.firewallCounts = true
      global.firewallMatchesIndex = true
      let lab = try Lab(
        try Self.definition { $0.excludedAddresses += [VirtualAddress(try #require(IPPrefix("fe80::77/64")))] }, global)
      #expect(lab.host.failures() == [])
      #expect(try !lab.answers("10.0.1.1"))
      #expect(try !lab.answers("fe80::77", scope: true))
      #expect(try Self.hasTable("mine"))
      if let rules = try Self.run("nft", ["list", "table", "ip6", "mine"]) {
        #expect(rules.contains("filter - 7"))
        #expect(rules.contains("counter packets"))
        #expect(rules.contains("iif"))
        #expect(!rules.contains("iifname"))
      }
    }
  }

  @Test func `after a crash the rules are there, and the next process goes on with them`() async throws {
    try await isolated {
      let lab = try Lab(try Self.definition())
      // The crash: nothing is taken back. The next process finds the addresses, and its rules take the old ones' place.
      let next = try Host(lab.cable.left)
      #expect(try !lab.answers("10.0.1.1"))
      let definition = try Self.definition()
      next.engine.world.removeLeftovers(keeping: [definition])
      #expect(try !lab.answers("10.0.1.1"))
      next.engine.apply([definition], now: next.now) { _ in true }
      next.engine.world.flush(now: next.now)
      #expect(try !lab.answers("10.0.1.1"))
      next.engine.world.dismantle()
      #expect(try Self.hasTable("keepalived") == false)
    }
  }

  /// Asks by making a batch that only removes.
  private static func hasTable(_ name: String) throws -> Bool {
    guard let tables = try run("nft", ["list", "tables"]) else { return false }
    return tables.contains(" \(name)")
  }

  /// What a command says; `nil` where it is not installed.
  static func run(_ command: String, _ arguments: [String]) throws -> String? {
    guard
      let path = ["/usr/sbin/", "/sbin/", "/usr/bin/", "/bin/"].map({ $0 + command }).first(where: {
        FileManager.default.isExecutableFile(atPath: $0)
      })
    else { return nil }
    // The child is forked by this thread, and so in its namespace.
    let pipe = popen(([path] + arguments).joined(separator: " "), "r")
    defer { if let pipe { pclose(pipe) } }
    var text = ""
    var buffer = [CChar](repeating: 0, count: 4096)
    while let pipe, fgets(&buffer, Int32(buffer.count), pipe) != nil {
      text += String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return text
  }
}
