extension Schema {
  /// Why keywords of SNMP do nothing.
  static let noSNMP = "there is no SNMP agent; dumps, FIFOs and the log tell what it would"
  /// Why keywords of D-Bus do nothing.
  static let noDBus = "there is no D-Bus service; dumps, FIFOs and scripts tell what it would"

  /// Keywords of `global_defs`.
  static let globalKeywords: [KeywordTable] = [
    KeywordTable(
      .globalDefinitions,
      [
        Keyword("process_names", .none, since: "2.0.16", works: true, .daemon(.processNames)),
        Keyword("process_name", .text, since: "2.0.16", works: true, .daemon(.processName)),
        Keyword("vrrp_process_name", .text, since: "2.0.16", works: true, .daemon(.routerProcessName)),
        Keyword("checker_process_name", .text, since: "2.2.0", works: true, .balancing(.process(.name))),
        Keyword(
          "lvs_process_name", .text, since: "2.0.16", replacedBy: "checker_process_name", works: true,
          .balancing(.process(.name))),
        Keyword("bfd_process_name", .text, since: "2.0.16", works: true, .daemon(.bfdProcess(.name))),
        Keyword("use_symlink_paths", .boolean, since: "2.3.0", works: true, .daemon(.symlinkPaths)),
        Keyword(
          "set_supplementary_groups", .boolean, since: "2.4.4", works: true, .daemon(.supplementaryGroups)),
        Keyword("router_id", .text, default: "host name", since: "1.1.8", works: true, .global(.routerID)),
        Keyword("notification_email_from", .text, since: "1.1.0", works: true, .global(.sender)),
        Keyword("smtp_server", .words, since: "1.1.0", works: true, .global(.mailServer)),
        Keyword("smtp_helo_name", .text, since: "1.2.20", works: true, .global(.heloName)),
        Keyword(
          "smtp_connect_timeout", .integer(0...4294), default: "30", since: "1.1.0", works: true, .global(.mailTimeout)),
        Keyword("notification_email", .none, block: .mailAddresses, since: "1.1.0", works: true, .global(.recipients)),
        Keyword(
          "smtp_tls", .choice(["never", "offered", "required", "implicit"]), default: "offered", works: true,
          .daemon(.mailEncryption)),
        Keyword("smtp_auth", .words, works: true, .daemon(.mailLogin)),
        Keyword("alert_tls_ca", .path, default: "the system's", works: true, .daemon(.alertAuthority)),
        Keyword("webhook", .words, works: true, .daemon(.webhook)),
        Keyword("smtp_alert", .boolean, since: "2.0.0", works: true, .global(.mail)),
        Keyword("startup_script", .script, since: "2.1.0", works: true, .global(.startupScript)),
        Keyword(
          "startup_script_timeout", .integer(1...1000), default: "10", since: "2.1.0", works: true,
          .global(.startupTimeout)),
        Keyword("shutdown_script", .script, since: "2.1.0", works: true, .global(.shutdownScript)),
        Keyword(
          "shutdown_script_timeout", .integer(1...1000), default: "10", since: "2.1.0", works: true,
          .global(.shutdownTimeout)),
        Keyword(
          "max_auto_priority", .optionalInteger(-1...99), since: "2.1.0", works: true, .daemon(.automaticPriority)),
        Keyword(
          "min_auto_priority_delay", .integer(1...10000000), default: "1000000", since: "2.1.0", works: true,
          .daemon(.automaticPriorityDelay)),
        Keyword("smtp_alert_vrrp", .boolean, since: "2.0.0", works: true, .global(.mailVRRP)),
        Keyword("smtp_alert_checker", .boolean, since: "2.0.0", works: true, .global(.mailChecker)),
        Keyword("checker_log_all_failures", .boolean, since: "2.0.11", works: true, .global(.logAllFailures)),
        Keyword("dynamic_interfaces", .optionalText, since: "2.0.0", works: true, .global(.dynamicInterfaces)),
        Keyword("no_email_faults", .none, since: "2.0.0", works: true, .global(.omitFaultMail)),
        Keyword(
          "default_interface", .interface, default: "eth0", since: "1.2.24", works: true, .global(.defaultInterface)),
        Keyword("disable_local_igmp", .none, since: "2.2.0", works: true, .global(.silenceGroups)),
        Keyword("v3_checksum_as_v2", .none, since: "2.2.8", works: true, .global(.messageOnlyChecksum)),
        Keyword("lvs_timeouts", .words, default: "unchanged", since: "1.2.24", works: true, .balancing(.timeouts)),
        Keyword("lvs_flush", .none, since: "1.2.23", works: true, .balancing(.flushAtStart)),
        Keyword("lvs_flush_on_stop", .optionalText, since: "2.2.0", works: true, .balancing(.flushAtStop)),
        Keyword(
          "lvs_flush_onstop", .optionalText, since: "2.0.15", replacedBy: "lvs_flush_on_stop", works: true,
          .balancing(.flushAtStop)),
        Keyword("lvs_sync_daemon", .words, since: "1.2.20", works: true, .balancing(.syncDaemon)),
        Keyword(
          "vrrp_mcast_group4", .address(.ipv4), default: "224.0.0.18", since: "1.2.10", works: true,
          .global(.multicastGroup)),
        Keyword(
          "vrrp_mcast_group6", .address(.ipv6), default: "ff02::12", since: "1.2.10", works: true,
          .global(.multicastGroup)),
        Keyword(
          "vrrp_garp_master_delay", .integer(0...4294), default: "5", since: "1.2.20", works: true,
          .global(.announceDelay)),
        Keyword(
          "vrrp_garp_master_repeat", .integer(0...4294967295), default: "5", since: "1.2.20", works: true,
          .global(.announceRepeats)),
        Keyword(
          "vrrp_garp_master_refresh", .integer(0...4294967295), default: "0", since: "1.2.20", works: true,
          .global(.announceRefresh)),
        Keyword(
          "vrrp_garp_master_refresh_repeat", .integer(0...4294967295), default: "1", since: "1.2.20", works: true,
          .global(.announceRefreshRepeats)),
        Keyword(
          "vrrp_garp_lower_prio_delay", .integer(0...4294), default: "vrrp_garp_master_delay", since: "1.2.20",
          works: true,
          .global(.lowerPriorityDelay)),
        Keyword(
          "vrrp_garp_lower_prio_repeat", .integer(0...2147483647), default: "vrrp_garp_master_repeat", since: "1.2.20",
          works: true,
          .global(.lowerPriorityRepeats)),
        Keyword(
          "vrrp_down_timer_adverts", .integer(1...100), default: "3", since: "2.2.3", works: true,
          .global(.downTimerAdvertisements)),
        Keyword(
          "vrrp_garp_interval", .seconds(0...4_294_967_295_000_000), default: "0", since: "1.2.21", works: true,
          .global(.announcementSpacing)),
        Keyword(
          "vrrp_gna_interval", .seconds(0...4_294_967_295_000_000), default: "0", since: "1.2.21", works: true,
          .global(.neighborSpacing)
        ),
        Keyword("vrrp_min_garp", .boolean, since: "2.0.12", works: true, .global(.minimumAnnouncements)),
        Keyword("vrrp_garp_extra_if", .words, since: "2.2.3", works: true, .global(.extraAnnouncements)),
        Keyword(
          "vrrp_vmac_garp_intvl", .words, since: "2.2.0", replacedBy: "vrrp_garp_extra_if", works: true,
          .global(.extraAnnouncements)
        ),
        Keyword("vrrp_lower_prio_no_advert", .boolean, since: "1.2.20", works: true, .global(.ignoreLowerPriority)),
        Keyword("vrrp_higher_prio_send_advert", .boolean, since: "1.3.5", works: true, .global(.sendBeforeYielding)),
        Keyword("vrrp_version", .choice(["2", "3"]), default: "2", since: "1.2.20", works: true, .global(.version)),
        Keyword("vrrp_iptables", .optionalWords, since: "1.2.20", noEffect: "rules are made with nftables"),
        Keyword("vrrp_ipsets", .optionalWords, since: "1.2.20", noEffect: "rules are made with nftables"),
        Keyword("nftables", .optionalText, since: "2.0.11", works: true, .global(.firewallTable)),
        Keyword(
          "nftables_priority", .integer(-2_147_483_648...2147483647), default: "-1", since: "2.0.11", works: true,
          .global(.firewallPriority)),
        Keyword("nftables_ifindex", .none, since: "2.0.11", works: true, .global(.firewallIndex)),
        Keyword("vrrp_check_unicast_src", .none, since: "1.2.20", works: true, .global(.checkUnicastSource)),
        Keyword("vrrp_skip_check_adv_addr", .boolean, since: "1.2.20", works: true, .global(.skipAddressCheck)),
        Keyword("vrrp_make_before_break", .boolean, default: "on", works: true, .global(.makeBeforeBreak)),
        Keyword("vrrp_strict", .boolean, since: "1.2.20", works: true, .global(.strict)),
        Keyword("vrrp_priority", .integer(-20...19), default: "0", since: "1.2.20", works: true, .global(.niceness)),
        Keyword("vrrp_no_swap", .none, since: "1.2.20", works: true, .global(.lockMemory)),
        Keyword("vrrp_rt_priority", .integer(1...99), since: "2.0.0", works: true, .global(.realTimePriority)),
        Keyword("vrrp_cpu_affinity", .words, since: "2.0.17", works: true, .global(.processors)),
        Keyword(
          "vrrp_rlimit_rttime", .integer(1...4294967295), default: "10000", since: "2.1.0", works: true,
          .global(.realTimeLimit)),
        Keyword(
          "vrrp_rlimit_rtime", .integer(1...4294967295), since: "2.0.0", replacedBy: "vrrp_rlimit_rttime",
          works: true, .global(.realTimeLimit)),
        Keyword("nftables_ipvs", .optionalText, since: "2.2.2", works: true, .balancing(.markingTable)),
        Keyword(
          "nftables_ipvs_priority", .integer(-2_147_483_648...2147483647), default: "-1", since: "2.2.2", works: true,
          .balancing(.markingPriority)),
        Keyword(
          "nftables_ipvs_start_fwmark", .integer(1...4294967295), default: "1000", since: "2.2.2", works: true,
          .balancing(.firstMark)),
        Keyword("nftables_counters", .none, since: "2.0.11", works: true, .global(.firewallCounters)),
        Keyword("notify_fifo", .fifo, since: "1.3.6", works: true, .global(.fifo)),
        Keyword("notify_fifo_script", .script, since: "1.3.6", works: true, .global(.fifoReader)),
        Keyword("vrrp_notify_fifo", .fifo, since: "1.3.6", works: true, .global(.vrrpFIFO)),
        Keyword("vrrp_notify_fifo_script", .script, since: "1.3.6", works: true, .global(.vrrpFIFOReader)),
        Keyword(
          "vrrp_notify_priority_changes", .boolean, since: "2.0.16", works: true, .global(.notifyPriorityChanges)),
        Keyword("fifo_write_vrrp_states_on_reload", .none, since: "2.2.5", works: true, .global(.repeatStates)),
        Keyword("lvs_notify_fifo", .fifo, since: "1.3.6", works: true, .global(.balancerFIFO)),
        Keyword(
          "lvs_notify_fifo_script", .script, since: "1.3.6", works: true, .global(.balancerFIFOReader)),
        Keyword(
          "checker_priority", .integer(-20...19), default: "0", since: "1.2.20", works: true,
          .balancing(.process(.niceness))),
        Keyword("checker_no_swap", .none, since: "1.2.20", works: true, .balancing(.process(.lockMemory))),
        Keyword(
          "checker_rt_priority", .integer(1...99), since: "2.0.0", works: true, .balancing(.process(.realTimePriority))),
        Keyword("checker_cpu_affinity", .words, since: "2.0.17", works: true, .balancing(.process(.processors))),
        Keyword(
          "checker_rlimit_rttime", .integer(1...4294967295), default: "10000", since: "2.1.0", works: true,
          .balancing(.process(.realTimeLimit))),
        Keyword(
          "checker_rlimit_rtime", .integer(0...4294967295), since: "2.0.0", replacedBy: "checker_rlimit_rttime",
          works: true, .balancing(.process(.realTimeLimit))),
        Keyword(
          "bfd_priority", .integer(-20...19), default: "0", since: "2.0.0", works: true, .daemon(.bfdProcess(.niceness))
        ),
        Keyword("bfd_no_swap", .none, since: "2.0.0", works: true, .daemon(.bfdProcess(.lockMemory))),
        Keyword(
          "bfd_rt_priority", .integer(1...99), since: "2.0.0", works: true, .daemon(.bfdProcess(.realTimePriority))),
        Keyword("bfd_cpu_affinity", .words, since: "2.0.17", works: true, .daemon(.bfdProcess(.processors))),
        Keyword(
          "bfd_rlimit_rttime", .integer(1...4294967295), default: "10000", since: "2.1.0", works: true,
          .daemon(.bfdProcess(.realTimeLimit))),
        Keyword(
          "bfd_rlimit_rtime", .integer(0...4294967295), since: "2.0.0", replacedBy: "bfd_rlimit_rttime", works: true,
          .daemon(.bfdProcess(.realTimeLimit))),
        Keyword("snmp_socket", .text, since: "1.2.20", noEffect: noSNMP),
        Keyword("enable_traps", .none, since: "1.2.5", noEffect: noSNMP),
        Keyword("enable_snmp_vrrp", .none, since: "2.0.0", noEffect: noSNMP),
        Keyword("enable_snmp_keepalived", .none, since: "1.2.20", replacedBy: "enable_snmp_vrrp", noEffect: noSNMP),
        Keyword("enable_snmp_rfc", .none, since: "1.2.20", noEffect: noSNMP),
        Keyword("enable_snmp_rfcv2", .none, since: "1.2.20", noEffect: noSNMP),
        Keyword("enable_snmp_rfcv3", .none, since: "1.2.20", noEffect: noSNMP),
        Keyword("enable_snmp_checker", .none, since: "1.2.20", noEffect: noSNMP),
        Keyword(
          "snmp_vs_stats_update_interval", .seconds(1_000_000...30000000000), default: "5", since: "2.3.0",
          noEffect: noSNMP),
        Keyword("snmp_rs_stats_update_interval", .seconds(1_000_000...30000000000), since: "2.3.0", noEffect: noSNMP),
        Keyword("enable_dbus", .none, since: "1.3.0", noEffect: noDBus),
        Keyword("dbus_service_name", .text, default: "org.keepalived.Vrrp1", since: "1.3.7", noEffect: noDBus),
        Keyword("dbus_no_interface_name", .text, since: "2.3.0", noEffect: noDBus),
        Keyword("script_user", .user, default: "keepalived_script", since: "1.3.0", works: true, .global(.scriptUser)),
        Keyword("enable_script_security", .none, since: "1.3.0", works: true, .global(.scriptSecurity)),
        Keyword(
          "vrrp_netlink_cmd_rcv_bufs", .integer(0...4294967295), since: "2.0.0", works: true,
          .daemon(.buffer(.routerCommands))),
        Keyword(
          "vrrp_netlink_cmd_rcv_bufs_force", .boolean, since: "2.0.0", works: true,
          .daemon(.forcedBuffer(.routerCommands))),
        Keyword(
          "vrrp_netlink_monitor_rcv_bufs", .integer(0...4294967295), since: "2.0.0", works: true,
          .daemon(.buffer(.routerEvents))),
        Keyword(
          "vrrp_netlink_monitor_rcv_bufs_force", .boolean, since: "2.0.0", works: true,
          .daemon(.forcedBuffer(.routerEvents))),
        Keyword(
          "process_monitor_rcv_bufs", .integer(0...4294967295), since: "2.0.11", works: true,
          .daemon(.buffer(.processEvents))),
        Keyword(
          "process_monitor_rcv_bufs_force", .boolean, since: "2.0.11", works: true,
          .daemon(.forcedBuffer(.processEvents))),
        Keyword(
          "lvs_netlink_cmd_rcv_bufs", .integer(0...4294967295), since: "2.0.0", works: true,
          .daemon(.buffer(.checkCommands))),
        Keyword(
          "lvs_netlink_cmd_rcv_bufs_force", .boolean, since: "2.0.0", works: true,
          .daemon(.forcedBuffer(.checkCommands))),
        Keyword(
          "lvs_netlink_monitor_rcv_bufs", .integer(0...4294967295), since: "2.0.0", works: true,
          .daemon(.buffer(.checkEvents))),
        Keyword(
          "lvs_netlink_monitor_rcv_bufs_force", .boolean, since: "2.0.0", works: true,
          .daemon(.forcedBuffer(.checkEvents))),
        Keyword("rs_init_notifies", .boolean, since: "2.0.0", works: true, .global(.initialNotifies)),
        Keyword("no_checker_emails", .boolean, since: "2.0.0", works: true, .global(.onlyServerMail)),
        Keyword("vrrp_rx_bufs_policy", .words, since: "2.0.3", works: true, .global(.receiveBufferPolicy)),
        Keyword(
          "vrrp_rx_bufs_multiplier", .integer(1...4294967295), default: "3", since: "2.0.3", works: true,
          .global(.receiveBufferMultiplier)),
        Keyword(
          "vrrp_startup_delay", .seconds(1_000_000...4294967295000), default: "0", since: "2.0.14", works: true,
          .global(.startupDelay)),
        Keyword(
          "vrrp_delay_after_boot", .seconds(1_000_000...4294967295000), default: "0", since: "2.4.0", works: true,
          .global(.bootDelay)),
        Keyword("log_unknown_vrids", .none, since: "2.0.16", works: true, .global(.logUnknownRouterIDs)),
        Keyword("vrrp_owner_ignore_adverts", .boolean, since: "2.3.3", works: true, .global(.ownerIgnores)),
        Keyword("vmac_prefix", .text, default: "vrrp", since: "2.2.0", works: true, .global(.virtualMACPrefix)),
        Keyword(
          "vmac_addr_prefix", .text, default: "vmac_prefix", since: "2.2.0", works: true,
          .global(.virtualMACAddressPrefix)),
        Keyword("umask", .words, default: "0177", since: "2.0.9", works: true, .daemon(.fileMask)),
        Keyword(
          "random_seed", .integer(0...4294967295), since: "2.0.15", noEffect: "the generator is not seeded by hand"),
        Keyword("reload_check_config", .optionalText, since: "2.2.0", works: true, .daemon(.reloadCheck)),
        Keyword("reload_time_file", .path, since: "2.1.0", works: true, .daemon(.reloadTime)),
        Keyword("reload_repeat", .none, since: "2.1.0", works: true, .daemon(.reloadRepeat)),
        Keyword(
          "reload_file", .optionalText, default: "keepalived.reload in the PID directory", since: "2.2.0", works: true,
          .daemon(.reloadMarker)),
        Keyword("include_check", .optionalWords, since: "2.2.0", works: true, .global(.includeCheck)),
        Keyword("config_save_dir", .path, since: "2.2.3", works: true, .daemon(.saveDirectory)),
        Keyword(
          "tmp_config_directory", .path, default: "memfd", since: "2.2.0",
          noEffect: "no copy of the configuration is kept"),
        Keyword("data_use_instance", .boolean, since: "2.2.3", works: true, .global(.dumpInstance)),
        Keyword("json_version", .choice(["1", "2"]), default: "1", since: "2.2.8", works: true, .global(.jsonVersion)),
        Keyword(
          "iproute_usr_dir", .path, default: "/usr/share/iproute2", since: "2.3.2", works: true,
          .global(.namesVendorDirectory)),
        Keyword(
          "iproute_etc_dir", .path, default: "/etc/iproute2", since: "2.3.2", works: true, .global(.namesDirectory)),
        Keyword(
          "state_dump_file", .path, default: "TMPDIR/keepalived.data", since: "2.3.3", works: true, .global(.stateDump)),
        Keyword(
          "stats_dump_file", .path, default: "TMPDIR/keepalived.stats", since: "2.3.3", works: true,
          .global(.statisticsDump)),
        Keyword(
          "json_dump_file", .path, default: "TMPDIR/keepalived.json", since: "2.3.3", works: true, .global(.jsonDump)),
      ])
  ]
}
