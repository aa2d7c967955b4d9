import NetPrimitives
import Testing
import VRRPCore

@testable import VRRPRuntime

@Suite struct ReloadPlanTests {
  static func configuration(_ routers: [VirtualRouterDefinition]) -> VRRPConfiguration {
    var configuration = VRRPConfiguration()
    configuration.routers = routers
    return configuration
  }

  static func router(_ id: UInt8, _ change: (inout VirtualRouterDefinition) -> Void = { _ in })
    -> VirtualRouterDefinition
  {
    var router = VirtualRouterDefinition.v51()
    router.name = "V\(id)"
    router.virtualRouterID = id
    change(&router)
    return router
  }

  static func address(_ text: String) throws -> VirtualAddress { VirtualAddress(try DumpsTests.prefix(text)) }

  @Test func `a plan tells what goes, comes, changes and stays`() throws {
    var old = Self.configuration([Self.router(1), Self.router(2), Self.router(3)])
    let more = try Self.address("10.0.1.9/24")
    var new = Self.configuration([
      Self.router(4), Self.router(1), Self.router(2) { $0.addresses.append(more) },
    ])
    old.statics.addresses = [try Self.address("10.0.8.1/24")]
    new.statics.addresses = [try Self.address("10.0.8.2/24")]
    let plan = ReloadPlan(from: old, to: new)
    #expect(plan.unchanged == ["V1"])
    #expect(
      plan.lines == [
        "static", "  - 10.0.8.1/24 dev  scope global", "  + 10.0.8.2/24 dev  scope global",
        "change V2 in place: virtual_ipaddress", "  + 10.0.1.9/24 dev eth0 scope global",
        "remove V3", "add V4", "1 unchanged",
      ])
    #expect(ReloadPlan(from: old, to: old).steps == [])
  }

  @Test func `another VRID or version is another router, another name is not`() {
    let old = Self.configuration([Self.router(1)])
    let other = Self.configuration([Self.router(1) { $0.version = .v2 }])
    #expect(ReloadPlan(from: old, to: other).steps == [.remove(router: "V1"), .add(router: "V1")])
    let renamed = Self.configuration([Self.router(1) { $0.name = "W" }])
    #expect(
      ReloadPlan(from: old, to: renamed).steps == [.change(router: "W", settings: ["name"], removed: [], added: [])])
  }

  /// What can change without an election, each with a change.
  static let settings: [(String, @Sendable (inout VirtualRouterDefinition) -> Void)] = [
    ("name", { $0.name = "W" }), ("priority", { $0.priority = 120 }), ("state", { $0.initialRole = .active }),
    ("advert_int", { $0.interval = AdvertisementInterval(centiseconds: 50) ?? $0.interval }),
    ("nopreempt", { $0.preempts = false }), ("preempt_delay", { $0.preemptDelayNanoseconds = 1_000_000_000 }),
    ("virtual_ipaddress", { $0.addresses.append(VirtualAddress(IPPrefix(host: .v4(IPv4Address(10, 0, 1, 7))))) }),
    (
      "virtual_ipaddress_excluded",
      { $0.excludedAddresses.append(VirtualAddress(IPPrefix(host: .v4(IPv4Address(10, 0, 1, 7))))) }
    ),
    ("source address", { $0.sourceAddress = .v4(IPv4Address(10, 0, 0, 77)) }),
    ("unicast_peer", { $0.unicastPeers = [.v4(IPv4Address(10, 0, 0, 9))] }),
    ("garp_master_*", { $0.announcement.repeats = 2 }),
    ("track_interface", { $0.trackedInterfaces = [.init(name: "eth0", weight: 10)] }),
    ("v3_checksum_as_v2", { $0.checksum = .messageOnly }),
    ("down_timer_adverts", { $0.downTimerAdvertisements = 5 }),
    ("track_*", { $0.tracking.scripts = [TrackedObject(name: "s", weight: 5)] }),
    ("notify*", { $0.notify.reportsPriorityChanges = true }),
    ("virtual_routes", { $0.routes = [RouteDefinition(family: .ipv4)] }),
    ("virtual_rules", { $0.rules = [RuleDefinition(family: .ipv4, action: .nop)] }),
    ("on_external_removal", { $0.externalRemoval = .stepDown }),
  ]

  @Test func `every such setting changes in place: nothing is released, no advert is late`() {
    for (name, change) in Self.settings {
      let old = Self.router(51)
      var new = old
      change(&new)
      #expect(old.settings(thatDifferFrom: new) == [name])
      var bench = Bench([old])
      bench.run(to: .ms(5000))
      _ = bench.calls()
      let due = bench.engine.nextDeadline
      let summary = bench.engine.apply([new], now: .ms(5001))
      #expect(summary == ReloadSummary(added: 0, removed: 0, changed: 1, unchanged: 0), "\(name)")
      let calls = bench.calls()
      #expect(
        !calls.contains { $0.hasPrefix("release") || $0.hasSuffix(")") || $0.hasSuffix(" 0") }, "\(name): \(calls)")
      #expect(bench.engine[RouterHandle(rawValue: 0)]?.machine.role == .active, "\(name)")
      #expect(bench.engine.nextDeadline.map { $0 <= due ?? $0 } == true, "\(name)")
    }
  }

  @Test func `what did not change is not touched at all`() {
    let routers = (1...100).map { Self.router(UInt8($0)) }
    var bench = Bench(routers)
    bench.run(to: .ms(5000))
    _ = bench.calls()
    let due = bench.engine.nextDeadline
    #expect(bench.engine.apply(routers, now: .ms(5001)).unchanged == 100)
    #expect(bench.calls() == [])
    #expect(bench.engine.nextDeadline == due)
  }

  @Test func `interfaces of addresses, routes and rules are tracked, unless told otherwise`() throws {
    var address = try Self.address("10.0.7.1/24")
    address.interface = "eth7"
    var route = RouteDefinition(family: .ipv4)
    route.interface = "eth8"
    var bench = Bench([
      Self.router(51) {
        $0.addresses.append(address)
        $0.routes = [route]
        $0.followedInterfaces = ["eth9"]
      }
    ])
    func reasons() -> Ineligibility? { bench.engine[RouterHandle(rawValue: 0)]?.ineligibility }
    for (index, name) in ["eth7", "eth8", "eth9"].enumerated() {
      #expect(reasons() == .trackedObjectDown)
      let interface = InterfaceState(index: InterfaceIndex(rawValue: UInt32(20 + index)), name: name, isUp: true)
      bench.engine.update(interface, now: .ms(1))
    }
    #expect(reasons() == [])
    address.isTracked = false
    route.isTracked = false
    let untracked = Self.router(52) {
      $0.addresses.append(address)
      $0.routes = [route]
    }
    #expect(untracked.interfacesInUse == [])
  }
}
