import NetPrimitives
import Testing
import VRRPCore

/// Properties over random messages; a failure names the seed that repeats it.
@Suite struct WirePropertyTests {
  struct Case {
    var message: AdvertisementMessage
    var addresses: [IPAddress]
    var source: IPAddress
    var destination: IPAddress
    var payload: [UInt8]

    init(seed: UInt64, maximumCount: Int = 255) {
      var random = SeededGenerator(seed: seed)
      let version = ProtocolVersion.allCases.randomElement(using: &random) ?? .v3
      let family = AddressFamily.allCases.randomElement(using: &random) ?? .ipv4
      let addresses = (0..<Int.random(in: 0...maximumCount, using: &random)).map { _ in
        Self.address(family, &random)
      }
      let centiseconds: UInt16
      let authentication: Version2Authentication
      switch version {
      case .v2:
        centiseconds = UInt16.random(in: 1...255, using: &random) * 100
        let password = SimplePassword(rawValue: family == .ipv4 ? random.next() : 0)
        authentication =
          [.none, .simplePassword(password), .authenticationHeader].randomElement(using: &random) ?? .none
      case .v3:
        centiseconds = UInt16.random(in: 1...4095, using: &random)
        authentication = .none
      }
      let destination = Self.address(family, &random)
      // A multicast destination is the group, so there is nothing to put in its place.
      let kinds = ChecksumKind.allCases.filter { $0 != .groupPseudoHeader || !destination.isMulticast }
      let kind = ChecksumKind.fixed(version, over: family) ?? kinds.randomElement(using: &random) ?? .messageOnly
      message = AdvertisementMessage(
        version: version, family: family, virtualRouterID: UInt8.random(in: 1...255, using: &random),
        priority: UInt8.random(in: 0...255, using: &random), addressCount: UInt8(addresses.count),
        interval: AdvertisementInterval(centiseconds: centiseconds) ?? .second, authentication: authentication,
        checksumKind: kind)
      self.addresses = addresses
      self.destination = destination
      source = Self.address(family, &random)
      payload = message.encoded(addresses, from: source, to: destination)
    }

    static func address(_ family: AddressFamily, _ random: inout SeededGenerator) -> IPAddress {
      switch family {
      case .ipv4: .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: random.next())))
      case .ipv6: .v6(IPv6Address(high: random.next(), low: random.next()))
      }
    }

    func decode(_ payload: [UInt8]) throws(AdvertisementDecodingError) -> AdvertisementMessage {
      try payload.span.withRawSpan { payload throws(AdvertisementDecodingError) in
        try AdvertisementMessage(decoding: payload, from: source, to: destination)
      }
    }
  }

  @Test func `what was encoded decodes to the same`() throws {
    for seed in 0..<2_000 as Range<UInt64> {
      let sample = Case(seed: seed)
      #expect(try sample.decode(sample.payload) == sample.message, "seed \(seed)")
      #expect(sample.message.addresses(in: sample.payload) == sample.addresses, "seed \(seed)")
    }
  }

  /// A ones'-complement sum notices every single flipped bit. What passes must therefore be outside the sum or change
  /// what is summed: nothing is outside, and of version and family both sums are tried for version 3 over IPv4 only,
  /// where a flip can make one sum fit while the other did with a chance of 2⁻¹⁶ that these seeds do not hit.
  @Test func `no single flipped bit passes`() {
    for seed in 0..<100 as Range<UInt64> {
      let sample = Case(seed: seed, maximumCount: 12)
      for bit in 0..<sample.payload.count * 8 {
        var spoiled = sample.payload
        spoiled[bit / 8] ^= 1 << (bit % 8)
        #expect(throws: AdvertisementDecodingError.self, "seed \(seed) bit \(bit)") { try sample.decode(spoiled) }
      }
    }
  }

  @Test func `random bytes never trap and hardly ever pass`() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let payload = (0..<Int.random(in: 0...64, using: &random)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let decoded = try? payload.span.withRawSpan { payload throws in
        try AdvertisementMessage(
          decoding: payload, from: WireDecodingTests.source4, to: WireDecodingTests.group4, allowsTrailer: true)
      }
      #expect(decoded == nil)
    }
  }

  @Test func `a patched template is what encoding anew would give`() {
    for seed in 0..<500 as Range<UInt64> {
      let sample = Case(seed: seed, maximumCount: 20)
      var template = AdvertisementTemplate(
        sample.message, addresses: sample.addresses.span, from: sample.source, to: sample.destination)
      #expect(template.bytes == sample.payload)
      var expected = sample.message
      for priority: UInt8 in [0, 255, UInt8(seed % 256), 1] {
        template.priority = priority
        expected.priority = priority
        #expect(
          template.bytes == expected.encoded(sample.addresses, from: sample.source, to: sample.destination),
          "seed \(seed) priority \(priority)")
      }
      guard ChecksumKind.fixed(expected.version, over: expected.family) == nil else { continue }
      for kind in [ChecksumKind.messageOnly, .pseudoHeader, .messageOnly] {
        template.checksumKind = kind
        expected.checksumKind = kind
        #expect(
          template.bytes == expected.encoded(sample.addresses, from: sample.source, to: sample.destination),
          "seed \(seed) \(kind)")
      }
      #expect(template.message == expected)
    }
  }

  @Test func `the list comparison agrees with the plain one`() {
    for seed in 0..<500 as Range<UInt64> {
      var random = SeededGenerator(seed: seed)
      // Few different addresses, so that doubles and near misses are common.
      let ours = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        IPAddress.v4(IPv4Address(10, 0, 0, UInt8.random(in: 0...3, using: &random)))
      }
      var theirs = ours.shuffled(using: &random)
      if Bool.random(using: &random), !theirs.isEmpty {
        theirs[0] = .v4(IPv4Address(10, 0, 0, UInt8.random(in: 0...3, using: &random)))
      }
      let message = AdvertisementMessage(
        version: .v3, family: .ipv4, virtualRouterID: 1, priority: 1, addressCount: UInt8(theirs.count),
        interval: .second, checksumKind: .messageOnly)
      let payload = message.encoded(theirs, from: WireDecodingTests.source4, to: WireDecodingTests.group4)
      let matches = payload.span.withRawSpan { AdvertisedAddressList(ours).matches(message, in: $0) }
      #expect(matches == (ours.sorted() == theirs.sorted()), "seed \(seed)")
    }
  }
}
