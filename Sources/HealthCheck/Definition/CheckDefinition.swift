/// One checker of a real server as it was configured: what is probed, when, and what its results mean.
///
/// A plain value. Two equal definitions describe the same probe, so the ``CheckScheduler`` runs it once and tells
/// everybody who asked.
public struct CheckDefinition: Hashable, Sendable {
  /// What is probed, with everything the probe needs.
  public var probe: Probe
  /// Periods, retries and time limits, inheritance already applied (``CheckTiming/Overrides``).
  public var timing: CheckTiming
  /// `alpha`: the checker counts as failed until it has succeeded once.
  public var startsFailed: Bool
  /// `log_all_failures`: each failure is logged, not only changes of state.
  public var logsEveryFailure: Bool

  /// The checkers keepalived knows, and two of ours, each with its own settings.
  ///
  /// Indirect, so that the many copies of a definition (configuration, balancer, scheduler, probe) share its settings.
  public indirect enum Probe: Hashable, Sendable {
    /// `TCP_CHECK`.
    case tcp(TCPCheck)
    /// `HTTP_GET`, and `SSL_GET` when ``HTTPCheck/tls`` is set.
    case http(HTTPCheck)
    /// `SMTP_CHECK`.
    case smtp(SMTPCheck)
    /// `DNS_CHECK`.
    case dns(DNSCheck)
    /// `UDP_CHECK`.
    case udp(UDPCheck)
    /// `PING_CHECK`.
    case ping(PingCheck)
    /// `MISC_CHECK`.
    case misc(MiscCheck)
    /// `FILE_CHECK`.
    case file(FileCheck)
    /// `BFD_CHECK`.
    case bfd(BFDCheck)
    /// The gRPC health protocol; keepalived has none.
    case grpc(GRPCCheck)
    /// `AGENT_CHECK`: the agent protocol of HAProxy; keepalived has none.
    case agent(AgentCheck)
  }

  /// A checker; without `timing` it gets the defaults of its kind.
  public init(
    _ probe: Probe, timing: CheckTiming? = nil, startsFailed: Bool = false, logsEveryFailure: Bool = false
  ) {
    self.probe = probe
    self.timing = timing ?? CheckTiming(for: probe.kind)
    self.startsFailed = startsFailed
    self.logsEveryFailure = logsEveryFailure
  }
}

/// The kinds of checker, without their settings.
public enum CheckKind: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case tcp, http, ssl, smtp, dns, udp, ping, misc, file, bfd, grpc, agent

  /// The block's keyword in keepalived.conf; `GRPC_CHECK` and `AGENT_CHECK` are ours.
  public var keyword: String {
    switch self {
    case .tcp: "TCP_CHECK"
    case .http: "HTTP_GET"
    case .ssl: "SSL_GET"
    case .smtp: "SMTP_CHECK"
    case .dns: "DNS_CHECK"
    case .udp: "UDP_CHECK"
    case .ping: "PING_CHECK"
    case .misc: "MISC_CHECK"
    case .file: "FILE_CHECK"
    case .bfd: "BFD_CHECK"
    case .grpc: "GRPC_CHECK"
    case .agent: "AGENT_CHECK"
    }
  }
}

extension CheckDefinition.Probe {
  /// Which kind of checker this is.
  public var kind: CheckKind {
    switch self {
    case .tcp: .tcp
    case .http(let check): check.tls == nil ? .http : .ssl
    case .smtp: .smtp
    case .dns: .dns
    case .udp: .udp
    case .ping: .ping
    case .misc: .misc
    case .file: .file
    case .bfd: .bfd
    case .grpc: .grpc
    case .agent: .agent
    }
  }

  /// Where the probe goes; `nil` for scripts and for inputs that others observe.
  public var connection: ProbeConnection? {
    switch self {
    case .tcp(let check): check.connection
    case .http(let check): check.connection
    case .smtp(let check): check.connection
    case .dns(let check): check.connection
    case .udp(let check): check.connection
    case .ping(let check): check.connection
    case .grpc(let check): check.connection
    case .agent(let check): check.connection
    case .misc, .file, .bfd: nil
    }
  }

  /// How many steps one round has: the URLs of an HTTP check, otherwise one.
  public var stepCount: Int {
    switch self {
    case .http(let check): max(check.urls.count, 1)
    case .tcp, .smtp, .dns, .udp, .ping, .misc, .file, .bfd, .grpc, .agent: 1
    }
  }
}
