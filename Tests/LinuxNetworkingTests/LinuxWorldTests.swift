import Foundation
@testable import LinuxNetworking
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

/// The engine on the kernel: what it wants is there, and nothing else.
@Suite(.enabled(if: isRoot, rootOnly)) struct LinuxWorldTests {
  /// An engine with one owner-like router on `left`, driven by hand.
  final class Host {
    var engine: VRRPEngine<LinuxWorld>
    let routes: RouteSocket
    let monitor: RouteMonitor
    let link: Link

    init(_ link: Link) throws {
      engine = VRRPEngine(in: try LinuxWorld())
      routes = try RouteSocket()
      monitor = try RouteMonitor()
      self.link = link
      try synchronize()
      try waitForCarrier()
    }

    /// The kernel tells of a carrier a moment after the link is up.
    private func waitForCarrier() throws {
      for _ in 0..<50 {
        if try routes.link(named: link.name)?.isRunning == true { return try synchronize() }
        var request = pollfd(fd: monitor.rawDescriptor, events: Int16(POLLIN), revents: 0)
        poll(&request, 1, 100)
        try monitor.receive { _ in }
      }
    }

    func synchronize() throws {
      for change in try engine.world.resynchronize() { take(change) }
    }

    func take(_ change: InterfaceTable.Change) {
      switch change {
      case .updated(let interface): engine.update(interface, now: now)
      case .removed(let index): engine.removeInterface(index, now: now)
      }
    }

    /// Waits for the kernel to tell something, a tenth of a second at most.
    func waitAndFollow() throws {
      var request = pollfd(fd: monitor.rawDescriptor, events: Int16(POLLIN), revents: 0)
      poll(&request, 1, 100)
      try follow()
    }

    /// Enters what the kernel told meanwhile.
    func follow() throws {
      var events: [RouteMonitor.Event] = []
      try monitor.receive { events.append($0) }
      for change in engine.world.enter(events, now: now) { take(change) }
      engine.world.flush(now: now)
    }

    func has(_ definition: VirtualRouterDefinition) -> Bool { engine.world.hasAddresses(of: definition) }
    func failures() -> [String] { engine.world.takeFailures() }
    var repairDeadline: MonotonicInstant? { engine.world.nextDeadline }
    var now: MonotonicInstant { SystemClock.monotonic() }

    func prefixes() throws -> [String] {
      try routes.addresses(on: link.index).filter(\.isOurs).map { "\($0.prefix)" }.sorted()
    }
  }

  static func definition(
    _ change: (inout VirtualRouterDefinition) throws -> Void = { _ in }
  ) throws -> VirtualRouterDefinition {
    var definition = VirtualRouterDefinition(
      name: "V", interface: "left", virtualRouterID: 7, version: .v3, priority: 255)
    definition.addresses = [VirtualAddress(try #require(IPPrefix("10.0.1.1/24")))]
    definition.excludedAddresses = [VirtualAddress(try #require(IPPrefix("2001:db8::7/128")))]
    try change(&definition)
    return definition
  }

  @Test func `an active router has its addresses, a stopped one leaves none`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let definition = try Self.definition()
      host.engine.apply([definition], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try host.prefixes() == ["10.0.1.1/24", "2001:db8::7/128"])
      #expect(host.has(definition) == false, "the table follows the kernel's events")
      // The kernel tells of an IPv6 address when it has finished with it.
      for _ in 0..<50 where !host.has(definition) { try host.waitAndFollow() }
      #expect(host.has(definition))
      host.engine.stop(now: host.now)
      host.engine.advance(to: host.now.advanced(byNanoseconds: 1_200_000_000))
      host.engine.world.flush(now: host.now)
      #expect(try host.prefixes() == [])
      #expect(host.failures() == [])
    }
  }

  @Test func `an address somebody takes away comes back`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      host.engine.apply([try Self.definition()], now: host.now)
      host.engine.world.flush(now: host.now)
      try host.follow()
      let address = InterfaceAddress(try #require(IPPrefix("10.0.1.1/24")), on: cable.left.index)
      try host.routes.perform("delete") { $0.remove(address) }
      try host.follow()
      #expect(try host.prefixes() == ["2001:db8::7/128"])
      let due = try #require(host.repairDeadline)
      host.engine.world.repair(now: due)
      #expect(try host.prefixes() == ["10.0.1.1/24", "2001:db8::7/128"])
      #expect(host.failures().contains { $0.contains("10.0.1.1 was taken away") })
      #expect(host.repairDeadline == nil)
    }
  }

  @Test func `an address that was there before us stays when we leave`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      // The address owner of RFC 9568: the virtual address is the interface's own.
      let definition = try Self.definition {
        $0.addresses = [VirtualAddress(IPPrefix(.v4(IPv4Address(10, 0, 0, 1)), length: 24) ?? $0.addresses[0].prefix)]
        $0.excludedAddresses = []
      }
      host.engine.apply([definition], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(host.engine[RouterHandle(rawValue: 0)]?.machine.role == .active)
      host.engine.stop(now: host.now)
      host.engine.advance(to: host.now.advanced(byNanoseconds: 1_200_000_000))
      host.engine.world.flush(now: host.now)
      #expect(try host.routes.addresses(on: cable.left.index).contains { "\($0.prefix)" == "10.0.0.1/24" })
    }
  }

  @Test func `leftovers go before the election, unless they are to be resumed`() async throws {
    try await isolated {
      let cable = try Cable()
      let definition = try Self.definition()
      do {
        let crashed = try Host(cable.left)
        crashed.engine.apply([definition], now: crashed.now)
        crashed.engine.world.flush(now: crashed.now)
      }
      let resumed = try Host(cable.left)
      #expect(resumed.has(definition))
      resumed.engine.world.removeLeftovers(keeping: [definition])
      #expect(try resumed.prefixes().count == 2)
      resumed.engine.world.removeLeftovers(keeping: [])
      #expect(try resumed.prefixes() == [])
    }
  }

  @Test func `a reload changes the kernel by what changed and nothing more`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let before = try Self.definition()
      host.engine.apply([before], now: host.now)
      host.engine.world.flush(now: host.now)
      for _ in 0..<50 where !host.has(before) { try host.waitAndFollow() }
      host.engine.apply([before], now: host.now)
      host.engine.world.flush(now: host.now)
      var events = 0
      try host.monitor.receive { event in
        if case .addressChanged(let address) = event, address.isOurs { events += 1 }
        if case .addressRemoved(let address) = event, address.isOurs { events += 1 }
      }
      #expect(events == 0)
      let other = VirtualAddress(try #require(IPPrefix("10.0.1.2/24")))
      host.engine.apply([try Self.definition { $0.addresses.append(other) }], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try host.prefixes() == ["10.0.1.1/24", "10.0.1.2/24", "2001:db8::7/128"])
      var told: [String] = []
      try host.monitor.receive { event in
        if case .addressChanged(let address) = event, address.isOurs { told.append("+\(address.prefix)") }
        if case .addressRemoved(let address) = event, address.isOurs { told.append("-\(address.prefix)") }
      }
      #expect(told == ["+10.0.1.2/24"])
      host.engine.apply([before], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(try host.prefixes() == ["10.0.1.1/24", "2001:db8::7/128"])
    }
  }

  @Test func `a claim of another host to an address of ours is heard, with its hardware address`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      host.engine.apply([try Self.definition()], now: host.now)
      host.engine.world.flush(now: host.now)
      #expect(host.engine.world.claimSockets.count == 2, "one for each family")
      let rival = MACAddress(rawValue: 0x0200_0000_0009)
      try cable.onRight {
        let index = cable.right.index
        try PacketSocketTests.send(
          [
            PacketSocketTests.arp(IPv4Address(10, 0, 1, 2), mac: 9),
            PacketSocketTests.arp(IPv4Address(10, 0, 1, 1), mac: 9),
          ], on: index)
      }
      usleep(20_000)
      let claims = host.engine.world.claimSockets.indices.flatMap {
        host.engine.world.receiveClaims(from: $0, into: ReceiveBuffer())
      }
      #expect(claims.map(\.claim.hardwareAddress) == [rival])
      #expect(claims.map(\.router) == [RouterHandle(rawValue: 0)])
      // Who owns nothing listens for nothing.
      host.engine.stop(now: host.now)
      host.engine.advance(to: host.now.advanced(byNanoseconds: 1_200_000_000))
      host.engine.world.flush(now: host.now)
      #expect(host.engine.world.claimSockets.allSatisfy { $0 == nil })
    }
  }

  @Test func `adverts leave with unicast_ttl, to another group, and wait in a buffer of the size asked for`()
    async throws
  {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let group = IPAddress.v4(IPv4Address(239, 1, 2, 3))
      let peer = IPAddress.v4(IPv4Address(10, 0, 0, 2))
      let other = try cable.onRight {
        var configuration = AdvertisementSocket.Configuration(.ipv4, on: cable.right.index)
        configuration.group = group
        configuration.acceptsUnicast = true
        return try AdvertisementSocket(configuration, virtualRouters: .all)
      }
      host.engine.apply(
        [
          try Self.definition {
            $0.policy.destination = group
            $0.policy.receiveBufferBytes = 300_000
          },
          try Self.definition {
            $0.name = "U"
            $0.virtualRouterID = 8
            $0.addresses = []
            $0.excludedAddresses = []
            $0.unicastPeers = [peer]
            $0.policy.unicastHopLimit = 9
          },
        ], now: host.now)
      host.engine.world.flush(now: host.now)
      usleep(20_000)
      var heard: [String] = []
      try other.receive(into: ReceiveBuffer()) { payload, datagram in
        heard.append("\(payload.byte(at: 1)) \(datagram.destination) \(datagram.hopLimit)")
      }
      #expect(heard.sorted() == ["7 239.1.2.3 255", "8 10.0.0.2 9"])
      let sizes = host.engine.world.sockets.compactMap { open in
        open.map { open -> Int32 in
          var size: Int32 = 0
          var length = socklen_t(4)
          getsockopt(open.socket.rawDescriptor, SOL_SOCKET, SO_RCVBUF, &size, &length)
          return size
        }
      }
      // The kernel doubles what it is asked for, to account for its own.
      #expect(sizes.max() == 600_000)
      #expect(sizes.count == 2)
    }
  }
}
