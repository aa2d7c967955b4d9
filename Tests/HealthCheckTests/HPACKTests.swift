import HealthCheck
import Testing

@Suite struct `An HPACK decoder` {
  /// RFC 7541 Appendix C.6, whose table evicts nothing these blocks refer to.
  @Test func `decodes the responses of the RFC, Huffman code and table included`() throws {
    var decoder = HPACKDecoder()
    let first = try decoder.decode(
      hex(
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"))
    #expect(
      first == [
        HeaderField(":status", "302"), HeaderField("cache-control", "private"),
        HeaderField("date", "Mon, 21 Oct 2013 20:13:21 GMT"), HeaderField("location", "https://www.example.com"),
      ])
    let second = try decoder.decode(hex("4883640effc1c0bf"))
    #expect(second == [HeaderField(":status", "307")] + first.dropFirst())
    let third = try decoder.decode(
      hex(
        "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f"
          + "3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"))
    #expect(
      third == [
        HeaderField(":status", "200"), HeaderField("cache-control", "private"),
        HeaderField("date", "Mon, 21 Oct 2013 20:13:22 GMT"), HeaderField("location", "https://www.example.com"),
        HeaderField("content-encoding", "gzip"),
        HeaderField("set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"),
      ])
  }

  /// Made by another implementation (python-hpack 4.2.0): the rare symbols have the longest codes.
  @Test func `decodes rare symbols and entries indexed in the same connection`() throws {
    var decoder = HPACKDecoder()
    let first = try decoder.decode(
      hex(
        "885f8b1d75d0620d263d4c4d65644084f2b1e4939d1ffffffe7bffeffcfffdffeffff0fff3ffeffebff3ff5fc7fff1ffff77"))
    #expect(
      first == [
        HeaderField(":status", "200"), HeaderField("content-type", "application/grpc"),
        HeaderField("x-odd", "a\u{7f}z~|{}\\^`@$#!é"),
      ])
    let second = try decoder.decode(hex("88bf40889acac8b21234da8f810740899acac8b5254207317f80"))
    #expect(second.map(\.value) == ["200", "application/grpc", "0", ""].map { Array($0.utf8) })
    let third = try decoder.decode(hex("7f008208bf7f008bb6aeb51fc54a20b677310b"))
    #expect(third == [HeaderField("grpc-status", "12"), HeaderField("grpc-message", "unknown service")])
  }

  @Test func `decodes literals of every kind`() throws {
    var decoder = HPACKDecoder()
    // RFC 7541 Appendix C.2.1 to C.2.4.
    let custom = try decoder.decode(hex("400a637573746f6d2d6b65790d637573746f6d2d686561646572"))
    #expect(custom == [HeaderField("custom-key", "custom-header")])
    #expect(try decoder.decode(hex("be")) == custom, "it was indexed")
    #expect(try decoder.decode(hex("040c2f73616d706c652f70617468")) == [HeaderField(":path", "/sample/path")])
    #expect(try decoder.decode(hex("100870617373776f726406736563726574")) == [HeaderField("password", "secret")])
    #expect(try decoder.decode(hex("82")) == [HeaderField(":method", "GET")])
  }

  @Test(
    arguments: [
      ("80", .badIndex), ("be", .badIndex), ("ff80808080808001", .badInteger), ("40", .truncated), ("4003", .truncated),
      ("400161", .truncated), ("3fe21f", .badTableSize), ("8220", .badTableSize), ("ff", .truncated),
      ("000161" + "8100", .badString), ("000161" + "81ff", .badString), ("000161" + "84ffffffff", .badString),
    ] as [(String, HPACKError)])
  func `refuses what is wrong`(block: String, error: HPACKError) {
    var decoder = HPACKDecoder()
    #expect(throws: error) { try decoder.decode(hex(block)) }
  }

  @Test func `forgets the oldest when its table is full, and all when told`() throws {
    var decoder = HPACKDecoder()
    // Twenty fields of 32 + 1 + 250 bytes: fourteen fit into 4096.
    for number in 0..<20 as Range<UInt8> {
      let value = [UInt8](repeating: number, count: 250)
      let block: [UInt8] = [0x40, 1, 0x61, 0x7f, 123] + value
      #expect(try decoder.decode(block).first?.value == value)
    }
    #expect(try decoder.decode([0x80 | 75]).first?.value.first == 6)
    #expect(throws: HPACKError.badIndex) { try decoder.decode([0x80 | 76]) }
    #expect(throws: HPACKError.badIndex) { try decoder.decode([0x20, 0x80 | 62]) }
  }

  @Test func `keeps a field that fills its table to the last byte`() throws {
    // 32 + 1 + 4063 = 4096; the length is 127 + 3936.
    var decoder = HPACKDecoder()
    _ = try decoder.decode([0x40, 1, 0x61, 0x7f, 0xe0, 0x1e] + [UInt8](repeating: 7, count: 4063))
    #expect(try decoder.decode([0xbe]).first?.value.count == 4063)
    _ = try decoder.decode([0x40, 1, 0x61, 0x7f, 0xe1, 0x1e] + [UInt8](repeating: 7, count: 4064))
    #expect(throws: HPACKError.badIndex) { try decoder.decode([0xbe]) }
  }

  @Test func `accepts no more than its limits`() {
    var decoder = HPACKDecoder()
    #expect(throws: HPACKError.tooLong) { try decoder.decode([UInt8](repeating: 0x82, count: 600)) }
    // A bomb: one indexed field of 4000 bytes, asked for again and again.
    var block: [UInt8] = [0x40, 1, 0x61, 0x7f, 0xa1, 0x1e] + [UInt8](repeating: 7, count: 4000)
    block += [UInt8](repeating: 0xbe, count: 100)
    var fresh = HPACKDecoder()
    #expect(throws: HPACKError.tooLong) { try fresh.decode(block) }
  }

  @Test(arguments: 0..<300) func `survives any bytes`(seed: UInt64) {
    var random = Random(seed: seed)
    var decoder = HPACKDecoder()
    for _ in 0..<10 {
      let count = Int.random(in: 0...40, using: &random)
      let block = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      guard let fields = try? decoder.decode(block) else { continue }
      #expect(fields.count <= count)
    }
  }
}
