extension Schema {
  /// Keywords outside of all blocks.
  static let rootKeywords: [KeywordTable] = [
    KeywordTable(
      .root,
      [
        Keyword("linkbeat_use_polling", .none, since: "1.1.18"),
        Keyword("net_namespace", .text, since: "1.2.24"),
        Keyword("net_namespace_ipvs", .optionalText, since: "2.1.0"),
        Keyword("namespace_with_ipsets", .none, since: "1.3.0"),
        Keyword("use_pid_dir", .none, since: "1.2.24"),
        Keyword("instance", .text, since: "1.2.24"),
        Keyword("child_wait_time", .integer(0...4294967295), since: "2.0.0"),
        Keyword("global_defs", .none, block: .globalDefinitions, since: "1.1.0", .root(.globalDefinitions)),
        Keyword("track_group", .name, block: .trackGroup, since: "2.0.3"),
        Keyword("static_ipaddress", .none, block: .addresses, since: "1.1.0"),
        Keyword("static_routes", .none, block: .routes, since: "1.1.0"),
        Keyword("static_rules", .none, block: .rules, since: "1.2.20"),
        Keyword("vrrp_sync_group", .name, block: .syncGroup, since: "1.1.0"),
        Keyword("garp_group", .none, block: .garpGroup, since: "1.2.21"),
        Keyword("linkbeat_interfaces", .none, block: .linkbeatInterfaces, since: "2.0.13"),
        Keyword("vrrp_instance", .name, block: .instance, since: "1.1.0", .root(.instance)),
        Keyword("vrrp_script", .name, block: .script, since: "1.1.13"),
        Keyword("vrrp_track_process", .name, block: .trackProcess, since: "2.0.11"),
        Keyword("interface_up_down_delays", .none, block: .interfaceDelays, since: "2.2.3"),
        Keyword("SSL", .none, block: .ssl, since: "1.1.0"),
        Keyword("virtual_server_group", .name, block: .serverGroup, since: "1.1.0"),
        Keyword("virtual_server", .virtualServer, block: .virtualServer, since: "1.1.0"),
        Keyword("bfd_instance", .name, block: .bfd, since: "2.0.0"),
        Keyword("track_file", .name, block: .trackFile, since: "2.1.0"),
        Keyword("vrrp_track_file", .name, block: .trackFile, since: "2.0.0", replacedBy: "track_file"),
      ])
  ]
}
