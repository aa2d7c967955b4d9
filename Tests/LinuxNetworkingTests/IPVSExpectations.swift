import LoadBalancing
import NetPrimitives

@testable import LinuxNetworking

/// What each captured request meant, by the command lines and the configuration that caused it.
enum IPVSExpectations {
  typealias Expectation = IPVSRequestTests.Expectation

  static let all = services + destinations + daemons + mixedFamilies + lists + removals + refusals + keepalived

  static let web: IPVSServiceKey = .address(.tcp, v4(10, 0, 0, 1), port: 80)
  static let mark = IPVSServiceKey.firewallMark(10, .ipv4)
  private static let nobody: IPVSServiceKey = .address(.tcp, v4(10, 0, 0, 77), port: 80)
  private static let web6: IPVSServiceKey = .address(.tcp, v6(1), port: 443)
  private static let gueOnDefault = ForwardingMethod.Tunnel.Kind.gue(port: 6080)

  private static let services: [Expectation] = [
    Expectation("info + empty list") { $0.getInformation() },
    Expectation("info + empty list") { $0.listServices() },
    Expectation("new service TCP v4 rr", .addService(web, IPVSService(scheduler: .rr))),
    Expectation("new service UDP v4 wrr", .addService(udp(53), IPVSService(scheduler: .wrr))),
    Expectation(
      "new service one-packet", .addService(udp(54), IPVSService(scheduler: .rr, schedulesEachPacket: true))),
    Expectation(
      "new service SCTP", .addService(.address(.sctp, v4(10, 0, 0, 1), port: 9999), IPVSService(scheduler: .lc))),
    Expectation(
      "new service persistent + netmask",
      .addService(
        .address(.tcp, v4(10, 0, 0, 1), port: 443),
        IPVSService(scheduler: .wlc, persistence: Persistence(timeoutSeconds: 300, granularity: 24)))),
    Expectation(
      "new service v6 mh with flags",
      .addService(web6, IPVSService(scheduler: .mh, flags: [.maglevFallback, .maglevPort]))),
    Expectation(
      "new service v6 persistent prefix",
      .addService(
        .address(.tcp, v6(1), port: 80),
        IPVSService(
          scheduler: .sh, flags: [.sourceHashFallback, .sourceHashPort],
          persistence: Persistence(timeoutSeconds: 60, granularity: 64)))),
    Expectation("new service fwmark v4", .addService(mark, IPVSService(scheduler: .sed))),
    Expectation("new service fwmark v6", .addService(.firewallMark(11, .ipv6), IPVSService(scheduler: .nq))),
    Expectation(
      "new service pe sip",
      .addService(
        udp(5060), IPVSService(scheduler: .rr, persistence: Persistence(timeoutSeconds: 60, engine: "sip")))),
    Expectation("edit service scheduler", .editService(web, IPVSService(scheduler: .wrr))),
    Expectation(
      "edit service persistent",
      .editService(web, IPVSService(scheduler: .wrr, persistence: Persistence(timeoutSeconds: 50)))),
    Expectation("edit service drop persistence", .editService(web, IPVSService(scheduler: .rr))),
  ]

  private static let destinations: [Expectation] = [
    new(
      "NAT weight+thresholds", server(11, 8080),
      IPVSDestination(forwarding: .masquerade, weight: 5, upperThreshold: 100, lowerThreshold: 50)),
    new("DR", server(12), IPVSDestination(forwarding: .directRoute, weight: 1)),
    new("TUN ipip", server(13), tunnel(.ipip, weight: 0)),
    new("TUN gue nocsum", server(14), tunnel(gueOnDefault)),
    new("TUN gue csum", server(15), tunnel(gueOnDefault, .full)),
    new("TUN gue remcsum", server(16), tunnel(gueOnDefault, .remote)),
    new("TUN gre csum", server(17), tunnel(.gre, .full)),
    Expectation(
      "new dest v6", .withoutSurplus,
      .addDestination(
        web6, RealServerKey(address: v6(0x11), port: 443), IPVSDestination(forwarding: .directRoute, weight: 1))),
    Expectation(
      "new dest fwmark", .withoutSurplus,
      .addDestination(mark, server(11, 0), IPVSDestination(forwarding: .directRoute, weight: 1))),
    Expectation(
      "edit dest", .withoutSurplus,
      .editDestination(web, server(12), IPVSDestination(forwarding: .directRoute, weight: 0))),
  ]

  private static let daemons: [Expectation] = [
    Expectation("set timeouts") { $0.set(ConnectionTimeouts(tcp: 900, tcpFin: 120, udp: 300)) },
    Expectation("get timeouts") { $0.getTimeouts() },
    Expectation("start sync master, all attributes") {
      $0.start(
        SyncDaemon(
          role: .master, interface: "eth9", id: 51, maximumMessageBytes: 1400, group: v4(224, 0, 0, 82), port: 8849,
          hopLimit: 2))
    },
    Expectation("start sync backup, minimum") { $0.start(SyncDaemon(role: .backup, interface: "eth9", id: 51)) },
    Expectation("get daemon") { $0.listDaemons() },
    Expectation("stop sync master", .withoutSurplus) { $0.stop(.master) },
    Expectation("stop sync backup", .withoutSurplus) { $0.stop(.backup) },
    Expectation("start sync master v6 group") {
      let group = IPAddress.v6(IPv6Address(high: 0xff02 << 48, low: 0x81))
      $0.start(SyncDaemon(role: .master, interface: "eth9", id: 1, group: group))
    },
    Expectation("error: second master") { $0.start(SyncDaemon(role: .master, interface: "eth9", id: 2)) },
    Expectation("stop sync master 2", .withoutSurplus) { $0.stop(.master) },
  ]

  private static let mixedFamilies: [Expectation] = [
    new("mixed family (v4 service, v6 TUN dest)", RealServerKey(address: v6(0x12), port: 80), tunnel(.ipip)),
    Expectation("error: sync daemon while mixed-family destinations exist") {
      $0.start(SyncDaemon(role: .master, interface: "eth9", id: 1))
    },
    Expectation(
      "delete dest of other family", .withoutSurplus,
      .deleteDestination(web, RealServerKey(address: v6(0x12), port: 80))),
  ]

  private static let lists: [Expectation] =
    [Expectation("list all with stats") { $0.listServices() }]
    + [
      web, .address(.tcp, v4(10, 0, 0, 1), port: 443), udp(53), udp(54), udp(5060),
      .address(.sctp, v4(10, 0, 0, 1), port: 9999), .address(.tcp, v6(1), port: 80), web6,
    ].map { key in Expectation("list all with stats") { $0.listDestinations(of: key) } } + [
      Expectation("list one service", .withoutSurplus) { $0.get(web) },
      Expectation("list one service") { $0.listDestinations(of: web) },
      Expectation("zero one", .withoutSurplus) { $0.zero(web) },
      Expectation("zero all") { $0.zero(nil) },
    ]

  private static let removals: [Expectation] = [
    Expectation("delete dest", .withoutSurplus, .deleteDestination(web, server(12))),
    Expectation("delete service", .withoutSurplus, .deleteService(mark)),
  ]

  private static let refusals: [Expectation] = [
    Expectation("error: duplicate service", .addService(web, IPVSService(scheduler: .rr))),
    Expectation("error: duplicate dest", .withoutSurplus, .addDestination(web, server(13), tunnel(.ipip))),
    Expectation("error: delete unknown service", .withoutSurplus, .deleteService(nobody)),
    Expectation("error: delete unknown dest", .withoutSurplus, .deleteDestination(web, server(99))),
    Expectation(
      "error: dest for unknown service", .withoutSurplus,
      .addDestination(nobody, server(99), IPVSDestination(forwarding: .directRoute, weight: 1))),
    // No scheduler of ours has this name; what a service says otherwise is the same.
    Expectation("error: unknown scheduler", .unknownScheduler) {
      $0.append(.addService(.address(.tcp, v4(10, 0, 0, 2), port: 80), IPVSService(scheduler: .rr)))
    },
    Expectation("error: sync daemon unknown interface") {
      $0.start(SyncDaemon(role: .master, interface: "nope0", id: 1))
    },
    Expectation("error: edit unknown service", .editService(nobody, IPVSService(scheduler: .rr))),
    Expectation("flush") { $0.flush() },
  ]

  /// One virtual server with two real servers, one by mark with one, from start to stop.
  private static let keepalived: [Expectation] = {
    let step = "keepalived start, one second, stop"
    let seven = IPVSServiceKey.firewallMark(7, .ipv4)
    let timeouts = ConnectionTimeouts(tcp: 900, tcpFin: 120, udp: 300)
    return [
      Expectation(step) { $0.getTimeouts() },
      Expectation(step) { $0.set(timeouts) },
      Expectation(
        step, .addService(web, IPVSService(scheduler: .wlc, persistence: Persistence(timeoutSeconds: 50)))),
      Expectation(
        step, .withTunnel, .addDestination(web, server(11), IPVSDestination(forwarding: .directRoute, weight: 3))),
      Expectation(
        step, .withTunnel, .addDestination(web, server(12), IPVSDestination(forwarding: .directRoute, weight: 1))),
      Expectation(step, .addService(seven, IPVSService(scheduler: .mh, flags: .maglevPort))),
      Expectation(step, .withTunnel, .addDestination(seven, server(11, 0), tunnel(.ipip, weight: 3))),
      Expectation(step, .withoutSurplus, .deleteDestination(web, server(11))),
      Expectation(step, .withoutSurplus, .deleteDestination(web, server(12))),
      Expectation(step, .withoutSurplus, .deleteService(web)),
      Expectation(step, .withoutSurplus, .deleteDestination(seven, server(11, 0))),
      Expectation(step, .withoutSurplus, .deleteService(seven)),
      Expectation(step) { $0.set(timeouts) },
    ]
  }()

  static func server(_ number: UInt8, _ port: UInt16 = 80) -> RealServerKey {
    RealServerKey(address: v4(10, 1, 0, number), port: port)
  }

  static func tunnel(
    _ kind: ForwardingMethod.Tunnel.Kind, _ checksum: ForwardingMethod.Tunnel.Checksum = .none, weight: Int32 = 1
  ) -> IPVSDestination {
    IPVSDestination(forwarding: .tunnel(.init(kind: kind, checksum: checksum)), weight: weight)
  }

  static func v4(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> IPAddress { .v4(IPv4Address(a, b, c, d)) }

  static func v6(_ low: UInt64) -> IPAddress { .v6(IPv6Address(high: 0xfd00 << 48, low: low)) }

  static func udp(_ port: UInt16) -> IPVSServiceKey { .address(.udp, v4(10, 0, 0, 1), port: port) }

  private static func new(_ step: String, _ server: RealServerKey, _ destination: IPVSDestination) -> Expectation {
    Expectation("new dest \(step)", .withoutSurplus, .addDestination(web, server, destination))
  }
}
