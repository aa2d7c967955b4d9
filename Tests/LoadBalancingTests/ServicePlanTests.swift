import HealthCheck
import LoadBalancing
import Testing

@Suite struct `A service plan` {
  static func table(_ random: inout Random) -> IPVSTable {
    var table = IPVSTable()
    for number in 0..<UInt8.random(in: 0...4, using: &random) where Bool.random(using: &random) {
      let key: IPVSServiceKey =
        number == 3 ? .firewallMark(9, .ipv4) : .address(.tcp, .v4(IPv4Address(192, 0, 2, number)), port: 80)
      table.services[key] = entry(&random)
    }
    return table
  }

  static func entry(_ random: inout Random) -> IPVSEntry {
    var entry = IPVSEntry(
      IPVSService(
        scheduler: Bool.random(using: &random) ? .rr : .wlc,
        persistence: Bool.random(using: &random) ? Persistence() : nil))
    for last in 0..<UInt8.random(in: 0...5, using: &random) where Bool.random(using: &random) {
      entry.destinations[key(last)] = IPVSDestination(
        forwarding: Bool.random(using: &random) ? .masquerade : .directRoute, weight: .random(in: 0...2, using: &random)
      )
    }
    return entry
  }

  @Test(arguments: 0..<500) func `makes what is wanted of what there is, and then is empty`(seed: UInt64) {
    var random = Random(seed: seed)
    let actual = Self.table(&random)
    let wanted = Self.table(&random)
    var table = actual
    let commands = ServicePlan.commands(from: actual, to: wanted)
    for command in commands {
      let isAccepted = table.apply(command)
      #expect(isAccepted, "the kernel would refuse \(command)")
    }
    #expect(table == wanted)
    #expect(ServicePlan.commands(from: wanted, to: wanted).isEmpty)
    #expect(ServicePlan.commands(from: actual, to: wanted) == commands, "the same every time")
  }

  @Test(arguments: 0..<500) func `never leaves a service without anybody to serve if that can be helped`(seed: UInt64) {
    var random = Random(seed: seed)
    let actual = Self.table(&random)
    let wanted = Self.table(&random)
    func serves(_ table: IPVSTable, _ key: IPVSServiceKey) -> Bool {
      table.services[key]?.destinations.values.contains { $0.weight > 0 } ?? false
    }
    let steady = actual.services.keys.filter { serves(actual, $0) && serves(wanted, $0) }
    var table = actual
    for command in ServicePlan.commands(from: actual, to: wanted) {
      _ = table.apply(command)
      for key in steady { #expect(serves(table, key), "after \(command)") }
    }
  }

  @Test(arguments: 0..<200) func `touches only what differs`(seed: UInt64) throws {
    var random = Random(seed: seed)
    let actual = Self.table(&random)
    var wanted = actual
    guard let service = wanted.services.keys.sorted().randomElement(using: &random) else { return }
    wanted.services[service]?.destinations[key(200)] = IPVSDestination(forwarding: .masquerade, weight: 4)
    #expect(
      ServicePlan.commands(from: actual, to: wanted) == [
        .addDestination(service, key(200), IPVSDestination(forwarding: .masquerade, weight: 4))
      ])
    var lighter = wanted
    lighter.services[service]?.destinations[key(200)]?.weight = 3
    #expect(ServicePlan.commands(from: wanted, to: lighter).count == 1)
  }

  @Test func `exchanges the last server for the sorry server without a gap`() {
    let service = IPVSServiceKey.address(.tcp, vip, port: 80)
    let settings = IPVSService(scheduler: .rr)
    let one = IPVSDestination(forwarding: .masquerade, weight: 1)
    let actual = IPVSTable(services: [service: IPVSEntry(settings, destinations: [key(1): one])])
    let wanted = IPVSTable(services: [service: IPVSEntry(settings, destinations: [key(99): one])])
    #expect(
      ServicePlan.commands(from: actual, to: wanted) == [
        .addDestination(service, key(99), one), .deleteDestination(service, key(1)),
      ])
  }

  @Test func `raises before it lowers`() {
    let service = IPVSServiceKey.address(.tcp, vip, port: 80)
    func table(_ first: Int32, _ second: Int32) -> IPVSTable {
      let destinations = [
        key(1): IPVSDestination(forwarding: .masquerade, weight: first),
        key(2): IPVSDestination(forwarding: .masquerade, weight: second),
      ]
      return IPVSTable(services: [service: IPVSEntry(IPVSService(scheduler: .rr), destinations: destinations)])
    }
    #expect(
      ServicePlan.commands(from: table(3, 0), to: table(0, 1)) == [
        .editDestination(service, key(2), IPVSDestination(forwarding: .masquerade, weight: 1)),
        .editDestination(service, key(1), IPVSDestination(forwarding: .masquerade, weight: 0)),
      ])
  }

  @Test func `deletes a service with one command`() {
    var random = Random(seed: 4)
    let service = IPVSServiceKey.firewallMark(1, .ipv6)
    let actual = IPVSTable(services: [service: Self.entry(&random)])
    #expect(ServicePlan.commands(from: actual, to: IPVSTable()) == [.deleteService(service)])
  }
}
