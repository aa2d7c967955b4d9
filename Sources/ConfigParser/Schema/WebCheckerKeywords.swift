extension Schema {
  /// Keywords of `HTTP_GET` and `SSL_GET`.
  static let webCheckerKeywords: [KeywordTable] = [
    KeywordTable(.httpGet, webKeywords + [url(in: .httpURL)]),
    KeywordTable(.httpURL, urlKeywords),
    KeywordTable(
      .sslGet,
      webKeywords
        + [
          Keyword("tls_compliant", .boolean, since: "2.2.8", works: true, .check(.tlsCompliant)), url(in: .sslURL),
        ]
        + verificationKeywords),
    KeywordTable(
      .sslURL,
      urlKeywords + [Keyword("tls_compliant", .boolean, since: "2.2.8", works: true, .url(.tlsCompliant))]),
  ]

  private static let webKeywords: [Keyword] =
    connectionKeywords("1.2.13", "1.1.0", "1.1.2", "1.2.13", "1.3.7", "1.1.0", "1.2.13")
    + timingKeywords("1.3.7", "1.1.0", "1.2.13", "1.3.7", "1.3.7", "2.0.11")
    + [
      Keyword(
        "nb_get_retry", .integer(0...4294967295), since: "1.1.0", replacedBy: "retry", works: true, .check(.retries)),
      Keyword("virtualhost", .text, since: "1.3.6", works: true, .check(.virtualHost)),
      Keyword(
        "http_protocol", .choice(["1.0", "1.1", "1.0C", "1.0c", "2"]), default: "1.0", since: "2.0.17", works: true,
        .check(.httpVersion)),
      Keyword("enable_sni", .boolean, since: "1.4.3", works: true, .check(.enableSNI)),
      Keyword("sni_name", .optionalText, since: "2.4.4", works: true, .check(.sniName)),
      Keyword("fast_recovery", .boolean, since: "2.0.17", works: true, .check(.fastRecovery)),
    ]

  private static func url(in block: Context) -> Keyword {
    Keyword("url", .none, block: block, since: "1.1.0", works: true, .check(.url))
  }

  private static let urlKeywords: [Keyword] = [
    Keyword("path", .text, since: "1.1.0", works: true, .url(.path)),
    Keyword("digest", .text, since: "1.1.0", works: true, .url(.digest)),
    Keyword("status_code", .words, default: "200-299", since: "1.1.0", works: true, .url(.statusCodes)),
    Keyword("virtualhost", .text, since: "1.3.6", works: true, .url(.virtualHost)),
    Keyword("regex", .words, since: "2.0.7", works: true, .url(.pattern)),
    Keyword("regex_no_match", .none, since: "2.0.7", works: true, .url(.noMatch)),
    Keyword("regex_options", .words, since: "2.0.7", works: true, .url(.patternOptions)),
    Keyword(
      "regex_min_offset", .integer(0...4294967295), default: "0", since: "2.0.7", works: true, .url(.minimumOffset)),
    Keyword("regex_max_offset", .integer(0...4294967295), since: "2.0.7", works: true, .url(.maximumOffset)),
    Keyword("regex_stack", .words, since: "2.0.7", works: true, .url(.stack)),
  ]
}
