/// `HTTP_GET` and `SSL_GET`: one or more URLs asked for in turn.
public struct HTTPCheck: Hashable, Sendable {
  /// Where to connect.
  public var connection: ProbeConnection
  /// `url` blocks, asked for in this order; a checker without any never succeeds.
  public var urls: [URL]
  /// `http_protocol`.
  public var version: Version
  /// `virtualhost` of the checker, the real server or the virtual server, whichever is nearest.
  public var virtualHost: String?
  /// `fast_recovery`: no wait between URLs while the checker is down and none has failed.
  public var recoversFast: Bool
  /// How the end of a body is found.
  public var framing: Framing
  /// The TLS settings of `SSL_GET`; `nil` is plain text.
  public var tls: TLSDefinition?

  /// What is said on the request line, and in `Connection`.
  public enum Version: Hashable, Sendable, BitwiseCopyable {
    /// `1.0`, the default.
    case http1_0
    /// `1.0C`: 1.0 with `Connection: close`.
    case http1_0Closing
    /// `1.1`, with `Connection: close`.
    case http1_1
    /// HTTP/2 with prior knowledge, or by ALPN over TLS (RFC 9113). keepalived has none.
    case http2
  }

  /// How the end of a response body is found.
  public enum Framing: Hashable, Sendable, BitwiseCopyable {
    /// By Content-Length or chunks as RFC 9112 §6.3 says; a body cut short is a failure.
    case standard
    /// By the peer's close alone, every byte after the header being body: what keepalived does. Digests taken with
    /// genhash from servers that send chunks are of this kind.
    case untilClose
  }

  /// A `url` block.
  public struct URL: Hashable, Sendable {
    /// `path`: sent as it is.
    public var path: String
    /// `digest`: the MD5 of the body, 16 bytes.
    public var digest: [UInt8]?
    /// `status_code`.
    public var statusCodes: StatusCodeSet
    /// `virtualhost` of the URL; `nil` takes the checker's.
    public var virtualHost: String?
    /// `regex` and what belongs to it.
    public var pattern: PatternDefinition?
    /// `tls_compliant` of the URL; `nil` takes the checker's.
    public var closesTLSProperly: Bool?

    /// A URL that must answer 200…299.
    public init(
      path: String, digest: [UInt8]? = nil, statusCodes: StatusCodeSet = .success, virtualHost: String? = nil,
      pattern: PatternDefinition? = nil, closesTLSProperly: Bool? = nil
    ) {
      self.path = path
      self.digest = digest
      self.statusCodes = statusCodes
      self.virtualHost = virtualHost
      self.pattern = pattern
      self.closesTLSProperly = closesTLSProperly
    }
  }

  /// A check with keepalived's defaults.
  public init(
    connection: ProbeConnection, urls: [URL], version: Version = .http1_0, virtualHost: String? = nil,
    recoversFast: Bool = false, framing: Framing = .standard, tls: TLSDefinition? = nil
  ) {
    self.connection = connection
    self.urls = urls
    self.version = version
    self.virtualHost = virtualHost
    self.recoversFast = recoversFast
    self.framing = framing
    self.tls = tls
  }

  /// The TLS settings for the URL at `index`, which may say itself how a connection is closed. Traps unless there is
  /// one.
  func tls(ofURL index: Int) -> TLSDefinition? {
    guard var definition = tls else { return nil }
    if let closesProperly = urls[index].closesTLSProperly { definition.closesProperly = closesProperly }
    return definition
  }

  /// The Host header of a URL: its own, the checker's, else address and port.
  public func host(of url: URL) -> String { url.virtualHost ?? virtualHost ?? connection.authority }
}

/// The status codes a URL may answer: a list of ranges within 100…599.
public struct StatusCodeSet: Hashable, Sendable {
  /// The ranges, as configured.
  public var ranges: [ClosedRange<UInt16>]

  /// The codes in any of `ranges`.
  public init(_ ranges: [ClosedRange<UInt16>]) { self.ranges = ranges }

  /// 200…299, the default.
  public static let success = StatusCodeSet([200...299])

  /// Whether the set has `code`.
  public func contains(_ code: UInt16) -> Bool { ranges.contains { $0.contains(code) } }
}
