import Glibc
import LoadBalancing
import NetPrimitives
import Testing

@testable import LinuxNetworking

/// The kernel's answers, all of those captured and many it would never give.
@Suite struct IPVSAnswerTests {
  typealias Expected = IPVSExpectations

  /// The kernel's error number by step; every other step succeeded.
  static let refusals: [String: Int32] = [
    "error: second master": EEXIST, "error: sync daemon while mixed-family destinations exist": EINVAL,
    "error: duplicate service": EEXIST, "error: duplicate dest": EEXIST, "error: delete unknown service": ESRCH,
    "error: delete unknown dest": ENOENT, "error: dest for unknown service": ESRCH, "error: unknown scheduler": ENOENT,
    "error: sync daemon unknown interface": ENODEV, "error: edit unknown service": ESRCH,
  ]

  @Test func `every answer of the kernel is understood`() throws {
    var kinds: [String: Int] = [:]
    for message in try CapturedMessage.all() where !message.isRequest {
      var kind = ""
      message.forEach { header, payload in
        switch header.type {
        case NetlinkMessageType.error:
          kind = "acknowledgement"
          #expect(NetlinkReader.errorNumber(payload) == Self.refusals[message.step] ?? 0, "\(message.step)")
          #expect(NetlinkReader.errorText(header, payload) == "")
        case NetlinkMessageType.done:
          kind = "end"
          #expect(NetlinkReader.errorNumber(payload) == 0)
        case GenericNetlink.controller:
          kind = "family"
          #expect(GenericNetlink.familyNumber(in: payload) == 32)
        default:
          kind = Self.kind(of: payload)
        }
      }
      kinds[kind, default: 0] += 1
    }
    #expect(
      kinds == [
        "acknowledgement": 66, "end": 12, "family": 3, "information": 1, "timeouts": 2, "daemon": 1, "service": 2,
        "destination": 3,
      ])
  }

  /// What a message of IPVS is, which it is only if it can be decoded.
  private static func kind(of payload: RawSpan) -> String {
    switch ServiceDecoder.command(payload) {
    case IPVSCommandNumber.setInformation:
      #expect(
        ServiceDecoder.information(payload) == IPVSInformation(version: 0x010201, connectionTableSize: 4096))
      return "information"
    case IPVSCommandNumber.setConfiguration:
      #expect(ServiceDecoder.timeouts(payload) == ConnectionTimeouts(tcp: 900, tcpFin: 120, udp: 300))
      return "timeouts"
    case IPVSCommandNumber.newDaemon: return ServiceDecoder.daemon(payload) == nil ? "?" : "daemon"
    case IPVSCommandNumber.newService: return ServiceDecoder.service(payload)?.service == nil ? "?" : "service"
    case IPVSCommandNumber.newDestination:
      return ServiceDecoder.destination(payload)?.destination == nil ? "?" : "destination"
    default: return "?"
    }
  }

  /// All that `decode` finds in the answers of one step.
  private func records<Record>(_ step: String, _ decode: (RawSpan) -> Record?) throws -> [Record] {
    var records: [Record] = []
    for message in try CapturedMessage.all() where !message.isRequest && message.step == step {
      message.forEach { header, payload in
        if header.type == 0, let record = decode(payload) { records.append(record) }
      }
    }
    return records
  }

  @Test func `the services ipvsadm listed are those it had added`() throws {
    let records = try records("list all with stats", ServiceDecoder.service)
    var table = IPVSTable()
    for message in Expected.all {
      if message.step == "list all with stats" { break }
      // The commands that led there, through the model of the kernel's table.
      var batch = ServiceBatch(family: 0)
      message.build(&batch)
      NetlinkReader.forEachMessage(in: batch.writer.bytes.span.bytes) { _, payload in
        guard let command = ServiceDecoder.command(payload), let record = ServiceDecoder.service(payload),
          let service = record.service
        else { return }
        let isTaken =
          switch command {
          case IPVSCommandNumber.newService: table.apply(.addService(record.key, service))
          case IPVSCommandNumber.setService: table.apply(.editService(record.key, service))
          default: true
          }
        #expect(isTaken)
      }
    }
    #expect(records.count == 10)
    let listed = Dictionary(uniqueKeysWithValues: records.map { ($0.key, $0.service) })
    #expect(listed == table.services.mapValues(\.service))
  }

  @Test func `the destinations ipvsadm listed are those it had added, newest first`() throws {
    let listed = try records("list one service", ServiceDecoder.destination)
    let gue = ForwardingMethod.Tunnel.Kind.gue(port: 6080)
    let expected: [(RealServerKey, IPVSDestination)] = [
      (Expected.server(17), Expected.tunnel(.gre, .full)), (Expected.server(16), Expected.tunnel(gue, .remote)),
      (Expected.server(15), Expected.tunnel(gue, .full)), (Expected.server(14), Expected.tunnel(gue)),
      (Expected.server(13), Expected.tunnel(.ipip, weight: 0)),
      (Expected.server(12), IPVSDestination(forwarding: .directRoute, weight: 0)),
      (
        Expected.server(11, 8080),
        IPVSDestination(forwarding: .masquerade, weight: 5, upperThreshold: 100, lowerThreshold: 50)
      ),
    ]
    #expect(listed.map(\.server) == expected.map(\.0))
    #expect(listed.map(\.destination) == expected.map(\.1))
    #expect(listed.allSatisfy { $0.activeConnections == 0 && $0.traffic == TrafficCounters() })
  }

  @Test func `both daemons are told with their defaults`() throws {
    #expect(
      try records("get daemon", ServiceDecoder.daemon) == [
        SyncDaemon(
          role: .master, interface: "eth9", id: 51, maximumMessageBytes: 1400, group: Expected.v4(224, 0, 0, 82),
          port: 8849, hopLimit: 2),
        SyncDaemon(
          role: .backup, interface: "eth9", id: 51, maximumMessageBytes: 1472, group: Expected.v4(224, 0, 0, 81),
          port: 8848, hopLimit: 1),
      ])
  }

  @Test func `answers cut short or spoilt in one byte are taken or refused, never trapped on`() throws {
    var refused = 0
    for message in try CapturedMessage.all() where !message.isRequest {
      let payload = Array(message.bytes.dropFirst(NetlinkHeader.byteCount))
      for count in 0..<min(payload.count, 400) { refused += Self.decodeAll(Array(payload[..<count])) }
      for index in 0..<min(payload.count, 400) {
        for value in [UInt8(0), 1, 0x7f, 0xff] {
          var spoilt = payload
          spoilt[index] = value
          refused += Self.decodeAll(spoilt)
        }
      }
    }
    #expect(refused > 0)
  }

  /// Decodes `payload` as everything; returns how often that gave nothing.
  private static func decodeAll(_ payload: [UInt8]) -> Int {
    let bytes = payload.span.bytes
    let results: [Bool] = [
      ServiceDecoder.service(bytes) == nil, ServiceDecoder.destination(bytes) == nil,
      ServiceDecoder.daemon(bytes) == nil, ServiceDecoder.information(bytes) == nil,
      ServiceDecoder.timeouts(bytes) == nil, GenericNetlink.familyNumber(in: bytes) == nil,
    ]
    return results.count { $0 }
  }

  @Test func `settings without a word of ours are seen as such, not guessed`() {
    func record(_ change: (inout NetlinkWriter) -> Void) -> ServiceRecord? {
      var writer = NetlinkWriter()
      writer.genericMessage(family: 0, command: IPVSCommandNumber.newService, flags: 0, sequence: 0) { writer in
        writer.nest(IPVSAttribute.service) { writer in
          writer.append(Expected.web)
          writer.append(IPVSService(scheduler: .rr, persistence: Persistence()), .ipv4)
          change(&writer)
        }
      }
      var record: ServiceRecord?
      NetlinkReader.forEachMessage(in: writer.bytes.span.bytes) { record = ServiceDecoder.service($1) }
      return record
    }
    #expect(record { _ in }?.service?.scheduler == .rr)
    let foreignScheduler = record { $0.attribute(ServiceAttribute.scheduler, "dice") }
    #expect(foreignScheduler?.key == Expected.web)
    #expect(foreignScheduler?.service == nil)
    let holes = record { $0.attribute(ServiceAttribute.netmask) { $0.appendNetworkOrder(0xff00_ff00, count: 4) } }
    #expect(holes?.service == nil)
    #expect(record { $0.attribute(ServiceAttribute.port, UInt32(80)) } == nil)
    #expect(record { $0.attribute(ServiceAttribute.family, UInt16(77)) } == nil)
  }

  @Test func `what nobody can want is edited, not added again`() {
    let key = Expected.web
    let server = Expected.server(11)
    let actual = IPVSTable(services: [key: IPVSEntry(.foreign, destinations: [server: .foreign])])
    let service = IPVSService(scheduler: .rr)
    let destination = IPVSDestination(forwarding: .directRoute, weight: 1)
    let wanted = IPVSTable(services: [key: IPVSEntry(service, destinations: [server: destination])])
    #expect(
      ServicePlan.commands(from: actual, to: wanted) == [
        .editService(key, service), .editDestination(key, server, destination),
      ])
  }

  @Test func `a refusal names its command and its cure`() {
    let add = IPVSCommand.addService(Expected.web, IPVSService(scheduler: .mh))
    #expect(
      "\(ServiceFailure(index: 0, command: add, errno: ENOENT))"
        == "add service tcp 10.0.0.1:80: the kernel has no scheduler mh; modprobe ip_vs_mh (ENOENT)")
    let delete = IPVSCommand.deleteDestination(.firewallMark(7, .ipv6), RealServerKey(address: Expected.v6(1), port: 0))
    #expect(
      "\(ServiceFailure(index: 0, command: delete, errno: ENOENT))"
        == "delete destination [fd00::1]:0 of fwmark 7 ipv6: no such destination (ENOENT)")
    #expect("\(IPVSError.missing)" == "the kernel has no IPVS; modprobe ip_vs")
  }
}
