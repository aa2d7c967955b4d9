/// How a probe speaks TLS: the `SSL` block and the TLS keywords of `SSL_GET`.
public struct TLSDefinition: Hashable, Sendable {
  /// `sni_name`, or with `enable_sni` the virtual host: the name asked for; `nil` sends none.
  public var serverName: String?
  /// Whether and how the server's certificate is verified. keepalived never does.
  public var verification: Verification
  /// `SSL { ca }`: a file of trusted authorities; `nil` is the system's.
  public var authorityFile: String?
  /// `SSL { certificate }`: our certificate chain.
  public var certificateFile: String?
  /// `SSL { key }`: our private key.
  public var keyFile: String?
  /// `SSL { password }`: the key's password.
  public var keyPassword: String?
  /// `tls_compliant`: close alerts are sent and expected.
  public var closesProperly: Bool
  /// Warn when the certificate ends within so many days; 0 for never.
  public var expiryWarningDays: UInt16

  /// What a certificate must be.
  public enum Verification: Hashable, Sendable, BitwiseCopyable {
    /// Anything, as keepalived.
    case none
    /// Signed by a trusted authority and valid now.
    case authority
    /// As `authority`, and issued to ``TLSDefinition/serverName``.
    case authorityAndName
  }

  /// TLS as keepalived speaks it: no name sent, nothing verified, no close alert.
  public init(
    serverName: String? = nil, verification: Verification = .none, authorityFile: String? = nil,
    certificateFile: String? = nil, keyFile: String? = nil, keyPassword: String? = nil, closesProperly: Bool = false,
    expiryWarningDays: UInt16 = 0
  ) {
    self.serverName = serverName
    self.verification = verification
    self.authorityFile = authorityFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.keyPassword = keyPassword
    self.closesProperly = closesProperly
    self.expiryWarningDays = expiryWarningDays
  }
}
