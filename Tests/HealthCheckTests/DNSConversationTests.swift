import HealthCheck
import Testing

@Suite struct `A DNS conversation` {
  /// An answer to the question for `example.org`, with records given as type and data, named by a pointer.
  func answer(
    id: UInt16 = 0x1234, flags: UInt16 = 0x8180, type: DNSRecordType = .a, question: String = "example.org",
    _ records: [(type: UInt16, data: [UInt8])] = []
  ) throws -> [UInt8] {
    var message = try DNSMessage.query(id: id, name: question, type: type)
    message[2] = UInt8(flags >> 8)
    message[3] = UInt8(flags & 0xff)
    message[7] = UInt8(records.count)
    for record in records {
      message += [0xc0, 12, 0, UInt8(record.type), 0, 1, 0, 0, 0, 60]
      message += [UInt8(record.data.count >> 8), UInt8(record.data.count & 0xff)] + record.data
    }
    return message
  }

  func outcome(
    _ expectation: DNSCheck.Expectation, type: DNSRecordType = .a, _ message: [UInt8]
  ) -> Finding.Outcome? {
    let check = DNSCheck(connection: somewhere, type: type, name: "Example.ORG.", expectation: expectation)
    return talk(DNSConversation(check, id: 0x1234), message, closes: false).outcome
  }

  @Test func `asks one question`() throws {
    let check = DNSCheck(connection: somewhere, type: .aaaa, name: "a.bc")
    let sent = talk(DNSConversation(check, id: 0x1234), []).sent
    #expect(sent == hex("123401000001000000000000" + "0161" + "026263" + "00" + "001c" + "0001"))
    let root = talk(DNSConversation(DNSCheck(connection: somewhere), id: 1), []).sent
    #expect(root == hex("000101000001000000000000" + "00" + "0006" + "0001"))
  }

  @Test(arguments: [String(repeating: "x", count: 64), "a..b", ".a", String(repeating: "abcdefg.", count: 32)])
  func `refuses names that are none`(name: String) {
    let check = DNSCheck(connection: somewhere, name: name)
    #expect(talk(DNSConversation(check, id: 1), []).outcome == .inconclusive(.unusableDefinition))
  }

  @Test func `is content with a response code of 0`() throws {
    #expect(outcome(.any, try answer()) == fine)
    #expect(outcome(.any, try answer(flags: 0x8380)) == fine, "TC does not matter")
    #expect(outcome(.any, try answer(flags: 0x8183)) == fault(.reply, .responseCode(3)))
    #expect(outcome(.any, try answer(flags: 0x8182)) == fault(.reply, .responseCode(2)))
  }

  @Test func `ignores what answers something else`() throws {
    #expect(outcome(.any, try answer(id: 1)) == nil)
    #expect(outcome(.any, try answer(flags: 0x0180)) == nil, "a question")
    #expect(outcome(.any, try answer(type: .ns)) == nil)
    #expect(outcome(.any, try answer(question: "example.com")) == nil)
    #expect(outcome(.any, Array(try answer().prefix(11))) == nil)
    #expect(outcome(.any, []) == nil)
  }

  @Test func `counts the answers of the type`() throws {
    let message = try answer([(1, [1, 2, 3, 4]), (5, [0xc0, 12]), (1, [1, 2, 3, 5])])
    #expect(outcome(.answers(atLeast: 2), message) == fine)
    #expect(outcome(.answers(atLeast: 3), message) == fault(.reply, .tooFewAnswers(2)))
  }

  @Test func `looks for an address`() throws {
    let message = try answer([(5, [0xc0, 12]), (1, [192, 0, 2, 1]), (1, [192, 0, 2, 2])])
    #expect(outcome(.address(.v4(IPv4Address(192, 0, 2, 2))), message) == fine)
    #expect(outcome(.address(.v4(IPv4Address(192, 0, 2, 3))), message) == fault(.reply, .unexpectedContent))
    #expect(outcome(.address(.v4(IPv4Address(192, 0, 2, 3))), try answer()) == fault(.reply, .tooFewAnswers(0)))
    let six = try answer(type: .aaaa, [(28, [UInt8](repeating: 0, count: 15) + [1])])
    #expect(outcome(.address(.v6(IPv6Address(high: 0, low: 1))), type: .aaaa, six) == fine)
  }

  @Test func `looks for a name and follows its compression`() throws {
    let mx = try answer(type: .mx, [(15, [0, 10] + [4] + Array("Mail".utf8) + [0xc0, 12])])
    #expect(outcome(.name("mail.example.org"), type: .mx, mx) == fine)
    #expect(outcome(.name("mail.example.com"), type: .mx, mx) == fault(.reply, .unexpectedContent))
    let ns = try answer(type: .ns, [(2, [0xc0, 12])])
    #expect(outcome(.name("example.org."), type: .ns, ns) == fine)
  }

  @Test func `looks for text over the joints of its strings`() throws {
    let txt = try answer(type: .txt, [(16, [3] + Array("v=s".utf8) + [3] + Array("pf1".utf8))])
    #expect(outcome(.text(Array("v=spf1".utf8)), type: .txt, txt) == fine)
    #expect(outcome(.text(Array("v=spf2".utf8)), type: .txt, txt) == fault(.reply, .unexpectedContent))
    let torn = try answer(type: .txt, [(16, [200, 1])])
    #expect(outcome(.text([9]), type: .txt, torn) == fault(.reply, .unexpectedContent))
  }

  @Test func `reads no name that points at itself, forwards, or beyond the end`() throws {
    func name(_ bytes: [UInt8], at start: Int = 0) throws(DNSMessage.Malformation) -> [UInt8] {
      var offset = start
      return try DNSMessage.name(in: bytes.span.bytes, at: &offset)
    }
    #expect(throws: DNSMessage.Malformation.badPointer) { try name([0xc0, 0]) }
    #expect(throws: DNSMessage.Malformation.badPointer) { try name([0xc0, 2, 0xc0, 0]) }
    #expect(throws: DNSMessage.Malformation.badPointer) { try name([1, 97, 0xc0, 0]) }
    #expect(throws: DNSMessage.Malformation.badPointer) { try name([0x40, 0]) }
    #expect(throws: DNSMessage.Malformation.truncated) { try name([0xc0]) }
    #expect(throws: DNSMessage.Malformation.truncated) { try name([5, 97]) }
    #expect(throws: DNSMessage.Malformation.truncated) { try name([]) }
    let label: [UInt8] = [63] + [UInt8](repeating: 97, count: 63)
    let long: [UInt8] = label + label + label + label + [0]
    #expect(throws: DNSMessage.Malformation.badName) { try name(long) }
    #expect(try name([1, 65, 0, 0xc0, 0], at: 3) == [1, 97, 0])
  }

  @Test func `calls torn answers malformed where it must read them`() throws {
    let whole = try answer([(1, [192, 0, 2, 1])])
    for count in 29..<whole.count {
      let torn = Array(whole.prefix(count))
      #expect(outcome(.answers(atLeast: 1), torn) == fault(.reply, .malformed), "\(count) bytes")
      #expect(outcome(.any, torn) == fine)
    }
  }

  @Test(arguments: 0..<500) func `survives any bytes`(seed: UInt64) throws {
    var random = Random(seed: seed)
    var message = try answer([(1, [1, 2, 3, 4]), (16, [3, 1, 2, 3]), (15, [0, 1, 0xc0, 12])])
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      message[Int.random(in: 4..<message.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    message = Array(message.prefix(Int.random(in: 0...message.count, using: &random)))
    for expectation in [DNSCheck.Expectation.any, .name("x"), .text([1]), .answers(atLeast: 9)] {
      for type in [DNSRecordType.a, .mx, .txt] { _ = outcome(expectation, type: type, message) }
    }
  }
}
