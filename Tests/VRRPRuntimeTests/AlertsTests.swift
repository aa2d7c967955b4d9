import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct AlertsTests {
  static let time = WallClockTime(microseconds: 1_795_234_259_000_123)

  static func alert(
    _ subject: NotifySubject = .instance("VI_2"), _ state: NotifyState = .active, routerID: String = "node-a"
  ) -> Alert {
    Alert(subject, state, priority: 100, routerID: routerID, time: time)
  }

  static func mail(
    recipients: [String] = ["ops@example.org", "Night Watch <noc@example.org>"],
    sender: String? = "HA <ha@example.org>"
  ) -> GlobalDefinition.MailDefinition {
    var mail = GlobalDefinition.MailDefinition()
    mail.server = "192.0.2.1"
    mail.recipients = recipients
    mail.sender = sender
    return mail
  }

  static func message(_ alert: Alert, _ mail: GlobalDefinition.MailDefinition) throws -> MailMessage {
    MailMessage(
      title: try #require(alert.title), body: alert.body, time: alert.time, mail: mail, hostName: "node-a",
      offsetSeconds: 0)
  }

  /// A mail as a server of ours took it from keepalived 2.2.7.
  @Test func `a mail is keepalived's, byte for byte`() throws {
    let message = try Self.message(Self.alert(), Self.mail())
    #expect(
      message.text
        == [
          "Date: Sat, 21 Nov 2026 04:10:59 +0000", "From: HA <ha@example.org>",
          "Subject: [node-a] VRRP Instance VI_2 - Entering MASTER state", "X-Mailer: Keepalived",
          "To: ops@example.org, Night Watch <noc@example.org>", "", "=> VRRP Instance is now owning VRRP VIPs <=", "",
          "",
        ].joined(separator: "\r\n"))
    // The envelope has no names in it; keepalived's has, and servers refuse that.
    #expect(message.sender == "ha@example.org")
    #expect(message.recipients == ["ops@example.org", "noc@example.org"])
  }

  @Test(
    arguments: [
      (.instance("I"), .active, "VRRP Instance I - Entering MASTER state", "is now owning VRRP VIPs"),
      (.instance("I"), .backup, "VRRP Instance I - Entering BACKUP state", "is no longer owning VRRP VIPs"),
      (.instance("I"), .fault, "VRRP Instance I - Entering FAULT state", "is no longer owning VRRP VIPs"),
      (.instance("I"), .stop, "VRRP Instance I - Stopping", "is no longer owning VRRP VIPs"),
      (.instance("I"), .deleted, "VRRP Instance I - Deleted", "is no longer owning VRRP VIPs"),
      (.group("G"), .active, "VRRP Group G - Entering MASTER state", "instances are now in MASTER state"),
      (.group("G"), .backup, "VRRP Group G - Entering BACKUP state", "instances are now in BACKUP state"),
      (.group("G"), .fault, "VRRP Group G - Entering FAULT state", "instances are now in FAULT state"),
      (.group("G"), .stop, "VRRP Group G - Stopping", "instances are now in STOP state"),
    ] as [(NotifySubject, NotifyState, String, String)])
  func `subjects and texts are keepalived's`(
    subject: NotifySubject, state: NotifyState, title: String, body: String
  ) {
    let alert = Self.alert(subject, state)
    #expect(alert.title == "[node-a] \(title)")
    #expect(alert.body.contains(body))
  }

  @Test func `nobody is mailed without a server, without recipients, or of what is not to be mailed`() {
    #expect(Self.alert().isMailed(by: Self.mail()))
    #expect(!Self.alert().isMailed(by: Self.mail(recipients: [])))
    var noServer = Self.mail()
    noServer.server = nil
    #expect(!Self.alert().isMailed(by: noServer))
    #expect(!Self.alert(.group("G"), .deleted).isMailed(by: Self.mail()))
    var noFaults = Self.mail()
    noFaults.omitsFaults = true
    #expect(!Self.alert(.instance("I"), .fault).isMailed(by: noFaults))
    #expect(Self.alert(.instance("I"), .backup).isMailed(by: noFaults))
  }

  @Test func `names cannot smuggle headers or commands`() throws {
    let alert = Self.alert(.instance("I\r\nBcc: x@example.org"), .active)
    let mail = Self.mail(recipients: ["a@example.org>\r\nDATA\r\n<b@example.org"], sender: "x\r\nTo: y <z@example.org>")
    let message = try Self.message(alert, mail)
    #expect(!message.text.contains("\nBcc"))
    #expect(!message.text.contains("\nTo: y"))
    let envelope = message.recipients + [message.sender]
    for address in envelope { #expect(!address.contains { "<> \r\n".contains($0) }) }
  }

  @Test(
    arguments: [
      (0, "Thu, 1 Jan 1970 00:00:00 +0000", "Thu Jan  1 00:00:00.000000 1970", "1970-01-01T00:00:00.000000Z"),
      (
        951_782_400_000_001, "Tue, 29 Feb 2000 00:00:00 +0000", "Tue Feb 29 00:00:00.000001 2000",
        "2000-02-29T00:00:00.000001Z"
      ),
      (
        -1_000_000, "Wed, 31 Dec 1969 23:59:59 +0000", "Wed Dec 31 23:59:59.000000 1969",
        "1969-12-31T23:59:59.000000Z"
      ),
      (
        4_107_542_399_999_999, "Sun, 28 Feb 2100 23:59:59 +0000", "Sun Feb 28 23:59:59.999999 2100",
        "2100-02-28T23:59:59.999999Z"
      ),
    ] as [(Int64, String, String, String)])
  func `dates are right in leap years and before 1970`(time: Int64, mail: String, text: String, internet: String) {
    let time = WallClockTime(microseconds: time)
    #expect(time.mailDate(offset: 0) == mail)
    #expect(time.text(offset: 0) == text)
    #expect(time.internetDate == internet)
  }

  @Test func `dates know their zone`() {
    let time = WallClockTime(microseconds: 1_795_234_259_000_000)
    #expect(time.mailDate(offset: -12_600) == "Sat, 21 Nov 2026 00:40:59 -0330")
    #expect(time.mailDate(offset: 72_000) == "Sun, 22 Nov 2026 00:10:59 +2000")
  }

  @Test func `the webhook is sent one object`() {
    #expect(
      Self.alert(.instance("a\"b"), .fault).json
        == #"{"event":"vrrp_state","router_id":"node-a","kind":"instance","name":"a\"b","state":"FAULT","#
        + #""priority":100,"time":"2026-11-21T04:10:59.000123Z"}"#)
    #expect(!Self.alert(.group("G"), .stop).json.contains("priority"))
  }
}

@Suite struct AlertsMailConversationTests {
  /// A conversation, told as a script: what the server says and what we answer.
  struct Dialogue {
    var conversation: MailConversation
    var told: [String] = []

    init(
      _ settings: MailConversation.Settings, text: String = "Subject: x\r\n\r\nbody\r\n", recipients: [String]? = nil
    ) {
      var message = MailMessage(
        title: "x", body: "y", time: AlertsTests.time, mail: AlertsTests.mail(), hostName: "h", offsetSeconds: 0)
      message.text = text
      if let recipients { message.recipients = recipients }
      conversation = MailConversation(message, settings: settings, now: MonotonicInstant(nanoseconds: 0))
    }

    mutating func at(_ seconds: UInt64, _ event: MailConversation.Event) {
      for effect in conversation.handle(event, now: MonotonicInstant(nanoseconds: seconds * 1_000_000_000)) {
        switch effect {
        case .send(let bytes): told.append(String(decoding: bytes, as: UTF8.self))
        case .encrypt: told.append("(encrypt)")
        case .delivered(let refused): told.append("(delivered, refused \(refused))")
        case .failed(let error): told.append("(failed: \(error))")
        }
      }
    }

    mutating func server(_ lines: String...) {
      at(0, .received(Array((lines + [""]).joined(separator: "\r\n").utf8)))
    }
  }

  static let plain = MailConversation.Settings(heloName: "node-a.example.org")
  static let hello = "EHLO node-a.example.org\r\n"

  @Test func `a mail is delivered to all`() {
    var dialogue = Dialogue(Self.plain, text: "Subject: x\r\n\r\n.dot\r\nmore\r\n..\r\n")
    dialogue.at(0, .connected)
    dialogue.server("220 mx.example.org ESMTP")
    dialogue.server("250-mx.example.org", "250-SIZE 1000", "250 HELP")
    dialogue.server("250 ok")
    dialogue.server("250 ok")
    dialogue.server("251 will forward")
    dialogue.server("354 go on")
    dialogue.server("250 queued")
    #expect(
      dialogue.told == [
        Self.hello, "MAIL FROM:<ha@example.org>\r\n", "RCPT TO:<ops@example.org>\r\n",
        "RCPT TO:<noc@example.org>\r\n", "DATA\r\n", "Subject: x\r\n\r\n..dot\r\nmore\r\n...\r\n.\r\n", "QUIT\r\n",
        "(delivered, refused [])",
      ])
    #expect(dialogue.conversation.nextDeadline == nil)
    dialogue.server("500 too late")
    dialogue.at(99, .closed)
    #expect(dialogue.told.count == 8)
  }

  @Test func `a body without a last line end gets one`() {
    var dialogue = Dialogue(Self.plain, text: "Subject: x\r\n\r\nend", recipients: ["a@example.org"])
    dialogue.at(0, .connected)
    for reply in ["220 x", "250 x", "250 x", "250 x", "354 x"] { dialogue.server(reply) }
    #expect(dialogue.told.last == "Subject: x\r\n\r\nend\r\n.\r\n")
  }

  @Test func `replies may arrive in any pieces`() {
    var dialogue = Dialogue(Self.plain)
    dialogue.at(0, .connected)
    for byte in Array("220-one\r\n220 two\r\n".utf8) { dialogue.at(0, .received([byte])) }
    #expect(dialogue.told == [Self.hello])
    dialogue.at(0, .received(Array("250-mx\r\n25".utf8)))
    #expect(dialogue.told.count == 1)
    dialogue.at(0, .received(Array("0 x\r\n250 ok\r\n".utf8)))
    #expect(dialogue.told.count == 3)
  }

  @Test func `an old server is greeted the old way`() {
    var dialogue = Dialogue(Self.plain)
    dialogue.at(0, .connected)
    dialogue.server("220 x")
    dialogue.server("502 what?")
    #expect(dialogue.told.last == "HELO node-a.example.org\r\n")
    dialogue.server("250 x")
    #expect(dialogue.told.last == "MAIL FROM:<ha@example.org>\r\n")
  }

  @Test func `what is offered is encrypted, and greeted again, before anything is said`() {
    var settings = Self.plain
    settings.credentials = .init(user: "user", password: "pass")
    var dialogue = Dialogue(settings)
    dialogue.at(0, .connected)
    dialogue.server("220 x")
    dialogue.server("250-x", "250-starttls", "250 AUTH PLAIN")
    dialogue.server("220 go ahead")
    dialogue.at(0, .encrypted)
    dialogue.server("250-x", "250 AUTH LOGIN PLAIN")
    dialogue.server("235 welcome")
    #expect(
      dialogue.told == [
        Self.hello, "STARTTLS\r\n", "(encrypt)", Self.hello, "AUTH PLAIN AHVzZXIAcGFzcw==\r\n",
        "MAIL FROM:<ha@example.org>\r\n",
      ])
  }

  @Test func `the older way to log in works, too`() {
    var settings = Self.plain
    settings.credentials = .init(user: "user", password: "secret")
    var dialogue = Dialogue(settings)
    dialogue.at(0, .connected)
    dialogue.server("220 x")
    dialogue.server("250-x", "250 STARTTLS")
    dialogue.server("220 x")
    dialogue.at(0, .encrypted)
    dialogue.server("250-x", "250 AUTH LOGIN")
    dialogue.server("334 VXNlcm5hbWU6")
    dialogue.server("334 UGFzc3dvcmQ6")
    dialogue.server("235 x")
    #expect(
      dialogue.told.suffix(4) == ["AUTH LOGIN\r\n", "dXNlcg==\r\n", "c2VjcmV0\r\n", "MAIL FROM:<ha@example.org>\r\n"])
  }

  @Test func `a password never leaves in the clear`() {
    for encryption in [AlertDefinition.Encryption.never, .whenOffered, .required] {
      var settings = Self.plain
      settings.encryption = encryption
      settings.credentials = .init(user: "user", password: "pass")
      var dialogue = Dialogue(settings)
      dialogue.at(0, .connected)
      dialogue.server("220 x")
      dialogue.server("250-x", "250 AUTH PLAIN")
      #expect(dialogue.told == [Self.hello, "(failed: encryptionNotOffered)"])
    }
  }

  @Test func `a connection may begin with encryption`() {
    var settings = Self.plain
    settings.encryption = .implicit
    settings.credentials = .init(user: "user", password: "pass")
    var dialogue = Dialogue(settings)
    dialogue.at(0, .connected)
    #expect(dialogue.told == ["(encrypt)"])
    dialogue.at(0, .encrypted)
    dialogue.server("220 x")
    dialogue.server("250-x", "250-STARTTLS", "250 AUTH PLAIN")
    #expect(dialogue.told == ["(encrypt)", Self.hello, "AUTH PLAIN AHVzZXIAcGFzcw==\r\n"])
    var refused = Dialogue(settings)
    refused.at(0, .connected)
    refused.at(0, .closed)
    #expect(refused.told == ["(encrypt)", "(failed: encryptionFailed)"])
  }

  @Test func `required encryption is required`() {
    var settings = Self.plain
    settings.encryption = .required
    var dialogue = Dialogue(settings)
    dialogue.at(0, .connected)
    dialogue.server("220 x")
    dialogue.server("250 x")
    #expect(dialogue.told.last == "(failed: encryptionNotOffered)")
    var old = Dialogue(settings)
    old.at(0, .connected)
    old.server("220 x")
    old.server("500 x")
    #expect(old.told.last?.hasPrefix("(failed: refused(code: 500") == true)
  }

  @Test func `encryption that is not wanted is not begun`() {
    var settings = Self.plain
    settings.encryption = .never
    var dialogue = Dialogue(settings)
    dialogue.at(0, .connected)
    dialogue.server("220 x")
    dialogue.server("250-x", "250 STARTTLS")
    #expect(dialogue.told.last == "MAIL FROM:<ha@example.org>\r\n")
  }

  @Test func `what is slipped in before the encryption is an attack`() {
    var dialogue = Dialogue(Self.plain)
    dialogue.at(0, .connected)
    dialogue.server("220 x")
    dialogue.server("250-x", "250 STARTTLS")
    dialogue.server("220 go", "250-x", "250 AUTH PLAIN")
    #expect(dialogue.told.last == "(failed: encryptionFailed)")
  }

  @Test func `a failed handshake does not fall back to the clear`() {
    var dialogue = Dialogue(Self.plain)
    dialogue.at(0, .connected)
    dialogue.server("220 x")
    dialogue.server("250-x", "250 STARTTLS")
    dialogue.server("220 go")
    dialogue.at(0, .closed)
    #expect(dialogue.told.last == "(failed: encryptionFailed)")
    #expect(!dialogue.told.contains { $0.hasPrefix("MAIL") })
  }

  @Test func `one recipient who is refused does not keep the others uninformed`() {
    var dialogue = Dialogue(Self.plain)
    dialogue.at(0, .connected)
    for reply in ["220 x", "250 x", "250 x", "550 nobody", "250 x", "354 x", "250 x"] { dialogue.server(reply) }
    #expect(dialogue.told.last == "(delivered, refused [\"ops@example.org\"])")
    var nobody = Dialogue(Self.plain)
    nobody.at(0, .connected)
    for reply in ["220 x", "250 x", "250 x", "550 nobody", "551 gone"] { nobody.server(reply) }
    #expect(nobody.told.last == "(failed: refused(code: 551, text: \"gone\"))")
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5]) func `a refusal at any step is told`(step: Int) {
    var dialogue = Dialogue(Self.plain, recipients: ["a@example.org"])
    dialogue.at(0, .connected)
    let replies = ["220 x", "250 x", "250 x", "250 x", "354 x", "250 x"]
    for reply in replies[..<step] { dialogue.server(reply) }
    dialogue.server("421 later")
    if step == 1 { dialogue.server("421 later") }
    #expect(dialogue.told.last == "(failed: refused(code: 421, text: \"later\"))")
  }

  @Test func `each reply has its time`() {
    var dialogue = Dialogue(Self.plain)
    #expect(dialogue.conversation.nextDeadline == MonotonicInstant(nanoseconds: 30_000_000_000))
    dialogue.at(20, .connected)
    dialogue.at(40, .received(Array("220 x\r\n".utf8)))
    dialogue.at(69, .deadlineReached)
    #expect(dialogue.told.count == 1)
    dialogue.at(70, .deadlineReached)
    #expect(dialogue.told.last == "(failed: timedOut)")
  }

  @Test(arguments: [
    "hello\r\n", "22\r\n", "2x0 no\r\n", "220_no\r\n", "220-one\r\n221 two\r\n", String(repeating: "2", count: 3000),
    String(repeating: "220-x\r\n", count: 200),
  ]) func `what is no reply ends the conversation`(text: String) {
    var dialogue = Dialogue(Self.plain)
    dialogue.at(0, .connected)
    dialogue.at(0, .received(Array(text.utf8)))
    #expect(dialogue.told == ["(failed: malformedReply)"])
  }

  @Test func `a closed connection is told`() {
    var dialogue = Dialogue(Self.plain)
    dialogue.at(0, .closed)
    #expect(dialogue.told == ["(failed: closed)"])
  }
}

@Suite struct AlertsWebhookTests {
  static func hook(_ change: (inout AlertDefinition.Webhook) -> Void = { _ in }) -> AlertDefinition.Webhook {
    var hook = AlertDefinition.Webhook(host: "hooks.example.org", port: 8080, path: "/vrrp?a=b")
    change(&hook)
    return hook
  }

  static func conversation(_ hook: AlertDefinition.Webhook = hook()) -> WebhookConversation {
    WebhookConversation("{\"a\":1}", to: hook, now: MonotonicInstant(nanoseconds: 0))
  }

  @Test func `the request is a POST that says all it must`() {
    let request = String(decoding: Self.conversation().request, as: UTF8.self)
    #expect(
      request
        == [
          "POST /vrrp?a=b HTTP/1.1", "Host: hooks.example.org:8080", "User-Agent: vrrpd",
          "Content-Type: application/json", "Content-Length: 7", "Connection: close", "", "{\"a\":1}",
        ].joined(separator: "\r\n"))
  }

  @Test func `the port of the scheme is left out, an IPv6 address has brackets, a token has its header`() {
    let hook = Self.hook {
      $0.host = "2001:db8::1"
      $0.port = 443
      $0.isEncrypted = true
      $0.bearerToken = "abc\r\nX: y"
      $0.path = "p q"
    }
    let request = String(decoding: Self.conversation(hook).request, as: UTF8.self)
    #expect(request.contains("POST /pq HTTP/1.1\r\n"))
    #expect(request.contains("\r\nHost: [2001:db8::1]\r\n"))
    #expect(request.contains("\r\nAuthorization: Bearer abcX:y\r\n"))
  }

  @Test(
    arguments: [
      ("HTTP/1.1 204 No Content\r\n", .delivered), ("HTTP/1.0 200\r\n", .delivered),
      ("HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 201 Created\r\n", .delivered),
      ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\n", .failed(.status(503))),
      ("HTTP/1.1 302 Found\r\n", .failed(.status(302))), ("HTTP/1.1 500 No\r\n", .failed(.status(500))),
      ("SSH-2.0-x\r\n", .failed(.malformedResponse)), ("HTTP/2 200 \r\n", .failed(.malformedResponse)),
      ("HTTP/1.1 20 x\r\n", .failed(.malformedResponse)), ("\r\n", .failed(.malformedResponse)),
      (String(repeating: "x", count: 17_000), .failed(.malformedResponse)),
    ] as [(String, WebhookConversation.Effect)])
  func `the status decides`(response: String, effect: WebhookConversation.Effect) {
    let now = MonotonicInstant(nanoseconds: 1)
    var whole = Self.conversation()
    #expect(whole.handle(.connected, now: now) == [.send(whole.request)])
    #expect(whole.handle(.received(Array(response.utf8)), now: now) == [effect])
    #expect(whole.handle(.closed, now: now) == [])
    #expect(whole.nextDeadline == nil)
    var pieces = Self.conversation()
    var effects = pieces.handle(.connected, now: now)
    for byte in Array(response.utf8) { effects += pieces.handle(.received([byte]), now: now) }
    #expect(effects.dropFirst() == [effect])
  }

  @Test func `a server that is silent or gone is given up`() {
    var silent = Self.conversation()
    #expect(silent.nextDeadline == MonotonicInstant(nanoseconds: 10_000_000_000))
    #expect(silent.handle(.deadlineReached, now: MonotonicInstant(nanoseconds: 9_999_999_999)) == [])
    #expect(
      silent.handle(.deadlineReached, now: MonotonicInstant(nanoseconds: 10_000_000_000)) == [.failed(.timedOut)])
    var gone = Self.conversation()
    #expect(gone.handle(.closed, now: MonotonicInstant(nanoseconds: 1)) == [.failed(.closed)])
  }
}
