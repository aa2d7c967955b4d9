/// The replies of a mail server, put together from the bytes that arrive (RFC 5321 §4.2).
struct MailReplyReader: Sendable {
  private var pending: [UInt8] = []
  private var lines: [String] = []
  private var code: UInt16?

  /// One whole reply.
  struct Reply: Hashable, Sendable {
    var code: UInt16
    /// What follows the code on each line.
    var lines: [String]
  }

  /// A server that talks on like this is none.
  enum Malformed: Error, Hashable { case line, tooLong }

  static let longestLine = 2048
  static let mostLines = 128

  /// Whether bytes wait that are no whole reply yet.
  var isEmpty: Bool { pending.isEmpty && lines.isEmpty }

  mutating func append(_ bytes: [UInt8]) { pending += bytes }

  /// The next whole reply; `nil` until it has arrived.
  mutating func next() throws(Malformed) -> Reply? {
    while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
      guard end < Self.longestLine else { throw .tooLong }
      var line = pending[..<end]
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      let reply = try take(Array(line))
      pending.removeFirst(end + 1)
      if let reply { return reply }
    }
    guard pending.count < Self.longestLine else { throw .tooLong }
    return nil
  }

  private mutating func take(_ line: [UInt8]) throws(Malformed) -> Reply? {
    guard line.count >= 3, lines.count < Self.mostLines else { throw lines.isEmpty ? .line : .tooLong }
    var number: UInt16 = 0
    for byte in line[..<3] {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { throw .line }
      number = number * 10 + UInt16(byte - UInt8(ascii: "0"))
    }
    guard code == nil || code == number else { throw .line }
    let separator = line.count > 3 ? line[3] : UInt8(ascii: " ")
    guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-") else { throw .line }
    code = number
    lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
    guard separator == UInt8(ascii: " ") else { return nil }
    let reply = Reply(code: number, lines: lines)
    lines = []
    code = nil
    return reply
  }
}
