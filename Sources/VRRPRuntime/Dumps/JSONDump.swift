import NetPrimitives
public import VRRPCore

extension VRRPSnapshot {
  /// The `.json` file in the given shape, ended by a line feed.
  public func json(_ version: DumpDefinition.JSONVersion) -> String {
    var json = JSONText()
    switch version {
    case .v1: writeRouters(&json)
    case .v2:
      json.object { json in
        json.name("vrrp")
        writeRouters(&json)
        guard !processes.isEmpty else { return }
        json.name("track_process")
        json.array { json in for process in processes { process.write(&json) } }
      }
    }
    return json.text + "\n"
  }

  private func writeRouters(_ json: inout JSONText) {
    json.array { json in
      for router in routers {
        json.object { json in
          json.name("data")
          json.object { router.writeData(&$0, in: self) }
          json.name("stats")
          json.object { router.writeStatistics(&$0) }
        }
      }
    }
  }
}

extension VRRPSnapshot.Router {
  fileprivate func writeData(_ json: inout JSONText, in snapshot: VRRPSnapshot) {
    json.member("iname", definition.name)
    json.flag("dont_track_primary", !definition.tracksInterface)
    json.flag("skip_check_adv_addr", definition.policy.skipsAddressCheck)
    json.flag("strict_mode", definition.isStrict)
    json.member("vmac_ifname", virtualInterface ?? "")
    if !definition.interface.isEmpty { json.member("ifp_ifname", virtualInterface ?? definition.interface) }
    json.member("master_priority", activeRouter?.priority ?? 0)
    json.number("last_transition", snapshot.clock.time(of: lastTransitionAt).decimal)
    writeAnnouncements(&json)
    json.flag("lower_prio_no_advert", definition.policy.ignoresLowerPriority)
    json.flag("higher_prio_send_advert", definition.policy.sendsBeforeYielding == true)
    json.member("vrid", definition.virtualRouterID)
    json.member("base_priority", definition.priority)
    json.member("effective_priority", effectivePriority)
    json.member("vipset", ownsAddresses)
    json.member("promote_secondaries", definition.promotesSecondaries)
    json.number("adver_int", decimalSeconds(definition.interval.nanoseconds))
    json.number("master_adver_int", decimalSeconds((activeRouter?.interval ?? definition.interval).nanoseconds))
    json.flag("accept", definition.acceptsPackets)
    json.member("nopreempt", !definition.preempts)
    json.member("preempt_delay", definition.preemptDelayNanoseconds / 1_000_000_000)
    json.member("state", role.keepalivedState)
    json.member("wantstate", wantedRole.keepalivedState)
    json.member("version", definition.version.rawValue)
    writeNotifications(&json)
    json.strings("vips", addressTexts(definition.addresses))
    json.strings("evips", addressTexts(definition.excludedAddresses))
    json.strings("vroutes", definition.routes.map { $0.dumpText })
    json.strings("vrules", definition.rules.map { $0.dumpText })
    json.strings("track_ifp", definition.trackedInterfaces.map { $0.name })
    json.strings(
      "track_script",
      definition.tracking.scripts.map { object in
        let script = snapshot.scripts.first { $0.definition.name == object.name }
        return script.map { ScriptCommandText($0.definition.command).text } ?? object.name
      })
    json.strings("track_process", definition.tracking.processes.map { $0.name })
    writeAuthentication(&json)
  }

  private func writeAnnouncements(_ json: inout JSONText) {
    let policy = definition.announcement
    let lower = definition.shownLowerPriorityAnnouncement
    json.number("garp_delay", decimalSeconds(policy.secondBurstDelayNanoseconds))
    json.number("garp_refresh", decimalSeconds(policy.refreshNanoseconds))
    json.member("garp_rep", policy.repeats)
    json.member("garp_refresh_rep", policy.refreshRepeats)
    json.number("garp_lower_prio_delay", decimalSeconds(lower.secondBurstDelayNanoseconds))
    json.member("garp_lower_prio_rep", lower.repeats)
  }

  private func writeNotifications(_ json: inout JSONText) {
    let notify = definition.notify
    json.member("smtp_alert", notify.sendsMail)
    json.member("notify_deleted", notify.reportsDeletion)
    json.script("script_backup", ScriptCommandText(notify.backup))
    json.script("script_master", ScriptCommandText(notify.active))
    json.script("script_fault", ScriptCommandText(notify.fault))
    json.script("script_stop", ScriptCommandText(notify.stop))
    json.script("script_deleted", ScriptCommandText(notify.deleted))
    json.script("script", ScriptCommandText(notify.any))
    json.script("script_master_rx_lower_pri", ScriptCommandText(notify.lowerPriorityReceived))
  }

  private func writeAuthentication(_ json: inout JSONText) {
    switch definition.authentication {
    case .none: json.member("auth_type", 0)
    case .simplePassword:
      json.member("auth_type", 1)
      json.member("auth_data", hiddenPassword)
    case .authenticationHeader:
      json.member("auth_type", 2)
      json.member("auth_data", hiddenPassword)
    }
  }

  fileprivate func writeStatistics(_ json: inout JSONText) {
    json.member("advert_rcvd", counters.received)
    json.member("advert_sent", sentCount)
    json.member("become_master", becameActiveCount)
    json.member("release_master", releasedActiveCount)
    json.member("packet_len_err", counters.lengthErrors)
    json.member("advert_interval_err", counters.intervalErrors)
    json.member("ip_ttl_err", counters.hopLimitErrors)
    json.member("invalid_type_rcvd", counters.invalidTypes)
    json.member("addr_list_err", counters.addressListErrors)
    json.member("invalid_authtype", counters.invalidAuthenticationTypes)
    json.member("authtype_mismatch", counters.authenticationTypeMismatches)
    json.member("auth_failure", counters.authenticationFailures)
    json.member("auth_ext_missing", counters.trailersMissing)
    json.member("auth_ext_malformed", counters.trailersMalformed)
    json.member("auth_ext_unknown_key", counters.trailersOfUnknownKey)
    json.member("auth_ext_invalid_hmac", counters.trailersInvalid)
    json.member("auth_ext_stale", counters.trailersStale)
    json.member("auth_ext_replay", counters.trailersReplayed)
    json.member("pri_zero_rcvd", counters.priorityZeroReceived)
    json.member("pri_zero_sent", priorityZeroSentCount)
    // Of our own: who else claims the addresses.
    guard conflictCount > 0 else { return }
    json.member("addr_conflict", conflictCount)
    if let lastRival { json.member("addr_conflict_mac", "\(lastRival)") }
  }
}

extension VRRPSnapshot.Process {
  fileprivate func write(_ json: inout JSONText) {
    json.object { json in
      json.member("process", definition.command.first ?? "")
      let parameters = definition.command.dropFirst()
      if !parameters.isEmpty { json.member("parameters", parameters.joined(separator: " ")) }
      json.member("param_match", definition.parameterMatch.dumpText)
      json.member("min_processes", definition.quorum)
      if let maximum = definition.maximum { json.member("max_processes", maximum) }
      json.member("current_processes", monitor.processes.count)
      json.member("have_quorum", monitor.verdict == .up)
      json.member("weight", definition.weight)
      json.number("terminate_delay", decimalSeconds(definition.terminateDelayNanoseconds))
      json.number("fork_delay", decimalSeconds(definition.forkDelayNanoseconds))
      json.member("fork_delay_timer_running", monitor.wait == .forkDelay)
      json.member("terminate_delay_timer_running", monitor.wait == .terminateDelay)
      json.member("full_command", definition.comparesFullCommand)
    }
  }
}
