import HealthCheck
import NetPrimitives

/// Byte 0 is the size of the pieces; the rest is what the server says.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let script = Array(input.dropFirst())
  let whole = talk(script, pieces: max(script.count, 1))
  let cut = talk(script, pieces: 1 + Int(input[0]))
  precondition(whole.outcome == cut.outcome, "the end depends on how the bytes were cut")
  precondition(whole.sent == cut.sent)
  let dialogue = Array("HELO smtpchecker.keepalived.org\r\nQUIT\r\n".utf8)
  precondition(dialogue.starts(with: whole.sent), "we said what we never say")
  return 0
}

private func talk(_ script: [UInt8], pieces size: Int) -> (outcome: Finding.Outcome, sent: [UInt8]) {
  var conversation = SMTPConversation()
  var sent: [UInt8] = []
  if let outcome = conversation.begin(output: &sent) { return (outcome, sent) }
  for offset in stride(from: 0, to: script.count, by: size) {
    let piece = Array(script[offset..<min(offset + size, script.count)])
    let outcome = piece.span.withRawSpan { conversation.receive($0, output: &sent) }
    if let outcome { return (outcome, sent) }
  }
  return (conversation.peerClosed(), sent)
}
