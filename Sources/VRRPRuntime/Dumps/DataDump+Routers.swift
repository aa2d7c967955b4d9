import NetPrimitives
import VRRPCore

extension VRRPSnapshot.Router {
  /// Passwords are never shown, only that there is one.
  var hiddenPassword: String { "********" }

  func write(_ dump: inout DumpLines, in snapshot: VRRPSnapshot) {
    dump.line(1, "VRRP Instance", definition.name)
    writeState(&dump, in: snapshot)
    writeInterface(&dump)
    writeAnnouncements(&dump)
    writeElection(&dump)
    writeAddresses(&dump)
    writePeers(&dump)
    if !definition.routes.isEmpty { dump.list("Virtual Routes :", definition.routes.map { $0.dumpText }) }
    if !definition.rules.isEmpty { dump.list("Virtual Rules :", definition.rules.map { $0.dumpText }) }
    dump.tracked(definition.trackedInterfaces, definition.tracking)
    dump.line(3, "Using smtp notification", definition.notify.sendsMail ? "yes" : "no")
    dump.line(3, "Notify deleted", definition.notify.reportsDeletion ? "Deleted" : "Fault")
    dump.scripts(definition.notify, in: snapshot)
    dump.line(3, "Notify priority changes", "\(definition.notify.reportsPriorityChanges)")
    if conflictCount > 0 {
      dump.line(3, "Address conflicts", "\(conflictCount)\(lastRival.map { ", last with \($0)" } ?? "")")
    }
  }

  private func writeState(_ dump: inout DumpLines, in snapshot: VRRPSnapshot) {
    dump.line(3, "VRRP Version", "\(definition.version.rawValue)")
    if let groupName { dump.line(3, "Sync group", groupName) }
    if definition.family == .ipv6 { dump.line(3, "Using Native IPv6") }
    dump.line(3, "State", role == .initialize ? "INIT" : role.keepalivedName)
    if let activeRouter, role == .backup {
      dump.line(3, "Master router", "\(activeRouter.address)")
      dump.line(3, "Master priority", "\(activeRouter.priority)")
      switch definition.version {
      case .v2: break
      case .v3: dump.line(3, "Master advert int", "\(hundredths(activeRouter.interval)) sec")
      }
    }
    dump.line(3, hasFlags ? "Flags:" : "Flags: none")
    if !definition.unicastPeers.isEmpty { dump.line(5, "Using unicast") }
    dump.line(3, "Wantstate", wantedRole == .initialize ? "INIT" : wantedRole.keepalivedName)
    dump.line(3, "Number of config faults", "0")
    dump.line(3, "Number of interface and track script faults", "\(faultCount)")
    dump.line(3, "Number of track scripts init", "\(undecidedCount)")
    let clock = snapshot.clock
    let transition = clock.time(of: lastTransitionAt)
    dump.line(3, "Last transition", "\(transition.decimal) (\(transition.text(offset: clock.offsetSeconds)))")
    if let nextDeadline {
      let time = clock.time(of: nextDeadline)
      dump.line(3, "Read timeout", "\(time.decimal) (\(time.text(offset: clock.offsetSeconds)))")
    } else {
      dump.line(3, "Read timeout", "DISABLED")
    }
    dump.line(3, "Master down timer", "\(downIntervalNanoseconds / 1000) usecs")
  }

  /// What keepalived keeps as flags without names.
  private var hasFlags: Bool {
    !definition.preempts || definition.sourceAddress != nil || definition.virtualMAC != nil
      || definition.notify.reportsDeletion || !definition.unicastPeers.isEmpty
  }

  private func writeInterface(_ dump: inout DumpLines) {
    if let virtualInterface, let mac = definition.virtualMAC {
      let isUp = role == .active
      dump.line(
        3, "Use VMAC, i/f name \(virtualInterface), is_up = \(isUp), xmit_base = \(mac.sendsFromBase)")
      dump.line(3, "Interface", "\(virtualInterface), vmac on \(definition.interface)")
    } else {
      dump.line(3, "Interface", definition.interface)
    }
    if definition.isStrict { dump.line(3, "Enforcing strict VRRP compliance") }
    if definition.policy.skipsAddressCheck { dump.line(3, "Skip checking advert IP addresses") }
    if !definition.tracksInterface { dump.line(3, "VRRP interface tracking disabled") }
    let origin = definition.sourceAddress == nil ? "" : " (from configuration)"
    dump.line(3, "Using src_ip", "\(primaryAddress)\(origin)")
    guard definition.unicastPeers.isEmpty else { return }
    let group: IPAddress =
      definition.policy.destination ?? (definition.family == .ipv4 ? .v4(.vrrpGroup) : .v6(.vrrpGroup))
    dump.line(3, "Multicast address \(group)")
  }

  private func writeAnnouncements(_ dump: inout DumpLines) {
    let policy = definition.announcement
    let lower = definition.shownLowerPriorityAnnouncement
    dump.line(3, "Gratuitous ARP delay", decimalSeconds(policy.secondBurstDelayNanoseconds))
    dump.line(3, "Gratuitous ARP repeat", "\(policy.repeats)")
    dump.line(3, "Gratuitous ARP refresh", decimalSeconds(policy.refreshNanoseconds))
    dump.line(3, "Gratuitous ARP refresh repeat", "\(policy.refreshRepeats)")
    dump.line(3, "Gratuitous ARP lower priority delay", decimalSeconds(lower.secondBurstDelayNanoseconds))
    dump.line(3, "Gratuitous ARP lower priority repeat", "\(lower.repeats)")
    dump.line(3, "Down timer adverts", "\(definition.downTimerAdvertisements)")
    dump.line(3, "Send advert after receive lower priority advert", "\(!definition.policy.ignoresLowerPriority)")
    dump.line(3, "Send advert after receive higher priority advert", "\(definition.policy.sendsBeforeYielding == true)")
  }

  private func writeElection(_ dump: inout DumpLines) {
    dump.line(3, "Virtual Router ID", "\(definition.virtualRouterID)")
    dump.line(3, "Priority", "\(definition.priority)")
    dump.line(3, "Effective priority", "\(effectivePriority)")
    dump.line(3, "Total priority", "\(totalPriority)")
    dump.line(3, "Advert interval", intervalText(definition.interval))
    if let activeRouter, role == .backup, definition.version == .v3 {
      dump.line(3, "Master advert interval", intervalText(activeRouter.interval))
    }
    dump.line(3, "Accept", definition.acceptsPackets ? "enabled" : "disabled")
    dump.line(3, "Preempt", definition.preempts ? "enabled" : "disabled")
    if definition.preemptDelayNanoseconds > 0 {
      dump.line(3, "Preempt delay", "\(decimalSeconds(definition.preemptDelayNanoseconds)) secs")
    }
    dump.line(3, "Promote_secondaries", definition.promotesSecondaries ? "enabled" : "disabled")
    guard definition.version == .v2 else { return }
    switch definition.authentication {
    case .none: dump.line(3, "Authentication type", "none")
    case .simplePassword:
      dump.line(3, "Authentication type", "SIMPLE_PASSWORD")
      dump.line(3, "Password", hiddenPassword)
    case .authenticationHeader: dump.line(3, "Authentication type", "IPSEC_AH")
    }
  }

  private func intervalText(_ interval: AdvertisementInterval) -> String {
    switch definition.version {
    case .v2: "\(interval.centiseconds / 100) sec"
    case .v3: "\(UInt32(interval.centiseconds) * 10) milli-sec"
    }
  }

  private func hundredths(_ interval: AdvertisementInterval) -> String {
    "\(interval.centiseconds / 100).\(Int64(interval.centiseconds % 100).padded(to: 2))"
  }

  private func writeAddresses(_ dump: inout DumpLines) {
    dump.line(3, "Virtual IP (\(definition.addresses.count)):")
    for text in addressTexts(definition.addresses) { dump.line(5, text) }
    dump.list("Virtual IP Excluded :", addressTexts(definition.excludedAddresses))
  }

  /// The addresses as they are shown; `set` is said of those on their interfaces.
  func addressTexts(_ addresses: [VirtualAddress]) -> [String] {
    let own = virtualInterface.map { "\($0)@\(definition.interface)" } ?? definition.interface
    return addresses.map { $0.dumpText(on: own, isSet: ownsAddresses) }
  }

  private func writePeers(_ dump: inout DumpLines) {
    guard !definition.unicastPeers.isEmpty else { return }
    let policy = definition.policy
    dump.line(3, "Unicast TTL", "\(policy.unicastHopLimit ?? 255)")
    let checks = policy.checksUnicastSource || !policy.peerHopLimits.isEmpty
    dump.line(3, "Check unicast src : \(checks ? "yes" : "no")")
    dump.list(
      "Unicast Peer :",
      definition.unicastPeers.map { peer in
        guard checks else { return "\(peer)" }
        let limits = policy.peerHopLimits[peer] ?? .unlimited
        return "\(peer) min_ttl \(limits.minimum) max_ttl \(limits.maximum)"
      })
    dump.line(3, "Unicast checksum compatibility", policy.usesOldUnicastChecksum == true ? "yes" : "no")
  }
}

extension VirtualRouterDefinition {
  /// What is announced after a lower-priority advert: as configured, else as always.
  var shownLowerPriorityAnnouncement: AnnouncementPolicy { lowerPriorityAnnouncement ?? announcement }
}

extension DumpLines {
  /// What is tracked, kind by kind.
  mutating func tracked(
    _ interfaces: [VirtualRouterDefinition.TrackedInterface], _ tracking: TrackingDefinition
  ) {
    list(
      "Tracked interfaces :",
      interfaces.map { "\($0.name) weight \($0.weight)\(reverseText($0.isReversed))" })
    list("Tracked scripts :", tracking.scripts.map { "\($0.name) weight \($0.weight)\(reverseText($0.isReversed))" })
    list("Tracked files :", tracking.files.map { "\($0.name), weight \($0.weight)\(reverseText($0.isReversed))" })
    list(
      "Tracked processes :",
      tracking.processes.map { "\($0.name), weight \($0.weight)\(reverseText($0.isReversed))" })
    list(
      "Tracked BFDs :",
      tracking.bfdSessions.map { "\($0.name), weight \($0.weight)\(reverseText($0.isReversed))" })
  }

  /// The scripts that are told of changes.
  mutating func scripts(_ notify: NotifyDefinition, in snapshot: VRRPSnapshot) {
    let scripts: [(String, ScriptCommand?)] = [
      ("Backup", notify.backup), ("Master", notify.active), ("Fault", notify.fault), ("Stop", notify.stop),
      ("Deleted", notify.deleted), ("Generic", notify.any), ("Master rx lower pri", notify.lowerPriorityReceived),
    ]
    for (title, command) in scripts {
      if let command { line(3, "\(title) state transition script", snapshot.commandText(command)) }
    }
  }
}
