import NetPrimitives
import Testing
import VRRPCore

@Suite struct WireGateTests {
  static let peer = IPAddress.v4(IPv4Address(10, 0, 0, 2))
  static let own = IPAddress.v4(IPv4Address(10, 0, 0, 1))
  static let group = IPAddress.v4(.vrrpGroup)
  static let list = (1...3).map { IPAddress.v4(IPv4Address(10, 0, 1, $0)) }
  static let password = SimplePassword(truncating: "s3cret".utf8)

  static func gate(_ change: (inout AdvertisementGate) -> Void = { _ in }) -> AdvertisementGate {
    var gate = AdvertisementGate(
      virtualRouterID: 7, version: .v3, family: .ipv4, interval: .second, addressList: AdvertisedAddressList(list),
      ownAddress: own)
    change(&gate)
    return gate
  }

  /// What a sound peer sends, spoiled by `change`.
  struct Packet {
    var version: ProtocolVersion = .v3
    var virtualRouterID: UInt8 = 7
    var priority: UInt8 = 100
    var interval = AdvertisementInterval.second
    var authentication = Version2Authentication.none
    var checksumKind: ChecksumKind?
    var addresses = WireGateTests.list
    var source = WireGateTests.peer
    var destination = WireGateTests.group
    var hopLimit: UInt8 = 255
    var hasAuthenticationHeader = false
    var suffix: [UInt8] = []

    var arrival: AdvertisementArrival {
      AdvertisementArrival(
        source: source, destination: destination, hopLimit: hopLimit,
        hasAuthenticationHeader: hasAuthenticationHeader)
    }

    var payload: [UInt8] {
      let message = AdvertisementMessage(
        version: version, family: source.family, virtualRouterID: virtualRouterID, priority: priority,
        addressCount: UInt8(addresses.count), interval: interval, authentication: authentication,
        checksumKind: checksumKind ?? (version == .v2 && source.family == .ipv4 ? .messageOnly : .pseudoHeader))
      return message.encoded(addresses, from: source, to: destination) + suffix
    }
  }

  static func admit(
    _ gate: AdvertisementGate, _ change: (inout Packet) -> Void = { _ in }
  ) throws(AdvertisementRejection) -> VerifiedAdvertisement {
    var packet = Packet()
    change(&packet)
    let payload = packet.payload
    return try payload.span.withRawSpan { payload throws(AdvertisementRejection) in
      try gate.admit(packet.arrival, payload: payload)
    }
  }

  @Test func `a sound advertisement is admitted with what the election needs`() throws {
    #expect(
      try Self.admit(Self.gate()) { $0.priority = 0 }
        == VerifiedAdvertisement(source: Self.peer, priority: 0, interval: .second, checksumKind: .pseudoHeader))
    #expect(try Self.admit(Self.gate()) { $0.checksumKind = .messageOnly }.checksumKind == .messageOnly)
    #expect(try Self.admit(Self.gate()) { $0.interval = .longestV3 }.interval == .longestV3)
  }

  struct Fault: CustomTestStringConvertible {
    var name: String
    var gate = WireGateTests.gate()
    var packet: @Sendable (inout Packet) -> Void
    var expected: AdvertisementRejection
    var counter: @Sendable (AdvertisementCounters) -> UInt64
    var testDescription: String { name }
  }

  static let v2 = gate { $0.version = .v2 }
  static let withPassword = gate {
    $0.version = .v2
    $0.authentication = .simplePassword(password)
  }
  static let withHeader = gate {
    $0.version = .v2
    $0.authentication = .authenticationHeader
  }
  static let unicast = gate { $0.audience = .peers([.init(peer, hopLimits: HopLimits(250, 254))]) }

  static let faults: [Fault] = [
    Fault(
      name: "IPv6",
      packet: {
        $0.source = WireDecodingTests.source6
        $0.destination = WireDecodingTests.group6
        $0.addresses = []
      }, expected: .wrongFamily(.ipv6), counter: \.sourceErrors),
    Fault(
      name: "source 0.0.0.0", packet: { $0.source = .any(.ipv4) }, expected: .unspecifiedSource,
      counter: \.sourceErrors),
    Fault(
      name: "a group as source", packet: { $0.source = group }, expected: .multicastSource, counter: \.sourceErrors),
    Fault(
      name: "our own address", packet: { $0.source = own }, expected: .ownSource, counter: \.ownSourceReceived),
    Fault(
      name: "TTL 254", packet: { $0.hopLimit = 254 }, expected: .hopLimit(254), counter: \.hopLimitErrors),
    Fault(
      name: "another group", packet: { $0.destination = .v4(IPv4Address(224, 0, 0, 19)) },
      expected: .unexpectedDestination(.v4(IPv4Address(224, 0, 0, 19))), counter: \.destinationErrors),
    Fault(
      name: "unicast to a group member", packet: { $0.destination = own }, expected: .unexpectedDestination(own),
      counter: \.destinationErrors),
    Fault(
      name: "multicast to a unicast router", gate: unicast, packet: { $0.hopLimit = 254 },
      expected: .unexpectedDestination(group), counter: \.destinationErrors),
    Fault(
      name: "a stranger", gate: unicast,
      packet: {
        $0.destination = own
        $0.source = .v4(IPv4Address(10, 0, 0, 3))
      }, expected: .unknownPeer(.v4(IPv4Address(10, 0, 0, 3))), counter: \.unknownPeers),
    Fault(
      name: "a peer from too far", gate: unicast,
      packet: {
        $0.destination = own
        $0.hopLimit = 249
      }, expected: .hopLimit(249), counter: \.hopLimitErrors),
    Fault(
      name: "bytes that are no message", packet: { $0.suffix = [0] },
      expected: .malformed(.lengthMismatch(addressCount: 3, byteCount: 21)), counter: \.lengthErrors),
    Fault(
      name: "the other version", packet: { $0.version = .v2 }, expected: .versionMismatch(.v2),
      counter: \.versionErrors),
    Fault(
      name: "another virtual router", packet: { $0.virtualRouterID = 8 }, expected: .virtualRouterIDMismatch(8),
      counter: \.virtualRouterIDMismatches),
    Fault(
      name: "a checksum not accepted", gate: gate { $0.requiredChecksum = .messageOnly }, packet: { _ in },
      expected: .checksumKind(.pseudoHeader), counter: \.checksumErrors),
    Fault(
      name: "a password where none is", gate: v2,
      packet: {
        $0.version = .v2
        $0.authentication = .simplePassword(password)
      }, expected: .authenticationTypeMismatch(received: 1), counter: \.authenticationTypeMismatches),
    Fault(
      name: "no password", gate: withPassword, packet: { $0.version = .v2 },
      expected: .authenticationTypeMismatch(received: 0), counter: \.authenticationTypeMismatches),
    Fault(
      name: "the wrong password", gate: withPassword,
      packet: {
        $0.version = .v2
        $0.authentication = .simplePassword(SimplePassword(truncating: "s3creT".utf8))
      }, expected: .wrongPassword, counter: \.authenticationFailures),
    Fault(
      name: "type 2 without the header", gate: withHeader,
      packet: {
        $0.version = .v2
        $0.authentication = .authenticationHeader
      }, expected: .authenticationTypeMismatch(received: 2), counter: \.authenticationTypeMismatches),
    Fault(
      name: "a header around version 3", packet: { $0.hasAuthenticationHeader = true },
      expected: .authenticationTypeMismatch(received: 0), counter: \.authenticationTypeMismatches),
    Fault(
      name: "a header around the right password", gate: withPassword,
      packet: {
        $0.version = .v2
        $0.authentication = .simplePassword(password)
        $0.hasAuthenticationHeader = true
      }, expected: .authenticationTypeMismatch(received: 1), counter: \.authenticationTypeMismatches),
    Fault(
      name: "no trailer", gate: gate { $0.trailer = .required }, packet: { _ in }, expected: .trailer(.missing),
      counter: \.trailersMissing),
    Fault(
      name: "a trailer nobody asked for", packet: { $0.suffix = [UInt8](repeating: 0, count: 28) },
      expected: .malformed(.lengthMismatch(addressCount: 3, byteCount: 48)), counter: \.lengthErrors),
    Fault(
      name: "another interval", gate: v2,
      packet: {
        $0.version = .v2
        $0.interval = AdvertisementInterval(centiseconds: 200) ?? .second
      }, expected: .intervalMismatch(AdvertisementInterval(centiseconds: 200) ?? .second),
      counter: \.intervalErrors),
    Fault(
      name: "another list, strictly", gate: gate { $0.addressListRule = .reject },
      packet: { $0.addresses.removeLast() }, expected: .addressListMismatch, counter: \.addressListErrors),
  ]

  @Test(arguments: faults)
  func `each fault has its rejection and its counter`(_ fault: Fault) {
    #expect(throws: fault.expected) { try Self.admit(fault.gate, fault.packet) }
    var counters = AdvertisementCounters()
    counters.count(fault.expected)
    #expect(fault.counter(counters) == 1)
    #expect(counters.received == 0)
  }

  @Test func `what matches is admitted`() throws {
    #expect(try Self.admit(Self.v2) { $0.version = .v2 }.priority == 100)
    let password = try Self.admit(Self.withPassword) {
      $0.version = .v2
      $0.authentication = .simplePassword(Self.password)
    }
    #expect(password.addressListMatches)
    let header = try Self.admit(Self.withHeader) {
      $0.version = .v2
      $0.authentication = .authenticationHeader
      $0.hasAuthenticationHeader = true
    }
    #expect(header.checksumKind == .messageOnly)
    let unicast = try Self.admit(Self.unicast) {
      $0.destination = Self.own
      $0.hopLimit = 250
    }
    #expect(unicast.source == Self.peer)
    let trailer = try Self.admit(Self.gate { $0.trailer = .required }) { $0.suffix = [UInt8](repeating: 0, count: 28) }
    #expect(trailer.hasTrailer)
    #expect(try !Self.admit(Self.gate { $0.trailer = .optional }).hasTrailer)
    let otherGroup = IPAddress.v4(IPv4Address(224, 0, 0, 99))
    #expect(
      try Self.admit(Self.gate { $0.audience = .otherGroup(otherGroup) }) { $0.destination = otherGroup }.priority
        == 100)
  }

  @Test func `strangers are admitted on request, within their limits`() throws {
    let gate = Self.gate { $0.audience = .peers([], acceptsStrangers: true, strangerHopLimits: HopLimits(100, 200)) }
    let stranger: (inout Packet) -> Void = { $0.destination = Self.own }
    #expect(throws: AdvertisementRejection.hopLimit(255)) { try Self.admit(gate, stranger) }
    _ = try Self.admit(gate) {
      stranger(&$0)
      $0.hopLimit = 150
    }
  }

  @Test func `another list is said, counted and taken by default`() throws {
    let advertisement = try Self.admit(Self.gate()) { $0.addresses[1] = .v4(IPv4Address(10, 9, 9, 9)) }
    #expect(!advertisement.addressListMatches)
    var counters = AdvertisementCounters()
    counters.count(advertisement)
    #expect(counters.addressListErrors == 1)
    #expect(counters.received == 1)
    #expect(counters.pseudoHeaderChecksums == 1)
    #expect(counters.messageOnlyChecksums == 0)
    #expect(counters.priorityZeroReceived == 0)
    counters.count(
      try Self.admit(Self.gate()) {
        $0.priority = 0
        $0.checksumKind = .messageOnly
      })
    #expect(counters.priorityZeroReceived == 1)
    #expect(counters.messageOnlyChecksums == 1)
    #expect(counters.addressListErrors == 1)
  }

  @Test func `the order of the list does not matter, its members do`() throws {
    let (a, b, c) = (Self.list[0], Self.list[1], Self.list[2])
    for order in [[a, b, c], [c, b, a], [b, c, a], [b, a, c]] {
      #expect(try Self.admit(Self.gate()) { $0.addresses = order }.addressListMatches)
    }
    for other in [
      [], [a], [a, b], [a, b, b], [b, b, b], [a, b, c, c], [a, a, b], [a, c, .v4(IPv4Address(1, 1, 1, 1))],
    ] {
      #expect(try !Self.admit(Self.gate()) { $0.addresses = other }.addressListMatches)
    }
    let doubled = Self.gate { $0.addressList = AdvertisedAddressList([b, a, b]) }
    #expect(try Self.admit(doubled) { $0.addresses = [b, b, a] }.addressListMatches)
    #expect(try !Self.admit(doubled) { $0.addresses = [a, a, b] }.addressListMatches)
  }

  @Test func `the first check that fails decides`() {
    #expect(throws: AdvertisementRejection.hopLimit(1)) {
      try Self.admit(Self.gate()) {
        $0.hopLimit = 1
        $0.suffix = [1]
        $0.virtualRouterID = 9
      }
    }
    #expect(throws: AdvertisementRejection.versionMismatch(.v2)) {
      try Self.admit(Self.gate()) {
        $0.version = .v2
        $0.virtualRouterID = 9
      }
    }
  }
}
