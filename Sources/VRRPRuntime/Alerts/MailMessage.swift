public import VRRPCore

/// A mail: to whom it goes, and its text as it is put on the wire.
public struct MailMessage: Hashable, Sendable {
  /// The address it comes from, without a display name.
  public var sender: String
  /// The addresses it goes to, without display names.
  public var recipients: [String]
  /// Headers and body in lines ended by CR LF, before dots are doubled.
  public var text: String

  /// The mail `mail` describes, in the shape keepalived gives it.
  ///
  /// What comes from the configuration cannot add headers or commands: line ends and controls in it become spaces.
  ///
  /// - Parameters:
  ///   - title: The subject.
  ///   - body: The text, a line.
  ///   - time: When what it tells of happened.
  ///   - mail: From whom to whom.
  ///   - hostName: Whose mail it is when no sender was configured.
  ///   - offsetSeconds: What local time is ahead of UTC.
  public init(
    title: String, body: String, time: WallClockTime, mail: GlobalDefinition.MailDefinition, hostName: String,
    offsetSeconds: Int32
  ) {
    let from = Self.line(mail.sender ?? "keepalived@\(hostName)")
    let to = mail.recipients.map(Self.line)
    sender = Self.address(in: from)
    recipients = to.map(Self.address)
    text = [
      "Date: \(time.mailDate(offset: offsetSeconds))", "From: \(from)", "Subject: \(Self.line(title))",
      "X-Mailer: Keepalived", "To: \(to.joined(separator: ", "))", "", body, "", "",
    ].joined(separator: "\r\n")
  }

  /// `text` without anything that could end a line.
  static func line(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      result.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7f ? " " : scalar)
    }
    return result
  }

  /// The address in `Name <address>`, or all of it; never with a bracket or a space in it.
  static func address(in text: String) -> String {
    var address = Substring(text)
    if let open = text.lastIndex(of: "<"), let close = text[open...].firstIndex(of: ">") {
      address = text[text.index(after: open)..<close]
    }
    return String(address.filter { $0 != "<" && $0 != ">" && $0 != " " })
  }

  /// The text with dots at the beginning of lines doubled, and the line that ends it (RFC 5321 §4.5.2).
  var stuffedBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 8)
    var isLineStart = true
    for byte in text.utf8 {
      if isLineStart && byte == UInt8(ascii: ".") { bytes.append(byte) }
      bytes.append(byte)
      isLineStart = byte == UInt8(ascii: "\n")
    }
    if !isLineStart { bytes += [0x0d, 0x0a] }
    return bytes + [UInt8(ascii: "."), 0x0d, 0x0a]
  }
}
