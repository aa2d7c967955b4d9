extension Schema {
  /// Keywords outside of all blocks.
  static let rootKeywords: [KeywordTable] = [
    KeywordTable(
      .root,
      [
        Keyword("linkbeat_use_polling", .none, since: "1.1.18", works: true, .root(.linkPolling)),
        Keyword("net_namespace", .text, since: "1.2.24", works: true, .daemon(.networkNamespace)),
        Keyword("net_namespace_ipvs", .optionalText, since: "2.1.0", works: true, .balancing(.namespace)),
        Keyword("namespace_with_ipsets", .none, since: "1.3.0", noEffect: "no ipsets are used"),
        Keyword("use_pid_dir", .none, since: "1.2.24", works: true, .daemon(.pidDirectory)),
        Keyword("instance", .text, since: "1.2.24", works: true, .daemon(.instance)),
        Keyword(
          "child_wait_time", .integer(0...4294967295), default: "5", since: "2.0.0", works: true, .daemon(.childWait)),
        Keyword(
          "global_defs", .none, block: .globalDefinitions, since: "1.1.0", works: true, .root(.globalDefinitions)),
        Keyword("track_group", .name, block: .trackGroup, since: "2.0.3", works: true, .root(.trackGroup)),
        Keyword("static_ipaddress", .none, block: .addresses, since: "1.1.0", works: true, .root(.staticAddresses)),
        Keyword("static_routes", .none, block: .routes, since: "1.1.0", works: true, .root(.staticRoutes)),
        Keyword("static_rules", .none, block: .rules, since: "1.2.20", works: true, .root(.staticRules)),
        Keyword("vrrp_sync_group", .name, block: .syncGroup, since: "1.1.0", works: true, .root(.syncGroup)),
        Keyword("garp_group", .none, block: .garpGroup, since: "1.2.21", works: true, .root(.announcementGroup)),
        Keyword(
          "linkbeat_interfaces", .none, block: .linkbeatInterfaces, since: "2.0.13", works: true,
          .root(.polledInterfaces)),
        Keyword("vrrp_instance", .name, block: .instance, since: "1.1.0", works: true, .root(.instance)),
        Keyword("vrrp_script", .name, block: .script, since: "1.1.13", works: true, .root(.script)),
        Keyword("vrrp_track_process", .name, block: .trackProcess, since: "2.0.11", works: true, .root(.trackProcess)),
        Keyword(
          "interface_up_down_delays", .none, block: .interfaceDelays, since: "2.2.3", works: true,
          .root(.interfaceDelays)),
        Keyword("SSL", .none, block: .ssl, since: "1.1.0", works: true, .root(.ssl)),
        Keyword("virtual_server_group", .name, block: .serverGroup, since: "1.1.0", works: true, .root(.serverGroup)),
        Keyword(
          "virtual_server", .virtualServer, block: .virtualServer, since: "1.1.0", works: true, .root(.virtualServer)),
        Keyword("bfd_instance", .name, block: .bfd, since: "2.0.0", works: true, .root(.bfd)),
        Keyword("track_file", .name, block: .trackFile, since: "2.1.0", works: true, .root(.trackFile)),
        Keyword(
          "vrrp_track_file", .name, block: .trackFile, since: "2.0.0", replacedBy: "track_file", works: true,
          .root(.trackFile)),
      ])
  ]
}
