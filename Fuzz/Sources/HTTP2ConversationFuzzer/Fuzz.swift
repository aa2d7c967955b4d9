import HealthCheck
import NetPrimitives

/// Byte 0 chooses: bit 0 a gRPC check, bit 1 whether the bytes are a header block by itself; the rest is the size of
/// the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let rest = Array(input.dropFirst())
  if input[0] & 2 != 0 {
    var decoder = HPACKDecoder()
    if let fields = try? decoder.decode(rest) {
      precondition(fields.count <= HPACKDecoder.fieldLimit)
      precondition(fields.reduce(0) { $0 + $1.name.count + $1.value.count } <= HPACKDecoder.listLimit)
    }
    return 0
  }
  let isHealth = input[0] & 1 != 0
  let whole = outcome(rest, pieces: max(rest.count, 1), isHealth: isHealth)
  let cut = outcome(rest, pieces: 1 + Int(input[0] >> 2), isHealth: isHealth)
  precondition(whole.outcome == cut.outcome && whole.sent == cut.sent, "the end depends on how the bytes were cut")
  // Every frame may be answered, none with much more than itself.
  precondition(whole.sent.count <= 1024 + 4 * rest.count)
  return 0
}

private func outcome(_ bytes: [UInt8], pieces size: Int, isHealth: Bool) -> (outcome: Finding.Outcome, sent: [UInt8]) {
  let connection = ProbeConnection(to: .v4(IPv4Address(10, 0, 0, 1)), port: 80)
  let check = HTTPCheck(connection: connection, urls: [.init(path: "/")], version: .http2)
  var conversation =
    isHealth
    ? HTTP2Conversation(GRPCCheck(connection: connection), toolbox: EmptyToolbox())
    : HTTP2Conversation(check, url: 0, toolbox: EmptyToolbox())
  var sent: [UInt8] = []
  if let outcome = conversation.begin(output: &sent) { return (outcome, sent) }
  for offset in stride(from: 0, to: bytes.count, by: size) {
    let piece = Array(bytes[offset..<min(offset + size, bytes.count)])
    let outcome = piece.span.withRawSpan { conversation.receive($0, output: &sent) }
    if let outcome { return (outcome, sent) }
  }
  return (conversation.peerClosed(), sent)
}
