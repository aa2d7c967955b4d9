import NetPrimitives
import Testing
import VRRPCore

/// One spoiled packet for each error, and what must not be an error.
@Suite struct WireDecodingTests {
  static let source4 = IPAddress.v4(IPv4Address(10, 0, 0, 1))
  static let group4 = IPAddress.v4(.vrrpGroup)
  static let source6 = IPAddress.v6(IPv6Address(high: 0xfe80 << 48, low: 1))
  static let group6 = IPAddress.v6(.vrrpGroup)

  static func sound(_ version: ProtocolVersion, _ family: AddressFamily, count: Int = 2) -> [UInt8] {
    let message = AdvertisementMessage(
      version: version, family: family, virtualRouterID: 7, priority: 100, addressCount: UInt8(count),
      interval: .second, authentication: .none,
      checksumKind: version == .v2 && family == .ipv4 ? .messageOnly : .pseudoHeader)
    switch family {
    case .ipv4:
      let addresses = (0..<count).map { IPAddress.v4(IPv4Address(10, 0, 1, UInt8($0))) }
      return message.encoded(addresses, from: source4, to: group4)
    case .ipv6:
      let addresses = (0..<count).map { IPAddress.v6(IPv6Address(high: 0xfe80 << 48, low: UInt64($0) + 9)) }
      return message.encoded(addresses, from: source6, to: group6)
    }
  }

  static func decode(
    _ payload: [UInt8], allowsTrailer: Bool = false, _ family: AddressFamily = .ipv4
  ) throws(AdvertisementDecodingError) -> AdvertisementMessage {
    try payload.span.withRawSpan { payload throws(AdvertisementDecodingError) in
      switch family {
      case .ipv4:
        try AdvertisementMessage(decoding: payload, from: source4, to: group4, allowsTrailer: allowsTrailer)
      case .ipv6:
        try AdvertisementMessage(decoding: payload, from: source6, to: group6, allowsTrailer: allowsTrailer)
      }
    }
  }

  struct Spoiled: CustomTestStringConvertible {
    var name: String
    var version: ProtocolVersion = .v3
    var family: AddressFamily = .ipv4
    /// Bytes to overwrite; the checksum is corrected afterwards unless it is among them.
    var changes: [Int: UInt8] = [:]
    /// Bytes to append, or with a negative count to cut off, before the checksum is corrected.
    var growth = 0
    var expected: AdvertisementDecodingError
    var testDescription: String { name }
  }

  static let table: [Spoiled] = [
    Spoiled(name: "nothing", growth: -16, expected: .truncated(byteCount: 0)),
    Spoiled(name: "seven bytes", growth: -9, expected: .truncated(byteCount: 7)),
    Spoiled(name: "version 1", changes: [0: 0x11], expected: .unsupportedVersion(1)),
    Spoiled(name: "version 4", changes: [0: 0x41], expected: .unsupportedVersion(4)),
    Spoiled(name: "type 0", changes: [0: 0x30], expected: .unknownType(0)),
    Spoiled(name: "type 2", changes: [0: 0x32], expected: .unknownType(2)),
    Spoiled(name: "VRID 0", changes: [1: 0], expected: .reservedVirtualRouterID),
    Spoiled(name: "count too high", changes: [3: 3], expected: .lengthMismatch(addressCount: 3, byteCount: 16)),
    Spoiled(name: "count too low", changes: [3: 1], expected: .lengthMismatch(addressCount: 1, byteCount: 16)),
    Spoiled(name: "count 255", changes: [3: 255], expected: .lengthMismatch(addressCount: 255, byteCount: 16)),
    Spoiled(name: "one byte more", growth: 1, expected: .lengthMismatch(addressCount: 2, byteCount: 17)),
    Spoiled(name: "one byte less", growth: -1, expected: .lengthMismatch(addressCount: 2, byteCount: 15)),
    Spoiled(name: "a trailer not allowed", growth: 28, expected: .lengthMismatch(addressCount: 2, byteCount: 44)),
    Spoiled(
      name: "version 2 without authentication data", version: .v2, growth: -8,
      expected: .lengthMismatch(addressCount: 2, byteCount: 16)),
    Spoiled(name: "authentication type 3", version: .v2, changes: [4: 3], expected: .unknownAuthenticationType(3)),
    Spoiled(name: "checksum off by one", changes: [7: 1], expected: .badChecksum),
    Spoiled(name: "checksum zero", changes: [6: 0, 7: 0], expected: .badChecksum),
    Spoiled(name: "version 2 checksum", version: .v2, changes: [6: 0x12, 7: 1], expected: .badChecksum),
    Spoiled(name: "IPv6 checksum", family: .ipv6, changes: [6: 0x12, 7: 1], expected: .badChecksum),
    Spoiled(name: "interval 0", changes: [4: 0, 5: 0], expected: .zeroInterval),
    Spoiled(name: "interval 0 with reserved bits", changes: [4: 0xf0, 5: 0], expected: .zeroInterval),
    Spoiled(name: "version 2 interval 0", version: .v2, changes: [5: 0], expected: .zeroInterval),
  ]

  @Test(arguments: table)
  func `each fault has its error`(_ spoiled: Spoiled) {
    var payload = Self.sound(spoiled.version, spoiled.family)
    if spoiled.growth < 0 { payload.removeLast(-spoiled.growth) }
    payload += [UInt8](repeating: 0, count: max(0, spoiled.growth))
    for (place, value) in spoiled.changes { payload[place] = value }
    if payload.count >= 8, spoiled.changes[7] == nil { Self.correctChecksum(of: &payload, spoiled.family) }
    #expect(throws: spoiled.expected) { try Self.decode(payload, spoiled.family) }
  }

  /// Stores the checksum that would be right for `payload` as it is, so that only the planted fault is left.
  static func correctChecksum(of payload: inout [UInt8], _ family: AddressFamily) {
    payload[6] = 0
    payload[7] = 0
    var sum = InternetChecksum()
    payload.span.withRawSpan { sum.add($0) }
    if family == .ipv6 || payload[0] >> 4 != 2 {
      let isIPv4 = family == .ipv4
      for address in isIPv4 ? [source4, group4] : [source6, group6] {
        switch address {
        case .v4(let address): sum.add(address)
        case .v6(let address): sum.add(address)
        }
      }
      sum.add(112 as UInt16)
      sum.add(UInt16(payload.count))
    }
    payload[6] = UInt8(sum.value >> 8)
    payload[7] = UInt8(sum.value & 0xff)
  }

  @Test func `reserved bits of version 3 are ignored`() throws {
    var payload = Self.sound(.v3, .ipv4)
    payload[4] |= 0xf0
    Self.correctChecksum(of: &payload, .ipv4)
    #expect(try Self.decode(payload).interval == .second)
  }

  @Test(arguments: [0, 1, 255], [AddressFamily.ipv4, .ipv6])
  func `lists of any length`(_ count: Int, _ family: AddressFamily) throws {
    for version in ProtocolVersion.allCases {
      let payload = Self.sound(version, family, count: count)
      let message = try Self.decode(payload, family)
      #expect(Int(message.addressCount) == count)
      #expect(message.byteCount == payload.count)
      #expect(payload.count <= AdvertisementMessage.maximumByteCount)
    }
  }

  @Test func `version 2 ignores the data of types 0 and 2`() throws {
    var payload = Self.sound(.v2, .ipv4)
    payload[20] = 0xff
    Self.correctChecksum(of: &payload, .ipv4)
    #expect(try Self.decode(payload).authentication == .none)
    payload[4] = 2
    Self.correctChecksum(of: &payload, .ipv4)
    #expect(try Self.decode(payload).authentication == .authenticationHeader)
  }

  @Test func `version 3 over IPv4 is taken with either checksum and says which`() throws {
    let message = AdvertisementMessage(
      version: .v3, family: .ipv4, virtualRouterID: 1, priority: 0, addressCount: 0, interval: .longestV3,
      checksumKind: .messageOnly)
    let payload = message.encoded([], from: Self.source4, to: Self.group4)
    // RFC 9568 §5.2.8 by hand: ~(3101 + 0000 + 0fff) = beff.
    #expect(payload == bytes("3101 0000 0fff beff"))
    #expect(try Self.decode(payload) == message)
    var withPseudoHeader = message
    withPseudoHeader.checksumKind = .pseudoHeader
    let other = withPseudoHeader.encoded([], from: Self.source4, to: Self.group4)
    #expect(other != payload)
    #expect(try Self.decode(other) == withPseudoHeader)
  }

  @Test func `the other versions and families know one checksum`() {
    for (version, family) in [(ProtocolVersion.v2, AddressFamily.ipv4), (.v3, .ipv6), (.v2, .ipv6)] {
      var payload = Self.sound(version, family)
      // Turns the one kind into the other by adding or removing the pseudo-header.
      Self.correctChecksum(of: &payload, .ipv4)
      if version == .v2, family == .ipv4 { Self.addPseudoHeader(to: &payload) }
      #expect(throws: AdvertisementDecodingError.badChecksum) { try Self.decode(payload, family) }
    }
  }

  private static func addPseudoHeader(to payload: inout [UInt8]) {
    payload[0] = 0x31
    correctChecksum(of: &payload, .ipv4)
    payload[0] = 0x21
  }

  @Test func `a trailer is allowed on request, at its exact length`() throws {
    for family in AddressFamily.allCases {
      let payload = Self.sound(.v3, family)
      #expect(try Self.decode(payload, allowsTrailer: true, family).addressCount == 2)
      for length in 1..<60 where length != 28 {
        #expect(throws: AdvertisementDecodingError.self) {
          try Self.decode(payload + [UInt8](repeating: 0, count: length), allowsTrailer: true, family)
        }
      }
      let long = payload + [UInt8](repeating: 9, count: 28)
      let message = try Self.decode(long, allowsTrailer: true, family)
      #expect(long.span.withRawSpan { message.hasTrailer(in: $0) })
      #expect(!payload.span.withRawSpan { message.hasTrailer(in: $0) })
    }
  }

  @Test func `over IPv6 the checksum may count the trailer in`() throws {
    var long = Self.sound(.v3, .ipv6) + [UInt8](repeating: 9, count: 28)
    Self.correctChecksum(of: &long, .ipv6)
    _ = try Self.decode(long, allowsTrailer: true, .ipv6)
    long[long.count - 1] ^= 1
    #expect(throws: AdvertisementDecodingError.badChecksum) { try Self.decode(long, allowsTrailer: true, .ipv6) }
  }
}
