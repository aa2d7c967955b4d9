extension Schema {
  /// Keywords of `virtual_server`, `real_server` and `SSL`.
  static let virtualServerKeywords: [KeywordTable] = [
    KeywordTable(
      .virtualServer,
      [
        Keyword("ip_family", .choice(["inet", "inet6"]), since: "1.2.20", works: true, .virtualServer(.family)),
        Keyword("retry", .integer(1...4294967295), since: "1.3.7", works: true, .virtualServer(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.3.7", works: true,
          .virtualServer(.delayBeforeRetry)),
        Keyword(
          "warmup", .seconds(0...4_294_967_295_000_000), default: "delay_loop", since: "1.3.7", works: true,
          .virtualServer(.warmup)),
        Keyword(
          "connect_timeout", .seconds(1_000...4_294_967_295_000_000), default: "5", since: "2.0.13",
          works: true, .virtualServer(.connectTimeout)),
        Keyword(
          "delay_loop", .seconds(1_000...4_294_967_295_000_000), default: "60", since: "1.1.0", works: true,
          .virtualServer(.delayLoop)),
        Keyword("inhibit_on_failure", .none, since: "1.3.7", works: true, .virtualServer(.inhibit)),
        Keyword(
          "lb_algo",
          .choice(["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "sh", "mh", "dh", "fo", "ovf", "sed", "nq", "twos"]),
          default: "wlc", since: "1.1.0", works: true, .virtualServer(.scheduler)),
        Keyword(
          "lvs_sched",
          .choice(["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "sh", "mh", "dh", "fo", "ovf", "sed", "nq", "twos"]),
          default: "wlc", since: "1.1.5", works: true, .virtualServer(.scheduler)),
        Keyword("hashed", .none, since: "1.3.0", noEffect: "it is the default of sh", .virtualServer(.hashed)),
        Keyword("ops", .none, since: "1.2.8", works: true, .virtualServer(.onePacket)),
        Keyword("flag-1", .none, since: "1.3.0", works: true, .virtualServer(.flag1)),
        Keyword("flag-2", .none, since: "1.3.0", works: true, .virtualServer(.flag2)),
        Keyword("flag-3", .none, since: "1.3.0", works: true, .virtualServer(.flag3)),
        Keyword("sh-port", .none, since: "1.3.0", works: true, .virtualServer(.flag2)),
        Keyword("sh-fallback", .none, since: "1.3.0", works: true, .virtualServer(.flag1)),
        Keyword("mh-port", .none, since: "2.0.20", works: true, .virtualServer(.flag2)),
        Keyword("mh-fallback", .none, since: "2.0.20", works: true, .virtualServer(.flag1)),
        Keyword("lb_kind", .forwarding, default: "NAT", since: "1.1.0", works: true, .virtualServer(.forwarding)),
        Keyword("lvs_method", .forwarding, default: "NAT", since: "1.1.5", works: true, .virtualServer(.forwarding)),
        Keyword("persistence_engine", .text, since: "1.2.20", works: true, .virtualServer(.persistenceEngine)),
        Keyword(
          "persistence_timeout", .optionalInteger(1...2678400), since: "1.1.0", works: true,
          .virtualServer(.persistenceTimeout)),
        Keyword("persistence_granularity", .text, since: "1.1.0", works: true, .virtualServer(.persistenceGranularity)),
        Keyword(
          "protocol", .anyCaseChoice(["TCP", "UDP", "SCTP"]), default: "UDP", since: "1.1.0", works: true,
          .virtualServer(.transport)),
        Keyword("active_on", .words, works: true, .virtualServer(.activeOn)),
        Keyword("ha_suspend", .none, since: "1.1.0", works: true, .virtualServer(.suspend)),
        Keyword("smtp_alert", .boolean, since: "2.0.0", works: true, .virtualServer(.mail)),
        Keyword("virtualhost", .text, since: "1.1.0", works: true, .virtualServer(.virtualHost)),
        Keyword("snmp_name", .text, since: "2.2.3", noEffect: noSNMP, .virtualServer(.snmpName)),
        Keyword("alpha", .none, since: "1.1.16", works: true, .virtualServer(.alpha)),
        Keyword("omega", .none, since: "1.1.16", works: true, .virtualServer(.omega)),
        Keyword("quorum_up", .script, since: "1.1.16", works: true, .virtualServer(.quorumUp)),
        Keyword("quorum_down", .script, since: "1.1.16", works: true, .virtualServer(.quorumDown)),
        Keyword(
          "quorum", .integer(1...4294967295), default: "1", since: "1.1.16", works: true, .virtualServer(.quorum)),
        Keyword(
          "hysteresis", .integer(0...4294967295), default: "0", since: "1.1.16", works: true,
          .virtualServer(.hysteresis)),
        Keyword("weight", .integer(1...2147483647), default: "1", since: "1.3.7", works: true, .virtualServer(.weight)),
        Keyword("sorry_server", .endpoint, since: "1.1.0", works: true, .virtualServer(.sorryServer)),
        Keyword("sorry_server_inhibit", .none, since: "1.2.13", works: true, .virtualServer(.sorryInhibit)),
        Keyword(
          "sorry_server_lvs_method", .forwarding, default: "lvs_method", since: "1.3.6",
          works: true, .virtualServer(.sorryForwarding)),
        Keyword("real_server", .endpoint, block: .realServer, since: "1.1.0", works: true, .virtualServer(.realServer)),
      ]),
    KeywordTable(
      .realServer,
      [
        Keyword("weight", .integer(0...2147483647), since: "1.1.0", works: true, .realServer(.weight)),
        Keyword("lvs_method", .forwarding, since: "1.3.6", works: true, .realServer(.forwarding)),
        Keyword("uthreshold", .integer(0...4294967295), since: "1.1.13", works: true, .realServer(.upperThreshold)),
        Keyword(
          "lthreshold", .integer(0...4294967295), default: "0", since: "1.1.13", works: true,
          .realServer(.lowerThreshold)),
        Keyword("inhibit_on_failure", .boolean, since: "1.1.0", works: true, .realServer(.inhibit)),
        Keyword("notify_up", .script, since: "1.1.0", works: true, .realServer(.notifyUp)),
        Keyword("notify_down", .script, since: "1.1.0", works: true, .realServer(.notifyDown)),
        Keyword("alpha", .boolean, since: "1.3.7", works: true, .realServer(.alpha)),
        Keyword("retry", .integer(1...4294967295), since: "1.3.7", works: true, .realServer(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.3.7", works: true,
          .realServer(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "1.3.7", works: true, .realServer(.warmup)),
        Keyword(
          "connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "2.0.13", works: true,
          .realServer(.connectTimeout)),
        Keyword(
          "delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "1.3.7", works: true, .realServer(.delayLoop)),
        Keyword("smtp_alert", .boolean, since: "2.0.0", works: true, .realServer(.mail)),
        Keyword("virtualhost", .text, since: "1.3.6", works: true, .realServer(.virtualHost)),
        Keyword("snmp_name", .text, since: "2.2.3", noEffect: noSNMP, .realServer(.snmpName)),
        Keyword("slow_start", .seconds(0...3_600_000_000_000), default: "0", works: true, .realServer(.slowStart)),
        Keyword("MISC_CHECK", .none, block: .miscCheck, since: "1.1.0", works: true, .realServer(.miscCheck)),
        Keyword("SMTP_CHECK", .none, block: .smtpCheck, since: "1.1.8", works: true, .realServer(.smtpCheck)),
        Keyword("TCP_CHECK", .none, block: .tcpCheck, since: "1.1.0", works: true, .realServer(.tcpCheck)),
        Keyword("PING_CHECK", .none, block: .pingCheck, since: "2.1.0", works: true, .realServer(.pingCheck)),
        Keyword("UDP_CHECK", .none, block: .udpCheck, since: "2.1.0", works: true, .realServer(.udpCheck)),
        Keyword("HTTP_GET", .none, block: .httpGet, since: "1.1.0", works: true, .realServer(.httpCheck)),
        Keyword("SSL_GET", .none, block: .sslGet, since: "1.1.0", works: true, .realServer(.sslCheck)),
        Keyword("DNS_CHECK", .none, block: .dnsCheck, since: "1.3.0", works: true, .realServer(.dnsCheck)),
        Keyword("FILE_CHECK", .none, block: .fileCheck, since: "2.1.0", works: true, .realServer(.fileCheck)),
        Keyword("BFD_CHECK", .none, block: .bfdCheck, since: "2.0.0", works: true, .realServer(.bfdCheck)),
        Keyword("AGENT_CHECK", .none, block: .agentCheck, works: true, .realServer(.agentCheck)),
        Keyword("GRPC_CHECK", .none, block: .grpcCheck, works: true, .realServer(.grpcCheck)),
      ]),
    KeywordTable(
      .ssl,
      [
        Keyword("password", .text, since: "1.1.0", works: true, .ssl(.password)),
        Keyword("ca", .path, since: "1.1.0", works: true, .ssl(.authority)),
        Keyword("certificate", .path, since: "1.1.0", works: true, .ssl(.certificate)),
        Keyword("key", .path, since: "1.1.0", works: true, .ssl(.key)),
      ]),
  ]
}
