/// What came of one probe: never a bare Boolean, so that the reason reaches logs, metrics and the operator unchanged.
public struct Finding: Hashable, Sendable, BitwiseCopyable {
  /// How the probe ended.
  public var outcome: Outcome
  /// Nanoseconds from the start of the probe to its end.
  public var latencyNanoseconds: UInt64
  /// Days until the server's certificate ends, negative when it has; `nil` unless it is within
  /// ``TLSDefinition/expiryWarningDays``.
  public var certificateDaysLeft: Int32?

  /// How a probe ends.
  public enum Outcome: Hashable, Sendable, BitwiseCopyable {
    /// The target does what it should, and may say how much of the load it wants.
    case success(WeightAdvice)
    /// The target failed at a step, for a reason.
    case failure(ProbeFailure)
    /// The probe could not be made for a reason of our own; it says nothing about the target and changes nothing.
    case inconclusive(LocalFault)
  }

  /// A finding.
  public init(_ outcome: Outcome, latencyNanoseconds: UInt64 = 0) {
    self.outcome = outcome
    self.latencyNanoseconds = latencyNanoseconds
  }

  /// A success that says nothing about the weight.
  public static func success(latencyNanoseconds: UInt64 = 0) -> Finding {
    Finding(.success(.unchanged), latencyNanoseconds: latencyNanoseconds)
  }

  /// A failure.
  public static func failure(
    _ step: ProbeStep, _ reason: ProbeFailure.Reason, latencyNanoseconds: UInt64 = 0
  ) -> Finding {
    Finding(.failure(ProbeFailure(step, reason)), latencyNanoseconds: latencyNanoseconds)
  }
}

/// What a successful check says about the weight of its server.
public enum WeightAdvice: Hashable, Sendable, BitwiseCopyable {
  /// Nothing: the configured weight.
  case unchanged
  /// `misc_dynamic`: this instead of the configured weight.
  case absolute(Int32)
  /// `AGENT_CHECK`: so many hundredths of the configured weight, rounded up.
  case percentage(UInt16)
  /// `FILE_CHECK`: this added to the configured weight.
  case offset(Int32)
}

/// Why a probe could not be made at all, on our side.
public enum LocalFault: Hashable, Sendable, BitwiseCopyable {
  /// The system refused: no socket, no local address, bind failed. The number is `errno`.
  case system(errno: Int32)
  /// The probe's definition cannot be carried out: a pattern that does not compile, a missing key file.
  case unusableDefinition
  /// The probe was called off before it ended.
  case cancelled
}

/// The step a probe was at when it failed.
public enum ProbeStep: Hashable, Sendable, BitwiseCopyable {
  /// Connecting, or waiting for it.
  case connect
  /// The TLS handshake, the certificate included.
  case tlsHandshake
  /// The server's greeting (SMTP).
  case banner
  /// The answer to HELO.
  case hello
  /// The answer to QUIT.
  case quit
  /// A step of an expect script, counted from 0.
  case script(UInt16)
  /// The first line of an HTTP response.
  case statusLine
  /// The header of an HTTP response.
  case header
  /// The body of an HTTP response.
  case body
  /// Comparing the body's digest.
  case digest
  /// Matching content.
  case content
  /// An answer in one datagram.
  case reply
  /// Frames of HTTP/2.
  case frame
  /// The run of a script.
  case execution
  /// A value others observe: a file, a session.
  case observation
  /// The probe as a whole.
  case probe
}

/// A failure: which step, and why.
public struct ProbeFailure: Hashable, Sendable, BitwiseCopyable, Error {
  /// Where it failed.
  public var step: ProbeStep
  /// Why.
  public var reason: Reason

  /// A failure at a step.
  public init(_ step: ProbeStep, _ reason: Reason) {
    self.step = step
    self.reason = reason
  }

  /// Why a step failed.
  public enum Reason: Hashable, Sendable, BitwiseCopyable {
    /// The peer was silent for `connect_timeout`.
    case timedOut
    /// The peer kept talking, but the whole check took too long.
    case deadlinePassed
    /// The transport never told what came of the probe.
    case lost
    /// The connection was refused, or an ICMP error said that nobody listens.
    case refused
    /// There is no way to the host.
    case unreachable
    /// The connection, or the one stream of it, was reset.
    case reset
    /// The peer closed before it had said enough.
    case closedEarly
    /// A line, header, body or reply beyond its limit.
    case tooLong
    /// Bytes that are not of the protocol.
    case malformed
    /// An HTTP status that is not wanted.
    case unexpectedStatus(UInt16)
    /// An SMTP reply code that is not wanted.
    case unexpectedReplyCode(UInt16)
    /// The MD5 of the body is another.
    case digestMismatch
    /// What must match does not.
    case patternMissing
    /// What must not match does.
    case patternPresent
    /// A reply of this many bytes, outside the limits.
    case unexpectedLength(UInt32)
    /// A reply that says something else.
    case unexpectedContent
    /// A DNS response code other than 0 (RFC 1035 §4.1.1).
    case responseCode(UInt8)
    /// The DNS answer has too few records of the type.
    case tooFewAnswers(UInt16)
    /// gRPC's `grpc-status` is not 0.
    case callStatus(UInt8)
    /// The service does not say SERVING (`grpc.health.v1`).
    case notServing(UInt8)
    /// The server's agent says so itself.
    case agent(AgentState)
    /// A TLS alert of this number (RFC 8446 §6), or bytes that are no TLS (255).
    case alert(UInt8)
    /// The certificate will not do.
    case certificate(CertificateFault)
    /// The script ended with this status.
    case exited(UInt8)
    /// The script was ended by this signal.
    case signalled(UInt8)
    /// The BFD session is not up.
    case sessionDown
    /// The value of the tracked file means failure.
    case value(Int32)
  }

  /// What an agent says of a server that should get no load.
  public enum AgentState: Hashable, Sendable, BitwiseCopyable {
    /// It does not work.
    case down
    /// A check of the agent's own failed.
    case failed
    /// It was stopped.
    case stopped
    /// It is being worked on.
    case maintenance
  }

  /// What is wrong with a certificate.
  public enum CertificateFault: Hashable, Sendable, BitwiseCopyable {
    /// Its time is over.
    case expired
    /// Its time has not begun.
    case notYetValid
    /// No authority we trust has signed it.
    case untrusted
    /// It was issued to somebody else.
    case wrongName
    /// The server showed none.
    case missing
  }
}
