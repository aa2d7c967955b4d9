import NetPrimitives
import VRRPCore

extension Lowering {
  /// `strict_mode` and `vrrp_strict`: takes back what the RFC has no word for. False when nothing is left to run.
  mutating func applyStrictness(_ draft: InstanceDraft, _ definition: inout VirtualRouterDefinition) -> Bool {
    guard definition.isStrict else { return true }
    let line = tree.statements[draft.statement].line
    if definition.addresses.isEmpty {
      reportStrict("an instance needs a virtual address; '\(draft.name)' is ignored", at: line, severity: .error)
      return false
    }
    if let peer = draft.unicastPeers.first {
      reportStrict("there is no unicast; '\(draft.name)' is ignored", at: peer.range, severity: .error)
      return false
    }
    if definition.family == .ipv6, definition.version == .v2 {
      reportStrict("IPv6 needs version 3, which is used", at: draft.version?.range ?? line)
      definition.version = .v3
    }
    if definition.authentication != .none {
      reportStrict("there is no authentication; it is not used", at: draft.authenticationType?.range ?? line)
      definition.authentication = .none
    }
    if definition.initialRole == .active, definition.priority != 255 {
      reportStrict("only the owner of the addresses starts as MASTER", at: draft.state?.range ?? line)
      definition.initialRole = .backup
    }
    if definition.preemptDelayNanoseconds > 0 {
      reportStrict("there is no 'preempt_delay'", at: draft.preemptDelay?.range ?? line)
      definition.preemptDelayNanoseconds = 0
    }
    if definition.keys != nil, definition.keys?.mode != .enforce {
      reportStrict("'auth_hmac' has mode enforce, which is used", at: line)
      definition.keys?.mode = .enforce
    }
    if definition.virtualMAC?.address != nil {
      reportStrict("the MAC address is that of RFC 9568", at: line)
      definition.virtualMAC?.address = nil
    }
    if definition.virtualMAC?.sendsFromBase == true {
      reportStrict("there is no 'vmac_xmit_base': adverts come from the virtual MAC", at: line)
      definition.virtualMAC?.sendsFromBase = false
    }
    if let announcement = definition.lowerPriorityAnnouncement, announcement.repeats > 0 {
      reportStrict("a lower priority is not answered with ARP: there is no 'garp_lower_prio_repeat'", at: line)
    }
    definition.lowerPriorityAnnouncement = AnnouncementPolicy(repeats: 0, secondBurstDelayNanoseconds: 0)
    // The rest needs no word: nobody wrote it, or it changes nothing but how adverts are answered.
    definition.downTimerAdvertisements = 3
    definition.policy.ignoresLowerPriority = true
    definition.policy.sendsBeforeYielding = false
    if definition.priority == 255 { definition.policy.ignoresAsOwner = true }
    if draft.acceptsPackets == true, definition.version == .v2, definition.priority != 255 {
      definition.acceptsPackets = false
    }
    return true
  }

  private mutating func reportStrict(
    _ rule: String, at range: SourceRange, severity: Diagnostic.Severity? = nil
  ) {
    diagnostics.append(Diagnostic(.strictMode, "in strict mode \(rule)", at: range, severity: severity))
  }
}
