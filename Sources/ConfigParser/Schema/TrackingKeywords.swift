extension Schema {
  /// Keywords of groups, scripts and everything else an instance can follow.
  static let trackingKeywords: [KeywordTable] = [
    KeywordTable(
      .syncGroup,
      [
        Keyword("group", .none, block: .names, since: "1.1.0"),
        Keyword("track_interface", .none, block: .trackedInterfaces, since: "2.0.0"),
        Keyword("track_script", .none, block: .trackedObjects, since: "2.0.0"),
        Keyword("track_file", .none, block: .trackedObjects, since: "2.0.0"),
        Keyword("track_process", .none, block: .trackedObjects, since: "2.0.11"),
        Keyword("track_bfd", .none, block: .trackedObjects, since: "2.0.0"),
        Keyword("notify_backup", .script, since: "1.1.0"),
        Keyword("notify_master", .script, since: "1.1.0"),
        Keyword("notify_fault", .script, since: "1.1.0"),
        Keyword("notify_stop", .script, since: "2.0.0"),
        Keyword("notify", .script, since: "1.1.2"),
        Keyword("smtp_alert", .boolean, since: "1.1.0"),
        Keyword("global_tracking", .none, since: "1.2.3", replacedBy: "sync_group_tracking_weight"),
        Keyword("sync_group_tracking_weight", .none, since: "2.0.0"),
        Keyword("notify_priority_changes", .boolean, since: "2.2.0"),
      ]),
    KeywordTable(
      .trackGroup,
      [
        Keyword("group", .none, block: .names, since: "2.0.3")
      ]),
    KeywordTable(
      .garpGroup,
      [
        Keyword("garp_interval", .seconds(0...4_294_967_295_000), since: "1.2.21"),
        Keyword("gna_interval", .seconds(0...4_294_967_295_000), since: "1.2.21"),
        Keyword("interface", .interface, since: "1.2.21"),
        Keyword("interfaces", .none, block: .names, since: "1.2.21"),
      ]),
    KeywordTable(
      .script,
      [
        Keyword("script", .script, since: "1.1.13"),
        Keyword("interval", .seconds(1_000_000...4_294_967_295_000_000), since: "1.1.13"),
        Keyword("timeout", .seconds(1_000_000...4_294_967_295_000_000), since: "1.2.6"),
        Keyword("weight", .weight(-253...253), since: "1.1.13"),
        Keyword("rise", .integer(1...4294967295), since: "1.1.18"),
        Keyword("fall", .integer(1...4294967295), since: "1.1.18"),
        Keyword("user", .user, since: "1.3.0"),
        Keyword("init_fail", .none, since: "1.3.2"),
      ]),
    KeywordTable(
      .trackProcess,
      [
        Keyword("process", .words, since: "2.0.11"),
        Keyword("param_match", .optionalWords, since: "2.0.16"),
        Keyword("weight", .weight(-254...254), since: "2.0.11"),
        Keyword("quorum", .integer(1...65535), since: "2.0.11"),
        Keyword("quorum_max", .integer(0...65535), since: "2.0.16"),
        Keyword("delay", .seconds(1000...3600000000000), since: "2.0.11"),
        Keyword("terminate_delay", .seconds(1000...3600000000000), since: "2.0.16"),
        Keyword("fork_delay", .seconds(1000...3600000000000), since: "2.0.16"),
        Keyword("full_command", .none, since: "2.0.11"),
      ]),
    KeywordTable(
      .trackFile,
      [
        Keyword("file", .path, since: "2.1.0"),
        Keyword("weight", .weight(-254...254), since: "2.1.0"),
        Keyword("init_file", .optionalWords, since: "2.1.0"),
      ]),
    KeywordTable(
      .bfd,
      [
        Keyword("source_ip", .address(nil), since: "2.0.0"),
        Keyword("neighbor_ip", .address(nil), since: "2.0.0"),
        Keyword("neighbour_ip", .address(nil), since: "2.0.0"),
        Keyword("min_rx", .milliseconds(1...4294967), since: "2.0.0"),
        Keyword("min_tx", .milliseconds(1...4294967), since: "2.0.0"),
        Keyword("idle_tx", .milliseconds(1000...4294967), since: "2.0.0"),
        Keyword("multiplier", .integer(1...255), since: "2.0.0"),
        Keyword("passive", .none, since: "2.0.0"),
        Keyword("ttl", .integer(1...255), since: "2.0.0"),
        Keyword("hoplimit", .integer(1...255), since: "2.0.0"),
        Keyword("max_hops", .integer(-1...255), since: "2.0.0"),
        Keyword("multihop", .boolean, since: "2.2.8"),
        Keyword("weight", .weight(-253...253), since: "2.0.0"),
        Keyword("vrrp", .none, since: "2.0.0"),
        Keyword("checker", .none, since: "2.0.0"),
      ]),
  ]
}
