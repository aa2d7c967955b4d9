extension Schema {
  /// Where a checker connects to and from, with the versions that brought each keyword.
  static func connectionKeywords(
    _ address: String, _ port: String, _ bindAddress: String, _ bindPort: String, _ interface: String,
    _ timeout: String, _ mark: String
  ) -> [Keyword] {
    [
      Keyword("connect_ip", .address(nil), since: address, works: true, .check(.connectAddress)),
      Keyword("connect_port", .integer(1...65535), since: port, works: true, .check(.connectPort)),
      Keyword("bindto", .address(nil), since: bindAddress, works: true, .check(.bindAddress)),
      Keyword("bind_port", .integer(1...65535), since: bindPort, works: true, .check(.bindPort)),
      Keyword("bind_if", .interface, since: interface, works: true, .check(.bindInterface)),
      Keyword(
        "connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: timeout, works: true,
        .check(.connectTimeout)),
      Keyword("fwmark", .integer(0...4294967295), default: "0", since: mark, works: true, .check(.mark)),
    ]
  }

  /// When and how often a checker tries, with the versions that brought each keyword.
  static func timingKeywords(
    _ retry: String, _ delay: String, _ warmup: String, _ loop: String, _ alpha: String, _ log: String
  ) -> [Keyword] {
    [
      Keyword("retry", .integer(0...4294967295), since: retry, works: true, .check(.retries)),
      Keyword(
        "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: delay, works: true,
        .check(.delayBeforeRetry)),
      Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: warmup, works: true, .check(.warmup)),
      Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: loop, works: true, .check(.delayLoop)),
      Keyword("alpha", .boolean, since: alpha, works: true, .check(.alpha)),
      Keyword(
        "log_all_failures", .boolean, default: "checker_log_all_failures", since: log, works: true,
        .check(.logAllFailures)),
    ]
  }

  /// Keywords of the checkers, but those of web servers.
  static let checkerKeywords: [KeywordTable] = [
    KeywordTable(
      .miscCheck,
      timingKeywords("1.3.7", "1.3.7", "1.2.13", "1.3.7", "1.3.7", "2.0.11")
        + [
          Keyword("misc_path", .script, since: "1.1.0", works: true, .check(.command)),
          Keyword("misc_timeout", .integer(0...4294), since: "1.1.0", works: true, .check(.commandTimeout)),
          Keyword("misc_dynamic", .none, since: "1.1.8", works: true, .check(.dynamicWeight)),
          Keyword("user", .user, default: "script_user", since: "1.3.0", works: true, .check(.user)),
        ]),
    KeywordTable(
      .smtpCheck,
      [
        Keyword(
          "helo_name", .text, default: "smtpchecker.keepalived.org", since: "1.1.8", works: true, .check(.heloName))
      ]
        + connectionKeywords("1.2.17", "1.2.17", "1.2.17", "1.2.17", "1.3.7", "1.1.8", "1.2.17")
        + timingKeywords("1.1.8", "1.1.8", "1.2.13", "1.3.7", "1.3.7", "2.0.11")
        + [
          Keyword("host", .none, block: .smtpHost, since: "1.1.8", replacedBy: "", works: true, .check(.smtpHost))
        ]),
    KeywordTable(
      .smtpHost,
      connectionKeywords("1.1.8", "1.1.8", "1.1.8", "1.2.13", "1.3.7", "1.2.13", "1.2.13")
        + timingKeywords("1.3.7", "1.3.7", "1.3.7", "1.3.7", "1.3.7", "2.0.11")),
    KeywordTable(
      .tcpCheck,
      connectionKeywords("1.2.13", "1.1.0", "1.1.2", "1.2.13", "1.3.7", "1.1.0", "1.2.13")
        + timingKeywords("1.2.20", "1.2.20", "1.2.13", "1.3.7", "1.3.7", "2.0.11")
        + scriptKeywords
        + tlsKeywords),
    KeywordTable(
      .pingCheck,
      connectionKeywords("2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0")
        + timingKeywords("2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0")),
    KeywordTable(
      .udpCheck,
      connectionKeywords("2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0")
        + timingKeywords("2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0", "2.1.0")
        + [
          Keyword("payload", .words, since: "2.2.0", works: true, .check(.payload)),
          Keyword("require_reply", .optionalWords, since: "2.1.0", works: true, .check(.requireReply)),
          Keyword(
            "min_reply_length", .integer(0...65535), default: "0", since: "2.2.0", works: true, .check(.minimumReply)),
          Keyword(
            "max_reply_length", .integer(0...65535), default: "255", since: "2.2.0", works: true, .check(.maximumReply)),
        ]),
    KeywordTable(
      .dnsCheck,
      connectionKeywords("1.3.0", "1.3.0", "1.3.0", "1.3.0", "1.3.7", "1.3.0", "1.3.0")
        + timingKeywords("1.3.0", "1.3.7", "1.3.7", "1.3.7", "1.3.7", "2.0.11")
        + [
          Keyword(
            "type", .anyCaseChoice(["A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "RRSIG", "DNSKEY"]), default: "SOA",
            since: "1.3.0", works: true, .check(.recordType)),
          Keyword("name", .text, since: "1.3.0", works: true, .check(.queryName)),
        ]),
    KeywordTable(
      .fileCheck,
      [
        Keyword("track_file", .text, since: "2.1.0", works: true, .check(.trackFile)),
        Keyword("weight", .weight(-2_147_483_647...2147483647), since: "2.1.0", works: true, .check(.fileWeight)),
      ]),
    KeywordTable(
      .bfdCheck,
      [
        Keyword("name", .text, since: "2.0.0", works: true, .check(.session)),
        Keyword("alpha", .boolean, since: "2.0.0", works: true, .check(.alpha)),
      ]),
  ]
}
