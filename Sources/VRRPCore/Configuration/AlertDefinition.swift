/// How mail gets to the server beyond what keepalived knows, and who else is told.
public struct AlertDefinition: Hashable, Sendable {
  /// Whether the conversation with the mail server is encrypted (`smtp_tls`).
  public var encryption: Encryption = .whenOffered
  /// `alert_tls_ca`: a file of certificates to trust in the place of the system's, for mail and webhook alike.
  public var authorityFile: String?
  /// `smtp_auth`: whom to log in as; never sent in the clear. `nil` does not log in.
  public var credentials: Credentials?
  /// `webhook`: an HTTP server that gets each alert as JSON, beside the mail.
  public var webhook: Webhook?

  /// STARTTLS (RFC 3207), or TLS from the first byte (RFC 8314).
  public enum Encryption: UInt8, Hashable, Sendable, BitwiseCopyable {
    /// Never, as keepalived.
    case never
    /// When the server offers it; then it must work. Whose certificate it is does not matter (RFC 7435), unless there
    /// is a password to send.
    case whenOffered
    /// Always: a server that does not offer it, or whose certificate is not its own, gets no mail.
    case required
    /// The connection begins with TLS, and the certificate must be the server's.
    case implicit
  }

  /// Whether the mail server must prove who it is.
  public var verifiesMailServer: Bool {
    switch encryption {
    case .never, .whenOffered: credentials != nil
    case .required, .implicit: true
    }
  }

  /// A user of the mail server (RFC 4954).
  public struct Credentials: Hashable, Sendable {
    public var user: String
    public var password: String

    /// The user `user`.
    public init(user: String, password: String) {
      self.user = user
      self.password = password
    }
  }

  /// Where an HTTP POST goes.
  public struct Webhook: Hashable, Sendable {
    /// A name or an address, without brackets.
    public var host: String
    public var port: UInt16
    /// What follows the host, beginning with `/`.
    public var path: String
    /// `https`.
    public var isEncrypted: Bool
    /// What `Authorization` says after `Bearer`; `nil` sends no such header.
    public var bearerToken: String?
    /// In nanoseconds, for the whole exchange.
    public var timeoutNanoseconds: UInt64 = 10_000_000_000

    /// A hook at `host`.
    public init(
      host: String, port: UInt16, path: String = "/", isEncrypted: Bool = false, bearerToken: String? = nil
    ) {
      self.host = host
      self.port = port
      self.path = path
      self.isEncrypted = isEncrypted
      self.bearerToken = bearerToken
    }
  }

  /// As keepalived, but encrypted where the server can.
  public init() {}
}
