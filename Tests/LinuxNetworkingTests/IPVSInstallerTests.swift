import LoadBalancing
import NetPrimitives
import Testing

@testable import LinuxNetworking

/// No IPVS is a plain answer, not a mystery.
@Suite(.enabled(if: isRoot && !hasIPVS, "this kernel has IPVS, or needs root")) struct IPVSMissingTests {
  @Test func `a kernel without IPVS says so`() {
    #expect(throws: IPVSError.missing) { try ServiceSocket() }
  }
}

extension IPVSKernelTests {
  static let service: IPVSServiceKey = .firewallMark(1, .ipv4)

  /// What a balancer says of `service` with servers 1 and 2.
  static func beginning() -> [IPVSCommand] {
    [
      .addService(service, IPVSService(scheduler: .wlc, persistence: Persistence(granularity: 32))),
      .addDestination(service, Sample.server(1, 0), direct), .addDestination(service, Sample.server(2, 0), direct),
    ]
  }

  @Test func `another namespace's IPVS is asked from here, and its socket stays there`() async throws {
    try await director { here in
      try shell("ip netns add vrrpd-front")
      defer { _ = try? shell("ip netns del vrrpd-front") }
      let there = try ServiceSocket.open(in: .named("vrrpd-front"))
      #expect(try there.commit([.addService(Sample.web, Self.rr)]) == [])
      #expect(try here.services().isEmpty)
      #expect(try ServiceSocket().services().isEmpty, "the thread has come back")
      #expect(try shell("ip netns exec vrrpd-front ipvsadm -Sn").contains("-A -t"))
      #expect(throws: IPVSError.self) { try ServiceSocket.open(in: .named("vrrpd-nosuch")) }
    }
  }

  @Test func `what a former process left is set right where it is wrong, others' is let be`() async throws {
    try await director { socket in
      var leftovers = Self.beginning()
      leftovers[2] = .addDestination(Self.service, Sample.server(3, 0), Self.direct)
      leftovers.append(.addService(Sample.web, Self.rr))
      #expect(try socket.commit(leftovers) == [])
      var installer = ServiceInstaller(socket)
      let adoption = try installer.adopt(Self.beginning())
      #expect(adoption.commandCount == 2)
      #expect(adoption.failures == [])
      #expect(
        Set(try socket.destinations(of: Self.service).map(\.server)) == [Sample.server(1, 0), Sample.server(2, 0)])
      #expect(try socket.service(Sample.web)?.service == Self.rr)
      // A restart with the same configuration is no command, although it says 32 bits where the kernel says all.
      var successor = ServiceInstaller(socket)
      #expect(try successor.adopt(Self.beginning()) == ServiceInstaller.Repair(commandCount: 0, failures: []))
      #expect(try successor.reconcile() == ServiceInstaller.Repair(commandCount: 0, failures: []))
    }
  }

  @Test func `what others change meanwhile is found and repaired`() async throws {
    try await director { socket in
      var installer = ServiceInstaller(socket)
      #expect(try installer.apply(Self.beginning()) == [])
      try shell("ipvsadm -e -f 1 -r 10.1.0.1 -g -w 9 && ipvsadm -d -f 1 -r 10.1.0.2 && ipvsadm -a -f 1 -r 10.1.0.8 -g")
      #expect(try installer.reconcile() == ServiceInstaller.Repair(commandCount: 3, failures: []))
      // A command that is refused because the service is gone brings all of it back.
      try shell("ipvsadm -D -f 1")
      let drained = IPVSDestination(forwarding: .directRoute, weight: 0)
      #expect(try installer.apply([.editDestination(Self.service, Sample.server(1, 0), drained)]) == [])
      let actual = try socket.table()
      #expect(actual == installer.wanted)
      #expect(actual.services[Self.service]?.destinations[Sample.server(1, 0)] == drained)
      // Deleting what somebody else has deleted already is what was wanted.
      try shell("ipvsadm -D -f 1")
      #expect(try installer.apply([.deleteService(Self.service)]) == [])
      // What cannot be is reported, once.
      let impossible = IPVSCommand.addService(Self.service, IPVSService(scheduler: .twos))
      #expect(try installer.apply([impossible]).map(\.command) == [impossible])
    }
  }

  @Test func `a destination forwarded in another way is edited`() async throws {
    try await director { socket in
      try shell("ipvsadm -A -f 1 -s rr && ipvsadm -a -f 1 -r 10.1.0.1 -i --tun-type gre --tun-csum")
      var installer = ServiceInstaller(socket)
      #expect(try installer.adopt(Self.beginning()).failures == [])
      #expect(try socket.table() == installer.wanted)
    }
  }
}
