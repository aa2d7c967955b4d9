public import NetPrimitives
public import VRRPCore

/// The conversation with a mail server that hands over one mail (RFC 5321), without the connection it takes place on.
///
/// Credentials leave only once the conversation is encrypted. Nothing received before the encryption counts after it.
public struct MailConversation: Sendable {
  private let message: MailMessage
  private let settings: Settings
  private var step: Step = .connecting
  private var reader = MailReplyReader()
  private var isEncrypted = false
  private var refused: [String] = []
  /// When the server is given up; `nil` once the conversation is over.
  public private(set) var nextDeadline: MonotonicInstant?

  /// A conversation whose connection is being made since `now`.
  public init(_ message: MailMessage, settings: Settings, now: MonotonicInstant) {
    self.message = message
    self.settings = settings
    nextDeadline = now.advanced(byNanoseconds: settings.timeoutNanoseconds)
  }

  /// How to talk to the server.
  public struct Settings: Hashable, Sendable {
    /// Our name in the greeting.
    public var heloName: String
    public var encryption: AlertDefinition.Encryption
    public var credentials: AlertDefinition.Credentials?
    /// For the connection and for each reply, in nanoseconds.
    public var timeoutNanoseconds: UInt64

    /// keepalived's defaults, but encrypted where the server can.
    public init(
      heloName: String, encryption: AlertDefinition.Encryption = .whenOffered,
      credentials: AlertDefinition.Credentials? = nil, timeoutNanoseconds: UInt64 = 30_000_000_000
    ) {
      self.heloName = MailMessage.line(heloName)
      self.encryption = encryption
      self.credentials = credentials
      self.timeoutNanoseconds = timeoutNanoseconds
    }
  }

  /// What happens on the connection.
  public enum Event: Hashable, Sendable {
    case connected
    case received([UInt8])
    /// What ``Effect/encrypt`` asked for is done.
    case encrypted
    /// The other side closed it, or it could not be made or encrypted.
    case closed
    case deadlineReached
  }

  /// What the shell must do.
  public enum Effect: Hashable, Sendable {
    case send([UInt8])
    /// Start TLS as a client.
    case encrypt
    /// Close the connection: it is over, with these recipients refused.
    case delivered(refused: [String])
    /// Close the connection: nobody was told.
    case failed(MailError)
  }

  enum Step: Hashable, Sendable {
    case connecting, greeting, hello, plainHello, startingTLS, encrypting, encryptingFirst
    case plainPassword, loginUser, loginName, loginPassword
    case sender, recipient(Int), data, text, over
  }

  /// Advances the conversation. After ``Effect/delivered(refused:)`` or ``Effect/failed(_:)`` nothing happens any more.
  public mutating func handle(_ event: Event, now: MonotonicInstant) -> [Effect] {
    guard step != .over else { return [] }
    switch event {
    case .connected:
      guard step == .connecting else { return [] }
      guard settings.encryption == .implicit else { return wait(.greeting, now: now) }
      return [.encrypt] + wait(.encryptingFirst, now: now)
    case .encrypted:
      guard step == .encrypting || step == .encryptingFirst else { return [] }
      isEncrypted = true
      if step == .encryptingFirst { return wait(.greeting, now: now) }
      return say("EHLO \(settings.heloName)", .hello, now: now)
    case .closed: return fail(step == .encrypting || step == .encryptingFirst ? .encryptionFailed : .closed)
    case .deadlineReached:
      guard let nextDeadline, nextDeadline <= now else { return [] }
      return fail(.timedOut)
    case .received(let bytes):
      reader.append(bytes)
      return takeReplies(now: now)
    }
  }

  private mutating func takeReplies(now: MonotonicInstant) -> [Effect] {
    var effects: [Effect] = []
    do {
      while step != .over, let reply = try reader.next() { effects += take(reply, now: now) }
    } catch {
      effects += fail(.malformedReply)
    }
    return effects
  }

  mutating func say(_ command: String, _ next: Step, now: MonotonicInstant) -> [Effect] {
    [.send(Array("\(command)\r\n".utf8))] + wait(next, now: now)
  }

  private mutating func wait(_ next: Step, now: MonotonicInstant) -> [Effect] {
    step = next
    nextDeadline = now.advanced(byNanoseconds: settings.timeoutNanoseconds)
    return []
  }

  private mutating func fail(_ error: MailError) -> [Effect] {
    step = .over
    nextDeadline = nil
    return [.failed(error)]
  }
}

/// Why a mail was not delivered.
public enum MailError: Error, Hashable, Sendable {
  /// The server did not answer in time.
  case timedOut
  /// The server closed the connection, or there was none.
  case closed
  /// What the server said is no reply.
  case malformedReply
  /// The server refused to go on; 4xx may work later, 5xx will not.
  case refused(code: UInt16, text: String)
  /// Encryption is required, or needed for the password, and not offered.
  case encryptionNotOffered
  /// TLS could not be started, or the certificate is not the server's.
  case encryptionFailed
  /// The server knows no way to log in that we know.
  case noLoginMethod
}

// MARK: - Replies

extension MailConversation {
  private mutating func take(_ reply: MailReplyReader.Reply, now: MonotonicInstant) -> [Effect] {
    switch step {
    case .connecting, .encrypting, .encryptingFirst, .over: return fail(.malformedReply)
    case .greeting:
      return reply.code == 220 ? say("EHLO \(settings.heloName)", .hello, now: now) : refuse(reply)
    case .hello: return takeHello(reply, now: now)
    case .plainHello: return reply.isPositive ? beginMail(now: now) : refuse(reply)
    case .startingTLS:
      guard reply.code == 220 else { return refuse(reply) }
      // What was sent before the encryption began cannot be trusted to come from the server.
      guard reader.isEmpty else { return fail(.encryptionFailed) }
      return [.encrypt] + wait(.encrypting, now: now)
    case .plainPassword, .loginPassword: return reply.code == 235 ? beginMail(now: now) : refuse(reply)
    case .loginUser:
      guard reply.code == 334, let user = settings.credentials?.user else { return refuse(reply) }
      return say(Base64.encode(Array(user.utf8)), .loginName, now: now)
    case .loginName:
      guard reply.code == 334, let password = settings.credentials?.password else { return refuse(reply) }
      return say(Base64.encode(Array(password.utf8)), .loginPassword, now: now)
    case .sender: return reply.isPositive ? nextRecipient(0, now: now) : refuse(reply)
    case .recipient(let index): return takeRecipient(index, reply, now: now)
    case .data:
      guard reply.code == 354 else { return refuse(reply) }
      return [.send(message.stuffedBytes)] + wait(.text, now: now)
    case .text:
      guard reply.isPositive else { return refuse(reply) }
      step = .over
      nextDeadline = nil
      return [.send(Array("QUIT\r\n".utf8)), .delivered(refused: refused)]
    }
  }

  private mutating func takeHello(_ reply: MailReplyReader.Reply, now: MonotonicInstant) -> [Effect] {
    guard reply.isPositive else {
      // A server of before 1995; it can neither encrypt nor log in.
      guard !isEncrypted, settings.encryption != .required, settings.credentials == nil else { return refuse(reply) }
      return say("HELO \(settings.heloName)", .plainHello, now: now)
    }
    if !isEncrypted, settings.encryption != .never, reply.offers("STARTTLS") != nil {
      return say("STARTTLS", .startingTLS, now: now)
    }
    if !isEncrypted, settings.encryption == .required || settings.credentials != nil {
      return fail(.encryptionNotOffered)
    }
    guard let credentials = settings.credentials else { return beginMail(now: now) }
    let methods = reply.offers("AUTH") ?? []
    if methods.contains("PLAIN") {
      let secret = [0] + Array(credentials.user.utf8) + [0] + Array(credentials.password.utf8)
      return say("AUTH PLAIN \(Base64.encode(secret))", .plainPassword, now: now)
    }
    if methods.contains("LOGIN") { return say("AUTH LOGIN", .loginUser, now: now) }
    return fail(.noLoginMethod)
  }

  private mutating func beginMail(now: MonotonicInstant) -> [Effect] {
    say("MAIL FROM:<\(message.sender)>", .sender, now: now)
  }

  private mutating func nextRecipient(_ index: Int, now: MonotonicInstant) -> [Effect] {
    guard index < message.recipients.count else { return say("DATA", .data, now: now) }
    return say("RCPT TO:<\(message.recipients[index])>", .recipient(index), now: now)
  }

  /// Who is refused does not keep the others from being told.
  private mutating func takeRecipient(
    _ index: Int, _ reply: MailReplyReader.Reply, now: MonotonicInstant
  ) -> [Effect] {
    if !reply.isPositive { refused.append(message.recipients[index]) }
    guard refused.count < message.recipients.count else { return refuse(reply) }
    return nextRecipient(index + 1, now: now)
  }

  private mutating func refuse(_ reply: MailReplyReader.Reply) -> [Effect] {
    fail(.refused(code: reply.code, text: MailMessage.line(reply.lines.last ?? "")))
  }
}

extension MailReplyReader.Reply {
  fileprivate var isPositive: Bool { (200..<300).contains(code) }

  /// The words after the extension `name`; `nil` when it is not offered (RFC 5321 §4.1.1.1).
  fileprivate func offers(_ name: String) -> [String]? {
    for line in lines.dropFirst() {
      let words = line.split(separator: " ").map { $0.uppercased() }
      if words.first == name { return Array(words.dropFirst()) }
    }
    return nil
  }
}
