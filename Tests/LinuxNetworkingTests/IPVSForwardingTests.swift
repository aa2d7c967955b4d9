import Foundation
import LinuxNetworking
import LoadBalancing
import NetPrimitives
import Testing

/// What our commands do to real connections.
@Suite(.serialized, .enabled(if: hasIPVS, ipvsOnly)) struct IPVSForwardingTests {
  static func add(_ lab: borrowing BalancerLab, _ servers: [RealServerKey], _ forwarding: ForwardingMethod) throws {
    let key = IPVSServiceKey.address(.tcp, lab.service.address, port: lab.service.port)
    let destination = IPVSDestination(forwarding: forwarding, weight: 1)
    let failures = try lab.socket.commit(
      [.addService(key, IPVSService(scheduler: .rr))] + servers.map { .addDestination(key, $0, destination) })
    try #require(failures.isEmpty, "\(failures)")
  }

  /// Opens a connection and finds the server that got it.
  static func open(
    _ lab: borrowing BalancerLab, _ listeners: [TestStream]
  ) throws -> (server: Int, near: TestStream, far: TestStream) {
    let near = try lab.connect()
    for (index, listener) in listeners.enumerated() {
      if let far = listener.accept() { return (index, near, far) }
    }
    throw CancellationError()
  }

  @Test(arguments: AddressFamily.allCases)
  func `NAT shares connections out, drains, removes and brings back`(family: AddressFamily) async throws {
    try await onThread {
      let lab = try BalancerLab(family, serversOn: 8)
      let servers = [lab.server(1, on: 8, port: 8080), lab.server(2, on: 8, port: 8080)]
      let key = IPVSServiceKey.address(.tcp, lab.service.address, port: 80)
      try Self.add(lab, servers, .masquerade)
      let listeners = try lab.onServers { try servers.map { try TestStream(listeningOn: $0) } }
      var connections: [(server: Int, near: TestStream, far: TestStream)] = []
      for _ in 0..<4 { connections.append(try Self.open(lab, listeners)) }
      #expect(connections.map(\.server).sorted() == [0, 0, 1, 1])
      for connection in connections {
        #expect(connection.near.reaches(connection.far, "question"))
        #expect(connection.far.reaches(connection.near, "answer"))
      }
      let records = try lab.socket.destinations(of: key)
      #expect(records.map(\.activeConnections) == [2, 2])
      let traffic = try Self.traffic(lab)
      #expect(traffic.allSatisfy { $0.connections == 2 && $0.outputBytes > 0 })

      // Weight 0: what is open goes on, what is new goes elsewhere.
      let drained = IPVSDestination(forwarding: .masquerade, weight: 0)
      #expect(try lab.socket.commit([.editDestination(key, servers[0], drained)]) == [])
      for _ in 0..<3 { #expect(try Self.open(lab, listeners).server == 1) }
      let open = try #require(connections.first { $0.server == 0 })
      #expect(open.near.reaches(open.far, "still here"))

      // Removed: what was open gets nowhere, what is new goes elsewhere.
      #expect(try lab.socket.commit([.deleteDestination(key, servers[0])]) == [])
      for _ in 0..<2 { #expect(try Self.open(lab, listeners).server == 1) }
      open.far.patience(milliseconds: 200)
      #expect(!open.near.reaches(open.far, "lost"))
      // Back again: TCP sends it once more, the connection goes on.
      let back = IPVSDestination(forwarding: .masquerade, weight: 1)
      #expect(try lab.socket.commit([.addDestination(key, servers[0], back)]) == [])
      open.far.patience(milliseconds: 4000)
      #expect(open.far.hears("lost"))
      #expect(Set(try (0..<2).map { _ in try Self.open(lab, listeners).server }) == [0, 1])

      // No service, no connection.
      #expect(try lab.socket.commit([.deleteService(key)]) == [])
      #expect(throws: (any Error).self) { try lab.connect() }
    }
  }

  @Test(arguments: AddressFamily.allCases)
  func `direct routing answers past the director`(family: AddressFamily) async throws {
    try await onThread {
      let lab = try BalancerLab(family, serversOn: 7)
      try Self.add(lab, [lab.server(1, on: 7, port: 80)], .directRoute)
      try Self.serve(lab, on: "lo")
    }
  }

  @Test func `tunnels carry connections to servers that have the address, too`() async throws {
    try await onThread {
      let lab = try BalancerLab(.ipv4, serversOn: 7)
      try Self.add(lab, [lab.server(1, on: 7, port: 80)], .tunnel(.init()))
      _ = try lab.onServers { try shell("modprobe ipip; ip link set tunl0 up") }
      try Self.serve(lab, on: "tunl0")
    }
  }

  @Test func `an open connection goes on through the other director, which the sync daemon has told`() async throws {
    try await onThread {
      let lab = try BalancerLab(.ipv4, serversOn: 7)
      let server = lab.server(1, on: 7, port: 80)
      try Self.add(lab, [server], .directRoute)
      let listener = try Self.listen(lab, on: "lo")
      let other = try lab.anotherDirector()
      try lab.socket.start(SyncDaemon(role: .master, interface: "front", id: 7))
      let standby = try lab.on(other) {
        let standby = try ServiceSocket()
        let key = IPVSServiceKey.address(.tcp, lab.service.address, port: 80)
        let destination = IPVSDestination(forwarding: .directRoute, weight: 1)
        #expect(
          try standby.commit([.addService(key, IPVSKernelTests.rr), .addDestination(key, server, destination)]) == [])
        try standby.start(SyncDaemon(role: .backup, interface: "eth", id: 7))
        return standby
      }
      let connection = try Self.open(lab, [listener])
      for _ in 0..<10 { #expect(connection.near.reaches(connection.far, "question")) }
      // The kernel gathers what it tells for up to two seconds.
      let isTold = try lab.on(other) { try eventually { try shell("cat /proc/net/ip_vs_conn").contains("TCP") } }
      try #require(isTold)

      try shell("ip addr del \(lab.service.address)/32 dev front")
      try lab.on(other) { _ = try shell("ip addr add \(lab.service.address)/32 dev eth") }
      try lab.onClient { _ = try shell("ip neigh flush dev eth") }
      #expect(connection.near.reaches(connection.far, "after"))
      #expect(connection.far.reaches(connection.near, "answer"))
      #expect(try Self.open(lab, [listener]).server == 0)
      try lab.socket.stop(.master)
      try standby.stop(.backup)
    }
  }

  /// Gives the servers the service's address, quietly, and listens on it.
  static func listen(_ lab: borrowing BalancerLab, on link: String) throws -> TestStream {
    try lab.onServers {
      try shell(
        """
        sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2 net.ipv4.conf.all.rp_filter=0
        ip addr add \(lab.service.address) dev \(link) \(lab.family == .ipv6 ? "nodad" : "")
        """)
      return try TestStream(listeningOn: lab.service)
    }
  }

  /// Talks to servers that have the service's address.
  static func serve(_ lab: borrowing BalancerLab, on link: String) throws {
    let listener = try listen(lab, on: link)
    let connection = try open(lab, [listener])
    #expect(connection.near.reaches(connection.far, "question"))
    #expect(connection.far.reaches(connection.near, "answer"))
    let traffic = try #require(try traffic(lab).first)
    #expect(traffic.connections == 1)
    #expect(traffic.inputPackets > 0)
    // The answers have taken another way.
    #expect(traffic.outputPackets == 0)
  }

  /// The counters of all destinations, when the kernel has summed them up, which it does every two seconds.
  static func traffic(_ lab: borrowing BalancerLab) throws -> [TrafficCounters] {
    let key = IPVSServiceKey.address(.tcp, lab.service.address, port: lab.service.port)
    _ = try eventually { try lab.socket.destinations(of: key).allSatisfy { $0.traffic.connections > 0 } }
    return try lab.socket.destinations(of: key).map(\.traffic)
  }
}
