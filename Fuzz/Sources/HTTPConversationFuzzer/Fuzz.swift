import HealthCheck
import NetPrimitives

/// A digest that only counts: what is fed must not depend on how the response was cut.
struct Tally: MessageDigest, ContentMatcher {
  var count = 0
  var sum: UInt8 = 0
  mutating func update(_ bytes: borrowing RawSpan) {
    for offset in 0..<bytes.byteCount { sum = sum &* 31 &+ bytes.byte(at: offset) }
    count += bytes.byteCount
  }
  mutating func finish() -> [UInt8] { [sum, UInt8(truncatingIfNeeded: count)] }
  var hasMatch: Bool { sum & 1 == 0 }
}

struct Toolbox: ProbeToolbox {
  func makeDigest() -> Tally? { Tally() }
  func makeMatcher(for pattern: PatternDefinition) -> Tally? { Tally() }
}

/// Byte 0 chooses: bit 0 the framing of keepalived, bit 1 a digest, bit 2 a pattern; the rest is the size of the
/// pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let response = Array(input.dropFirst())
  let url = HTTPCheck.URL(
    path: "/", digest: input[0] & 2 != 0 ? [0, 5] : nil, pattern: input[0] & 4 != 0 ? PatternDefinition("x") : nil)
  let check = HTTPCheck(
    connection: ProbeConnection(to: .v4(IPv4Address(10, 0, 0, 1)), port: 80), urls: [url],
    framing: input[0] & 1 != 0 ? .untilClose : .standard)
  let whole = outcome(of: check, response, pieces: max(response.count, 1))
  let cut = outcome(of: check, response, pieces: 1 + Int(input[0] >> 3))
  precondition(whole == cut, "the end depends on how the bytes were cut")
  return 0
}

private func outcome(of check: HTTPCheck, _ response: [UInt8], pieces size: Int) -> Finding.Outcome {
  var conversation = HTTPConversation(check, url: 0, toolbox: Toolbox())
  var output: [UInt8] = []
  if let outcome = conversation.begin(output: &output) { return outcome }
  for offset in stride(from: 0, to: response.count, by: size) {
    let piece = Array(response[offset..<min(offset + size, response.count)])
    let outcome = piece.span.withRawSpan { conversation.receive($0, output: &output) }
    if let outcome { return outcome }
  }
  return conversation.peerClosed()
}
