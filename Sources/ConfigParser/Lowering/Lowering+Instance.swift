import NetPrimitives
import VRRPCore

extension Lowering {
  /// Reads a `vrrp_instance` block; `nil` without a name.
  mutating func draftInstance(_ block: Int) -> InstanceDraft? {
    guard let name = blockName(block) else { return nil }
    var draft = InstanceDraft(name: name, statement: block, defaults: defaults)
    for index in tree.children(of: block) {
      guard case (.instance(let setting), let value)? = value(of: index) else { continue }
      if !applyElection(setting, value, of: index, to: &draft), !applyTelling(setting, value, of: index, to: &draft) {
        applyPolicy(setting, value, of: index, to: &draft)
      }
    }
    return draft
  }

  /// Who the router is, and what decides between routers. False for another kind of setting.
  private mutating func applyElection(
    _ setting: InstanceSetting, _ value: Value, of index: Int, to draft: inout InstanceDraft
  ) -> Bool {
    let range = argumentRange(tree.statements[index])
    switch setting {
    case .state:
      if let choice = value.choice { setState(choice == 0 ? .active : .backup, &draft, range) }
    case .interface: if let word = value.word { draft.interface = Written(value: text(word), range: range) }
    case .virtualRouterID:
      if let number = value.integer { draft.virtualRouterID = Written(value: UInt8(clamping: number), range: range) }
    case .priority:
      if let number = value.integer { draft.priority = Written(value: UInt8(clamping: number), range: range) }
    case .interval:
      if let time = value.nanoseconds { draft.intervalNanoseconds = Written(value: time, range: range) }
    case .version:
      if let choice = value.choice { draft.version = Written(value: choice == 0 ? .v2 : .v3, range: range) }
    case .preempt: draft.noPreempt = nil
    case .noPreempt: draft.noPreempt = range
    case .preemptDelay: if let time = value.nanoseconds { draft.preemptDelay = Written(value: time, range: range) }
    case .authentication: lowerAuthentication(index, into: &draft)
    case .hmac: draft.definition.keys = lowerKeys(index)
    case .addresses: draft.addresses += lowerAddresses(index)
    case .excludedAddresses: draft.excludedAddresses += lowerAddresses(index)
    case .noVirtualAddress: draft.mayHaveNoAddress = true
    case .unicastSource:
      if let address = value.address {
        draft.source = Written(value: address, range: range)
        draft.unicastKeyword = range
      }
    case .multicastSource: if let address = value.address { draft.source = Written(value: address, range: range) }
    case .unicastPeers:
      draft.unicastKeyword = draft.unicastKeyword ?? range
      lowerPeers(index, into: &draft)
    case .nativeIPv6: draft.isNativeIPv6 = true
    case .messageOnlyChecksum: draft.definition.checksum = value.boolean ?? true ? .messageOnly : .automatic
    case .downTimerAdvertisements:
      if let count = value.integer { draft.definition.downTimerAdvertisements = UInt8(clamping: count) }
    case .trackedInterfaces, .trackedScripts, .trackedFiles, .trackedProcesses, .trackedBFD, .dontTrackPrimary,
      .trackSource, .notifyMaster, .notifyBackup, .notifyFault, .notifyStop, .notifyDeleted, .notify,
      .notifyLowerPriority, .mail, .notifyPriorityChanges, .announceDelay, .announceRepeats, .announceRefresh,
      .announceRefreshRepeats, .lowerPriorityDelay, .lowerPriorityRepeats, .extraAnnouncements, .ignoreLowerPriority,
      .sendBeforeYielding, .ownerIgnores, .skipAddressCheck, .strict, .checkUnicastSource, .faultWithoutPeer,
      .unicastHopLimit, .multicastDestination, .oldChecksum, .receiveBuffer, .timerExpired, .accept, .noAccept,
      .virtualMAC, .ipvlan, .sendFromBase, .virtualMACEverywhere, .vrf, .promoteSecondaries, .routes, .rules,
      .externalRemoval, .syncDaemon, .prepareAddresses, .makeBeforeBreak, .linkPolling:
      return false
    }
    return true
  }

  /// `state BACKUP` does not take back `state MASTER`, as keepalived has it.
  private mutating func setState(
    _ role: VirtualRouterDefinition.InitialRole, _ draft: inout InstanceDraft, _ range: SourceRange
  ) {
    if role == .backup, let first = draft.state, first.value == .active {
      report(
        .duplicateSetting, "'state MASTER' was said before; this is ignored", at: range,
        notes: [Diagnostic.Note("here", at: first.range)])
      return
    }
    draft.state = Written(value: role, range: range)
  }

  /// What the router follows, and whom it tells. False for another kind of setting.
  private mutating func applyTelling(
    _ setting: InstanceSetting, _ value: Value, of index: Int, to draft: inout InstanceDraft
  ) -> Bool {
    switch setting {
    case .trackedInterfaces:
      let tracked = lowerTrackedInterfaces(index)
      if let weighted = tracked.first(where: { $0.value.weight != 0 }) { draft.firstWeight = weighted.range }
      draft.trackedInterfaces += tracked
    case .trackedScripts:
      draft.definition.tracking.scripts += lowerTracked(index, "vrrp_script", names.scripts, limit: 253)
      noteWeight(draft.definition.tracking.scripts, index, &draft)
    case .trackedFiles:
      draft.definition.tracking.files += lowerTracked(index, "track_file", names.files, limit: 254)
    case .trackedProcesses:
      draft.definition.tracking.processes += lowerTracked(index, "vrrp_track_process", names.processes, limit: 254)
      noteWeight(draft.definition.tracking.processes, index, &draft)
    case .trackedBFD:
      draft.definition.tracking.bfdSessions += lowerTracked(
        index, "bfd_instance", heardSessions { $0.informsRouters }, limit: 253)
      noteWeight(draft.definition.tracking.bfdSessions, index, &draft)
    case .dontTrackPrimary: draft.definition.tracksInterface = false
    case .trackSource: draft.definition.tracksSource = true
    case .notifyMaster: setCommand(&draft.definition.notify.active, index)
    case .notifyBackup: setCommand(&draft.definition.notify.backup, index)
    case .notifyFault: setCommand(&draft.definition.notify.fault, index)
    case .notifyStop: setCommand(&draft.definition.notify.stop, index)
    case .notifyDeleted:
      draft.definition.notify.reportsDeletion = true
      setCommand(&draft.definition.notify.deleted, index)
    case .notify: setCommand(&draft.definition.notify.any, index)
    case .notifyLowerPriority: setCommand(&draft.definition.notify.lowerPriorityReceived, index)
    case .mail: draft.mail = value.boolean
    case .notifyPriorityChanges: draft.definition.notify.reportsPriorityChanges = value.boolean ?? true
    case .routes: draft.definition.routes += lowerRoutes(index)
    case .rules: draft.definition.rules += lowerRules(index)
    case .state, .interface, .virtualRouterID, .priority, .interval, .version, .preempt, .noPreempt, .preemptDelay,
      .authentication, .hmac, .addresses, .excludedAddresses, .noVirtualAddress, .unicastSource, .multicastSource,
      .unicastPeers, .nativeIPv6, .messageOnlyChecksum, .downTimerAdvertisements, .announceDelay, .announceRepeats,
      .announceRefresh, .announceRefreshRepeats, .lowerPriorityDelay, .lowerPriorityRepeats, .extraAnnouncements,
      .ignoreLowerPriority, .sendBeforeYielding, .ownerIgnores, .skipAddressCheck, .strict, .checkUnicastSource,
      .faultWithoutPeer, .unicastHopLimit, .multicastDestination, .oldChecksum, .receiveBuffer, .timerExpired,
      .accept, .noAccept, .virtualMAC, .ipvlan, .sendFromBase, .virtualMACEverywhere, .vrf, .promoteSecondaries,
      .externalRemoval, .syncDaemon, .prepareAddresses, .makeBeforeBreak, .linkPolling:
      return false
    }
    return true
  }

  private func noteWeight(_ tracked: [TrackedObject], _ index: Int, _ draft: inout InstanceDraft) {
    if draft.firstWeight == nil, tracked.contains(where: { $0.weight != 0 }) {
      draft.firstWeight = tree.statements[index].line
    }
  }

  /// The rest: how it sends, answers and announces.
  private mutating func applyPolicy(
    _ setting: InstanceSetting, _ value: Value, of index: Int, to draft: inout InstanceDraft
  ) {
    switch setting {
    case .announceDelay:
      if let time = seconds(value) { draft.definition.announcement.secondBurstDelayNanoseconds = time }
    case .announceRepeats: if let count = repeats(value, index) { draft.definition.announcement.repeats = count }
    case .announceRefresh: if let time = seconds(value) { draft.definition.announcement.refreshNanoseconds = time }
    case .announceRefreshRepeats:
      if let count = repeats(value, index) { draft.definition.announcement.refreshRepeats = count }
    case .lowerPriorityDelay: draft.lowerPriorityDelayNanoseconds = seconds(value)
    case .lowerPriorityRepeats: if let count = value.integer { draft.lowerPriorityRepeats = UInt8(clamping: count) }
    case .extraAnnouncements:
      if let extra = extraAnnouncements(index, least: 0) {
        draft.definition.extraAnnouncementNanoseconds = extra.nanoseconds == 0 ? nil : extra.nanoseconds
        draft.definition.extraAnnouncementsEverywhere = extra.all
      }
    case .ignoreLowerPriority: draft.definition.policy.ignoresLowerPriority = value.boolean ?? true
    case .sendBeforeYielding: draft.definition.policy.sendsBeforeYielding = value.boolean ?? true
    case .ownerIgnores: draft.definition.policy.ignoresAsOwner = value.boolean ?? true
    case .skipAddressCheck: draft.definition.policy.skipsAddressCheck = value.boolean ?? true
    case .strict: draft.definition.isStrict = value.boolean ?? true
    case .checkUnicastSource: draft.definition.policy.checksUnicastSource = true
    case .faultWithoutPeer: draft.definition.policy.faultsWithoutPeer = true
    case .unicastHopLimit:
      draft.unicastKeyword = draft.unicastKeyword ?? argumentRange(tree.statements[index])
      if let limit = value.integer { draft.definition.policy.unicastHopLimit = UInt8(clamping: limit) }
    case .multicastDestination: setDestination(value, index, &draft)
    case .oldChecksum:
      if let word = value.word, !isWord(word, "never") {
        report(.unknownValue, "'\(text(word))' is not 'never'", at: word.range)
      } else {
        draft.definition.policy.usesOldUnicastChecksum = value.word == nil
      }
    case .receiveBuffer:
      if let bytes = value.integer { draft.definition.policy.receiveBufferBytes = UInt32(clamping: bytes) }
    case .timerExpired:
      if case .integer(let priority) = value {
        draft.definition.policy.stepsDownWhenLate = UInt8(clamping: priority ?? 254)
      }
    case .accept: draft.acceptsPackets = true
    case .noAccept: draft.acceptsPackets = false
    case .virtualMAC: draft.definition.virtualMAC = lowerVirtualMAC(index, .macvlan, &draft)
    case .ipvlan: draft.definition.virtualMAC = lowerVirtualMAC(index, .ipvlan(.bridge), &draft)
    case .sendFromBase: draft.sendsFromBase = true
    case .prepareAddresses: draft.preparesAddresses = true
    case .virtualMACEverywhere: draft.coversOtherInterfaces = true
    case .vrf: if let word = value.word { draft.vrf = Written(value: text(word), range: word.range) }
    case .syncDaemon: if let word = value.word { setSyncDaemon(text(word), of: draft.name, at: index) }
    case .promoteSecondaries: draft.definition.promotesSecondaries = true
    case .linkPolling: draft.pollsLink = true
    case .makeBeforeBreak: draft.definition.policy.handsOver = value.boolean ?? true
    case .externalRemoval: draft.definition.externalRemoval = value.choice == 1 ? .stepDown : .repair
    case .state, .interface, .virtualRouterID, .priority, .interval, .version, .preempt, .noPreempt, .preemptDelay,
      .authentication, .hmac, .addresses, .excludedAddresses, .noVirtualAddress, .unicastSource, .multicastSource,
      .unicastPeers, .nativeIPv6, .messageOnlyChecksum, .downTimerAdvertisements, .trackedInterfaces, .trackedScripts,
      .trackedFiles, .trackedProcesses, .trackedBFD, .dontTrackPrimary, .trackSource, .notifyMaster, .notifyBackup,
      .notifyFault, .notifyStop, .notifyDeleted, .notify, .notifyLowerPriority, .mail, .notifyPriorityChanges,
      .routes, .rules:
      break
    }
  }

  private mutating func setDestination(_ value: Value, _ index: Int, _ draft: inout InstanceDraft) {
    guard let address = value.address else { return }
    guard address.isMulticast else {
      report(.invalidAddress, "\(address) is no multicast address", at: argumentRange(tree.statements[index]))
      return
    }
    draft.destination = Written(value: address, range: argumentRange(tree.statements[index]))
  }
}
