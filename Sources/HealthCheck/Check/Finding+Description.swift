extension ProbeStep: CustomStringConvertible {
  /// The step in a word or two.
  public var description: String {
    switch self {
    case .connect: "connect"
    case .tlsHandshake: "TLS handshake"
    case .banner: "banner"
    case .hello: "HELO"
    case .quit: "QUIT"
    case .script(let index): "script step \(index)"
    case .statusLine: "status line"
    case .header: "header"
    case .body: "body"
    case .digest: "digest"
    case .content: "content"
    case .reply: "reply"
    case .frame: "HTTP/2 frame"
    case .execution: "script"
    case .observation: "observation"
    case .probe: "probe"
    }
  }
}

extension ProbeFailure: CustomStringConvertible {
  /// Step and reason, as for a log line: `status line: timed out`.
  public var description: String { "\(step): \(reason)" }
}

extension ProbeFailure.Reason: CustomStringConvertible {
  /// The reason in a few words.
  public var description: String {
    switch self {
    case .timedOut: "timed out"
    case .deadlinePassed: "the whole check took too long"
    case .lost: "no result"
    case .refused: "connection refused"
    case .unreachable: "unreachable"
    case .reset: "connection reset"
    case .closedEarly: "closed by the peer"
    case .tooLong: "too long"
    case .malformed: "malformed"
    case .unexpectedStatus(let code): "status \(code)"
    case .unexpectedReplyCode(let code): "reply code \(code)"
    case .digestMismatch: "digest differs"
    case .patternMissing: "pattern not found"
    case .patternPresent: "unwanted pattern found"
    case .unexpectedLength(let count): "\(count) bytes"
    case .unexpectedContent: "unexpected content"
    case .responseCode(let code): "response code \(code)"
    case .tooFewAnswers(let count): "\(count) answers of the type"
    case .callStatus(let code): "gRPC status \(code)"
    case .notServing(let code): "serving status \(code)"
    case .alert(let code): code == 255 ? "TLS error" : alertText(code)
    case .agent(let state): state.description
    case .certificate(let fault): fault.description
    case .exited(let status): "exited with status \(status)"
    case .signalled(let signal): "killed by signal \(signal)"
    case .sessionDown: "session down"
    case .value(let value): "value \(value)"
    }
  }
}

/// The number of an alert and, for those a misconfigured pair of ends exchanges, its name (RFC 8446 §6).
private func alertText(_ code: UInt8) -> String {
  let name =
    switch code {
    case 40: " (handshake failure)"
    case 42: " (bad certificate)"
    case 43: " (unsupported certificate)"
    case 44: " (certificate revoked)"
    case 45: " (certificate expired)"
    case 46: " (certificate unknown)"
    case 48: " (unknown CA)"
    case 70: " (protocol version)"
    case 71: " (insufficient security)"
    case 80: " (internal error)"
    case 112: " (unrecognized name)"
    case 116: " (certificate required)"
    case 120: " (no application protocol)"
    default: ""
    }
  return "alert \(code)\(name)"
}

extension ProbeFailure.AgentState: CustomStringConvertible {
  /// What the agent said.
  public var description: String {
    switch self {
    case .down: "the agent says down"
    case .failed: "the agent says failed"
    case .stopped: "the agent says stopped"
    case .maintenance: "the agent says maint"
    }
  }
}

extension ProbeFailure.CertificateFault: CustomStringConvertible {
  /// The fault in a few words.
  public var description: String {
    switch self {
    case .expired: "certificate expired"
    case .notYetValid: "certificate not yet valid"
    case .untrusted: "certificate not trusted"
    case .wrongName: "certificate of another name"
    case .missing: "no certificate"
    }
  }
}
