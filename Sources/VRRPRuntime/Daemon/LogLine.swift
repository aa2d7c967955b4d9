import NetPrimitives
public import VRRPCore

/// One line for the log, with how much it matters.
public struct LogLine: Hashable, Sendable {
  /// The severities of RFC 5424 §6.2.1 that we use, by their numbers.
  public enum Severity: UInt8, Hashable, Sendable, BitwiseCopyable {
    case error = 3
    case warning = 4
    case notice = 5
    case info = 6
  }

  /// How much it matters.
  public var severity: Severity
  /// The text, without a line end.
  public var text: String

  /// A line.
  public init(_ severity: Severity, _ text: String) {
    self.severity = severity
    self.text = text
  }
}

extension Notice {
  /// The lines operators know from keepalived.
  ///
  /// - Parameters:
  ///   - name: The name of the router the notice is about; for notices about none it is not used.
  ///   - isDetailed: `-D`: adds the lines that explain.
  /// - Returns: The lines, in order; none for what keepalived does not tell.
  public func logLines(name: String, isDetailed: Bool) -> [LogLine] {
    switch self {
    case .transition(_, let transition, _):
      return transition.logLines(name: name, isDetailed: isDetailed)
    case .contest(_, let source, let priority):
      return [LogLine(.info, "(\(name)) received lower priority (\(priority)) advert from \(source)")]
    case .rejection(_, let rejection, let source):
      return [LogLine(.warning, "(\(name)) discarded advert from \(source): \(rejection.explanation)")]
    case .clockSkew(_, let source, let milliseconds):
      return [
        LogLine(
          .warning,
          "(\(name)) the clock of \(source) is \(abs(milliseconds)) ms \(milliseconds > 0 ? "ahead" : "behind")"
            + "; beyond time_window its adverts are discarded")
      ]
    case .addressListMismatch(_, let source):
      return [
        LogLine(.warning, "(\(name)) advert from \(source) lists other addresses than virtual_ipaddress does here")
      ]
    case .priorityChange(_, let from, let to):
      return [LogLine(.info, "(\(name)) Changing effective priority from \(from) to \(to)")]
    case .eligibilityChange(_, let reasons):
      return reasons.isEmpty ? [] : [LogLine(.warning, "(\(name)) cannot take part: \(reasons.explanation)")]
    case .groupTransition(let group, _, let role):
      return [LogLine(.notice, "VRRP_Group(\(group)) Syncing instances to \(role.keepalivedName) state")]
    case .addressConflict(_, let address, let rival):
      return [LogLine(.warning, "(\(name)) \(rival) claims to have \(address), which is ours; announcing it again")]
    case .unknownRouter(let interface, _, let id, let source):
      return [
        LogLine(.warning, "\(interface): \(source) advertises virtual router \(id), which is not configured here")
      ]
    case .interfaceChange(let interface, let isUp):
      return [LogLine(.notice, "Netlink reports \(interface) \(isUp ? "up" : "down")")]
    }
  }
}

extension VirtualRouter.Transition {
  fileprivate func logLines(name: String, isDetailed: Bool) -> [LogLine] {
    var lines: [LogLine] = []
    if isDetailed, let reason { lines.append(LogLine(.info, "(\(name)) \(reason)")) }
    switch to {
    case .active:
      lines.append(LogLine(.notice, "(\(name)) Entering MASTER STATE"))
      if isDetailed { lines.append(LogLine(.info, "(\(name)) setting VIPs.")) }
    case .backup:
      let isFirst = from == .initialize && cause == .startup
      lines.append(LogLine(.notice, "(\(name)) Entering BACKUP STATE\(isFirst ? " (init)" : "")"))
    case .fault:
      lines.append(LogLine(.notice, "(\(name)) Entering FAULT STATE\(from == .initialize ? " (init)" : "")"))
    case .initialize:
      break
    }
    if from == .active {
      if cause == .shutdown || cause == .ineligible { lines.append(LogLine(.info, "(\(name)) sent 0 priority")) }
      if isDetailed { lines.append(LogLine(.info, "(\(name)) removing VIPs.")) }
    }
    return lines
  }

  private var reason: String? {
    switch cause {
    case .startup, .shutdown, .ineligible: nil
    case .activeDown: "Receive advertisement timeout"
    case .activeLeft: "Received advert with priority 0, backup taking over"
    case .outranked: "Master received advert with higher priority"
    case .groupYielded: "another member of its sync group gave way"
    case .clockGap: "was not running for longer than its peers wait, standing back"
    }
  }
}

extension Ineligibility {
  /// The reasons in words.
  public var explanation: String {
    var parts: [String] = []
    if contains(.interfaceMissing) { parts.append("its interface does not exist") }
    if contains(.interfaceDown) { parts.append("its interface is down") }
    if contains(.noSourceAddress) { parts.append("its interface has no address to send from") }
    if contains(.trackedObjectDown) { parts.append("something it tracks is down") }
    if contains(.groupMemberDown) { parts.append("another member of its sync group cannot") }
    if contains(.noPeers) { parts.append("it has no unicast_peer") }
    if contains(.authenticationMissing) { parts.append("a key of its auth_hmac is missing") }
    if contains(.virtualInterfaceMissing) { parts.append("the interface of its own could not be made") }
    return parts.joined(separator: ", ")
  }
}

extension AdvertisementRejection {
  /// What was wrong, and what an operator may do about it.
  public var explanation: String {
    switch self {
    case .wrongFamily: "it is of the other address family"
    case .unspecifiedSource: "it has no source address"
    case .multicastSource: "its source is a group"
    case .options: "its IP header has options"
    case .ownSource:
      "its source is our own address; does another router use it, or does a switch send our packets back?"
    case .hopLimit(let limit): "invalid TTL \(limit), expected 255: it was routed"
    case .malformed(let error): error.explanation
    case .versionMismatch(let version): "it speaks VRRP version \(version.rawValue); set vrrp_version alike on both"
    case .virtualRouterIDMismatch(let id): "it is for virtual router \(id)"
    case .authenticationTypeMismatch(let type): "its authentication type is \(type); set auth_type alike on both"
    case .wrongPassword: "wrong password; set auth_pass alike on both"
    case .authenticationHeader(let error): error.explanation
    case .trailer(let error): error.explanation
    case .intervalMismatch(let interval):
      "its interval is \(interval.centiseconds / 100) s; version 2 needs the same advert_int on both"
    case .checksumKind: "its checksum is of the other kind; see v3_checksum_as_v2"
    case .unexpectedDestination(let address): "it was sent to \(address), not to us"
    case .unknownPeer(let address): "\(address) is no unicast_peer"
    case .addressListMismatch: "it lists other addresses than virtual_ipaddress does here"
    }
  }
}

extension AuthenticationHeaderError {
  fileprivate var explanation: String {
    switch self {
    case .invalidIntegrityCheckValue: "its authentication header does not verify; set auth_pass alike on both"
    case .replay(let sequence): "its authentication header is number \(sequence), which is not news: a replay"
    case .truncated, .unsupportedIPHeader, .fragmented, .unexpectedProtocol, .unexpectedHeaderLength,
      .unexpectedSecurityParametersIndex:
      "its authentication header makes no sense"
    }
  }
}

extension HMACTrailerError {
  fileprivate var explanation: String {
    switch self {
    case .missing: "it has no auth_hmac trailer; use mode permissive until every router signs"
    case .malformed: "its auth_hmac trailer makes no sense"
    case .unknownKey(let id): "it is signed with key \(id), which auth_hmac does not have here"
    case .invalidDigest: "its auth_hmac trailer does not verify; set the same keys on both"
    case .stale(let skew): "its clock is \(skew) ms from ours, more than time_window allows"
    case .replay: "its auth_hmac trailer is not news: a replay"
    }
  }
}

extension AdvertisementDecodingError {
  fileprivate var explanation: String {
    switch self {
    case .truncated(let count): "invalid length: \(count) bytes"
    case .unsupportedVersion(let version): "VRRP version \(version) is unknown"
    case .unknownType(let type): "invalid type \(type)"
    case .reservedVirtualRouterID: "virtual router 0 does not exist"
    case .unknownAuthenticationType(let type): "invalid authentication type \(type)"
    case .lengthMismatch(let addresses, let bytes): "invalid length: \(bytes) bytes for \(addresses) addresses"
    case .badChecksum: "invalid checksum"
    case .zeroInterval: "invalid interval 0"
    }
  }
}
