import Foundation
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@testable import LinuxNetworking

/// Routes, rules and addresses of virtual routers and of the static configuration, in the kernel.
@Suite(.enabled(if: isRoot, rootOnly)) struct KernelObjectTests {
  typealias Host = LinuxWorldTests.Host

  static func prefix(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text)) }

  static func route(_ destination: String, via gateway: String = "10.0.0.2") throws -> RouteDefinition {
    var route = RouteDefinition(family: .ipv4, destination: try prefix(destination))
    route.gateway = IPAddress(gateway)
    return route
  }

  static func rule(_ preference: UInt32) throws -> RuleDefinition {
    var rule = RuleDefinition(family: .ipv4, action: .lookUp(.number(77)))
    rule.source = try prefix("192.0.2.0/24")
    rule.preference = preference
    return rule
  }

  /// A router that is active at once, with one address, one route and one rule.
  static func definition(
    _ id: UInt8 = 7, _ change: (inout VirtualRouterDefinition) throws -> Void = { _ in }
  ) throws -> VirtualRouterDefinition {
    var definition = try LinuxWorldTests.definition { $0.excludedAddresses = [] }
    definition.name = "V\(id)"
    definition.virtualRouterID = id
    definition.routes = [try route("172.17.1.0/24")]
    definition.rules = [try rule(1000)]
    try change(&definition)
    return definition
  }

  /// Everything that carries our mark, as text.
  static func objects(_ host: Host) throws -> [String] {
    let routes = try host.routes.routes(.ipv4).map { "\($0.destination)" }
    let rules = try host.routes.rules(.ipv4).filter(\.isOurs).map { "rule \($0.priority ?? 0)" }
    return (try host.prefixes() + routes + rules).sorted()
  }

  static func run(_ host: Host, _ definitions: [VirtualRouterDefinition]) throws {
    host.engine.apply(definitions, now: host.now)
    host.engine.world.flush(now: host.now)
    try host.follow()
  }

  static func leave(_ host: Host) throws {
    host.engine.stop(now: host.now)
    host.engine.advance(to: host.now.advanced(byNanoseconds: 1_200_000_000))
    host.engine.world.flush(now: host.now)
  }

  @Test func `an active router has its routes and rules, one that left has none`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let definition = try Self.definition {
        // Through the virtual address: it must be there first, and go last.
        $0.routes.append(try Self.route("172.17.2.0/24", via: "10.0.1.9"))
      }
      try Self.run(host, [definition])
      #expect(try Self.objects(host) == ["10.0.1.1/24", "172.17.1.0/24", "172.17.2.0/24", "rule 1000"])
      try Self.leave(host)
      #expect(try Self.objects(host) == [])
      #expect(host.failures() == [])
      try host.follow()
      #expect(host.failures() == [], "what we take away ourselves is no loss")
    }
  }

  @Test func `a route or rule somebody takes away comes back`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      try host.monitor.hearRoutes()
      var untracked = try Self.route("172.17.2.0/24")
      untracked.isTracked = false
      try Self.run(host, [try Self.definition { $0.routes.append(untracked) }])
      let found = try host.routes.routes(.ipv4)
      let rules = try host.routes.rules(.ipv4).filter(\.isOurs)
      #expect(found.count == 2 && rules.count == 1)
      for route in found { try host.routes.perform("delete") { $0.remove(route) } }
      for rule in rules { try host.routes.perform("delete") { $0.remove(rule) } }
      try host.follow()
      #expect(try Self.objects(host) == ["10.0.1.1/24"])
      #expect(host.failures().count == 2, "nobody follows what says 'no_track'")
      let due = try #require(host.repairDeadline)
      host.engine.world.repair(now: due)
      #expect(try Self.objects(host).contains("172.17.1.0/24"))
      #expect(try Self.objects(host).contains("rule 1000"))
      #expect(host.repairDeadline == nil)
    }
  }

  @Test func `a router that is to step down for a loss does`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      try Self.run(host, [try Self.definition { $0.externalRemoval = .stepDown }])
      let address = InterfaceAddress(try Self.prefix("10.0.1.1/24"), on: cable.left.index)
      try host.routes.perform("delete") { $0.remove(address) }
      try host.follow()
      let deposed = host.engine.world.takeDeposed()
      #expect(deposed == [RouterHandle(rawValue: 0)])
      for router in deposed { host.engine.stepDown(router, now: host.now) }
      host.engine.world.flush(now: host.now)
      #expect(host.engine[RouterHandle(rawValue: 0)]?.machine.role == .backup)
      #expect(try Self.objects(host) == [])
    }
  }

  @Test func `what two routers want stays until both have left`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let both = [
        try Self.definition(7), try Self.definition(8) { $0.addresses[0].prefix = try Self.prefix("10.0.2.1/24") },
      ]
      try Self.run(host, both)
      #expect(try Self.objects(host) == ["10.0.1.1/24", "10.0.2.1/24", "172.17.1.0/24", "rule 1000"])
      try Self.run(host, [both[1]])
      host.engine.advance(to: host.now.advanced(byNanoseconds: 1_200_000_000))
      host.engine.world.flush(now: host.now)
      #expect(try Self.objects(host) == ["10.0.2.1/24", "172.17.1.0/24", "rule 1000"])
      try Self.leave(host)
      #expect(try Self.objects(host) == [])
    }
  }

  @Test func `a reload changes what changed and nothing else`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      try host.monitor.hearRoutes()
      let before = try Self.definition { $0.addresses.append(VirtualAddress(try Self.prefix("10.0.9.1/24"))) }
      try Self.run(host, [before])
      func told(_ definition: VirtualRouterDefinition) throws -> [String] {
        host.engine.apply([definition], now: host.now)
        host.engine.world.flush(now: host.now)
        var told: [String] = []
        var events: [RouteMonitor.Event] = []
        try host.monitor.receive { events.append($0) }
        for event in events {
          switch event {
          case .addressChanged(let address) where address.isOurs: told.append("+\(address.prefix)")
          case .addressRemoved(let address): told.append("-\(address.prefix)")
          case .routeRemoved(let route): told.append("-\(route.destination)")
          case .ruleRemoved(let rule): told.append("-rule \(rule.priority ?? 0)")
          case .linkChanged, .linkRemoved, .addressChanged, .overrun: break
          }
        }
        _ = host.engine.world.enter(events, now: host.now)
        return told
      }
      #expect(try told(before) == [])
      var after = before
      after.addresses[1].label = "left:x"
      #expect(try told(after) == ["-10.0.9.1/24", "+10.0.9.1/24"])
      after.routes = [try Self.route("172.17.3.0/24")]
      #expect(try told(after) == ["-172.17.1.0/24"])
      after.rules = []
      after.priority = 254
      #expect(try told(after) == ["-rule 1000"])
      #expect(try Self.objects(host) == ["10.0.1.1/24", "10.0.9.1/24", "172.17.3.0/24"])
      #expect(host.failures() == [])
    }
  }

  @Test func `the first address of a network may go without the others`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      let before = try Self.definition {
        $0.addresses.append(VirtualAddress(try Self.prefix("10.0.1.2/24")))
        $0.routes = []
        $0.rules = []
      }
      try Self.run(host, [before])
      var after = before
      after.addresses.removeFirst()
      try Self.run(host, [after])
      #expect(try Self.objects(host) == ["10.0.1.2/24"])
    }
  }

  @Test func `the host's own address outlives reloads, releases and crashes`() async throws {
    try await isolated {
      let cable = try Cable()
      func owns(_ host: Host) throws -> Bool {
        try host.routes.addresses(on: cable.left.index).contains { "\($0.prefix)" == "10.0.0.1/24" }
      }
      let definition = try Self.definition {
        $0.addresses[0].prefix = try Self.prefix("10.0.0.1/24")
        $0.routes = []
        $0.rules = []
      }
      do {
        let crashed = try Host(cable.left)
        try Self.run(crashed, [definition])
        try Self.run(crashed, [try Self.definition { $0.addresses[0].prefix = try Self.prefix("10.0.5.1/24") }])
        #expect(try owns(crashed))
        try Self.run(crashed, [definition])
      }
      let host = try Host(cable.left)
      host.engine.world.removeLeftovers(keeping: [])
      #expect(try owns(host))
      try Self.run(host, [definition])
      try Self.leave(host)
      let idle = try Host(cable.left)
      idle.engine.world.define(RouterHandle(rawValue: 0), as: definition, on: nil)
      idle.engine.world.setOwnership(of: RouterHandle(rawValue: 0), false)
      idle.engine.world.flush(now: idle.now)
      #expect(try owns(host), "a router that never was active has nothing to take away")
      host.engine.world.setOwnership(of: RouterHandle(rawValue: 0), false)
      host.engine.world.flush(now: host.now)
      #expect(try owns(host))
      #expect(try Self.objects(host) == [])
    }
  }

  @Test func `routes and rules of a predecessor that crashed go, or stay with their router`() async throws {
    try await isolated {
      let cable = try Cable()
      let definition = try Self.definition { $0.routes.append(try Self.route("172.17.2.0/24")) }
      do {
        let crashed = try Host(cable.left)
        try Self.run(crashed, [definition])
      }
      let all = ["10.0.1.1/24", "172.17.1.0/24", "172.17.2.0/24", "rule 1000"]
      let host = try Host(cable.left)
      host.engine.world.removeLeftovers(keeping: [definition])
      #expect(try Self.objects(host) == all)
      let other = try Self.definition { $0.routes.append(try Self.route("172.17.2.0/24", via: "10.0.0.3")) }
      host.engine.world.removeLeftovers(keeping: [other])
      #expect(try Self.objects(host) == all.filter { $0 != "172.17.2.0/24" })
      host.engine.world.removeLeftovers(keeping: [])
      #expect(try Self.objects(host) == [])
    }
  }

  @Test func `routes come back with their link`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      var statics = StaticDefinitions()
      statics.routes = [try Self.route("172.17.1.0/24")]
      host.engine.world.keep(statics, GlobalDefinition())
      host.engine.world.flush(now: host.now)
      #expect(try Self.objects(host) == ["172.17.1.0/24"])
      for isUp in [false, true] {
        var change = LinkChange()
        change.isUp = isUp
        try host.routes.perform("link") { $0.change(cable.left.index, change) }
      }
      #expect(try Self.objects(host) == [], "the kernel takes routes away with their link")
      for _ in 0..<50 where try Self.objects(host).isEmpty { try host.waitAndFollow() }
      #expect(try Self.objects(host) == ["172.17.1.0/24"])
      host.engine.world.releaseStatics(now: host.now)
      #expect(try Self.objects(host) == [])
    }
  }

  @Test func `static objects come with their interface and go by a reload`() async throws {
    try await isolated {
      let cable = try Cable()
      let host = try Host(cable.left)
      var statics = StaticDefinitions()
      statics.addresses = [VirtualAddress(try Self.prefix("10.0.3.1/24"))]
      statics.rules = [try Self.rule(5)]
      var global = GlobalDefinition()
      global.defaultInterface = "left"
      host.engine.world.keep(statics, global)
      host.engine.world.flush(now: host.now)
      #expect(try Self.objects(host) == ["10.0.3.1/24", "rule 5"])
      statics.addresses[0].interface = "later"
      statics.rules = []
      host.engine.world.keep(statics, global)
      host.engine.world.flush(now: host.now)
      #expect(try Self.objects(host) == [])
      try host.routes.perform("add") {
        $0.add(LinkSpecification("later", .veth(peer: "end", namespaceDescriptor: nil)))
      }
      try host.follow()
      #expect(try host.routes.addresses().filter(\.isOurs).map { "\($0.prefix)" } == ["10.0.3.1/24"])
    }
  }

  @Test func `many changes of addresses make one change of an interface`() async throws {
    try await isolated {
      let cable = try Cable()
      var table = InterfaceTable()
      _ = table.replace(links: [cable.left], addresses: [])
      let events = try (0..<5000).map { number in
        var address = InterfaceAddress(try Self.prefix("10.9.\(number / 250).\(number % 250)/32"), on: cable.left.index)
        address.owner = 0
        return RouteMonitor.Event.addressChanged(address)
      }
      #expect(table.enter(events).count == 1)
      #expect(table.interface(named: "left")?.addresses.count == 5000)
      // Ours do not count.
      let ours = InterfaceAddress(try Self.prefix("10.8.0.1/32"), on: cable.left.index)
      #expect(table.enter([.addressChanged(ours)]) == [])
      #expect(table.enter([.addressRemoved(ours)]) == [])
    }
  }
}

@Suite struct RoutingNamesTests {
  @Test func `names come from files, the administrator's before the vendor's`() throws {
    let root = NSTemporaryDirectory() + "names-\(getpid())"
    for directory in ["etc/rt_tables.d", "usr"] {
      try FileManager.default.createDirectory(atPath: "\(root)/\(directory)", withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(atPath: root) }
    try "# remark\n100 blue\n0x65\tgreen # remark\n7 both\n".write(
      toFile: "\(root)/usr/rt_tables", atomically: true, encoding: .utf8)
    try "8 both\n".write(toFile: "\(root)/etc/rt_tables", atomically: true, encoding: .utf8)
    try "102 extra\n".write(toFile: "\(root)/etc/rt_tables.d/a.conf", atomically: true, encoding: .utf8)
    var names = RoutingNames(directory: "\(root)/etc", vendorDirectory: "\(root)/usr")
    let asked = ["blue", "green", "both", "extra", "main", "none"].map { names.number(.table, .name($0)) }
    #expect(asked == [100, 101, 8, 102, 254, nil])
    #expect(names.number(.transport, .name("tcp")) == 6)
    #expect(names.number(.owner, .name("static")) == 4)
  }

  @Test func `what an encapsulation says is understood`() {
    var tunnel = Encapsulation.Tunnel(.ipv4)
    (tunnel.id, tunnel.hopLimit) = (7, 9)
    tunnel.destination = IPAddress("10.9.9.9")
    #expect(Encapsulation(words: "ip id 7 dst 10.9.9.9 ttl 9") == .tunnel(tunnel))
    #expect(Encapsulation(words: "mpls 100/200") == .labels([100, 200]))
    #expect(Encapsulation(words: "ila 1:2:3:4") == .locator(0x0001_0002_0003_0004))
    for text in ["ip id", "ip dst ::1", "mpls 1048576", "mpls", "ila 1:2", "gre", "ip ttl 256"] {
      #expect(Encapsulation(words: text) == nil, "\(text)")
    }
  }
}
