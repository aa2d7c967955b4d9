extension MailError {
  /// What went wrong, for the log.
  public var explanation: String {
    switch self {
    case .timedOut: "the mail server did not answer in time"
    case .closed: "the mail server closed the connection"
    case .malformedReply: "what the mail server says is no SMTP"
    case .refused(let code, let text): "the mail server refused: \(code) \(text)"
    case .encryptionNotOffered: "the mail server does not offer STARTTLS, which 'smtp_tls' or 'smtp_auth' needs"
    case .encryptionFailed: "TLS with the mail server failed"
    case .noLoginMethod: "the mail server takes neither AUTH PLAIN nor AUTH LOGIN"
    }
  }

  /// Whether it may be otherwise in a moment.
  public var mayPass: Bool {
    switch self {
    case .timedOut, .closed: true
    case .refused(let code, _): (400..<500).contains(code)
    case .malformedReply, .encryptionNotOffered, .encryptionFailed, .noLoginMethod: false
    }
  }
}

extension WebhookConversation.Failure {
  /// What went wrong, for the log.
  public var explanation: String {
    switch self {
    case .timedOut: "the webhook did not answer in time"
    case .closed: "the webhook closed the connection"
    case .malformedResponse: "what the webhook says is no HTTP"
    case .status(let status): "the webhook answered \(status)"
    }
  }

  /// Whether it may be otherwise in a moment.
  public var mayPass: Bool {
    switch self {
    case .timedOut, .closed: true
    case .status(let status): status == 429 || status >= 500
    case .malformedResponse: false
    }
  }
}
