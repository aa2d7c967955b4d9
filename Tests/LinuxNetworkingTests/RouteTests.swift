import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

@Suite(.enabled(if: isRoot, rootOnly)) struct RouteTests {
  @Test func `routes of every kind reach the kernel, come back equal, and go`() async throws {
    try await isolated {
      let cable = try Cable()
      let routes = try RouteSocket()
      let out = cable.left.index
      let router = IPAddress.v6(IPv6Address(high: 0xfe80 << 48, low: 2))
      let gateway = IPAddress.v4(IPv4Address(10, 0, 0, 2))
      var all: [Route] = []
      var plain = Route(to: try prefix("10.1.0.0/16"), by: .init(gateway: gateway, interface: out))
      plain.metric = 5
      plain.preferredSource = .v4(IPv4Address(10, 0, 0, 1))
      plain.metrics = [.mtu: 1400, .advertisedMSS: 1300, .initialCongestionWindow: 10]
      plain.lockedMetrics = [.mtu]
      all.append(plain)
      var table = Route(to: try prefix("0.0.0.0/0"), by: .init(interface: out))
      table.table = 1000
      table.typeOfService = 0x10
      all.append(table)
      var direct = Route(to: try prefix("10.2.0.0/16"), by: .init(interface: out))
      direct.scope = 253
      all.append(direct)
      var onLink = Route.NextHop(gateway: .v4(IPv4Address(192, 0, 2, 1)), interface: out)
      onLink.isOnLink = true
      all.append(Route(to: try prefix("10.3.0.0/16"), by: onLink))
      var hops = [Route.NextHop(gateway: gateway, interface: out), .init(gateway: gateway, interface: out)]
      hops[0].gateway = .v4(IPv4Address(10, 0, 0, 3))
      hops[1].weight = 256
      var shared = Route(to: try prefix("10.4.0.0/16"))
      shared.nextHops = hops
      all.append(shared)
      var nowhere = Route(to: try prefix("10.5.0.0/16"))
      nowhere.kind = .unreachable
      all.append(nowhere)
      all.append(
        Route(to: try prefix("10.6.0.0/16"), by: .init(gateway: router, interface: out)))
      var v6 = Route(
        to: try prefix("2001:db8::/32"), by: .init(gateway: router, interface: out))
      v6.metric = 77
      v6.preference = 1
      all.append(v6)

      var adding = RouteBatch()
      for route in all { adding.add(route) }
      #expect(try routes.commit(adding) == [])
      let found = try routes.routes(.ipv4) + routes.routes(.ipv6)
      #expect(found.count == all.count)
      for route in all {
        let same = try #require(found.first { $0.destination == route.destination && $0.table == route.table })
        var expected = route
        // What the kernel fills in by itself.
        expected.scope = same.scope
        expected.metric = expected.metric ?? same.metric
        expected.preference = expected.preference ?? same.preference
        #expect(same == expected)
      }
      #expect(found.first { $0.destination == direct.destination }?.scope == 253)
      #expect(found.first { $0.destination == plain.destination }?.scope == 0)
      #expect(try routes.commit(adding).map(\.errno) == all.map { _ in EEXIST })
      var replacing = RouteBatch()
      plain.metrics[.mtu] = 1300
      replacing.add(plain, .inPlace)
      #expect(try routes.commit(replacing) == [])
      var removing = RouteBatch()
      for route in all { removing.remove(route) }
      #expect(try routes.commit(removing) == [])
      #expect(try routes.routes(.ipv4) == [])
      #expect(try routes.routes(.ipv6) == [])
    }
  }

  @Test func `rules reach the kernel, come back equal, and go`() async throws {
    try await isolated {
      let routes = try RouteSocket()
      var first = RoutingRule(.ipv4, .lookUp(table: 1000))
      first.priority = 100
      first.source = try prefix("10.0.0.0/8")
      first.destination = try prefix("192.0.2.0/24")
      first.inputInterface = "eth7"
      first.mark = .init(0x10, mask: 0xf0)
      first.isInverted = true
      first.typeOfService = 0x10
      first.suppressedPrefixLength = 8
      var second = RoutingRule(.ipv6, .goto(priority: 500))
      second.priority = 200
      second.outputInterface = "eth8"
      second.users = 1...65_535
      var third = RoutingRule(.ipv6, .lookUp(table: 7))
      third.priority = 500
      third.ipProtocol = 6
      third.sourcePorts = 1000...2000
      third.destinationPorts = 80...80
      third.suppressedInterfaceGroup = 9
      third.tunnelID = 77
      var fourth = RoutingRule(.ipv4, .prohibit)
      fourth.priority = 300
      let all = [first, second, third, fourth]
      var adding = RouteBatch()
      for rule in all { adding.add(rule) }
      #expect(try routes.commit(adding) == [])
      let found = try (routes.rules(.ipv4) + routes.rules(.ipv6)).filter(\.isOurs)
      #expect(found.sorted { ($0.priority ?? 0) < ($1.priority ?? 0) } == [first, second, fourth, third])
      let monitor = try RouteMonitor([.ipv4Rules, .ipv6Rules])
      var removing = RouteBatch()
      for rule in all { removing.remove(rule) }
      #expect(try routes.commit(removing) == [])
      var gone: [RoutingRule] = []
      try monitor.receive { if case .ruleRemoved(let rule) = $0 { gone.append(rule) } }
      #expect(gone == all)
      #expect(try routes.rules(.ipv4).contains { $0.isOurs } == false)
    }
  }

  @Test func `somebody removing a route of ours is told, of others' is not`() async throws {
    try await isolated {
      let cable = try Cable()
      let routes = try RouteSocket()
      let ours = Route(to: try prefix("10.1.0.0/16"), by: .init(interface: cable.left.index))
      var others = Route(to: try prefix("10.2.0.0/16"), by: .init(interface: cable.left.index))
      others.owner = 4
      for route in [ours, others] { try routes.perform("add") { $0.add(route) } }
      let monitor = try RouteMonitor([.ipv4Routes])
      for route in [others, ours] { try routes.perform("remove") { $0.remove(route) } }
      var gone: [IPPrefix] = []
      try monitor.receive { if case .routeRemoved(let route) = $0 { gone.append(route.destination) } }
      #expect(gone == [ours.destination])
    }
  }
}

private func prefix(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text)) }
