extension Schema {
  /// Keywords of `HTTP_GET` and `SSL_GET`.
  static let webCheckerKeywords: [KeywordTable] = [
    KeywordTable(
      .httpGet,
      [
        Keyword("connect_ip", .address(nil), since: "1.2.13", .check(.connectAddress)),
        Keyword("connect_port", .integer(1...65535), since: "1.1.0", .check(.connectPort)),
        Keyword("bindto", .address(nil), since: "1.1.2", .check(.bindAddress)),
        Keyword("bind_port", .integer(1...65535), since: "1.2.13", .check(.bindPort)),
        Keyword("bind_if", .interface, since: "1.3.7", .check(.bindInterface)),
        Keyword("connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "1.1.0", .check(.connectTimeout)),
        Keyword("fwmark", .integer(0...4294967295), default: "0", since: "1.2.13", .check(.mark)),
        Keyword("retry", .integer(0...4294967295), since: "1.3.7", .check(.retries)),
        Keyword("delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.1.0", .check(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "1.2.13", .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "1.3.7", .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "1.3.7", .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.0.11", .check(.logAllFailures)),
        Keyword("nb_get_retry", .integer(0...4294967295), since: "1.1.0", replacedBy: "retry", .check(.retries)),
        Keyword("virtualhost", .text, since: "1.3.6", .check(.virtualHost)),
        Keyword(
          "http_protocol", .choice(["1.0", "1.1", "1.0C", "1.0c", "2"]), default: "1.0", since: "2.0.17",
          .check(.httpVersion)),
        Keyword("enable_sni", .boolean, since: "1.4.3", .check(.enableSNI)),
        Keyword("sni_name", .optionalText, since: "2.4.4", .check(.sniName)),
        Keyword("fast_recovery", .boolean, since: "2.0.17", .check(.fastRecovery)),
        Keyword("url", .none, block: .httpURL, since: "1.1.0", .check(.url)),
      ]),
    KeywordTable(
      .httpURL,
      [
        Keyword("path", .text, since: "1.1.0", .url(.path)),
        Keyword("digest", .text, since: "1.1.0", .url(.digest)),
        Keyword("status_code", .words, default: "200-299", since: "1.1.0", .url(.statusCodes)),
        Keyword("virtualhost", .text, since: "1.3.6", .url(.virtualHost)),
        Keyword("regex", .words, since: "2.0.7", .url(.pattern)),
        Keyword("regex_no_match", .none, since: "2.0.7", .url(.noMatch)),
        Keyword("regex_options", .words, since: "2.0.7", .url(.patternOptions)),
        Keyword("regex_min_offset", .integer(0...4294967295), default: "0", since: "2.0.7", .url(.minimumOffset)),
        Keyword("regex_max_offset", .integer(0...4294967295), since: "2.0.7", .url(.maximumOffset)),
        Keyword("regex_stack", .words, since: "2.0.7", .url(.stack)),
      ]),
    KeywordTable(
      .sslGet,
      [
        Keyword("connect_ip", .address(nil), since: "1.2.13", .check(.connectAddress)),
        Keyword("connect_port", .integer(1...65535), since: "1.1.0", .check(.connectPort)),
        Keyword("bindto", .address(nil), since: "1.1.2", .check(.bindAddress)),
        Keyword("bind_port", .integer(1...65535), since: "1.2.13", .check(.bindPort)),
        Keyword("bind_if", .interface, since: "1.3.7", .check(.bindInterface)),
        Keyword("connect_timeout", .seconds(1_000...4_294_967_295_000_000), since: "1.1.0", .check(.connectTimeout)),
        Keyword("fwmark", .integer(0...4294967295), default: "0", since: "1.2.13", .check(.mark)),
        Keyword("retry", .integer(0...4294967295), since: "1.3.7", .check(.retries)),
        Keyword("delay_before_retry", .seconds(0...4_294_967_295_000_000), since: "1.1.0", .check(.delayBeforeRetry)),
        Keyword("warmup", .seconds(0...4_294_967_295_000_000), since: "1.2.13", .check(.warmup)),
        Keyword("delay_loop", .seconds(1_000...4_294_967_295_000_000), since: "1.3.7", .check(.delayLoop)),
        Keyword("alpha", .boolean, since: "1.3.7", .check(.alpha)),
        Keyword(
          "log_all_failures", .boolean, default: "checker_log_all_failures", since: "2.0.11", .check(.logAllFailures)),
        Keyword("nb_get_retry", .integer(0...4294967295), since: "1.1.0", replacedBy: "retry", .check(.retries)),
        Keyword("virtualhost", .text, since: "1.3.6", .check(.virtualHost)),
        Keyword(
          "http_protocol", .choice(["1.0", "1.1", "1.0C", "1.0c", "2"]), default: "1.0", since: "2.0.17",
          .check(.httpVersion)),
        Keyword("enable_sni", .boolean, since: "1.4.3", .check(.enableSNI)),
        Keyword("sni_name", .optionalText, since: "2.4.4", .check(.sniName)),
        Keyword("fast_recovery", .boolean, since: "2.0.17", .check(.fastRecovery)),
        Keyword("tls_compliant", .boolean, since: "2.2.8", .check(.tlsCompliant)),
        Keyword("url", .none, block: .sslURL, since: "1.1.0", .check(.url)),
      ] + verificationKeywords),
    KeywordTable(
      .sslURL,
      [
        Keyword("path", .text, since: "1.1.0", .url(.path)),
        Keyword("digest", .text, since: "1.1.0", .url(.digest)),
        Keyword("status_code", .words, default: "200-299", since: "1.1.0", .url(.statusCodes)),
        Keyword("virtualhost", .text, since: "1.3.6", .url(.virtualHost)),
        Keyword("regex", .words, since: "2.0.7", .url(.pattern)),
        Keyword("regex_no_match", .none, since: "2.0.7", .url(.noMatch)),
        Keyword("regex_options", .words, since: "2.0.7", .url(.patternOptions)),
        Keyword("regex_min_offset", .integer(0...4294967295), default: "0", since: "2.0.7", .url(.minimumOffset)),
        Keyword("regex_max_offset", .integer(0...4294967295), since: "2.0.7", .url(.maximumOffset)),
        Keyword("regex_stack", .words, since: "2.0.7", .url(.stack)),
        Keyword("tls_compliant", .boolean, since: "2.2.8", .url(.tlsCompliant)),
      ]),
  ]
}
