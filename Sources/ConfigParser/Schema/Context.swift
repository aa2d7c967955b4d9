/// The kind of block a line stands in; it decides what the line's first word means.
public enum Context: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  // Blocks of keywords.
  case root, globalDefinitions, instance, authentication, hmac, syncGroup, trackGroup, garpGroup, script, trackProcess
  case trackFile, bfd, ssl, virtualServer, realServer
  case miscCheck, smtpCheck, smtpHost, tcpCheck, pingCheck, udpCheck, httpGet, httpURL, sslGet, sslURL, dnsCheck
  case fileCheck, bfdCheck, agentCheck, grpcCheck

  // Blocks of values.
  case addresses, routes, rules, peers, trackedInterfaces, trackedObjects, names, mailAddresses, linkbeatInterfaces
  case interfaceDelays, serverGroup

  /// A block of an unknown keyword: read over.
  case skipped

  /// Whether the lines of the block begin with keywords.
  public var hasKeywords: Bool { rawValue <= Context.grpcCheck.rawValue }

  /// The keyword that opens such a block; empty for the outermost level.
  public var title: String {
    switch self {
    case .root, .skipped: ""
    case .globalDefinitions: "global_defs"
    case .instance: "vrrp_instance"
    case .authentication: "authentication"
    case .hmac: "auth_hmac"
    case .syncGroup: "vrrp_sync_group"
    case .trackGroup: "track_group"
    case .garpGroup: "garp_group"
    case .script: "vrrp_script"
    case .trackProcess: "vrrp_track_process"
    case .trackFile: "track_file"
    case .bfd: "bfd_instance"
    case .ssl: "SSL"
    case .virtualServer: "virtual_server"
    case .realServer: "real_server"
    case .miscCheck: "MISC_CHECK"
    case .smtpCheck: "SMTP_CHECK"
    case .smtpHost: "host"
    case .tcpCheck: "TCP_CHECK"
    case .pingCheck: "PING_CHECK"
    case .udpCheck: "UDP_CHECK"
    case .httpGet: "HTTP_GET"
    case .httpURL, .sslURL: "url"
    case .sslGet: "SSL_GET"
    case .dnsCheck: "DNS_CHECK"
    case .fileCheck: "FILE_CHECK"
    case .bfdCheck: "BFD_CHECK"
    case .agentCheck: "AGENT_CHECK"
    case .grpcCheck: "GRPC_CHECK"
    case .addresses: "virtual_ipaddress"
    case .routes: "virtual_routes"
    case .rules: "virtual_rules"
    case .peers: "unicast_peer"
    case .trackedInterfaces: "track_interface"
    case .trackedObjects: "track_script"
    case .names: "group"
    case .mailAddresses: "notification_email"
    case .linkbeatInterfaces: "linkbeat_interfaces"
    case .interfaceDelays: "interface_up_down_delays"
    case .serverGroup: "virtual_server_group"
    }
  }

  /// The block in a sentence: `the block of 'vrrp_instance'`.
  var phrase: String { self == .root ? "the outermost level" : "'\(title)'" }
}
