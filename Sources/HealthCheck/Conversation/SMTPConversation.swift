import NetPrimitives

/// `SMTP_CHECK`: 220, HELO, 250, QUIT, any line (RFC 5321 §4.3). Replies of several lines are understood, which
/// keepalived's are not.
public struct SMTPConversation: Conversation, Hashable, Sendable {
  /// Bytes of one line; RFC 5321 §4.5.3.1.5 says 512, servers say more.
  public static let lineLimit = 2048
  /// Lines of one reply.
  public static let replyLineLimit = 64

  private enum Stage: Hashable, Sendable { case banner, hello, quit }

  private let heloName: String
  private var stage = Stage.banner
  /// The digits of the line's code so far.
  private var code: UInt16 = 0
  /// The position in the line; the first four bytes decide, the rest is skipped.
  private var column = 0
  private var continues = false
  private var lines = 0

  /// A conversation in which we call ourselves `heloName`.
  public init(heloName: String = SMTPCheck.defaultHeloName) { self.heloName = heloName }

  public var step: ProbeStep {
    switch stage {
    case .banner: .banner
    case .hello: .hello
    case .quit: .quit
    }
  }

  public mutating func begin(output: inout [UInt8]) -> Finding.Outcome? {
    isOneWord(heloName) ? nil : .inconclusive(.unusableDefinition)
  }

  public mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    for offset in 0..<bytes.byteCount {
      if let outcome = take(bytes.byte(at: offset), output: &output) { return outcome }
    }
    return nil
  }

  public mutating func peerClosed() -> Finding.Outcome {
    // Some servers close on QUIT without a word; they were well enough to greet us.
    stage == .quit && column == 0 ? .success(.unchanged) : failed(.closedEarly)
  }

  private mutating func take(_ byte: UInt8, output: inout [UInt8]) -> Finding.Outcome? {
    if byte == UInt8(ascii: "\n") { return endLine(output: &output) }
    defer { column += 1 }
    // Whatever a server says to QUIT, it says it alive.
    if stage == .quit { return column < Self.lineLimit ? nil : failed(.tooLong) }
    switch column {
    case 0, 1, 2:
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return failed(.malformed) }
      code = code * 10 + UInt16(byte - UInt8(ascii: "0"))
    case 3:
      switch byte {
      case UInt8(ascii: "-"): continues = true
      case UInt8(ascii: " "), UInt8(ascii: "\r"): continues = false
      default: return failed(.malformed)
      }
    case Self.lineLimit...:
      return failed(.tooLong)
    default:
      break
    }
    return nil
  }

  private mutating func endLine(output: inout [UInt8]) -> Finding.Outcome? {
    guard stage != .quit else { return .success(.unchanged) }
    guard column >= 3 else { return failed(.malformed) }
    let expected: UInt16 = stage == .banner ? 220 : 250
    guard code == expected else { return failed(.unexpectedReplyCode(code)) }
    let isLast = !continues
    lines += 1
    code = 0
    column = 0
    continues = false
    guard isLast else { return lines < Self.replyLineLimit ? nil : failed(.tooLong) }
    lines = 0
    switch stage {
    case .banner:
      output.append(contentsOf: Array("HELO ".utf8))
      output.append(contentsOf: heloName.utf8)
      output.append(contentsOf: Array("\r\n".utf8))
      stage = .hello
    case .hello:
      output.append(contentsOf: Array("QUIT\r\n".utf8))
      stage = .quit
    case .quit:
      break
    }
    return nil
  }
}
