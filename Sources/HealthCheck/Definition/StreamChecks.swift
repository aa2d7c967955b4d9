/// `TCP_CHECK`: a connection is established; with a script, a dialogue is held on it too.
public struct TCPCheck: Hashable, Sendable {
  /// Where to connect.
  public var connection: ProbeConnection
  /// What to send and expect in turn; empty is keepalived's check: connect and close.
  public var script: [Step]
  /// TLS under the script; `nil` is plain text.
  public var tls: TLSDefinition?
  /// `complete_handshake`: without a script, still finish the connection and close it in order, as keepalived does.
  /// Otherwise the server's SYN-ACK is proof enough and answered with a reset, so that the server's program, and its
  /// log, never hear of the check.
  public var completesHandshake = false

  /// One step of a dialogue.
  public enum Step: Hashable, Sendable {
    /// Sends these bytes.
    case send([UInt8])
    /// Reads until these bytes have been seen; what came before them is dropped.
    case expect([UInt8])
    /// Reads until the pattern matches what was received in this step.
    case expectPattern(PatternDefinition)
  }

  /// Whether the check ends with the SYN-ACK.
  var onlyKnocks: Bool { script.isEmpty && tls == nil && !completesHandshake }

  /// A check that connects, and holds the dialogue if there is one.
  public init(connection: ProbeConnection, script: [Step] = [], tls: TLSDefinition? = nil) {
    self.connection = connection
    self.script = script
    self.tls = tls
  }
}

/// `SMTP_CHECK`: banner, HELO, QUIT (RFC 5321 §3.1).
public struct SMTPCheck: Hashable, Sendable {
  /// Where to connect.
  public var connection: ProbeConnection
  /// `helo_name`.
  public var heloName: String

  /// The name keepalived says: `smtpchecker.keepalived.org`.
  public static let defaultHeloName = "smtpchecker.keepalived.org"

  /// A check of one host. Each `host` block beyond the first is a checker of its own.
  public init(connection: ProbeConnection, heloName: String = Self.defaultHeloName) {
    self.connection = connection
    self.heloName = heloName
  }
}

/// `AGENT_CHECK`: a program on the server says in one line how it is and how much of the load it wants, as agents for
/// HAProxy do.
public struct AgentCheck: Hashable, Sendable {
  /// Where to connect.
  public var connection: ProbeConnection
  /// `send`: what is sent first.
  public var greeting: [UInt8]

  /// A check that listens.
  public init(connection: ProbeConnection, greeting: [UInt8] = []) {
    self.connection = connection
    self.greeting = greeting
  }
}

/// The gRPC health checking protocol: `grpc.health.v1.Health/Check` over HTTP/2.
public struct GRPCCheck: Hashable, Sendable {
  /// Where to connect.
  public var connection: ProbeConnection
  /// The service asked about; empty is the whole server.
  public var service: String
  /// `:authority`; `nil` is address and port.
  public var authority: String?
  /// TLS with ALPN `h2`; `nil` is HTTP/2 with prior knowledge.
  public var tls: TLSDefinition?

  /// A check of one service.
  public init(
    connection: ProbeConnection, service: String = "", authority: String? = nil, tls: TLSDefinition? = nil
  ) {
    self.connection = connection
    self.service = service
    self.authority = authority
    self.tls = tls
  }
}
