import NetPrimitives

/// `DNS_CHECK`: one question over UDP. Answers that are not to our question are ignored until the time is up.
public struct DNSConversation: Conversation, Hashable, Sendable {
  private let check: DNSCheck
  private let id: UInt16

  /// A question with this id, which should be random.
  public init(_ check: DNSCheck, id: UInt16) {
    self.check = check
    self.id = id
  }

  public var step: ProbeStep { .reply }

  public mutating func begin(output: inout [UInt8]) -> Finding.Outcome? {
    guard let query = try? DNSMessage.query(id: id, name: check.name, type: check.type) else {
      return .inconclusive(.unusableDefinition)
    }
    output.append(contentsOf: query)
    return nil
  }

  public mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    guard let header = try? DNSMessage.Header(decoding: bytes), header.isResponse, header.id == id else { return nil }
    var offset = DNSMessage.Header.byteCount
    do {
      for _ in 0..<header.questionCount {
        let question = try DNSMessage.question(in: bytes, at: &offset)
        // The answer to another question, or a forgery.
        guard question.type == check.type.rawValue else { return nil }
        guard let name = try? DNSMessage.encode(name: check.name), question.name == lowercased(name) else { return nil }
      }
      guard header.responseCode == 0 else { return failed(.responseCode(header.responseCode)) }
      if case .any = check.expectation { return .success(.unchanged) }
      return try judge(bytes, from: offset, header: header)
    } catch {
      return failed(.malformed)
    }
  }

  private func judge(
    _ bytes: borrowing RawSpan, from start: Int, header: DNSMessage.Header
  ) throws(DNSMessage.Malformation) -> Finding.Outcome {
    var offset = start
    var ofType: UInt16 = 0
    for _ in 0..<header.answerCount {
      let record = try DNSMessage.record(in: bytes, at: &offset)
      guard record.recordClass == 1, record.type == check.type.rawValue else { continue }
      ofType += 1
      if try meetsExpectation(record, in: bytes) { return .success(.unchanged) }
    }
    guard case .answers(let minimum) = check.expectation else {
      return ofType == 0 ? failed(.tooFewAnswers(0)) : failed(.unexpectedContent)
    }
    return ofType >= minimum ? .success(.unchanged) : failed(.tooFewAnswers(ofType))
  }

  private func meetsExpectation(
    _ record: DNSMessage.Record, in bytes: borrowing RawSpan
  ) throws(DNSMessage.Malformation) -> Bool {
    let data = record.data
    switch check.expectation {
    case .any, .answers:
      return false
    case .address(.v4(let wanted)):
      return check.type == .a && data.count == 4 && bytes.ipv4Address(at: data.lowerBound) == wanted
    case .address(.v6(let wanted)):
      return check.type == .aaaa && data.count == 16 && bytes.ipv6Address(at: data.lowerBound) == wanted
    case .name(let wanted):
      // The exchange of an MX follows its preference (RFC 1035 §3.3.9).
      var offset = check.type == .mx ? data.lowerBound + 2 : data.lowerBound
      let hasName = check.type == .cname || check.type == .ns || check.type == .soa || check.type == .mx
      guard hasName, offset < data.upperBound else { return false }
      return lowercased(try DNSMessage.encode(name: wanted)) == (try DNSMessage.name(in: bytes, at: &offset))
    case .text(let wanted):
      return check.type == .txt && contains(wanted, in: bytes, data)
    }
  }

  /// Whether the character strings of a TXT record (RFC 1035 §3.3.14), put together, contain `wanted`.
  private func contains(_ wanted: [UInt8], in bytes: borrowing RawSpan, _ data: Range<Int>) -> Bool {
    var search = ByteSearch(wanted)
    var offset = data.lowerBound
    if wanted.isEmpty { return true }
    while offset < data.upperBound {
      let end = min(offset + 1 + Int(bytes.byte(at: offset)), data.upperBound)
      if search.find(in: bytes.extracting((offset + 1)..<end)) != nil { return true }
      offset = end
    }
    return false
  }

  private func lowercased(_ wire: [UInt8]) -> [UInt8] {
    wire.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}
