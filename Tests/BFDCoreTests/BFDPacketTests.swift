import BFDCore
import NetPrimitives
import Testing

@Suite struct BFDPacketTests {
  /// Sent by keepalived 2.2.7 as it went up: Up, P set, multiplier 3, 50 ms both ways.
  static let recorded: [UInt8] = [
    0x20, 0xe0, 0x03, 0x18, 0x61, 0x23, 0x87, 0x9a, 0x95, 0xac, 0xa2, 0x08, 0x00, 0x00, 0xc3, 0x50, 0x00, 0x00, 0xc3,
    0x50, 0x00, 0x00, 0x00, 0x00,
  ]

  private func decode(_ bytes: [UInt8]) throws(BFDDecodingError) -> BFDPacket {
    try bytes.span.withRawSpan { (span) throws(BFDDecodingError) in try BFDPacket(decoding: span) }
  }

  private func encode(_ packet: BFDPacket) -> [UInt8] {
    [UInt8](capacity: BFDPacket.byteCount) { packet.encode(into: &$0) }
  }

  /// The recorded packet with `value` at `offset`.
  private func altered(_ changes: [(Int, UInt8)], adding rest: [UInt8] = []) -> [UInt8] {
    var bytes = Self.recorded
    for (offset, value) in changes { bytes[offset] = value }
    return bytes + rest
  }

  @Test func `a recorded packet is read and written again`() throws {
    let packet = try decode(Self.recorded)
    #expect(
      packet
        == BFDPacket(
          state: .up, flags: .poll, multiplier: 3, myDiscriminator: 0x6123_879a, yourDiscriminator: 0x95ac_a208,
          desiredSendMicroseconds: 50_000, requiredReceiveMicroseconds: 50_000))
    #expect(encode(packet) == Self.recorded)
  }

  @Test func `every field has its place`() throws {
    let bytes: [UInt8] = [
      0x27, 0x5a, 0xff, 24, 1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ]
    let packet = try decode(bytes)
    #expect(packet.diagnostic == .administrativelyDown)
    #expect(packet.state == .down)
    #expect(packet.flags == [.final, .controlPlaneIndependent, .demand])
    #expect(packet.multiplier == 255)
    #expect(packet.myDiscriminator == 0x0102_0304)
    #expect(packet.desiredSendMicroseconds == 0x0506_0708)
    #expect(packet.requiredReceiveMicroseconds == 0x090a_0b0c)
    #expect(packet.requiredEchoMicroseconds == 0x0d0e_0f10)
    #expect(encode(packet) == bytes)
  }

  @Test func `each check of the RFC has its error`() {
    let cases: [([UInt8], BFDDecodingError)] = [
      ([], .truncated(byteCount: 0)), (Array(Self.recorded.dropLast()), .truncated(byteCount: 23)),
      (altered([(0, 0x00)]), .unsupportedVersion(0)), (altered([(0, 0x40)]), .unsupportedVersion(2)),
      (altered([(3, 23)]), .lengthTooSmall(23)), (altered([(3, 25)]), .lengthBeyondPayload(25)),
      (altered([(1, 0xc4), (3, 25)], adding: [1, 1]), .lengthTooSmall(25)),
      (altered([(2, 0)]), .zeroMultiplier), (altered([(1, 0xc1)]), .multipoint),
      (altered([(4, 0), (5, 0), (6, 0), (7, 0)]), .zeroMyDiscriminator),
      (altered([(8, 0), (9, 0), (10, 0), (11, 0)]), .zeroYourDiscriminator(.up)),
      (altered([(1, 0x80), (8, 0), (9, 0), (10, 0), (11, 0)]), .zeroYourDiscriminator(.initializing)),
      // A section longer than the packet, one too short to be there, and a digest cut short.
      (altered([(1, 0xc4), (3, 26)], adding: [1, 4]), .malformedAuthentication),
      (altered([(1, 0xc4), (3, 26)], adding: [9, 1]), .malformedAuthentication),
      (altered([(1, 0xc4), (3, 40)], adding: [2, 16] + [UInt8](repeating: 0, count: 14)), .malformedAuthentication),
    ]
    for (bytes, error) in cases {
      #expect(throws: error) { try decode(bytes) }
    }
  }

  @Test func `who is down need not know the other`() throws {
    for state: (UInt8, BFDState) in [(0x00, .adminDown), (0x40, .down)] {
      #expect(try decode(altered([(1, state.0), (8, 0), (9, 0), (10, 0), (11, 0)])).state == state.1)
    }
  }

  @Test func `an authentication section is found`() throws {
    let bytes = altered([(1, 0xc4), (3, 33)], adding: [1, 9, 7] + Array("secret".utf8))
    let packet = try decode(bytes)
    #expect(packet.flags == .authentication)
    let section = bytes.span.withRawSpan { packet.authentication(in: $0) }
    #expect(section?.type == 1)
    #expect(section?.byteCount == 9)
    #expect(try decode(Self.recorded + [9, 9]).flags == .poll)
    // What is sent has none.
    #expect(encode(packet)[1] == 0xc0)
    #expect(encode(packet).count == 24)
  }

  @Test func `codes have the names of the RFC`() {
    #expect((0...9).map { BFDDiagnostic(rawValue: $0).text }.last == "Unknown")
    #expect(BFDDiagnostic(rawValue: 0x21) == .detectionTimeExpired)
    #expect(BFDDiagnostic.neighborSignaledDown.text == "Neighbor Signaled Session Down")
    #expect(BFDState.allCases.map(\.text) == ["AdminDown", "Down", "Init", "Up"])
  }
}
