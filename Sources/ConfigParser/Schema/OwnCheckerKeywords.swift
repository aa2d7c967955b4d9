extension Schema {
  /// Keywords of the checkers keepalived does not have.
  static let ownCheckerKeywords: [KeywordTable] = [
    KeywordTable(
      .agentCheck,
      connectionKeywords + [Keyword("send", .words, works: true, .check(.send))]),
    KeywordTable(
      .grpcCheck,
      connectionKeywords + tlsKeywords + [
        Keyword("service", .text, works: true, .check(.service)),
        Keyword("virtualhost", .text, works: true, .check(.virtualHost)),
      ]),
  ]

  /// Where a check of ours goes, and when.
  private static let connectionKeywords: [Keyword] = [
    Keyword("connect_ip", .address(nil), works: true, .check(.connectAddress)),
    Keyword("connect_port", .integer(1...65535), works: true, .check(.connectPort)),
    Keyword("bindto", .address(nil), works: true, .check(.bindAddress)),
    Keyword("bind_port", .integer(1...65535), works: true, .check(.bindPort)),
    Keyword("bind_if", .interface, works: true, .check(.bindInterface)),
    Keyword("connect_timeout", .seconds(1_000...4_294_967_295_000_000), works: true, .check(.connectTimeout)),
    Keyword("fwmark", .integer(0...4294967295), default: "0", works: true, .check(.mark)),
    Keyword("retry", .integer(0...4294967295), works: true, .check(.retries)),
    Keyword("delay_before_retry", .seconds(0...4_294_967_295_000_000), works: true, .check(.delayBeforeRetry)),
    Keyword("warmup", .seconds(0...4_294_967_295_000_000), works: true, .check(.warmup)),
    Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), works: true, .check(.delayLoop)),
    Keyword("alpha", .boolean, works: true, .check(.alpha)),
    Keyword("log_all_failures", .boolean, default: "checker_log_all_failures", works: true, .check(.logAllFailures)),
  ]

  /// TLS under a check that need not have it.
  static let tlsKeywords: [Keyword] =
    [
      Keyword("tls", .boolean, works: true, .check(.tls)),
      Keyword("enable_sni", .boolean, works: true, .check(.enableSNI)),
      Keyword("sni_name", .optionalText, works: true, .check(.sniName)),
    ] + verificationKeywords

  /// What a server's certificate must be. keepalived looks at none.
  static let verificationKeywords: [Keyword] = [
    Keyword("verify", .choice(["none", "ca", "full"]), default: "none", works: true, .check(.verify)),
    Keyword("expiry_warning", .integer(0...65535), default: "0", works: true, .check(.expiryWarning)),
  ]

  /// A dialogue on the connection of `TCP_CHECK`, and how it ends without one.
  static let scriptKeywords: [Keyword] = [
    Keyword("complete_handshake", .boolean, default: "false", works: true, .check(.completeHandshake)),
    Keyword("send", .words, works: true, .check(.send)),
    Keyword("expect", .words, works: true, .check(.expect)),
    Keyword("expect_regex", .words, works: true, .check(.expectPattern)),
  ]
}
