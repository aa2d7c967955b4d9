extension Schema {
  /// Keywords of `vrrp_instance` and its blocks.
  static let virtualRouterKeywords: [KeywordTable] = [
    KeywordTable(
      .instance,
      [
        Keyword("use_vmac", .optionalWords, since: "1.2.3", works: true, .instance(.virtualMAC)),
        Keyword("use_vmac_addr", .none, since: "2.2.0", works: true, .instance(.virtualMACEverywhere)),
        Keyword("vmac_xmit_base", .none, since: "1.2.10", works: true, .instance(.sendFromBase)),
        Keyword("vmac_prepare_addresses", .none, works: true, .instance(.prepareAddresses)),
        Keyword("use_ipvlan", .optionalWords, since: "2.0.17", works: true, .instance(.ipvlan)),
        Keyword("unicast_peer", .none, block: .peers, since: "1.2.8", works: true, .instance(.unicastPeers)),
        Keyword("unicast_fault_no_peer", .none, since: "2.2.5", works: true, .instance(.faultWithoutPeer)),
        Keyword(
          "check_unicast_src", .none, default: "vrrp_check_unicast_src", since: "2.1.0", works: true,
          .instance(.checkUnicastSource)),
        Keyword(
          "old_unicast_checksum", .optionalText, default: "auto", since: "1.3.7", works: true, .instance(.oldChecksum)),
        Keyword("native_ipv6", .none, since: "1.2.1", works: true, .instance(.nativeIPv6)),
        Keyword(
          "state", .choice(["MASTER", "BACKUP"]), default: "BACKUP, or MASTER with priority 255", since: "1.1.0",
          works: true, .instance(.state)),
        Keyword("interface", .interface, since: "1.1.0", works: true, .instance(.interface)),
        Keyword("vrf", .interface, since: "2.2.5", works: true, .instance(.vrf)),
        Keyword("dont_track_primary", .none, since: "1.1.8", works: true, .instance(.dontTrackPrimary)),
        Keyword(
          "track_interface", .none, block: .trackedInterfaces, since: "1.1.0", works: true,
          .instance(.trackedInterfaces)),
        Keyword(
          "track_script", .none, block: .trackedObjects, since: "1.1.13", works: true, .instance(.trackedScripts)),
        Keyword("track_file", .none, block: .trackedObjects, since: "2.0.0", works: true, .instance(.trackedFiles)),
        Keyword(
          "track_process", .none, block: .trackedObjects, since: "2.0.11", works: true, .instance(.trackedProcesses)),
        Keyword("track_bfd", .none, block: .trackedObjects, since: "2.0.0", works: true, .instance(.trackedBFD)),
        Keyword("mcast_src_ip", .address(nil), since: "1.1.0", works: true, .instance(.multicastSource)),
        Keyword("unicast_src_ip", .address(nil), since: "1.2.10", works: true, .instance(.unicastSource)),
        Keyword(
          "mcast_dst_ip", .address(nil), default: "vrrp_mcast_group4/6", since: "2.2.5", works: true,
          .instance(.multicastDestination)),
        Keyword("track_src_ip", .none, since: "2.0.0", works: true, .instance(.trackSource)),
        Keyword("virtual_router_id", .integer(1...255), since: "1.1.0", works: true, .instance(.virtualRouterID)),
        Keyword("unicast_ttl", .integer(0...255), since: "2.1.0", works: true, .instance(.unicastHopLimit)),
        Keyword(
          "version", .choice(["2", "3"]), default: "vrrp_version, or 3 with IPv6", since: "1.2.17", works: true,
          .instance(.version)),
        Keyword(
          "priority", .integer(1...255), default: "100, or 255 with state MASTER", since: "1.1.0", works: true,
          .instance(.priority)),
        Keyword(
          "advert_int", .seconds(10_000_000...255_000_000_000, places: 6), default: "1", since: "1.1.0", works: true,
          .instance(.interval)),
        Keyword("virtual_ipaddress", .none, block: .addresses, since: "1.1.0", works: true, .instance(.addresses)),
        Keyword(
          "virtual_ipaddress_excluded", .none, block: .addresses, since: "1.1.0", works: true,
          .instance(.excludedAddresses)),
        Keyword("no_virtual_ipaddress", .none, since: "2.2.8", works: true, .instance(.noVirtualAddress)),
        Keyword("promote_secondaries", .none, since: "1.3.0", works: true, .instance(.promoteSecondaries)),
        Keyword(
          "linkbeat_use_polling", .none, since: "2.0.0", replacedBy: "linkbeat_interfaces", works: true,
          .instance(.linkPolling)),
        Keyword("v3_checksum_as_v2", .boolean, since: "2.2.8", works: true, .instance(.messageOnlyChecksum)),
        Keyword("virtual_routes", .none, block: .routes, since: "1.1.0", works: true, .instance(.routes)),
        Keyword("virtual_rules", .none, block: .rules, since: "1.2.20", works: true, .instance(.rules)),
        Keyword(
          "on_external_removal", .choice(["repair", "step_down"]), default: "repair", works: true,
          .instance(.externalRemoval)),
        Keyword(
          "make_before_break", .boolean, default: "vrrp_make_before_break", works: true, .instance(.makeBeforeBreak)),
        Keyword("accept", .none, since: "1.2.17", works: true, .instance(.accept)),
        Keyword("no_accept", .none, since: "1.3.0", works: true, .instance(.noAccept)),
        Keyword(
          "skip_check_adv_addr", .boolean, default: "vrrp_skip_check_adv_addr", since: "1.2.20", works: true,
          .instance(.skipAddressCheck)),
        Keyword("strict_mode", .boolean, default: "vrrp_strict", since: "1.2.20", works: true, .instance(.strict)),
        Keyword("preempt", .none, default: "on", since: "1.1.0", works: true, .instance(.preempt)),
        Keyword("nopreempt", .none, since: "1.1.8", works: true, .instance(.noPreempt)),
        Keyword(
          "preempt_delay", .seconds(0...1000000000000), default: "0", since: "1.1.8", works: true,
          .instance(.preemptDelay)),
        Keyword(
          "debug", .optionalInteger(0...4), default: "0", since: "1.1.0",
          noEffect: "the log level is a matter of the command line"),
        Keyword("notify_backup", .script, since: "1.1.0", works: true, .instance(.notifyBackup)),
        Keyword("notify_master", .script, since: "1.1.0", works: true, .instance(.notifyMaster)),
        Keyword("notify_fault", .script, since: "1.1.0", works: true, .instance(.notifyFault)),
        Keyword("notify_stop", .script, since: "1.1.13", works: true, .instance(.notifyStop)),
        Keyword("notify_deleted", .optionalScript, since: "2.1.0", works: true, .instance(.notifyDeleted)),
        Keyword("notify", .script, since: "1.1.2", works: true, .instance(.notify)),
        Keyword("notify_master_rx_lower_pri", .script, since: "2.0.6", works: true, .instance(.notifyLowerPriority)),
        Keyword("smtp_alert", .boolean, since: "1.1.0", works: true, .instance(.mail)),
        Keyword(
          "notify_priority_changes", .boolean, default: "vrrp_notify_priority_changes", since: "2.0.16",
          works: true, .instance(.notifyPriorityChanges)),
        Keyword(
          "lvs_sync_daemon_interface", .interface, since: "1.1.0", replacedBy: "lvs_sync_daemon", works: true,
          .instance(.syncDaemon)),
        Keyword(
          "garp_master_delay", .integer(0...4294), default: "vrrp_garp_master_delay", since: "1.1.0", works: true,
          .instance(.announceDelay)),
        Keyword(
          "garp_master_refresh", .integer(0...4294967295), default: "vrrp_garp_master_refresh", since: "1.2.10",
          works: true, .instance(.announceRefresh)),
        Keyword(
          "garp_master_repeat", .integer(0...4294967295), default: "vrrp_garp_master_repeat", since: "1.2.14",
          works: true, .instance(.announceRepeats)),
        Keyword(
          "garp_master_refresh_repeat", .integer(0...4294967295), default: "vrrp_garp_master_refresh_repeat",
          since: "1.2.14", works: true, .instance(.announceRefreshRepeats)),
        Keyword(
          "garp_lower_prio_delay", .integer(0...4294), default: "garp_master_delay", since: "1.2.20", works: true,
          .instance(.lowerPriorityDelay)),
        Keyword(
          "garp_lower_prio_repeat", .integer(0...4294967295), default: "garp_master_repeat", since: "1.2.20",
          works: true,
          .instance(.lowerPriorityRepeats)),
        Keyword(
          "down_timer_adverts", .integer(1...100), default: "vrrp_down_timer_adverts", since: "2.2.3", works: true,
          .instance(.downTimerAdvertisements)),
        Keyword(
          "timer_expired_backup", .optionalInteger(1...254), since: "2.2.8", works: true, .instance(.timerExpired)),
        Keyword(
          "thread_timer_expired", .optionalInteger(1...254), since: "2.3.2", replacedBy: "timer_expired_backup",
          works: true,
          .instance(.timerExpired)),
        Keyword(
          "garp_extra_if", .words, default: "vrrp_garp_extra_if", since: "2.2.3", works: true,
          .instance(.extraAnnouncements)),
        Keyword(
          "vmac_garp_intvl", .words, since: "2.2.0", replacedBy: "garp_extra_if", works: true,
          .instance(.extraAnnouncements)),
        Keyword("lower_prio_no_advert", .boolean, since: "1.2.20", works: true, .instance(.ignoreLowerPriority)),
        Keyword(
          "higher_prio_send_advert", .boolean, default: "vrrp_higher_prio_send_advert", since: "1.3.5", works: true,
          .instance(.sendBeforeYielding)),
        Keyword("owner_ignore_adverts", .boolean, since: "2.3.3", works: true, .instance(.ownerIgnores)),
        Keyword(
          "kernel_rx_buf_size", .integer(0...4294967295), default: "policy", since: "2.0.3", works: true,
          .instance(.receiveBuffer)),
        Keyword(
          "authentication", .none, block: .authentication, since: "1.1.0", works: true, .instance(.authentication)),
        Keyword("auth_hmac", .none, block: .hmac, since: "2.4.0", works: true, .instance(.hmac)),
      ]),
    KeywordTable(
      .authentication,
      [
        Keyword("auth_type", .choice(["PASS", "AH"]), since: "1.1.0", works: true, .authentication(.type)),
        Keyword("auth_pass", .text, default: "empty", since: "1.1.0", works: true, .authentication(.password)),
      ]),
    KeywordTable(
      .hmac,
      [
        Keyword("key", .words, since: "2.4.0", works: true, .hmac(.key)),
        Keyword("active_key", .integer(1...255), since: "2.4.0", works: true, .hmac(.activeKey)),
        Keyword(
          "time_window", .integer(1...300), default: "three intervals", since: "2.4.0", works: true, .hmac(.timeWindow)),
        Keyword(
          "anti_replay", .choice(["time", "monotonic"]), default: "time", since: "2.4.0", works: true,
          .hmac(.antiReplay)),
        Keyword(
          "mode", .choice(["enforce", "permissive", "receive-only"]), default: "enforce", since: "2.4.0", works: true,
          .hmac(.mode)),
      ]),
  ]
}
