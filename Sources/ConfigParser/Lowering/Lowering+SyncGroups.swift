import VRRPCore

/// A sync group while its members are not known.
struct SyncGroupDraft: Sendable {
  var definition: SyncGroupDefinition
  var statement: Int
  var members: [Written<String>] = []
  var mail: Bool?
}

extension Lowering {
  mutating func draftSyncGroup(_ block: Int) -> SyncGroupDraft? {
    guard let name = blockName(block) else { return nil }
    var draft = SyncGroupDraft(definition: SyncGroupDefinition(name: name, members: []), statement: block)
    draft.definition.notify.reportsPriorityChanges = defaults.reportsPriorityChanges
    for index in tree.children(of: block) {
      guard case (.syncGroup(let setting), let value)? = value(of: index) else { continue }
      apply(setting, value, of: index, to: &draft)
    }
    return draft
  }

  private mutating func apply(
    _ setting: SyncGroupSetting, _ value: Value, of index: Int, to draft: inout SyncGroupDraft
  ) {
    switch setting {
    case .members: draft.members += lineWords(index).map { Written(value: text($0), range: $0.range) }
    case .trackedInterfaces: draft.definition.trackedInterfaces += lowerTrackedInterfaces(index).map { $0.value }
    case .trackedScripts:
      draft.definition.tracking.scripts += lowerTracked(index, "vrrp_script", names.scripts, limit: 253)
    case .trackedFiles:
      draft.definition.tracking.files += lowerTracked(index, "track_file", names.files, limit: 254)
    case .trackedProcesses:
      draft.definition.tracking.processes += lowerTracked(index, "vrrp_track_process", names.processes, limit: 254)
    case .trackedBFD:
      draft.definition.tracking.bfdSessions += lowerTracked(
        index, "bfd_instance", heardSessions { $0.informsRouters }, limit: 253)
    case .trackingWeights: draft.definition.usesTrackingWeights = true
    case .notifyMaster: setCommand(&draft.definition.notify.active, index)
    case .notifyBackup: setCommand(&draft.definition.notify.backup, index)
    case .notifyFault: setCommand(&draft.definition.notify.fault, index)
    case .notifyStop: setCommand(&draft.definition.notify.stop, index)
    case .notify: setCommand(&draft.definition.notify.any, index)
    case .mail: draft.mail = value.boolean
    case .notifyPriorityChanges: draft.definition.notify.reportsPriorityChanges = value.boolean ?? true
    }
  }

  /// Checks the groups against the instances there are.
  mutating func finishSyncGroups(_ drafts: [SyncGroupDraft]) {
    var groups: [String: SourceRange] = [:]
    var taken: [String: SourceRange] = [:]
    var routers: [String: Int] = [:]
    for (index, router) in configuration.virtualRouters.enumerated() { routers[router.name] = index }
    for var draft in drafts {
      let line = tree.statements[draft.statement].line
      let name = draft.definition.name
      if let first = groups[name] {
        report(
          .duplicateName, "there is already a vrrp_sync_group '\(name)'; this one is ignored", at: line,
          notes: [Diagnostic.Note("the first is here", at: first)])
        continue
      }
      groups[name] = line
      for member in draft.members where isMember(member, routers, &taken) {
        draft.definition.members.append(member.value)
      }
      guard !draft.definition.members.isEmpty else {
        report(.missingSetting, "vrrp_sync_group '\(name)' has no member; it is ignored", at: line)
        continue
      }
      if draft.definition.members.count == 1 {
        report(.lonelySyncGroup, "vrrp_sync_group '\(name)' has only one member: it holds nothing together", at: line)
      }
      draft.definition.notify.sendsMail = draft.mail ?? defaults.sendsMail ?? false
      if !draft.definition.usesTrackingWeights { dropWeights(of: draft, routers) }
      for member in draft.definition.members {
        guard let index = routers[member] else { continue }
        // A group has no priority of its own: it means those of its members.
        if draft.definition.notify.reportsPriorityChanges {
          configuration.virtualRouters[index].notify.reportsPriorityChanges = true
        }
        guard configuration.virtualRouters[index].priority != 255 else { continue }
        // A group starts as BACKUP unless its members own their addresses; so do they.
        configuration.virtualRouters[index].initialRole = .backup
      }
      configuration.syncGroups.append(draft.definition)
    }
  }

  private mutating func isMember(
    _ member: Written<String>, _ routers: [String: Int], _ taken: inout [String: SourceRange]
  ) -> Bool {
    guard routers[member.value] != nil else {
      var fixIts: [Diagnostic.FixIt] = []
      if let near = nearest(to: Array(member.value.utf8), among: routers.keys.sorted()) {
        fixIts = [Diagnostic.FixIt("did you mean '\(near)'?", at: member.range, replacement: near)]
      }
      report(
        .undefinedName, "there is no vrrp_instance '\(member.value)'; it is left out of the group", at: member.range,
        fixIts: fixIts)
      return false
    }
    if let first = taken[member.value] {
      report(
        .duplicateName, "'\(member.value)' is already in a sync group", at: member.range,
        notes: [Diagnostic.Note("it is named here", at: first)])
      return false
    }
    taken[member.value] = member.range
    return true
  }

  /// A priority counts for nothing in a group, whose members go together: weights are dropped, as keepalived does.
  private mutating func dropWeights(of draft: SyncGroupDraft, _ routers: [String: Int]) {
    for member in draft.members {
      guard let index = routers[member.value] else { continue }
      var router = configuration.virtualRouters[index]
      let weighted =
        router.trackedInterfaces.filter { $0.weight != 0 }.map { $0.name }
        + (router.tracking.scripts + router.tracking.bfdSessions).filter { $0.weight != 0 }.map { $0.name }
      guard let first = weighted.first else { continue }
      report(
        .weightInSyncGroup,
        "'\(router.name)' is in a sync group, where the weight of '\(first)' has no effect", at: member.range,
        notes: [
          Diagnostic.Note(
            "'sync_group_tracking_weight' in '\(draft.definition.name)' lets weights count; without it an interface "
              + "must be up and a weighted script is not run")
        ])
      for place in router.trackedInterfaces.indices { router.trackedInterfaces[place].weight = 0 }
      router.tracking.scripts.removeAll { $0.weight != 0 }
      router.tracking.bfdSessions.removeAll { $0.weight != 0 }
      configuration.virtualRouters[index] = router
    }
  }
}
