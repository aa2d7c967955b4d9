public import VRRPCore

/// One alert with all it takes to deliver it: whoever carries it out needs no configuration.
public struct AlertDelivery: Hashable, Sendable {
  /// The subject of the mail, and what the log calls the alert.
  public var title: String
  /// The text of the mail, a line.
  public var body: String
  /// What the webhook is sent.
  public var json: String
  /// When it happened.
  public var time: WallClockTime
  /// From whom to whom; `nil` sends no mail.
  public var mail: GlobalDefinition.MailDefinition?
  /// How the mail is protected, and the webhook.
  public var alerts: AlertDefinition

  /// What is to be told of `alert`; `nil` when nobody is to be told.
  ///
  /// - Parameters:
  ///   - alert: What happened.
  ///   - global: Whom to tell.
  ///   - isMailed: Whether the subject wants mail (`smtp_alert`). A webhook is told of everything.
  public init?(_ alert: Alert, global: GlobalDefinition, isMailed: Bool) {
    guard let title = alert.title else { return nil }
    self.init(
      title: title, body: alert.body, json: alert.json, time: alert.time,
      mail: isMailed && alert.isMailed(by: global.mail) ? global.mail : nil, alerts: global.alerts)
  }

  /// What is to be told of a virtual or a real server; `nil` when nobody is to be told.
  ///
  /// - Parameters:
  ///   - subject: The subject without the router's name.
  ///   - body: The text.
  ///   - routerID: `router_id`: which node tells it.
  ///   - time: When it happened.
  ///   - global: Whom to tell.
  public init?(
    balancer subject: String, body: String, routerID: String, time: WallClockTime, global: GlobalDefinition
  ) {
    var json = JSONText()
    json.object { json in
      json.member("event", "lvs_state")
      json.member("router_id", routerID)
      json.member("subject", subject)
      json.member("text", body)
      json.member("time", time.internetDate)
    }
    let isMailed = global.mail.server != nil && !global.mail.recipients.isEmpty
    self.init(
      title: "[\(routerID)] \(subject)", body: body, json: json.text, time: time,
      mail: isMailed ? global.mail : nil, alerts: global.alerts)
  }

  private init?(
    title: String, body: String, json: String, time: WallClockTime, mail: GlobalDefinition.MailDefinition?,
    alerts: AlertDefinition
  ) {
    guard mail != nil || alerts.webhook != nil else { return nil }
    self.title = title
    self.body = body
    self.json = json
    self.time = time
    self.mail = mail
    self.alerts = alerts
  }
}

// MARK: - On the channel

extension AlertDelivery {
  private static let recipientLimit: UInt64 = 256

  /// Everything but the kind of the message.
  var encoded: [UInt8] {
    var bytes = [title, body, json].flatMap(Self.field) + UInt64(bitPattern: time.microseconds).bigEndianBytes
    bytes.append(mail == nil ? 0 : 1)
    if let mail {
      bytes += [mail.sender, mail.server, mail.heloName].flatMap { Self.field($0 ?? "") }
      bytes += UInt64(mail.port).bigEndianBytes + UInt64(mail.timeoutSeconds).bigEndianBytes
      bytes += UInt64(mail.recipients.count).bigEndianBytes + mail.recipients.flatMap(Self.field)
    }
    bytes += [alerts.encryption.rawValue, alerts.credentials == nil ? 0 : 1, alerts.webhook == nil ? 0 : 1]
    bytes += Self.field(alerts.authorityFile ?? "")
    if let credentials = alerts.credentials {
      bytes += Self.field(credentials.user) + Self.field(credentials.password)
    }
    if let hook = alerts.webhook {
      bytes += [hook.host, hook.path, hook.bearerToken ?? ""].flatMap(Self.field)
      bytes += UInt64(hook.port).bigEndianBytes + [hook.isEncrypted ? 1 : 0]
      bytes += hook.timeoutNanoseconds.bigEndianBytes
    }
    return bytes
  }

  private static func field(_ text: String) -> [UInt8] {
    let content = Array(text.utf8)
    return UInt64(content.count).bigEndianBytes + content
  }

  /// Reads what ``encoded`` wrote.
  init(decoding rest: inout ArraySlice<UInt8>) throws(HookMessageError) {
    title = try rest.takeText()
    body = try rest.takeText()
    json = try rest.takeText()
    time = WallClockTime(microseconds: Int64(bitPattern: try rest.takeNumber()))
    mail = try rest.takeByte() == 0 ? nil : try Self.takeMail(&rest)
    alerts = AlertDefinition()
    alerts.encryption = AlertDefinition.Encryption(rawValue: try rest.takeByte()) ?? .required
    let (hasCredentials, hasWebhook) = (try rest.takeByte() != 0, try rest.takeByte() != 0)
    alerts.authorityFile = try rest.takeOptionalText()
    if hasCredentials {
      alerts.credentials = AlertDefinition.Credentials(user: try rest.takeText(), password: try rest.takeText())
    }
    if hasWebhook {
      var hook = AlertDefinition.Webhook(host: try rest.takeText(), port: 0, path: try rest.takeText())
      hook.bearerToken = try rest.takeOptionalText()
      hook.port = UInt16(truncatingIfNeeded: try rest.takeNumber())
      hook.isEncrypted = try rest.takeByte() != 0
      hook.timeoutNanoseconds = try rest.takeNumber()
      alerts.webhook = hook
    }
  }

  private static func takeMail(
    _ rest: inout ArraySlice<UInt8>
  ) throws(HookMessageError) -> GlobalDefinition.MailDefinition {
    var mail = GlobalDefinition.MailDefinition()
    mail.sender = try rest.takeOptionalText()
    mail.server = try rest.takeOptionalText()
    mail.heloName = try rest.takeOptionalText()
    mail.port = UInt16(truncatingIfNeeded: try rest.takeNumber())
    mail.timeoutSeconds = UInt32(truncatingIfNeeded: try rest.takeNumber())
    let count = try rest.takeNumber()
    guard count <= recipientLimit else { throw .tooManyArguments(Int(clamping: count)) }
    for _ in 0..<count { mail.recipients.append(try rest.takeText()) }
    return mail
  }
}

extension ArraySlice<UInt8> {
  fileprivate mutating func takeByte() throws(HookMessageError) -> UInt8 {
    guard let byte = popFirst() else { throw .truncated }
    return byte
  }

  fileprivate mutating func takeOptionalText() throws(HookMessageError) -> String? {
    let text = try takeText()
    return text.isEmpty ? nil : text
  }
}
