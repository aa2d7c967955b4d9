import NetPrimitives
import VRRPCore

extension Lowering {
  /// Applies the rules that concern a whole instance, and those between it and the ones before.
  mutating func finishInstance(_ draft: InstanceDraft) {
    let line = tree.statements[draft.statement].line
    if let first = instanceNames[draft.name] {
      report(
        .duplicateInstance, "there is already a vrrp_instance '\(draft.name)'; this one is ignored", at: line,
        notes: [Diagnostic.Note("the first is here", at: first)])
      return
    }
    instanceNames[draft.name] = line
    guard let definition = finish(draft) else { return }
    let identity = RouterIdentity(definition)
    if let first = routerIdentities[identity] {
      report(
        .duplicateRouterID,
        "virtual_router_id \(definition.virtualRouterID) is already used on '\(definition.interface)' for "
          + "\(definition.family.name); '\(draft.name)' is ignored", at: draft.virtualRouterID?.range ?? line,
        notes: [Diagnostic.Note("the first is here", at: first)])
      return
    }
    routerIdentities[identity] = draft.virtualRouterID?.range ?? line
    if draft.pollsLink { configuration.linkPolling.add(LinkPollingDefinition.Interface(definition.interface)) }
    configuration.virtualRouters.append(definition)
  }

  private mutating func finish(_ draft: InstanceDraft) -> VirtualRouterDefinition? {
    let line = tree.statements[draft.statement].line
    guard let id = draft.virtualRouterID else {
      report(.missingRouterID, "vrrp_instance '\(draft.name)' needs a valid 'virtual_router_id' of 1 to 255", at: line)
      return nil
    }
    guard draft.interface != nil || draft.source != nil else {
      report(.missingInterface, "vrrp_instance '\(draft.name)' needs an 'interface'", at: line)
      return nil
    }
    var definition = draft.definition
    definition.interface = draft.interface?.value ?? draft.vrf?.value ?? ""
    definition.vrf = virtualRouting(draft)
    definition.virtualRouterID = id.value
    definition.family = family(of: draft)
    definition.version = version(of: draft, definition.family)
    guard checkAddressCount(draft, definition.version) else { return nil }
    setElection(draft, &definition)
    setAddresses(draft, &definition)
    placeAddresses(&definition)
    definition.authentication = authentication(of: draft, definition.version)
    if case .authenticationHeader = definition.authentication, let state = draft.state, state.value == .active,
      definition.priority != 255
    {
      report(
        .masterWithAuthenticationHeader,
        "'auth_type AH' learns its counter from the others, so the router starts as BACKUP", at: state.range)
      definition.initialRole = .backup
    }
    definition.sourceAddress = draft.source?.value
    setPeers(draft, &definition)
    setTracked(draft, &definition)
    setPolicy(draft, &definition)
    checkLateness(draft, &definition)
    checkKeys(draft, &definition)
    return applyStrictness(draft, &definition) ? definition : nil
  }

  /// The VRF device whose sockets and routes an instance without an interface has.
  private mutating func virtualRouting(_ draft: InstanceDraft) -> String? {
    guard let vrf = draft.vrf else { return nil }
    guard let interface = draft.interface else { return vrf.value }
    report(
      .duplicateSetting, "'vrf' is for an instance without 'interface'; this one is on '\(interface.value)'",
      at: vrf.range)
    return nil
  }

  /// No address belongs on a VRF device: those without an interface of their own go to the default one.
  private func placeAddresses(_ definition: inout VirtualRouterDefinition) {
    guard definition.vrf != nil else { return }
    let usual = configuration.global.defaultInterface ?? "eth0"
    for index in definition.addresses.indices where definition.addresses[index].interface == nil {
      definition.addresses[index].interface = usual
    }
    for index in definition.excludedAddresses.indices where definition.excludedAddresses[index].interface == nil {
      definition.excludedAddresses[index].interface = usual
    }
  }

  private mutating func setTracked(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    for tracked in draft.trackedInterfaces {
      if tracked.value.name == definition.interface {
        report(
          .ownInterfaceTracked, "the instance's own interface '\(definition.interface)' is always tracked",
          at: tracked.range)
      }
      definition.trackedInterfaces.append(tracked.value)
    }
    if definition.priority == 255, let weight = draft.firstWeight {
      report(
        .weightOnOwner, "priority 255 never changes: a weight has no effect on '\(draft.name)'", at: weight,
        notes: [Diagnostic.Note("use a priority of 254 or less")])
    }
  }

  /// `use_vmac` and its relatives, whichever line came first.
  private func setVirtualMAC(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    definition.virtualMAC?.sendsFromBase = draft.sendsFromBase
    definition.virtualMAC?.preparesAddresses = draft.preparesAddresses
    definition.virtualMAC?.coversOtherInterfaces = draft.coversOtherInterfaces
    if let prefix = draft.virtualMACPrefix, definition.virtualMAC?.kind == .macvlan {
      let address = MACAddress(rawValue: prefix << 8 | UInt64(definition.virtualRouterID))
      definition.virtualMAC?.address = address
    }
    if let source = definition.virtualMAC?.source?.address, definition.sourceAddress == nil,
      source.family == definition.family
    {
      definition.sourceAddress = source
    }
    guard draft.coversOtherInterfaces else { return }
    for index in definition.addresses.indices { definition.addresses[index].usesVirtualMAC = true }
    for index in definition.excludedAddresses.indices { definition.excludedAddresses[index].usesVirtualMAC = true }
  }

  private mutating func setPolicy(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    setVirtualMAC(draft, &definition)
    definition.notify.sendsMail = draft.mail ?? defaults.sendsMail ?? false
    definition.acceptsPackets = draft.acceptsPackets ?? !definition.isStrict
    if draft.lowerPriorityDelayNanoseconds != nil || draft.lowerPriorityRepeats != nil {
      var announcement = definition.announcement
      if let delay = draft.lowerPriorityDelayNanoseconds { announcement.secondBurstDelayNanoseconds = delay }
      if let repeats = draft.lowerPriorityRepeats { announcement.repeats = repeats }
      definition.lowerPriorityAnnouncement = announcement
    }
    setDestination(draft, &definition)
  }

  private mutating func setDestination(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    definition.policy.destination = defaults.groups[definition.family]
    guard let destination = draft.destination else { return }
    guard destination.value.family == definition.family else {
      return report(
        .mixedFamilies, "'\(draft.name)' speaks \(definition.family.name); this group is ignored", at: destination.range
      )
    }
    definition.policy.destination = destination.value
  }

  /// `timer_expired_backup` needs `nopreempt`: a router that would preempt at once gains nothing by giving way.
  private mutating func checkLateness(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    guard definition.policy.stepsDownWhenLate != nil, definition.preempts else { return }
    report(
      .missingSetting, "'timer_expired_backup' of '\(draft.name)' needs 'nopreempt'; it is not used",
      at: tree.statements[draft.statement].line)
    definition.policy.stepsDownWhenLate = nil
  }

  /// `auth_hmac` takes the place of the password.
  private mutating func checkKeys(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    guard definition.keys != nil, definition.authentication != .none else { return }
    report(
      .authenticationIgnored, "with 'auth_hmac' the 'authentication' of '\(draft.name)' is not used",
      at: draft.authenticationType?.range ?? tree.statements[draft.statement].line)
    definition.authentication = .none
  }

  // MARK: Family and version

  private func family(of draft: InstanceDraft) -> AddressFamily {
    if draft.isNativeIPv6 { return .ipv6 }
    if let first = draft.addresses.first { return first.value.prefix.address.family }
    if let first = draft.unicastPeers.first { return first.value.family }
    return draft.source?.value.family ?? .ipv4
  }

  private mutating func version(of draft: InstanceDraft, _ family: AddressFamily) -> ProtocolVersion {
    switch family {
    case .ipv6:
      if let version = draft.version, version.value == .v2 {
        report(
          .versionTwoWithIPv6, "no standard describes version 2 over IPv6; only keepalived understands it",
          at: version.range)
        return .v2
      }
      return .v3
    case .ipv4:
      return draft.version?.value ?? defaults.version ?? .v2
    }
  }

  // MARK: Election

  private mutating func setElection(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    let wantsActive = draft.state?.value == .active
    definition.priority = draft.priority?.value ?? (wantsActive ? 255 : 100)
    definition.initialRole = wantsActive || definition.priority == 255 ? .active : .backup
    definition.interval = interval(of: draft, definition.version)
    let isActive = definition.initialRole == .active
    if definition.priority == 255, let state = draft.state, state.value == .backup {
      report(.ownerAsBackup, "priority 255 owns the addresses: the router starts as MASTER", at: state.range)
    }
    if let noPreempt = draft.noPreempt {
      if isActive {
        report(
          .noPreemptWithMaster,
          definition.priority == 255
            ? "'nopreempt' has no effect with priority 255" : "'nopreempt' has no effect with 'state MASTER'",
          at: noPreempt, notes: [Diagnostic.Note("use 'state BACKUP' on every node")])
      } else {
        definition.preempts = false
      }
    }
    if let delay = draft.preemptDelay, delay.value > 0 {
      if isActive || !definition.preempts {
        report(
          .preemptDelayIgnored,
          "'preempt_delay' has no effect with \(isActive ? "'state MASTER'" : "'nopreempt'")", at: delay.range)
      } else {
        definition.preemptDelayNanoseconds = delay.value
      }
    }
  }

  private mutating func interval(of draft: InstanceDraft, _ version: ProtocolVersion) -> AdvertisementInterval {
    guard let written = draft.intervalNanoseconds else { return .second }
    let unit: UInt64 = version == .v2 ? 100 : 1
    let step = unit * 10_000_000
    let limit: UInt64 = version == .v2 ? 25_500 : 4_095
    let steps = (written.value + step / 2) / step
    let centiseconds = min(max(steps * unit, unit), limit)
    if centiseconds * 10_000_000 != written.value {
      report(
        .roundedValue,
        "version \(version.rawValue) cannot say \(decimalText(written.value, scale: 9)) s; 'advert_int' becomes "
          + "\(decimalText(centiseconds, scale: 2)) s", at: written.range)
    }
    return AdvertisementInterval(centiseconds: UInt16(clamping: centiseconds)) ?? .second
  }

  private mutating func authentication(
    of draft: InstanceDraft, _ version: ProtocolVersion
  ) -> VirtualRouterDefinition.Authentication {
    guard let type = draft.authenticationType else {
      if let password = draft.password {
        report(.authenticationIgnored, "'auth_pass' without 'auth_type' is not used", at: password.range)
      }
      return .none
    }
    guard version == .v2 else {
      report(.authenticationIgnored, "VRRP version 3 has no authentication; it is not used", at: type.range)
      return .none
    }
    guard let password = draft.password, !password.value.isEmpty else {
      report(.authenticationIgnored, "'auth_type' without 'auth_pass' is not used", at: type.range)
      return .none
    }
    switch type.value {
    case .pass: return .simplePassword(SimplePassword(truncating: password.value))
    case .header: return .authenticationHeader(key: password.value)
    }
  }

  // MARK: Addresses

  /// False when the instance cannot run.
  private mutating func checkAddressCount(_ draft: InstanceDraft, _ version: ProtocolVersion) -> Bool {
    guard draft.addresses.isEmpty, !draft.mayHaveNoAddress else { return true }
    let line = tree.statements[draft.statement].line
    switch version {
    case .v2:
      report(.noVirtualAddress, "vrrp_instance '\(draft.name)' has no virtual address", at: line)
      return true
    case .v3:
      diagnostics.append(
        Diagnostic(
          .noVirtualAddress, "version 3 needs a virtual address; vrrp_instance '\(draft.name)' is ignored", at: line,
          severity: .error))
      return false
    }
  }

  private mutating func setAddresses(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    var seen: Set<IPAddress> = []
    for address in draft.addresses {
      let family = address.value.prefix.address.family
      guard family == definition.family else {
        report(
          .mixedFamilies,
          "'\(draft.name)' advertises \(definition.family.name); this \(family.name) address is ignored",
          at: address.range,
          notes: [Diagnostic.Note("addresses of any family may stand in 'virtual_ipaddress_excluded'")])
        continue
      }
      guard isNew(address, &seen) else { continue }
      if definition.addresses.count < 255 {
        definition.addresses.append(address.value)
      } else {
        definition.excludedAddresses.append(address.value)
      }
    }
    for address in draft.excludedAddresses where isNew(address, &seen) {
      definition.excludedAddresses.append(address.value)
    }
  }

  private mutating func isNew(_ address: Written<VirtualAddress>, _ seen: inout Set<IPAddress>) -> Bool {
    if seen.insert(address.value.prefix.address).inserted { return true }
    report(.duplicateAddress, "\(address.value.prefix.address) is already listed", at: address.range)
    return false
  }

  private mutating func setPeers(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) {
    for peer in draft.unicastPeers {
      if peer.value.family == definition.family {
        definition.unicastPeers.append(peer.value)
      } else {
        report(.mixedFamilies, "'\(draft.name)' speaks \(definition.family.name); this peer is ignored", at: peer.range)
      }
    }
    if let keyword = draft.unicastKeyword, definition.unicastPeers.isEmpty {
      definition.policy.lacksPeers = true
      report(
        .sourceWithoutPeers, "no 'unicast_peer' is given: adverts go to the multicast group", at: keyword)
    }
    if let source = draft.source, source.value.family != definition.family {
      report(
        .mixedFamilies, "'\(draft.name)' speaks \(definition.family.name); this source is ignored", at: source.range)
      definition.sourceAddress = nil
    }
  }
}

/// What must be unique: two virtual routers of one VRID cannot share a segment.
struct RouterIdentity: Hashable {
  let interface: String
  let isUnicast: Bool
  let source: IPAddress?
  /// Another multicast group is another conversation.
  let destination: IPAddress?
  let family: AddressFamily
  let id: UInt8

  init(_ definition: VirtualRouterDefinition) {
    interface = definition.interface
    isUnicast = !definition.unicastPeers.isEmpty
    // Unicast routers meet only those they name, so a source of its own tells them apart.
    source = definition.interface.isEmpty || isUnicast ? definition.sourceAddress : nil
    destination = definition.policy.destination
    family = definition.family
    id = definition.virtualRouterID
  }
}
