import Glibc
import NetPrimitives

/// Requests and what the kernel answers. It works in the caller's time: when ``NetlinkSocket/send(_:)`` returns, every
/// answer to a change is waiting.
extension NetlinkSocket {
  /// Sends a batch of changes of which the last asks for an answer, and tells which were refused: the number of the
  /// change from 0, the error number, the kernel's words.
  func commit(
    _ batch: borrowing NetlinkWriter, refused: (Int, Int32, String) -> Void
  ) throws(SystemCallError) {
    guard batch.messageCount > 0 else { return }
    try discardAnswers()
    try send(batch.bytes)
    let last = batch.messageCount - 1
    var isDone = false
    while !isDone {
      try receiveAnswer { datagram in
        NetlinkReader.forEachMessage(in: datagram) { header, payload in
          guard header.type == NetlinkMessageType.error, let number = NetlinkReader.errorNumber(payload) else { return }
          let index = Int(header.sequence &- NetlinkWriter.firstSequence)
          if index == last { isDone = true }
          if number != 0 { refused(index, number, NetlinkReader.errorText(header, payload)) }
        }
      }
    }
  }

  /// Sends one request, hands every message of the answer to `body`, and returns the kernel's error number, 0 for none.
  /// ETIMEDOUT when the kernel owes an answer for longer than `timeoutMilliseconds`.
  func exchange(
    _ request: borrowing NetlinkWriter, timeoutMilliseconds: Int32 = NetlinkSocket.answerMilliseconds,
    _ body: (UInt16, RawSpan) -> Void = { _, _ in }
  ) throws(SystemCallError) -> Int32 {
    try discardAnswers()
    try send(request.bytes)
    var result: Int32?
    while result == nil {
      try receiveAnswer(timeoutMilliseconds: timeoutMilliseconds) { datagram in
        NetlinkReader.forEachMessage(in: datagram) { header, payload in
          switch header.type {
          case NetlinkMessageType.done, NetlinkMessageType.error:
            result = NetlinkReader.errorNumber(payload) ?? 0
          default: body(header.type, payload)
          }
        }
      }
    }
    return result ?? 0
  }

  /// Throws away what an earlier call that failed half-way left behind.
  func discardAnswers() throws(SystemCallError) {
    do {
      while try receive({ _ in }) {}
    } catch  where error.errno == ENOBUFS {}
  }
}
