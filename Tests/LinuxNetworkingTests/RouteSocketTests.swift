import CAllocationCounter
import Foundation
import LinuxNetworking
import NetPrimitives
import Testing
import VRRPCore

@Suite(.enabled(if: isRoot, rootOnly)) struct RouteSocketTests {
  @Test func `a thousand addresses come and go, marked as ours`() async throws {
    try await isolated {
      let routes = try RouteSocket()
      try routes.perform("add bridge") { $0.add(LinkSpecification("br", .bridge)) }
      let link = try #require(try routes.link(named: "br"))
      var adding = RouteBatch(capacity: 1000)
      var removing = RouteBatch(capacity: 1000)
      for number in 0..<500 {
        let v4 = IPPrefix(host: .v4(IPv4Address(rawValue: 0x0a01_0000 + UInt32(number))))
        let v6 = IPPrefix(host: .v6(IPv6Address(high: 0x2001_0db8 << 32, low: UInt64(number + 1))))
        for prefix in [v4, v6] {
          adding.add(InterfaceAddress(prefix, on: link.index))
          removing.remove(InterfaceAddress(prefix, on: link.index))
        }
      }
      #expect(try routes.commit(adding) == [])
      let present = try routes.addresses(on: link.index)
      #expect(present.count == 1000)
      #expect(present.allSatisfy { $0.isOurs && $0.interface == link.index })
      #expect(Set(present.map(\.prefix)).count == 1000)
      #expect(present.allSatisfy { $0.prefix.address.family == .ipv4 || $0.flags.contains(.withoutDuplicateDetection) })
      #expect(try routes.commit(removing) == [])
      #expect(try routes.addresses(on: link.index) == [])
    }
  }

  @Test func `only the removal of routes of ours wakes who hears of routes`() async throws {
    try await isolated {
      let routes = try RouteSocket()
      try routes.perform("add bridge") { $0.add(LinkSpecification("br", .bridge)) }
      let link = try #require(try routes.link(named: "br"))
      var batch = RouteBatch()
      batch.change(link.index, LinkChange(isUp: true))
      batch.add(InterfaceAddress(try #require(IPPrefix("10.7.0.1/24")), on: link.index))
      #expect(try routes.commit(batch) == [])
      let monitor = try RouteMonitor([])
      try monitor.hearRoutes()
      func isWoken() -> Bool {
        var entry = pollfd(fd: monitor.rawDescriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
      }
      for owner in [OwnershipMark.number, 4] {
        var route = Route(to: try #require(IPPrefix("10.8.0.0/24")), by: .init(interface: link.index))
        route.owner = owner
        try routes.perform("add route") { $0.add(route) }
        #expect(!isWoken())
        try routes.perform("remove route") { $0.remove(route) }
        #expect(isWoken() == (owner == OwnershipMark.number))
        var events: [RouteMonitor.Event] = []
        try monitor.receive { events.append($0) }
        #expect(events.count == (owner == OwnershipMark.number ? 1 : 0))
      }
    }
  }

  @Test func `a socket has the room it was given, beyond the administrator's limit only by force`() throws {
    let limit = try #require(
      Int32(
        String(decoding: try FileReader.read("/proc/sys/net/core/rmem_max"), as: UTF8.self)
          .trimmingCharacters(in: .whitespacesAndNewlines)))
    let much = UInt32(limit) + 100_000
    let routes = try RouteSocket()
    let monitor = try RouteMonitor()
    let (first, second) = (routes.receiveLimitBytes, monitor.receiveLimitBytes)
    for (follow, size) in [
      ({ try routes.follow($0) }, { routes.receiveLimitBytes }),
      ({ try monitor.follow($0) }, { monitor.receiveLimitBytes }),
    ] as [((ReceiveBufferDefinition) throws -> Void, () -> Int32)] {
      // The kernel counts its own needs, too, and doubles what was asked for: socket(7).
      try follow(ReceiveBufferDefinition(byteCount: 50_000))
      #expect(size() == 100_000)
      try follow(ReceiveBufferDefinition(byteCount: much))
      #expect(size() == 2 * limit)
      try follow(ReceiveBufferDefinition(byteCount: much, isForced: true))
      #expect(size() == 2 * Int32(much))
      try follow(ReceiveBufferDefinition())
      #expect(size() == 2 * Int32(much))
    }
    #expect(first == 2 * (4 << 20) && second == 2 * (1 << 20))
  }

  @Test func `each refused change is told by its index, the others are in force`() async throws {
    try await isolated {
      let routes = try RouteSocket()
      try routes.perform("add bridge") { $0.add(LinkSpecification("br", .bridge)) }
      let link = try #require(try routes.link(named: "br"))
      let addresses = (1...5).map { number in
        InterfaceAddress(IPPrefix(host: .v4(IPv4Address(10, 9, 0, UInt8(number)))), on: link.index)
      }
      var batch = RouteBatch()
      for index in [0, 1, 0, 2, 1, 3] { batch.add(addresses[index]) }
      let failures = try routes.commit(batch)
      #expect(failures.map(\.index) == [2, 4])
      #expect(failures.allSatisfy { $0.errno == EEXIST })
      #expect(try routes.addresses(on: link.index).count == 4)
      var missing = RouteBatch()
      missing.remove(addresses[4])
      #expect(try routes.commit(missing).map(\.errno) == [EADDRNOTAVAIL])
      #expect(throws: SystemCallError.self) { try routes.perform("add") { $0.add(addresses[0]) } }
    }
  }

  @Test func `label, broadcast, scope, prefix route and lifetime reach the kernel and come back`() async throws {
    try await isolated {
      let routes = try RouteSocket()
      try routes.perform("add bridge") { $0.add(LinkSpecification("br", .bridge)) }
      let link = try #require(try routes.link(named: "br"))
      var wanted = InterfaceAddress(try #require(IPPrefix("10.7.0.1/24")), on: link.index)
      wanted.label = "br:vip"
      wanted.broadcast = IPv4Address(10, 7, 0, 255)
      wanted.scope = 253
      wanted.flags = [.withoutPrefixRoute]
      wanted.preferredLifetimeSeconds = 0
      try routes.perform("add address") { $0.add(wanted) }
      var found = try #require(try routes.addresses(on: link.index).first)
      #expect(found.flags.isSuperset(of: [.withoutPrefixRoute, .deprecated, .permanent]))
      found.flags = wanted.flags
      #expect(found == wanted)
      // Taking over one that is there changes its attributes.
      wanted.preferredLifetimeSeconds = nil
      try routes.perform("replace address") { $0.add(wanted, replacing: true) }
      #expect(try routes.addresses(on: link.index).first?.preferredLifetimeSeconds == nil)
    }
  }

  @Test func `links and addresses are told as they change`() async throws {
    try await isolated {
      let monitor = try RouteMonitor()
      let routes = try RouteSocket()
      try routes.perform("add bridge") { $0.add(LinkSpecification("br", .bridge)) }
      let link = try #require(try routes.link(named: "br"))
      #expect(link.kind == "bridge")
      #expect(!link.flags.contains(.up))
      let address = InterfaceAddress(try #require(IPPrefix("10.7.0.1/24")), on: link.index)
      try routes.perform("up") { $0.change(link.index, LinkChange(isUp: true)) }
      try routes.perform("add") { $0.add(address) }
      try routes.perform("remove") { $0.remove(address) }
      try routes.perform("remove link") { $0.remove(link.index) }
      var events: [RouteMonitor.Event] = []
      while events.last.map({ if case .linkRemoved = $0 { false } else { true } }) ?? true {
        try monitor.receive { events.append($0) }
      }
      #expect(events.contains { if case .linkChanged(let link) = $0 { link.flags.contains(.up) } else { false } })
      let told = events.compactMap { event in
        switch event {
        case .addressChanged(let found) where found.prefix == address.prefix: "added \(found.isOurs)"
        case .addressRemoved(let found) where found.prefix == address.prefix: "removed"
        default: nil
        }
      }
      #expect(told == ["added true", "removed"])
    }
  }

  @Test func `a monitor that falls behind says so once and goes on`() async throws {
    try await isolated {
      let monitor = try RouteMonitor(receiveLimitBytes: 4096)
      let routes = try RouteSocket()
      for name in (0..<20).map({ "br\($0)" }) {
        try routes.perform("add") { $0.add(LinkSpecification(name, .bridge)) }
      }
      var overruns = 0
      try monitor.receive(limit: 1000) { if $0 == .overrun { overruns += 1 } }
      #expect(overruns == 1)
      #expect(monitor.overrunCount == 1)
      try routes.perform("add") { $0.add(LinkSpecification("later", .bridge)) }
      var names: [String] = []
      try monitor.receive { if case .linkChanged(let link) = $0 { names.append(link.name) } }
      #expect(names == ["later"])
    }
  }

  @Test func `the end of a cable that goes down takes the other's carrier`() async throws {
    try await isolated {
      let cable = try Cable()
      let monitor = try RouteMonitor([.links])
      #expect(cable.left.isRunning)
      try cable.onRight {
        try RouteSocket().perform("down") { $0.change(cable.right.index, LinkChange(isUp: false)) }
      }
      // The kernel tells of a lost carrier within a second.
      var last: Link?
      for _ in 0..<300 where last == nil {
        usleep(10_000)
        try monitor.receive { if case .linkChanged(let link) = $0 { last = link } }
      }
      #expect(last?.index == cable.left.index)
      #expect(last?.isRunning == false)
      #expect(last?.flags.contains(.up) == true)
    }
  }

  @Test func `an IPv6 address that somebody has is seen as a duplicate`() async throws {
    try await isolated {
      let cable = try Cable()
      let prefix = try #require(IPPrefix("fe80::2/64"))
      var address = InterfaceAddress(prefix, on: cable.left.index)
      address.flags = []
      let routes = try RouteSocket()
      try routes.perform("add") { $0.add(address) }
      var found: InterfaceAddress?
      for _ in 0..<300 where found?.flags.contains(.duplicateDetectionFailed) != true {
        usleep(10_000)
        found = try routes.addresses(on: cable.left.index).first { $0.prefix == prefix }
      }
      #expect(found?.flags.contains(.duplicateDetectionFailed) == true)
    }
  }

  @Test func `macvlans of a group are removed together`() async throws {
    try await isolated {
      let routes = try RouteSocket()
      try routes.perform("add bridge") { $0.add(LinkSpecification("br", .bridge)) }
      let parent = try #require(try routes.link(named: "br"))
      var batch = RouteBatch()
      for id in UInt8(1)...20 {
        var link = LinkSpecification("vrrp.\(id)", .macvlan(parent: parent.index, mode: .private))
        link.hardwareAddress = .virtualRouter(id, .ipv4)
        link.group = 0x7672
        var quiet = LinkChange()
        quiet.makesLinkLocalAddress = false
        batch.add(link)
        batch.change(named: link.name, quiet)
        batch.change(named: link.name, LinkChange(isUp: true))
      }
      #expect(try routes.commit(batch) == [])
      let made = try routes.links().filter { $0.kind == "macvlan" }
      #expect(made.count == 20)
      #expect(made.allSatisfy { $0.parent == parent.index && $0.group == 0x7672 && $0.flags.contains(.up) })
      #expect(Set(made.map(\.hardwareAddress)) == Set((UInt8(1)...20).map { .virtualRouter($0, .ipv4) }))
      #expect(try routes.addresses().allSatisfy { $0.interface == parent.index || $0.prefix.address.family == .ipv4 })
      try routes.perform("remove group") { $0.removeLinks(inGroup: 0x7672) }
      #expect(try routes.links().contains { $0.kind == "macvlan" } == false)
    }
  }

  @Test func `an address keeps its peer, and only the link asked about is listed`() async throws {
    try await isolated {
      let cable = try Cable()
      let routes = try RouteSocket()
      var address = InterfaceAddress(IPPrefix(host: .v4(IPv4Address(10, 5, 0, 1))), on: cable.left.index)
      address.peer = .v4(IPv4Address(10, 5, 0, 2))
      try routes.perform("add") { $0.add(address) }
      #expect(try routes.addresses(on: cable.left.index).contains { $0.peer == address.peer })
      try routes.perform("bridge") { $0.add(LinkSpecification("br", .bridge)) }
      let bridge = try #require(try routes.link(named: "br"))
      #expect(try routes.addresses(on: bridge.index) == [])
      #expect(try routes.link(named: "nothing") == nil)
    }
  }

  @Test func `a link's address, MTU, group, name and protodown can be changed`() async throws {
    try await isolated {
      let cable = try Cable()
      let routes = try RouteSocket()
      let parent = cable.left.index
      try routes.perform("add") { $0.add(LinkSpecification("mac", .macvlan(parent: parent, mode: .bridge))) }
      let mac = try #require(try routes.link(named: "mac"))
      var change = LinkChange()
      change.isProtocolDown = true
      change.hardwareAddress = .virtualRouter(9, .ipv4)
      change.mtu = 1400
      change.group = 12
      try routes.perform("change") { $0.change(mac.index, change) }
      try routes.perform("up") { $0.change(mac.index, LinkChange(isUp: true)) }
      let changed = try #require(try routes.link(named: "mac"))
      #expect(changed.hardwareAddress == .virtualRouter(9, .ipv4))
      #expect(changed.mtu == 1400)
      #expect(changed.group == 12)
      #expect(changed.flags.contains(.up) && !changed.isRunning)
      var renamed = LinkChange(isUp: false)
      renamed.name = "renamed"
      try routes.perform("rename") { $0.change(mac.index, renamed) }
      #expect(try routes.link(named: "renamed")?.index == mac.index)
    }
  }
}
