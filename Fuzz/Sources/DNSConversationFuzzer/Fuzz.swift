import HealthCheck
import NetPrimitives

/// Byte 0 chooses type and expectation; the rest is the answer, its id made right so that the rest is looked at.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 3 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  var answer = Array(input.dropFirst())
  answer[0] = 0x12
  answer[1] = 0x34
  let types = DNSRecordType.allCases
  let type = types[Int(input[0] & 15) % types.count]
  let expectations: [DNSCheck.Expectation] = [
    .any, .answers(atLeast: 2), .address(.v4(IPv4Address(10, 0, 0, 1))), .address(.v6(IPv6Address(high: 0, low: 1))),
    .name("example.org"), .text([1, 2]),
  ]
  let check = DNSCheck(
    connection: ProbeConnection(to: .v4(IPv4Address(10, 0, 0, 1)), port: 53), type: type, name: "example.org",
    expectation: expectations[Int(input[0] >> 4) % expectations.count])
  var conversation = DNSConversation(check, id: 0x1234)
  var sent: [UInt8] = []
  _ = conversation.begin(output: &sent)
  _ = answer.span.withRawSpan { conversation.receive($0, output: &sent) }

  // Whatever is read as a name is one: it can be said again.
  answer.span.withRawSpan { bytes in
    var offset = DNSMessage.Header.byteCount
    while offset < bytes.byteCount, let record = try? DNSMessage.record(in: bytes, at: &offset) {
      precondition(record.data.upperBound <= bytes.byteCount)
      var start = record.data.lowerBound
      guard let name = try? DNSMessage.name(in: bytes, at: &start) else { continue }
      precondition(name.count <= 255 && name.last == 0 && start <= bytes.byteCount)
    }
  }
  return 0
}
