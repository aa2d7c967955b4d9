import NetPrimitives
import Testing

@Suite struct InternetChecksumTests {
  static func sum(_ bytes: [UInt8]) -> UInt16 {
    var sum = InternetChecksum()
    bytes.span.withRawSpan { sum.add($0) }
    return sum.value
  }

  /// The definition of RFC 1071 §1, word by word with the carry added at once.
  static func plain(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
      sum = (sum & 0xffff) + sum >> 16
    }
    return ~UInt16(sum)
  }

  @Test func `the examples of the RFCs`() {
    // RFC 1071 §3.
    #expect(Self.sum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]) == ~0xddf2)
    #expect(Self.sum([]) == 0xffff)
    #expect(Self.sum([0xff, 0xff]) == 0)
    #expect(Self.sum([0x12]) == ~0x1200)
    #expect(Self.sum([0xff, 0xff, 0x00, 0x01]) == ~0x0001)
  }

  @Test func `it agrees with the definition at every length`() {
    var state: UInt64 = 7
    for length in 0..<300 {
      let bytes = (0..<length).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33) | (length % 3 == 0 ? 0xf0 : 0)
      }
      #expect(Self.sum(bytes) == Self.plain(bytes), "length \(length)")
      // The checksum in its place makes the sum zero, wherever even it stands.
      if length % 2 == 0 {
        let value = Self.sum(bytes)
        #expect(Self.sum(bytes + [UInt8(value >> 8), UInt8(value & 0xff)]) == 0)
      }
    }
  }

  @Test func `pieces add up`() {
    var pieces = InternetChecksum()
    pieces.add(0x0102 as UInt16)
    pieces.add(0x0304_0506 as UInt32)
    pieces.add(IPv4Address(7, 8, 9, 10))
    pieces.add(IPv6Address(high: 0x1112_1314_1516_1718, low: 0x191a_1b1c_1d1e_1f20))
    [0xfe, 0xff, 0xfd].span.withRawSpan { pieces.add($0) }
    #expect(pieces.value == Self.plain(Array(1...10) + Array(0x11...0x20) + [0xfe, 0xff, 0xfd]))
  }
}

@Suite struct BigEndianTests {
  @Test func `what is appended is read back`() {
    let bytes = [UInt8](capacity: 64) { output in
      output.append(bigEndian: 0x0102 as UInt16)
      output.append(bigEndian: 0x0304_0506 as UInt32)
      output.append(bigEndian: 0x0708_090a_0b0c_0d0e as UInt64)
      output.append(IPv4Address(15, 16, 17, 18))
      output.append(IPv6Address(high: 0x1314_1516_1718_191a, low: 0x1b1c_1d1e_1f20_2122))
      output.append(MACAddress(rawValue: 0x2324_2526_2728))
    }
    #expect(bytes == Array(1...0x28))
    bytes.span.withRawSpan { span in
      let two = span.bigEndian16(at: 0)
      #expect(two == 0x0102)
      let four = span.bigEndian32(at: 2)
      #expect(four == 0x0304_0506)
      let eight = span.bigEndian64(at: 6)
      #expect(eight == 0x0708_090a_0b0c_0d0e)
      let short = span.ipv4Address(at: 14)
      #expect(short == IPv4Address(15, 16, 17, 18))
      let long = span.ipv6Address(at: 18)
      #expect(long == IPv6Address(high: 0x1314_1516_1718_191a, low: 0x1b1c_1d1e_1f20_2122))
      let mac = span.macAddress(at: 34)
      #expect(mac == MACAddress(rawValue: 0x2324_2526_2728))
      let copy = [UInt8](capacity: 3) { $0.append(span.extracting(37..<40)) }
      #expect(copy == [0x26, 0x27, 0x28])
    }
  }

  @Test func `reading past the end traps instead of reading on`() async {
    await #expect(processExitsWith: .failure) {
      _ = [1, 2, 3].span.withRawSpan { $0.bigEndian32(at: 0) }
    }
    await #expect(processExitsWith: .failure) {
      _ = [1, 2, 3].span.withRawSpan { $0.bigEndian16(at: 2) }
    }
    await #expect(processExitsWith: .failure) {
      _ = [1, 2, 3].span.withRawSpan { $0.byte(at: -1) }
    }
    await #expect(processExitsWith: .failure) {
      _ = [1, 2, 3, 4, 5, 6, 7, 8].span.withRawSpan { $0.bigEndian64(at: 1) }
    }
  }
}
