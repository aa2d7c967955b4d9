import HealthCheck
import NetPrimitives

/// Byte 0 is the size of the pieces; the rest is what the agent says.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let script = Array(input.dropFirst())
  let whole = outcome(script, pieces: max(script.count, 1))
  precondition(whole == outcome(script, pieces: 1 + Int(input[0])), "the end depends on how the bytes were cut")
  return 0
}

private func outcome(_ script: [UInt8], pieces size: Int) -> Finding.Outcome {
  var conversation = AgentConversation()
  var sent: [UInt8] = []
  if let outcome = conversation.begin(output: &sent) { return outcome }
  for offset in stride(from: 0, to: script.count, by: size) {
    let piece = Array(script[offset..<min(offset + size, script.count)])
    if let outcome = piece.span.withRawSpan({ conversation.receive($0, output: &sent) }) { return outcome }
  }
  return conversation.peerClosed()
}
