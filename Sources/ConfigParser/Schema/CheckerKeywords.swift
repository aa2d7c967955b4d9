extension Schema {
  /// Keywords of the checkers, but those of web servers.
  static let checkerKeywords: [KeywordTable] = [
    KeywordTable(
      .miscCheck,
      [
        Keyword("retry", .integer(0...4294967295), since: "1.3.7", works: true, .check(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.3.7", works: true,
          .check(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "1.2.13", works: true, .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "1.3.7", works: true, .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "1.3.7", works: true, .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.0.11", works: true,
          .check(.logAllFailures)),
        Keyword("misc_path", .script, since: "1.1.0", works: true, .check(.command)),
        Keyword("misc_timeout", .integer(0...4294), since: "1.1.0", works: true, .check(.commandTimeout)),
        Keyword("misc_dynamic", .none, since: "1.1.8", works: true, .check(.dynamicWeight)),
        Keyword("user", .user, default: "script_user", since: "1.3.0", works: true, .check(.user)),
      ]),
    KeywordTable(
      .smtpCheck,
      [
        Keyword(
          "helo_name", .text, default: "smtpchecker.keepalived.org", since: "1.1.8", works: true, .check(.heloName)),
        Keyword("connect_ip", .address(nil), since: "1.2.17", works: true, .check(.connectAddress)),
        Keyword("connect_port", .integer(1...65535), since: "1.2.17", works: true, .check(.connectPort)),
        Keyword("bindto", .address(nil), since: "1.2.17", works: true, .check(.bindAddress)),
        Keyword("bind_port", .integer(1...65535), since: "1.2.17", works: true, .check(.bindPort)),
        Keyword("bind_if", .interface, since: "1.3.7", works: true, .check(.bindInterface)),
        Keyword(
          "connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "1.1.8", works: true,
          .check(.connectTimeout)),
        Keyword("fwmark", .integer(0...4294967295), default: "0", since: "1.2.17", works: true, .check(.mark)),
        Keyword("retry", .integer(0...4294967295), since: "1.1.8", works: true, .check(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.1.8", works: true,
          .check(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "1.2.13", works: true, .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "1.3.7", works: true, .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "1.3.7", works: true, .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.0.11", works: true,
          .check(.logAllFailures)),
        Keyword("host", .none, block: .smtpHost, since: "1.1.8", replacedBy: "", works: true, .check(.smtpHost)),
      ]),
    KeywordTable(
      .smtpHost,
      [
        Keyword("connect_ip", .address(nil), since: "1.1.8", works: true, .check(.connectAddress)),
        Keyword("connect_port", .integer(1...65535), since: "1.1.8", works: true, .check(.connectPort)),
        Keyword("bindto", .address(nil), since: "1.1.8", works: true, .check(.bindAddress)),
        Keyword("bind_port", .integer(1...65535), since: "1.2.13", works: true, .check(.bindPort)),
        Keyword("bind_if", .interface, since: "1.3.7", works: true, .check(.bindInterface)),
        Keyword(
          "connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "1.2.13", works: true,
          .check(.connectTimeout)),
        Keyword("fwmark", .integer(0...4294967295), default: "0", since: "1.2.13", works: true, .check(.mark)),
        Keyword("retry", .integer(0...4294967295), since: "1.3.7", works: true, .check(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.3.7", works: true,
          .check(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "1.3.7", works: true, .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "1.3.7", works: true, .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "1.3.7", works: true, .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.0.11", works: true,
          .check(.logAllFailures)),
      ]),
    KeywordTable(
      .tcpCheck,
      [
        Keyword("connect_ip", .address(nil), since: "1.2.13", works: true, .check(.connectAddress)),
        Keyword("connect_port", .integer(1...65535), since: "1.1.0", works: true, .check(.connectPort)),
        Keyword("bindto", .address(nil), since: "1.1.2", works: true, .check(.bindAddress)),
        Keyword("bind_port", .integer(1...65535), since: "1.2.13", works: true, .check(.bindPort)),
        Keyword("bind_if", .interface, since: "1.3.7", works: true, .check(.bindInterface)),
        Keyword(
          "connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "1.1.0", works: true,
          .check(.connectTimeout)),
        Keyword("fwmark", .integer(0...4294967295), default: "0", since: "1.2.13", works: true, .check(.mark)),
        Keyword("retry", .integer(0...4294967295), since: "1.2.20", works: true, .check(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.2.20", works: true,
          .check(.delayBeforeRetry)
        ),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "1.2.13", works: true, .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "1.3.7", works: true, .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "1.3.7", works: true, .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.0.11", works: true,
          .check(.logAllFailures)),
      ] + scriptKeywords + tlsKeywords),
    KeywordTable(
      .pingCheck,
      [
        Keyword("connect_ip", .address(nil), since: "2.1.0", works: true, .check(.connectAddress)),
        Keyword("connect_port", .integer(1...65535), since: "2.1.0", works: true, .check(.connectPort)),
        Keyword("bindto", .address(nil), since: "2.1.0", works: true, .check(.bindAddress)),
        Keyword("bind_port", .integer(1...65535), since: "2.1.0", works: true, .check(.bindPort)),
        Keyword("bind_if", .interface, since: "2.1.0", works: true, .check(.bindInterface)),
        Keyword(
          "connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "2.1.0", works: true,
          .check(.connectTimeout)),
        Keyword("fwmark", .integer(0...4294967295), default: "0", since: "2.1.0", works: true, .check(.mark)),
        Keyword("retry", .integer(0...4294967295), since: "2.1.0", works: true, .check(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "2.1.0", works: true,
          .check(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "2.1.0", works: true, .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "2.1.0", works: true, .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "2.1.0", works: true, .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.1.0", works: true,
          .check(.logAllFailures)),
      ]),
    KeywordTable(
      .udpCheck,
      [
        Keyword("connect_ip", .address(nil), since: "2.1.0", works: true, .check(.connectAddress)),
        Keyword("connect_port", .integer(1...65535), since: "2.1.0", works: true, .check(.connectPort)),
        Keyword("bindto", .address(nil), since: "2.1.0", works: true, .check(.bindAddress)),
        Keyword("bind_port", .integer(1...65535), since: "2.1.0", works: true, .check(.bindPort)),
        Keyword("bind_if", .interface, since: "2.1.0", works: true, .check(.bindInterface)),
        Keyword(
          "connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "2.1.0", works: true,
          .check(.connectTimeout)),
        Keyword("fwmark", .integer(0...4294967295), default: "0", since: "2.1.0", works: true, .check(.mark)),
        Keyword("retry", .integer(0...4294967295), since: "2.1.0", works: true, .check(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "2.1.0", works: true,
          .check(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "2.1.0", works: true, .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "2.1.0", works: true, .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "2.1.0", works: true, .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.1.0", works: true,
          .check(.logAllFailures)),
        Keyword("payload", .words, since: "2.2.0", works: true, .check(.payload)),
        Keyword("require_reply", .optionalWords, since: "2.1.0", works: true, .check(.requireReply)),
        Keyword(
          "min_reply_length", .integer(0...65535), default: "0", since: "2.2.0", works: true, .check(.minimumReply)),
        Keyword(
          "max_reply_length", .integer(0...65535), default: "255", since: "2.2.0", works: true, .check(.maximumReply)),
      ]),
    KeywordTable(
      .dnsCheck,
      [
        Keyword("connect_ip", .address(nil), since: "1.3.0", works: true, .check(.connectAddress)),
        Keyword("connect_port", .integer(1...65535), since: "1.3.0", works: true, .check(.connectPort)),
        Keyword("bindto", .address(nil), since: "1.3.0", works: true, .check(.bindAddress)),
        Keyword("bind_port", .integer(1...65535), since: "1.3.0", works: true, .check(.bindPort)),
        Keyword("bind_if", .interface, since: "1.3.7", works: true, .check(.bindInterface)),
        Keyword(
          "connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "1.3.0", works: true,
          .check(.connectTimeout)),
        Keyword("fwmark", .integer(0...4294967295), default: "0", since: "1.3.0", works: true, .check(.mark)),
        Keyword("retry", .integer(0...4294967295), since: "1.3.0", works: true, .check(.retries)),
        Keyword(
          "delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.3.7", works: true,
          .check(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "1.3.7", works: true, .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "1.3.7", works: true, .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "1.3.7", works: true, .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.0.11", works: true,
          .check(.logAllFailures)),
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
        Keyword("name", .text, since: "2.0.0", .check(.session)),
        Keyword("alpha", .boolean, since: "2.0.0", .check(.alpha)),
      ]),
  ]
}
