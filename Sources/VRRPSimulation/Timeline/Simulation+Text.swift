import NetPrimitives
import VRRPCore
import VRRPRuntime

/// The timeline in words.
extension Simulation {
  /// `    3.609 b V51: backup -> active (active-down), priority 100`.
  public func text(of entry: TimelineEntry) -> String {
    let time = DurationText.seconds(entry.time)
    return String(repeating: " ", count: max(0, 9 - time.utf8.count)) + time + " " + text(of: entry.event)
  }

  /// What happened, without the time.
  public func text(of event: TimelineEntry.Event) -> String {
    switch event {
    case .transition(let node, let group, let transition, let priority):
      "\(subject(node, group)): \(transition.from) -> \(transition.to) (\(text(of: transition.cause))), "
        + "priority \(priority)"
    case .advertised(let node, let group, let priority): "\(subject(node, group)): advert \(priority)"
    case .ownership(let node, let group, let isOwner):
      "\(subject(node, group)): addresses \(isOwner ? "on" : "off")"
    case .announced(let node, let group, let repeats): "\(subject(node, group)): announces x\(repeats)"
    case .contest(let node, let group, let source, let priority):
      "\(subject(node, group)): is contested by \(source) with \(priority)"
    case .rejected(let node, let group, let rejection, let source):
      "\(subject(node, group)): discards a packet of \(source): \(text(of: rejection))"
    case .addressListMismatch(let node, let group, let source):
      "\(subject(node, group)): hears other addresses from \(source)"
    case .priority(let node, let group, let from, let to): "\(subject(node, group)): priority \(from) -> \(to)"
    case .eligibility(let node, let group, let reasons): "\(subject(node, group)): \(text(of: reasons))"
    case .link(let node, let interface, let isUp):
      "\(nodes[node].name): \(interface) \(isUp ? "up" : "down")"
    case .service(let host, let address, let node):
      "\(hosts[host].name): \(address) \(node.map { "answered by " + nodes[$0].name } ?? "does not answer")"
    case .remark(let text), .statement(let text): text
    case .violation(let violation): text(of: violation)
    }
  }

  /// `VIOLATION two-active: b V51, 3.700 s where 1.609 s are allowed`.
  public func text(of violation: Violation) -> String {
    var text = "VIOLATION \(violation.property.rawValue): \(subject(violation.node, violation.group))"
    if violation.allowed > 0 {
      text +=
        ", \(DurationText.seconds(violation.lasted)) s where \(DurationText.seconds(violation.allowed)) s are the bound"
    }
    return text
  }

  private func subject(_ node: Int, _ group: Int) -> String {
    group >= 0 ? "\(nodes[node].name) \(groups[group].name)" : nodes[node].name
  }

  private func text(of cause: VirtualRouter.Transition.Cause) -> String {
    switch cause {
    case .startup: "startup"
    case .shutdown: "shutdown"
    case .activeDown: "the active router is silent"
    case .activeLeft: "the active router left"
    case .outranked: "outranked"
    case .ineligible: "ineligible"
    case .clockGap: "was not running"
    case .groupYielded: "its group gave way"
    }
  }

  private func text(of reasons: Ineligibility) -> String {
    if reasons.isEmpty { return "eligible" }
    var words: [String] = []
    if reasons.contains(.interfaceMissing) { words.append("no interface") }
    if reasons.contains(.interfaceDown) { words.append("interface down") }
    if reasons.contains(.noSourceAddress) { words.append("no source address") }
    if reasons.contains(.trackedObjectDown) { words.append("something tracked is down") }
    if reasons.contains(.groupMemberDown) { words.append("a member of its group is not") }
    return "not eligible: " + words.joined(separator: ", ")
  }

  private func text(of rejection: AdvertisementRejection) -> String {
    switch rejection {
    case .wrongFamily: "wrong address family"
    case .unspecifiedSource: "unspecified source"
    case .multicastSource: "multicast source"
    case .ownSource: "our own source address"
    case .hopLimit(let limit): "hop limit \(limit)"
    case .malformed(let error): "malformed, \(text(of: error))"
    case .versionMismatch(let version): "version \(version.rawValue)"
    case .virtualRouterIDMismatch(let id): "VRID \(id)"
    case .authenticationTypeMismatch: "another authentication type"
    case .wrongPassword: "wrong password"
    case .authenticationHeader: "authentication header"
    case .trailer: "authentication trailer"
    case .intervalMismatch(let interval): "interval \(DurationText.text(interval.nanoseconds))"
    case .checksumKind: "another kind of checksum"
    case .unexpectedDestination(let address): "sent to \(address)"
    case .unknownPeer: "not a peer"
    case .addressListMismatch: "other addresses"
    }
  }

  private func text(of error: AdvertisementDecodingError) -> String {
    switch error {
    case .truncated: "truncated"
    case .unsupportedVersion(let version): "version \(version)"
    case .unknownType(let type): "type \(type)"
    case .reservedVirtualRouterID: "VRID 0"
    case .unknownAuthenticationType: "unknown authentication type"
    case .lengthMismatch: "length and address count disagree"
    case .badChecksum: "bad checksum"
    case .zeroInterval: "interval 0"
    }
  }

  // MARK: States

  /// `a V51: active, priority 150, has the addresses`.
  func status(of node: Int, in group: Int) -> String {
    var text = subject(node, group) + ": "
    if let machine = nodes[node].machine(of: group) {
      text += "\(machine.role), priority \(machine.priority)"
    } else {
      text += nodes[node].isRunning ? "takes no part" : "no process"
    }
    if nodes[node].installed[group] { text += ", has the addresses" }
    if case .backup(let backup) = nodes[node].machine(of: group)?.state,
      backup.activeInterval != nodes[node].machine(of: group)?.configuration.interval
    {
      text += ", reckons with an interval of \(DurationText.text(backup.activeInterval.nanoseconds))"
    }
    return text
  }

  /// `client: 10.0.1.1 is at a, longest outage 0.100 s`.
  func beliefs(of host: SimulatedHost, about group: Int) -> [String] {
    groups[group].addresses.compactMap { address in
      guard let entry = host.entry(of: address) else { return nil }
      let holder = nodes.first { $0.interfaces.contains { $0.hardwareAddress == entry.hardwareAddress } }
      var text = "\(host.name): \(address) is at \(holder?.name ?? "a stranger")"
      if let service = host.services.first(where: { $0.address == address }), service.longestOutage > 0 {
        text += ", longest time between two answers \(DurationText.seconds(service.longestOutage)) s"
      }
      return text
    }
  }
}
