import NetPrimitives
import VRRPCore
import VRRPRuntime

extension AlertProcess {
  /// Sends one mail.
  func sendMail(_ delivery: AlertDelivery, _ mail: GlobalDefinition.MailDefinition) throws(AlertFailure) {
    let clock = SystemClock.wallClock()
    let message = MailMessage(
      title: delivery.title, body: delivery.body, time: delivery.time, mail: mail, hostName: hostName,
      offsetSeconds: clock.offsetSeconds)
    let settings = MailConversation.Settings(
      heloName: mail.heloName ?? hostName, encryption: delivery.alerts.encryption,
      credentials: delivery.alerts.credentials, timeoutNanoseconds: UInt64(mail.timeoutSeconds) * 1_000_000_000)
    var conversation = MailConversation(message, settings: settings, now: clock.instant)
    let connection = try connect(to: mail.server ?? "", port: mail.port, by: conversation.deadline)
    let trust = AlertConnection.Trust(
      verifies: delivery.alerts.verifiesMailServer, authorityFile: delivery.alerts.authorityFile)
    let refused = try converse(&conversation, over: connection, trusting: trust)
    if !refused.isEmpty { say("\(delivery.title): not mailed to \(refused.joined(separator: ", ")): refused") }
  }

  /// Calls one webhook.
  func post(_ delivery: AlertDelivery, to hook: AlertDefinition.Webhook) throws(AlertFailure) {
    var conversation = WebhookConversation(delivery.json, to: hook, now: SystemClock.monotonic())
    let connection = try connect(to: hook.host, port: hook.port, by: conversation.deadline)
    let trust = AlertConnection.Trust(verifies: true, authorityFile: delivery.alerts.authorityFile)
    if hook.isEncrypted { try encrypt(connection, trusting: trust, by: conversation.deadline) }
    _ = try converse(&conversation, over: connection, trusting: trust)
  }

  private func connect(
    to host: String, port: UInt16, by deadline: MonotonicInstant
  ) throws(AlertFailure) -> AlertConnection {
    do { return try AlertConnection(to: host, port: port, by: deadline) } catch {
      throw AlertFailure(text: error.text, mayPass: true)
    }
  }

  private func encrypt(
    _ connection: AlertConnection, trusting trust: AlertConnection.Trust, by deadline: MonotonicInstant
  ) throws(AlertFailure) {
    do { try connection.encrypt(trusting: trust, by: deadline) } catch {
      throw AlertFailure(text: "\(connection.host): \(error.text)", mayPass: false)
    }
  }

  /// Carries out what the conversation wants until it is over.
  private func converse(
    _ conversation: inout some AlertConversation, over connection: AlertConnection,
    trusting trust: AlertConnection.Trust
  ) throws(AlertFailure) -> [String] {
    var happened = AlertHappening.connected
    while true {
      var next: AlertHappening?
      for step in conversation.steps(after: happened, now: SystemClock.monotonic()) {
        switch step {
        case .send(let bytes):
          // The end of the connection is heard when it is listened to.
          _ = connection.send(bytes, by: conversation.deadline)
        case .encrypt:
          try encrypt(connection, trusting: trust, by: conversation.deadline)
          next = .encrypted
        case .done(let refused): return refused
        case .failed(let text, let mayPass):
          throw AlertFailure(text: "\(connection.host): \(text)", mayPass: mayPass)
        }
      }
      happened =
        next
        ?? {
          switch connection.receive(by: conversation.deadline) {
          case .bytes(let bytes): .received(bytes)
          case .closed: .closed
          case .timedOut: .deadlineReached
          }
        }()
    }
  }
}

// MARK: - Two conversations, one shell

/// What happens on a connection.
enum AlertHappening {
  case connected, encrypted, closed, deadlineReached
  case received([UInt8])
}

/// What a conversation wants.
enum AlertStep {
  case send([UInt8])
  case encrypt
  /// It is over, with these recipients refused.
  case done(refused: [String])
  case failed(String, mayPass: Bool)
}

protocol AlertConversation {
  var nextDeadline: MonotonicInstant? { get }
  mutating func steps(after happening: AlertHappening, now: MonotonicInstant) -> [AlertStep]
}

extension AlertConversation {
  /// Until when what is being done may take; a farewell has a moment.
  fileprivate var deadline: MonotonicInstant {
    nextDeadline ?? SystemClock.monotonic().advanced(byNanoseconds: 100_000_000)
  }
}

extension MailConversation: AlertConversation {
  mutating func steps(after happening: AlertHappening, now: MonotonicInstant) -> [AlertStep] {
    let event: Event =
      switch happening {
      case .connected: .connected
      case .encrypted: .encrypted
      case .closed: .closed
      case .deadlineReached: .deadlineReached
      case .received(let bytes): .received(bytes)
      }
    return handle(event, now: now).map { effect in
      switch effect {
      case .send(let bytes): .send(bytes)
      case .encrypt: .encrypt
      case .delivered(let refused): .done(refused: refused)
      case .failed(let error): .failed(error.explanation, mayPass: error.mayPass)
      }
    }
  }
}

extension WebhookConversation: AlertConversation {
  mutating func steps(after happening: AlertHappening, now: MonotonicInstant) -> [AlertStep] {
    let event: Event =
      switch happening {
      case .connected, .encrypted: .connected
      case .closed: .closed
      case .deadlineReached: .deadlineReached
      case .received(let bytes): .received(bytes)
      }
    return handle(event, now: now).map { effect in
      switch effect {
      case .send(let bytes): .send(bytes)
      case .delivered: .done(refused: [])
      case .failed(let failure): .failed(failure.explanation, mayPass: failure.mayPass)
      }
    }
  }
}
