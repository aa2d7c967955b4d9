import HealthCheck
import LoadBalancing
import NetPrimitives
import VRRPCore

// What is decided when the whole of a virtual server is known.
extension Lowering {
  mutating func finishVirtualServer(_ draft: inout VirtualServerDraft) {
    let line = tree.statements[draft.statement].line
    guard let family = family(of: draft, at: line) else { return }
    draft.definition.family = family
    setTransport(&draft, line)
    if draft.scheduler == nil {
      report(.defaultedSetting, "no 'lvs_sched' is set; the scheduler is wlc", at: line)
    }
    draft.definition.scheduler = draft.scheduler ?? .wlc
    if draft.forwarding == nil {
      report(.defaultedSetting, "no 'lvs_method' is set; the method is NAT", at: line)
    }
    draft.definition.forwarding = draft.forwarding ?? .masquerade
    setPersistence(&draft, line)
    draft.definition.mailsAlerts = draft.mail ?? defaults.sendsCheckerMail ?? false
    addRealServers(&draft)
    setSorryServer(&draft, line)
    guard !draft.definition.realServers.isEmpty else {
      report(.emptyServer, "the virtual server has no real server; it is ignored", at: line)
      return
    }
    limitQuorum(&draft, line)
    guard virtualServerIDs.insert(draft.definition.id).inserted else {
      report(.duplicateServer, "this virtual server is already there; the second one is ignored", at: line)
      return
    }
    configuration.virtualServers.append(draft.definition)
  }

  private mutating func setSorryServer(_ draft: inout VirtualServerDraft, _ line: SourceRange) {
    guard var sorry = draft.definition.sorryServer else { return }
    sorry.forwarding = draft.sorryForwarding ?? draft.definition.forwarding
    sorry.inhibits = draft.sorryInhibits
    if case .address(_, let port) = draft.definition.address, sorry.port != port,
      sorry.port == 0 || sorry.forwarding != .masquerade
    {
      if sorry.port != 0 {
        report(.adjustedSetting, "only NAT can change the port; the sorry server gets \(port)", at: line)
      }
      sorry.port = port
    }
    if case .firewallMark = draft.definition.address, sorry.forwarding != .masquerade { sorry.port = 0 }
    let same = draft.definition.realServers.first { $0.address == sorry.address && $0.port == sorry.port }
    if let same, same.inhibitsOnFailure, !sorry.inhibits {
      report(
        .adjustedSetting, "the sorry server is a real server with 'inhibit_on_failure', which holds here too", at: line)
      sorry.inhibits = true
    }
    draft.definition.sorryServer = sorry
  }

  /// The family of a service; `nil` when its parts disagree.
  private mutating func family(of draft: VirtualServerDraft, at line: SourceRange) -> AddressFamily? {
    var found: AddressFamily?
    switch draft.definition.address {
    case .address(let address, _): found = address.family
    case .firewallMark: found = draft.family ?? familyOfRealServers(draft)
    case .group(let group):
      for member in group.members where found == nil {
        switch member {
        case .addresses(let first, _, _): found = first.family
        case .firewallMark(_, let family): found = family
        }
      }
      found = found ?? draft.family ?? familyOfRealServers(draft)
    }
    if let wanted = draft.family, let found, wanted != found {
      report(
        .mixedFamilies, "'ip_family' says \(wanted.name), the address \(found.name); the server is ignored", at: line)
      return nil
    }
    return found ?? .ipv4
  }

  /// `nil` when there is none, and when they disagree, as those behind tunnels may.
  private func familyOfRealServers(_ draft: VirtualServerDraft) -> AddressFamily? {
    let families = Set(
      draft.realServers.compactMap { server in
        arguments(tree.statements[server]).first.flatMap { IPAddress(text(tree.words[$0]))?.family }
      })
    return families.count == 1 ? families.first : nil
  }

  private mutating func setTransport(_ draft: inout VirtualServerDraft, _ line: SourceRange) {
    if case .firewallMark = draft.definition.address {
      if draft.transport != nil {
        report(.adjustedSetting, "a service by mark has no 'protocol'; it is ignored", at: line)
      }
      draft.definition.transport = nil
    } else {
      if draft.transport == nil { report(.defaultedSetting, "no 'protocol' is set; it is UDP", at: line) }
      draft.definition.transport = draft.transport ?? .udp
    }
    if draft.definition.schedulesEachPacket, draft.definition.transport != .udp {
      report(.adjustedSetting, "'ops' is for UDP only; it is ignored", at: line)
      draft.definition.schedulesEachPacket = false
    }
  }

  private mutating func setPersistence(_ draft: inout VirtualServerDraft, _ line: SourceRange) {
    guard case .address(_, 0) = draft.definition.address, draft.definition.persistence == nil else { return }
    report(.adjustedSetting, "a service on every port is persistent: 360 seconds", at: line)
    draft.definition.persistence = Persistence()
  }

  /// A quorum no number of servers can reach would leave the service down for ever.
  private mutating func limitQuorum(_ draft: inout VirtualServerDraft, _ line: SourceRange) {
    let total = draft.definition.realServers.reduce(UInt64(0)) { $0 + UInt64(max(0, $1.weight)) }
    if UInt64(draft.definition.quorum) > max(total, 1) {
      report(
        .adjustedSetting, "quorum \(draft.definition.quorum) is more than all weights together; it becomes \(total)",
        at: line)
      draft.definition.quorum = UInt32(clamping: max(total, 1))
    }
    if draft.definition.hysteresis >= draft.definition.quorum, draft.definition.hysteresis > 0 {
      let held = draft.definition.quorum - 1
      report(
        .adjustedSetting, "hysteresis \(draft.definition.hysteresis) is not below the quorum; it becomes \(held)",
        at: line)
      draft.definition.hysteresis = held
    }
  }

  private mutating func addRealServers(_ draft: inout VirtualServerDraft) {
    var seen = Set<VirtualServerEndpoint>(minimumCapacity: draft.realServers.count)
    draft.definition.realServers.reserveCapacity(draft.realServers.count)
    for index in draft.realServers {
      guard let server = lowerRealServer(index, draft) else { continue }
      guard seen.insert(VirtualServerEndpoint(address: server.address, port: server.port)).inserted else {
        report(.duplicateServer, "this real server is already there; it is ignored", at: tree.statements[index].line)
        continue
      }
      draft.definition.realServers.append(server)
    }
  }
}

/// What tells real servers of one service apart.
private struct VirtualServerEndpoint: Hashable {
  var address: IPAddress
  var port: UInt16
}
