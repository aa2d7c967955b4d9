extension Schema {
  /// Keywords of groups, scripts and everything else an instance can follow.
  static let trackingKeywords: [KeywordTable] = [
    KeywordTable(
      .syncGroup,
      [
        Keyword("group", .none, block: .names, since: "1.1.0", works: true, .syncGroup(.members)),
        Keyword(
          "track_interface", .none, block: .trackedInterfaces, since: "2.0.0", works: true,
          .syncGroup(.trackedInterfaces)),
        Keyword(
          "track_script", .none, block: .trackedObjects, since: "2.0.0", works: true, .syncGroup(.trackedScripts)),
        Keyword("track_file", .none, block: .trackedObjects, since: "2.0.0", works: true, .syncGroup(.trackedFiles)),
        Keyword(
          "track_process", .none, block: .trackedObjects, since: "2.0.11", works: true, .syncGroup(.trackedProcesses)),
        Keyword("track_bfd", .none, block: .trackedObjects, since: "2.0.0", works: true, .syncGroup(.trackedBFD)),
        Keyword("notify_backup", .script, since: "1.1.0", works: true, .syncGroup(.notifyBackup)),
        Keyword("notify_master", .script, since: "1.1.0", works: true, .syncGroup(.notifyMaster)),
        Keyword("notify_fault", .script, since: "1.1.0", works: true, .syncGroup(.notifyFault)),
        Keyword("notify_stop", .script, since: "2.0.0", works: true, .syncGroup(.notifyStop)),
        Keyword("notify", .script, since: "1.1.2", works: true, .syncGroup(.notify)),
        Keyword("smtp_alert", .boolean, since: "1.1.0", works: true, .syncGroup(.mail)),
        Keyword(
          "global_tracking", .none, since: "1.2.3", replacedBy: "sync_group_tracking_weight", works: true,
          .syncGroup(.trackingWeights)),
        Keyword("sync_group_tracking_weight", .none, since: "2.0.0", works: true, .syncGroup(.trackingWeights)),
        Keyword(
          "notify_priority_changes", .boolean, default: "vrrp_notify_priority_changes", since: "2.2.0", works: true,
          .syncGroup(.notifyPriorityChanges)),
      ]),
    KeywordTable(
      .trackGroup,
      [
        Keyword("group", .none, block: .names, since: "2.0.3", works: true, .trackGroup(.members))
      ]),
    KeywordTable(
      .garpGroup,
      [
        Keyword(
          "garp_interval", .seconds(0...4_294_967_295_000), default: "0", since: "1.2.21", works: true,
          .announcementGroup(.announcementSpacing)),
        Keyword(
          "gna_interval", .seconds(0...4_294_967_295_000), default: "0", since: "1.2.21", works: true,
          .announcementGroup(.neighborSpacing)),
        Keyword("interface", .interface, since: "1.2.21", works: true, .announcementGroup(.interface)),
        Keyword("interfaces", .none, block: .names, since: "1.2.21", works: true, .announcementGroup(.interfaces)),
      ]),
    KeywordTable(
      .script,
      [
        Keyword("script", .script, since: "1.1.13", works: true, .script(.command)),
        Keyword(
          "interval", .seconds(0...4_294_967_295_000_000, places: 3), default: "1", since: "1.1.13", works: true,
          .script(.interval)),
        Keyword(
          "timeout", .seconds(0...4_294_967_295_000_000, places: 3), default: "interval", since: "1.2.6", works: true,
          .script(.timeout)),
        Keyword("weight", .weight(-254...254), default: "0", since: "1.1.13", works: true, .script(.weight)),
        Keyword("rise", .integer(1...4294967295), default: "1", since: "1.1.18", works: true, .script(.rise)),
        Keyword("fall", .integer(1...4294967295), default: "1", since: "1.1.18", works: true, .script(.fall)),
        Keyword("user", .user, default: "script_user", since: "1.3.0", works: true, .script(.user)),
        Keyword("init_fail", .none, since: "1.3.2", works: true, .script(.startFailed)),
      ]),
    KeywordTable(
      .trackProcess,
      [
        Keyword("process", .words, since: "2.0.11", works: true, .trackProcess(.command)),
        Keyword("param_match", .optionalText, since: "2.0.16", works: true, .trackProcess(.parameterMatch)),
        Keyword("weight", .weight(-254...254), default: "0", since: "2.0.11", works: true, .trackProcess(.weight)),
        Keyword("quorum", .integer(1...65535), default: "1", since: "2.0.11", works: true, .trackProcess(.quorum)),
        Keyword(
          "quorum_max", .integer(0...65535), default: "unlimited", since: "2.0.16", works: true, .trackProcess(.maximum)
        ),
        Keyword(
          "delay", .seconds(1000...3600000000000), default: "0", since: "2.0.11", works: true, .trackProcess(.delay)),
        Keyword(
          "terminate_delay", .seconds(1000...3600000000000), default: "0", since: "2.0.16", works: true,
          .trackProcess(.terminateDelay)),
        Keyword(
          "fork_delay", .seconds(1000...3600000000000), default: "0", since: "2.0.16", works: true,
          .trackProcess(.forkDelay)),
        Keyword("full_command", .none, since: "2.0.11", works: true, .trackProcess(.fullCommand)),
      ]),
    KeywordTable(
      .trackFile,
      [
        Keyword("file", .path, since: "2.1.0", works: true, .trackFile(.path)),
        Keyword("weight", .weight(-254...254), default: "1", since: "2.1.0", works: true, .trackFile(.weight)),
        Keyword("init_file", .optionalWords, since: "2.1.0", works: true, .trackFile(.initialize)),
      ]),
    KeywordTable(
      .bfd,
      [
        Keyword("source_ip", .address(nil), since: "2.0.0", works: true, .bfd(.source)),
        Keyword("neighbor_ip", .address(nil), since: "2.0.0", works: true, .bfd(.neighbor)),
        Keyword("neighbour_ip", .address(nil), since: "2.0.0", works: true, .bfd(.neighbor)),
        Keyword(
          "min_rx", .milliseconds(1...4294967), default: "10", since: "2.0.0", works: true, .bfd(.receiveInterval)),
        Keyword("min_tx", .milliseconds(1...4294967), default: "10", since: "2.0.0", works: true, .bfd(.sendInterval)),
        Keyword(
          "idle_tx", .milliseconds(1000...4294967), default: "1000", since: "2.0.0", works: true, .bfd(.idleInterval)),
        Keyword("multiplier", .integer(1...255), default: "5", since: "2.0.0", works: true, .bfd(.multiplier)),
        Keyword("passive", .none, since: "2.0.0", works: true, .bfd(.passive)),
        Keyword("ttl", .integer(1...255), since: "2.0.0", works: true, .bfd(.hopLimit)),
        Keyword("hoplimit", .integer(1...255), since: "2.0.0", works: true, .bfd(.hopLimit)),
        Keyword("max_hops", .integer(-1...255), default: "0", since: "2.0.0", works: true, .bfd(.maximumHops)),
        Keyword("multihop", .boolean, since: "2.2.8", works: true, .bfd(.multihop)),
        Keyword("weight", .weight(-253...253), default: "0", since: "2.0.0", works: true, .bfd(.weight)),
        Keyword("vrrp", .none, default: "both", since: "2.0.0", works: true, .bfd(.informRouters)),
        Keyword("checker", .none, default: "both", since: "2.0.0", works: true, .bfd(.informChecks)),
      ]),
  ]
}
