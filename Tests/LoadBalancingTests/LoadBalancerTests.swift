import HealthCheck
import LoadBalancing
import Testing

@Suite struct `A load balancer` {
  /// A balancer with a kernel that carries out what it is told and complains of what it would refuse.
  struct Director {
    var balancer = LoadBalancer()
    var kernel = IPVSTable()
    var effects: [LoadBalancer.Effect] = []
    var now = at(0)

    mutating func change(
      _ body: (inout LoadBalancer, MonotonicInstant, inout [LoadBalancer.Effect]) -> Void,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      effects = []
      body(&balancer, now, &effects)
      for case .kernel(let command) in effects {
        let isAccepted = kernel.apply(command)
        #expect(isAccepted, "the kernel would refuse \(command)", sourceLocation: sourceLocation)
      }
      #expect(kernel == balancer.wanted, sourceLocation: sourceLocation)
      #expect(balancer.reconciliation(from: kernel).isEmpty, sourceLocation: sourceLocation)
    }

    mutating func configure(_ definitions: [VirtualServerDefinition], policy: BalancingPolicy = BalancingPolicy()) {
      change { $0.configure(definitions, policy: policy, now: $1, effects: &$2) }
    }

    mutating func report(_ service: VirtualServerID, _ last: UInt8, up isUp: Bool, index: Int = 0) {
      change {
        $0.checkReported(
          .init(service: service, server: key(last), index: index), LoadBalancingTests.report(up: isUp), now: $1,
          effects: &$2)
      }
    }
  }

  let id = VirtualServerID.address(vip, port: 80, .tcp)

  @Test func `puts all services into the kernel and takes them out`() {
    var director = Director()
    var other = definition([server(3)])
    other.address = .address(vip, port: 81)
    director.configure([definition([server(1), server(2)]), other])
    #expect(director.kernel.services.count == 2)
    #expect(director.balancer.checks.count == 3)
    director.report(id, 1, up: false)
    #expect(director.kernel.services[.address(.tcp, vip, port: 80)]?.destinations.count == 1)
    director.change { $0.stop(now: $1, effects: &$2) }
    #expect(director.kernel.services.isEmpty)
  }

  @Test func `says nothing at a reload of the same`() {
    var director = Director()
    let definitions = [definition([server(1), server(2)], sorry: sorry())]
    director.configure(definitions)
    director.report(id, 1, up: false)
    director.configure(definitions)
    #expect(director.effects.isEmpty)
  }

  @Test func `makes nothing of a report without news`() {
    var director = Director()
    director.configure([definition([server(1), server(2)])])
    let check = LoadBalancer.CheckID(service: id, server: key(1), index: 0)
    for (isUp, news) in [(true, .confirmed), (true, .none), (true, .none)] as [(Bool, CheckReport.News)] {
      let report = LoadBalancingTests.report(up: isUp, news)
      director.change { $0.checkReported(check, report, now: $1, effects: &$2) }
      #expect(director.effects.isEmpty)
    }
    // A subscriber that joined late is told of a failure without news of its own.
    let failure = LoadBalancingTests.report(up: false, .none)
    director.change { $0.checkReported(check, failure, now: $1, effects: &$2) }
    #expect(director.balancer[id]?[key(1)]?.isAlive == false)
    let stranger = LoadBalancer.CheckID(service: id, server: key(1), index: 9)
    director.change { $0.checkReported(stranger, failure, now: $1, effects: &$2) }
    #expect(director.effects.isEmpty)
  }

  @Test func `keeps states, overrides and verdicts over a reload`() {
    var director = Director()
    director.configure([definition([server(1), server(2), server(3)])])
    director.report(id, 1, up: false)
    director.change { $0.override(key(2), of: id, .drain, now: $1, effects: &$2) }
    director.configure([definition([server(1, weight: 5), server(2, weight: 5), server(4)])])
    let destinations = director.kernel.services[.address(.tcp, vip, port: 80)]?.destinations
    #expect(destinations?[key(1)] == nil)
    #expect(destinations?[key(2)]?.weight == 0)
    #expect(destinations?[key(3)] == nil)
    #expect(destinations?[key(4)]?.weight == 1)
    director.report(id, 1, up: true)
    #expect(director.kernel.services[.address(.tcp, vip, port: 80)]?.destinations[key(1)]?.weight == 5)
  }

  @Test func `serves every address and mark of a group, each once`() {
    var director = Director()
    func group(_ last: UInt8) -> VirtualServerDefinition {
      let members: [VirtualServerGroup.Member] = [
        .addresses(first: .v4(IPv4Address(10, 1, 0, 1)), last: .v4(IPv4Address(10, 1, 0, last)), port: 80),
        .addresses(first: .v4(IPv4Address(10, 1, 0, 2)), last: .v4(IPv4Address(10, 1, 0, 2)), port: 80),
        .addresses(first: .v4(IPv4Address(10, 1, 0, 9)), last: .v4(IPv4Address(10, 1, 0, 1)), port: 80),
        .firewallMark(7, family: nil),
      ]
      return VirtualServerDefinition(
        address: .group(VirtualServerGroup(name: "g", members: members)), realServers: [server(1), server(2)])
    }
    director.configure([group(3)])
    #expect(director.kernel.services.count == 4)
    director.report(.group("g", .tcp), 1, up: false)
    #expect(director.effects.filter { if case .kernel = $0 { true } else { false } }.count == 4)
    director.configure([group(2)])
    #expect(director.kernel.services.count == 3)
    director.configure([group(5)])
    #expect(director.kernel.services.count == 6)
    #expect(director.effects.count == 6, "three services, each with its live server, and nothing else")
  }

  @Test func `gives what two services claim to the first, and to the second when the first has gone`() {
    var director = Director()
    func group(_ name: String, _ marks: [UInt32], _ last: UInt8) -> VirtualServerDefinition {
      let members = marks.map { VirtualServerGroup.Member.firewallMark($0, family: nil) }
      return VirtualServerDefinition(
        address: .group(VirtualServerGroup(name: name, members: members)), realServers: [server(last)])
    }
    func serves(_ mark: UInt32) -> [RealServerKey]? {
      director.kernel.services[.firewallMark(mark, .ipv4)].map { Array($0.destinations.keys) }
    }
    director.configure([group("a", [1, 2], 1), group("b", [2, 3], 2)])
    #expect(serves(1) == [key(1)] && serves(2) == [key(1)] && serves(3) == [key(2)])
    director.configure([group("b", [2, 3], 2), group("a", [1, 2], 1)])
    #expect(serves(2) == [key(2)])
    director.configure([group("a", [1, 2], 1)])
    #expect(serves(1) == [key(1)] && serves(2) == [key(1)] && serves(3) == nil)
    director.configure([group("b", [2, 3], 2)])
    #expect(serves(1) == nil && serves(2) == [key(2)])
  }

  @Test(arguments: 0..<100) func `never tells the kernel what it would refuse, however services overlap`(seed: UInt64) {
    var random = Random(seed: seed)
    var director = Director()
    for _ in 0..<20 {
      let definitions = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }.shuffled(using: &random).map {
        let members = (0..<3).map { _ in
          VirtualServerGroup.Member.firewallMark(.random(in: 1...5, using: &random), family: nil)
        }
        return VirtualServerDefinition(
          address: .group(VirtualServerGroup(name: $0, members: members)), realServers: [server(1), server(2)])
      }
      director.configure(definitions)
      guard let service = director.balancer.serviceIDs.randomElement(using: &random) else { continue }
      director.report(service, .random(in: 1...2, using: &random), up: .random(using: &random))
    }
  }

  @Test func `suspends the checks of services whose address is elsewhere`() {
    var director = Director()
    var suspending = definition([server(1)])
    suspending.suspendsWithoutAddress = true
    director.configure([suspending])
    #expect(director.effects.contains(.suspendChecks(id, true)))
    director.change { balancer, _, effects in balancer.localAddressesChanged([vip], effects: &effects) }
    #expect(director.effects == [.suspendChecks(id, false)])
    director.change { balancer, _, effects in balancer.localAddressesChanged([vip], effects: &effects) }
    #expect(director.effects.isEmpty)
    #expect(director.kernel.services.count == 1, "the pool does not change")
  }

  @Test func `follows the virtual router of each service`() {
    var director = Director()
    var bound = definition([server(1)])
    bound.activeOnMasterOf = "VI_1"
    director.configure([bound])
    #expect(director.kernel.services.isEmpty)
    director.change { $0.routerChanged("VI_2", isActive: true, now: $1, effects: &$2) }
    #expect(director.kernel.services.isEmpty)
    director.change { $0.routerChanged("VI_1", isActive: true, now: $1, effects: &$2) }
    #expect(director.kernel.services.count == 1)
    director.configure([bound])
    #expect(director.effects.isEmpty)
    director.change { $0.routerChanged("VI_1", isActive: false, now: $1, effects: &$2) }
    #expect(director.kernel.services.isEmpty)
  }

  @Test func `lets weights grow in time`() {
    var director = Director()
    director.configure([definition([server(1, weight: 10, slowStart: 10), server(2)])])
    #expect(director.balancer.nextDeadline == nil)
    director.report(id, 1, up: false)
    director.now = at(100)
    director.report(id, 1, up: true)
    var weights: [Int32] = []
    while let next = director.balancer.nextDeadline {
      director.now = next
      director.change { $0.deadlineReached(now: $1, effects: &$2) }
      weights.append(director.kernel.services[.address(.tcp, vip, port: 80)]?.destinations[key(1)]?.weight ?? -1)
    }
    #expect(weights == [2, 3, 4, 5, 6, 7, 8, 9, 10])
    #expect(director.now == at(109))
  }

  @Test(arguments: 0..<100) func `keeps the kernel in step through any history`(seed: UInt64) {
    var random = Random(seed: seed)
    var director = Director()
    for _ in 0..<40 {
      switch Int.random(in: 0..<6, using: &random) {
      case 0:
        var definitions: [VirtualServerDefinition] = []
        for port in 80..<UInt16.random(in: 80...84, using: &random) {
          let servers = (1...UInt8.random(in: 1...5, using: &random)).filter { _ in Bool.random(using: &random) }.map {
            server(
              $0, weight: .random(in: 0...3, using: &random), alpha: .random(using: &random),
              inhibits: .random(using: &random), slowStart: .random(in: 0...1, using: &random) * 10)
          }
          var one = definition(
            servers, quorum: .random(in: 1...4, using: &random), hysteresis: .random(in: 0...3, using: &random),
            sorry: Bool.random(using: &random)
              ? sorry(.random(in: 4...6, using: &random), inhibits: .random(using: &random)) : nil)
          one.address = .address(vip, port: port)
          if Int.random(in: 0..<4, using: &random) == 0 { one.activeOnMasterOf = "VI" }
          definitions.append(one)
        }
        director.configure(definitions)
        director.configure(definitions)
        #expect(director.effects.isEmpty, "a reload of the same")
      case 1:
        director.change { $0.routerChanged("VI", isActive: .random(using: &random), now: $1, effects: &$2) }
      case 2:
        director.now = director.now.advanced(byNanoseconds: .random(in: 0...5, using: &random) * second)
        director.change { $0.deadlineReached(now: $1, effects: &$2) }
      case 3:
        guard let service = director.balancer.serviceIDs.randomElement(using: &random) else { continue }
        let order: RealServer.Override? = [nil, .drain, .weight(2)].randomElement(using: &random) ?? nil
        let server = key(.random(in: 1...5, using: &random))
        director.change { $0.override(server, of: service, order, now: $1, effects: &$2) }
      default:
        guard let service = director.balancer.serviceIDs.randomElement(using: &random) else { continue }
        director.report(service, .random(in: 1...5, using: &random), up: .random(using: &random))
      }
    }
    director.change { $0.stop(now: $1, effects: &$2) }
    #expect(director.kernel.services.isEmpty)
  }
}
