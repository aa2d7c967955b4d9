import Foundation
import LinuxNetworking
import LoadBalancing
import NetPrimitives
import Testing

/// Plans, dumps and refusals beside a real kernel, and ipvsadm as a witness.
@Suite(.serialized, .enabled(if: hasIPVS, ipvsOnly)) struct IPVSKernelTests {
  typealias Sample = IPVSExpectations

  static let rr = IPVSService(scheduler: .rr)
  static let direct = IPVSDestination(forwarding: .directRoute, weight: 1)

  static func table(services: Int, destinations: Int) -> IPVSTable {
    var table = IPVSTable()
    for service in 0..<services {
      var entry = IPVSEntry(IPVSService(scheduler: .wlc))
      for server in 0..<destinations {
        let key = RealServerKey(address: Sample.v4(10, 1, UInt8(service), UInt8(server + 1)), port: 80)
        entry.destinations[key] = IPVSDestination(forwarding: .masquerade, weight: Int32(server))
      }
      table.services[.address(.tcp, Sample.v4(10, 0, 0, UInt8(service)), port: 80)] = entry
    }
    return table
  }

  /// What `ipvsadm -Ln` says of a table, sorted.
  static func witnessed() throws -> [String] {
    var service = ""
    return try shell("ipvsadm -Ln").split(separator: "\n").dropFirst(3).map { line in
      let words = line.split(separator: " ").map(String.init)
      guard words[0] == "->" else {
        service = "\(words[0].lowercased()) \(words[1])"
        return "\(service) \(words[2])"
      }
      return "\(service) \(words[1]) \(words[2]) \(words[3])"
    }.sorted()
  }

  static func expected(_ table: IPVSTable) -> [String] {
    table.services.flatMap { key, entry in
      ["\(key.label) \(entry.service.scheduler.name)"]
        + entry.destinations.map { server, destination in
          let method = destination.forwarding == .masquerade ? "Masq" : "Route"
          return "\(key.label) \(server.label) \(method) \(destination.weight)"
        }
    }.sorted()
  }

  @Test func `a hundred services of ten servers are as ipvsadm sees them, and nothing is left to do`() async throws {
    try await director { socket in
      let wanted = Self.table(services: 100, destinations: 10)
      let commands = ServicePlan.commands(from: IPVSTable(), to: wanted)
      #expect(commands.count == 1100)
      var failures: [ServiceFailure] = []
      let commit = try milliseconds { failures = try socket.commit(commands) }
      #expect(failures == [])
      var actual = IPVSTable()
      let read = try milliseconds { actual = try socket.table() }
      #expect(actual == wanted)
      #expect(ServicePlan.commands(from: actual, to: wanted) == [])
      #expect(try Self.witnessed() == Self.expected(wanted))
      let removal = ServicePlan.commands(from: actual, to: IPVSTable())
      let remove = try milliseconds { failures = try socket.commit(removal) }
      #expect(failures == [])
      #expect(try socket.services() == [])
      print("1100 commands \(commit) ms, table \(read) ms, removal \(remove) ms")
    }
  }

  @Test func `every setting the kernel knows goes there and comes back`() async throws {
    try await director { socket in
      let gue = ForwardingMethod.Tunnel.Kind.gue(port: 6080)
      let persistence = Persistence(timeoutSeconds: 300, granularity: 24)
      var wanted = IPVSTable(services: [
        Sample.web: IPVSEntry(
          IPVSService(scheduler: .mh, flags: [.maglevFallback, .maglevPort], persistence: persistence),
          destinations: [
            Sample.server(1, 8080): IPVSDestination(
              forwarding: .masquerade, weight: 5, upperThreshold: 100, lowerThreshold: 50),
            Sample.server(2): IPVSDestination(forwarding: .directRoute, weight: .max),
            Sample.server(3): Sample.tunnel(.ipip), Sample.server(4): Sample.tunnel(gue, .remote),
            Sample.server(5): Sample.tunnel(.gre, .full), Sample.server(6): Sample.tunnel(.ipip, .full, weight: 0),
            RealServerKey(address: Sample.v6(7), port: 80): Sample.tunnel(.ipip),
            // One of the director's own.
            RealServerKey(address: Sample.v4(127, 0, 0, 1), port: 80): Self.direct,
          ]),
        Sample.udp(53): IPVSEntry(IPVSService(scheduler: .wrr, schedulesEachPacket: true)),
        Sample.udp(5060): IPVSEntry(
          IPVSService(scheduler: .rr, persistence: Persistence(timeoutSeconds: 60, engine: "sip"))),
        .address(.sctp, Sample.v4(10, 0, 0, 1), port: 9999): IPVSEntry(IPVSService(scheduler: .lc)),
        .address(.tcp, Sample.v6(1), port: 80): IPVSEntry(
          IPVSService(scheduler: .sh, persistence: Persistence(granularity: 64)),
          destinations: [RealServerKey(address: Sample.v6(2), port: 80): Self.direct]),
        .firewallMark(10, .ipv4): IPVSEntry(Self.rr, destinations: [Sample.server(1, 0): Self.direct]),
        .firewallMark(10, .ipv6): IPVSEntry(IPVSService(scheduler: .nq)),
      ])
      // Debian builds all schedulers but one.
      for (index, scheduler) in Scheduler.allCases.filter({ $0 != .twos }).enumerated() {
        wanted.services[.firewallMark(UInt32(100 + index), .ipv4)] = IPVSEntry(IPVSService(scheduler: scheduler))
      }
      #expect(try socket.commit(ServicePlan.commands(from: IPVSTable(), to: wanted)) == [])
      let actual = try socket.table()
      #expect(actual == wanted)
      // And each into something else.
      var other = wanted
      for key in wanted.services.keys {
        other.services[key]?.service = IPVSService(scheduler: .sed)
        for server in (wanted.services[key]?.destinations ?? [:]).keys where server.address.family == key.family {
          other.services[key]?.destinations[server] = IPVSDestination(forwarding: .masquerade, weight: 7)
        }
      }
      #expect(try socket.commit(ServicePlan.commands(from: actual, to: other)) == [])
      #expect(try socket.table() == other)
    }
  }

  @Test func `tables drawn at random become one another`() async throws {
    try await director { socket in
      var random = SeededGenerator(state: 11)
      var actual = IPVSTable()
      for _ in 0..<20 {
        var wanted = IPVSTable()
        for number in 1...6 where Bool.random() {
          var entry = IPVSEntry(IPVSService(scheduler: [.rr, .wlc, .sed].randomElement() ?? .rr))
          if Bool.random() { entry.service.persistence = Persistence(timeoutSeconds: .random(in: 1...9)) }
          for server in UInt8(1)...6 where Bool.random() {
            var destination = IPVSSample.destination(&random)
            destination.upperThreshold &= 0x7fff_ffff
            destination.lowerThreshold = min(destination.lowerThreshold, destination.upperThreshold)
            entry.destinations[Sample.server(server)] = destination
          }
          wanted.services[number < 4 ? Sample.udp(UInt16(number)) : .firewallMark(UInt32(number), .ipv4)] = entry
        }
        let failures = try socket.commit(ServicePlan.commands(from: actual, to: wanted))
        #expect(failures.isEmpty, "\(failures.map(\.command))")
        actual = try socket.table()
        #expect(actual == wanted)
      }
    }
  }

  @Test func `each refusal is told by its command, the others are in force`() async throws {
    try await director { socket in
      let excessive = IPVSDestination(forwarding: .directRoute, weight: 1, upperThreshold: 1, lowerThreshold: 2)
      let huge = IPVSDestination(forwarding: .directRoute, weight: 1, upperThreshold: 1 << 31)
      let unknown: IPVSServiceKey = .firewallMark(77, .ipv4)
      let commands: [IPVSCommand] = [
        .addService(Sample.web, Self.rr), .addService(Sample.web, Self.rr),
        .addService(unknown, IPVSService(scheduler: .twos)), .deleteService(unknown),
        .addDestination(unknown, Sample.server(1), Self.direct),
        .addDestination(Sample.web, Sample.server(1), excessive),
        .addDestination(Sample.web, RealServerKey(address: Sample.v6(1), port: 80), Self.direct),
        .deleteDestination(Sample.web, Sample.server(9)),
        .addDestination(Sample.web, Sample.server(1), huge),
        .addDestination(Sample.web, Sample.server(2), Self.direct),
      ]
      let failures = try socket.commit(commands)
      #expect(failures.map(\.index) == [1, 2, 3, 4, 5, 6, 7, 8])
      #expect(failures.map(\.command) == Array(commands[1...8]))
      #expect(failures.map(\.errno) == [EEXIST, ENOENT, ESRCH, ESRCH, ERANGE, EINVAL, ENOENT, EINVAL])
      #expect(try socket.table().services[Sample.web]?.destinations.keys.map(\.self) == [Sample.server(2)])
      // A refused last one ends the wait, too.
      #expect(try socket.commit([.deleteService(unknown)]).map(\.errno) == [ESRCH])
      #expect(try socket.service(unknown) == nil)
      #expect(try socket.destinations(of: unknown) == [])
    }
  }

  @Test func `a batch of many datagrams tells its refusals by their places`() async throws {
    try await director { socket in
      var commands = ServicePlan.commands(from: IPVSTable(), to: Self.table(services: 100, destinations: 10))
      let doubles = [5, 500, 1000, 1102]
      let double = IPVSCommand.addService(.firewallMark(1, .ipv4), Self.rr)
      for place in doubles { commands.insert(double, at: place) }
      commands.insert(double, at: 0)
      let failures = try socket.commit(commands)
      #expect(failures.map(\.index) == doubles.map { $0 + 1 })
    }
  }

  @Test func `timeouts, counters, version, and everything away`() async throws {
    try await director { socket in
      #expect(try socket.information().version >= 0x010201)
      try socket.set(ConnectionTimeouts(tcp: 901, tcpFin: 121, udp: 301))
      try socket.set(ConnectionTimeouts(tcp: 0, tcpFin: 122, udp: 0))
      #expect(try socket.timeouts() == ConnectionTimeouts(tcp: 901, tcpFin: 122, udp: 301))
      #expect(try socket.commit([.addService(Sample.web, Self.rr)]) == [])
      try socket.zero(Sample.web)
      try socket.zero()
      #expect(throws: IPVSError.refused("ZERO", errno: ESRCH)) { try socket.zero(.firewallMark(1, .ipv4)) }
      try socket.flush()
      #expect(try socket.table() == IPVSTable())
    }
  }

  @Test func `sync daemons of both roles start and stop, however soon after one another`() async throws {
    try await director { socket in
      let routes = try RouteSocket()
      try routes.perform("add bridge") { $0.add(LinkSpecification("br", .bridge)) }
      let link = try #require(try routes.link(named: "br"))
      try routes.perform("up") { $0.change(link.index, LinkChange(isUp: true)) }
      var master = SyncDaemon(
        role: .master, interface: "br", id: 51, maximumMessageBytes: 1400, port: 8849, hopLimit: 2)
      let backup = SyncDaemon(role: .backup, interface: "br", id: 51)
      try socket.start(master)
      try socket.start(backup)
      master.group = Sample.v4(224, 0, 0, 81)
      let running = try socket.syncDaemons()
      #expect(running.contains(master))
      #expect(Set(running.map(\.role)) == [.master, .backup])
      #expect(throws: IPVSError.refused("NEW_DAEMON", errno: EEXIST)) { try socket.start(master) }
      for role in SyncDaemon.Role.allCases { try socket.stop(role) }
      #expect(throws: IPVSError.refused("DEL_DAEMON", errno: ESRCH)) { try socket.stop(.master) }
      let nowhere = SyncDaemon(role: .backup, interface: "none", id: 1)
      #expect(throws: IPVSError.refused("NEW_DAEMON", errno: ENODEV)) { try socket.start(nowhere) }
      // The kernel leaves about every second of these stops without an answer.
      var longest = 0.0
      for _ in 0..<12 {
        let time = try milliseconds {
          try socket.start(backup)
          try socket.stop(.backup)
        }
        longest = max(longest, time)
      }
      #expect(try socket.syncDaemons() == [])
      #expect(longest < 2000)
      print("start and stop of a sync daemon: at most \(longest) ms")
    }
  }
}
