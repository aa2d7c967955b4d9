import LoadBalancing
import NetPrimitives
import Testing

@testable import LinuxNetworking

/// Our requests beside those of ipvsadm and keepalived, message by message.
@Suite struct IPVSRequestTests {
  /// How our request may differ from theirs.
  enum Likeness {
    /// Not in a single byte.
    case whole
    /// They repeat settings of the service, or of what they delete, that the kernel does not read. Everything we send
    /// they send as well.
    case withoutSurplus
    /// Besides, we always send a tunnel's attributes.
    case withTunnel
    /// They ask for a scheduler that we have no word for.
    case unknownScheduler
  }

  struct Expectation: Sendable {
    var step: String
    var likeness: Likeness
    var build: @Sendable (inout ServiceBatch) -> Void

    init(_ step: String, _ likeness: Likeness = .whole, _ build: @escaping @Sendable (inout ServiceBatch) -> Void) {
      self.step = step
      self.likeness = likeness
      self.build = build
    }

    init(_ step: String, _ likeness: Likeness, _ command: IPVSCommand) {
      self.init(step, likeness) { $0.append(command) }
    }

    init(_ step: String, _ command: IPVSCommand) { self.init(step, .whole, command) }
  }

  @Test func `each request of ipvsadm and keepalived is one of ours`() throws {
    var counts: [Likeness: Int] = [:]
    let families = try CapturedMessage.all().filter { $0.isRequest && $0.bytes[4] == 16 }
    for message in families {
      var writer = NetlinkWriter()
      GenericNetlink.encodeFamilyRequest("IPVS", sequence: 0, into: &writer)
      #expect(writer.bytes == message.bytes)
    }
    let requests = try CapturedMessage.all().filter { $0.isRequest && $0.bytes[4] == 0 }
    try #require(requests.map(\.step) == IPVSExpectations.all.map(\.step))
    for (theirs, expectation) in zip(requests, IPVSExpectations.all) {
      var batch = ServiceBatch(family: 0)
      expectation.build(&batch)
      var ours = batch.writer.bytes
      ours.replaceSubrange(8..<12, with: [0, 0, 0, 0])
      counts[expectation.likeness, default: 0] += 1
      switch expectation.likeness {
      case .whole:
        #expect(ours == theirs.bytes, "\(expectation.step)")
      case .withoutSurplus, .withTunnel, .unknownScheduler:
        #expect(ours != theirs.bytes, "\(expectation.step) is the same in whole")
        #expect(ours[4..<20] == theirs.bytes[4..<20], "\(expectation.step): flags or command")
        let known = theirs.attributes
        for (type, value) in CapturedMessage(step: theirs.step, isRequest: true, bytes: ours).attributes {
          if expectation.likeness == .withTunnel, (213...215).contains(type), known[type] == nil {
            #expect(value.allSatisfy { $0 == 0 })
          } else if expectation.likeness == .unknownScheduler, type == 106 {
            #expect(known[type] == Array("nosuch".utf8) + [0])
          } else {
            #expect(known[type] == value, "\(expectation.step): attribute \(type)")
          }
        }
      }
    }
    #expect(families.count == 3)
    #expect(counts == [.whole: 43, .withoutSurplus: 28, .withTunnel: 3, .unknownScheduler: 1])
  }

  @Test func `what we say is what we understand`() throws {
    var random = SeededGenerator(state: 7)
    for _ in 0..<500 {
      let key = IPVSSample.key(&random)
      let service = IPVSSample.service(&random).asToldByKernel(key.family)
      let server = IPVSSample.server(&random)
      let destination = IPVSSample.destination(&random)
      var batch = ServiceBatch(family: 77)
      batch.append(.addService(key, service))
      batch.append(.editDestination(key, server, destination))
      var services: [ServiceRecord] = []
      var destinations: [DestinationRecord] = []
      NetlinkReader.forEachMessage(in: batch.writer.bytes.span.bytes) { header, payload in
        #expect(header.type == 77)
        if let record = ServiceDecoder.service(payload) { services.append(record) }
        if let record = ServiceDecoder.destination(payload) { destinations.append(record) }
      }
      #expect(services.first == ServiceRecord(key: key, service: service))
      #expect(services.last == ServiceRecord(key: key, service: nil))
      #expect(destinations == [DestinationRecord(server: server, destination: destination)])
    }
  }

  @Test func `only the last of a batch asks for an answer, and each has its number`() {
    var batch = ServiceBatch(family: 32)
    for number in 0..<5 { batch.append(.deleteService(.firewallMark(UInt32(number + 1), .ipv4))) }
    var flags: [UInt16] = []
    var sequences: [UInt32] = []
    NetlinkReader.forEachMessage(in: batch.writer.bytes.span.bytes) { header, _ in
      flags.append(header.flags)
      sequences.append(header.sequence)
    }
    #expect(flags == [1, 1, 1, 1, 5])
    #expect(sequences == [1, 2, 3, 4, 5])
  }

  @Test func `a granularity of every bit is none, a longer one is cut`() {
    let service = IPVSService(scheduler: .rr, persistence: Persistence(granularity: 32))
    #expect(service.asToldByKernel(.ipv4).persistence?.granularity == nil)
    #expect(service.asToldByKernel(.ipv6).persistence?.granularity == 32)
    var batch = ServiceBatch(family: 0)
    let excessive = IPVSService(scheduler: .rr, persistence: Persistence(granularity: 200))
    batch.append(.addService(.firewallMark(1, .ipv4), excessive))
    var record: ServiceRecord?
    NetlinkReader.forEachMessage(in: batch.writer.bytes.span.bytes) { record = ServiceDecoder.service($1) }
    #expect(record?.service == excessive.asToldByKernel(.ipv4))
  }
}

/// Settings drawn at random.
enum IPVSSample {
  static func address(_ random: inout SeededGenerator) -> IPAddress {
    Bool.random(using: &random)
      ? .v4(IPv4Address(rawValue: random.next())) : .v6(IPv6Address(high: random.next(), low: random.next()))
  }

  static func key(_ random: inout SeededGenerator) -> IPVSServiceKey {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: .firewallMark(.random(in: 1 ... .max, using: &random), .ipv4)
    case 1: .firewallMark(.random(in: 1 ... .max, using: &random), .ipv6)
    default: .address([.tcp, .udp, .sctp].randomElement(using: &random) ?? .tcp, address(&random), port: random.next())
    }
  }

  static func service(_ random: inout SeededGenerator) -> IPVSService {
    var service = IPVSService(
      scheduler: Scheduler.allCases.randomElement(using: &random) ?? .rr,
      flags: SchedulerFlags(rawValue: random.next() & 0x38), schedulesEachPacket: .random(using: &random))
    if Bool.random(using: &random) {
      service.persistence = Persistence(
        timeoutSeconds: random.next(),
        granularity: Bool.random(using: &random) ? .random(in: 0...128, using: &random) : nil,
        engine: Bool.random(using: &random) ? "sip" : nil)
      // IPv4 says 40 bits as 32.
      if let bits = service.persistence?.granularity, bits > 31 { service.persistence?.granularity = nil }
    }
    return service
  }

  static func server(_ random: inout SeededGenerator) -> RealServerKey {
    RealServerKey(address: address(&random), port: random.next())
  }

  static func destination(_ random: inout SeededGenerator) -> IPVSDestination {
    let checksum = [ForwardingMethod.Tunnel.Checksum.none, .full, .remote].randomElement(using: &random) ?? .none
    let methods: [ForwardingMethod] = [
      .masquerade, .directRoute, .tunnel(.init(kind: .ipip, checksum: checksum)),
      .tunnel(.init(kind: .gue(port: random.next()), checksum: checksum)),
      .tunnel(.init(kind: .gre, checksum: checksum)),
    ]
    return IPVSDestination(
      forwarding: methods.randomElement(using: &random) ?? .masquerade, weight: .random(in: 0 ... .max, using: &random),
      upperThreshold: random.next(), lowerThreshold: random.next())
  }
}

/// Numbers that are the same in every run, so that a failure can be looked at again.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
