import HealthCheck
import NetPrimitives
import VRRPCore

extension Lowering {
  /// The probe of a check whose block was read; `nil`, with a report, when something it needs is missing.
  mutating func probe(_ draft: CheckDraft) -> CheckDefinition.Probe? {
    switch draft.kind {
    case .tcp:
      var check = TCPCheck(
        connection: draft.connection, script: draft.script, tls: draft.usesTLS ? secure(draft) : nil)
      check.completesHandshake = draft.completesHandshake
      return .tcp(check)
    case .ping: return .ping(PingCheck(connection: draft.connection))
    case .smtp: return .smtp(SMTPCheck(connection: draft.connection, heloName: draft.heloName))
    case .dns: return .dns(DNSCheck(connection: draft.connection, type: draft.recordType, name: draft.name))
    case .udp: return .udp(udpProbe(draft))
    case .http, .ssl: return webProbe(draft)
    case .misc: return miscProbe(draft)
    case .file: return fileProbe(draft)
    case .bfd: return bfdProbe(draft)
    case .agent: return .agent(agentProbe(draft))
    case .grpc:
      return .grpc(
        GRPCCheck(
          connection: draft.connection, service: draft.service, authority: draft.virtualHost,
          tls: draft.usesTLS ? secure(draft) : nil))
    }
  }

  private func udpProbe(_ draft: CheckDraft) -> UDPCheck {
    var reply = draft.reply
    if let least = draft.minimumReply { reply?.minimumLength = least }
    if let most = draft.maximumReply { reply?.maximumLength = most }
    return UDPCheck(connection: draft.connection, payload: draft.payload, reply: reply)
  }

  private mutating func webProbe(_ draft: CheckDraft) -> CheckDefinition.Probe? {
    guard !draft.urls.isEmpty else {
      drop(draft, "needs a 'url' with a 'path'")
      return nil
    }
    return .http(
      HTTPCheck(
        connection: draft.connection, urls: draft.urls, version: draft.version, virtualHost: draft.virtualHost,
        recoversFast: draft.recoversFast, tls: draft.kind == .ssl ? secure(draft) : nil))
  }

  /// The `SSL` block with what the check itself says. A name that must be that of the certificate is asked for, too.
  private func secure(_ draft: CheckDraft) -> TLSDefinition {
    var definition = tls
    let needsName = draft.sendsServerName || draft.verification == .authorityAndName
    definition.serverName = needsName ? draft.serverName ?? draft.virtualHost : nil
    definition.verification = draft.verification
    definition.expiryWarningDays = draft.expiryWarningDays
    definition.closesProperly = draft.closesProperly
    return definition
  }

  private func agentProbe(_ draft: CheckDraft) -> AgentCheck {
    guard case .send(let greeting)? = draft.script.last else { return AgentCheck(connection: draft.connection) }
    return AgentCheck(connection: draft.connection, greeting: greeting)
  }

  private mutating func miscProbe(_ draft: CheckDraft) -> CheckDefinition.Probe? {
    guard var command = draft.command else {
      drop(draft, "needs a 'misc_path'")
      return nil
    }
    if command.user == nil { (command.user, command.group) = (draft.user?.user, draft.user?.group) }
    var check = MiscCheck(command: command, setsWeight: draft.setsWeight)
    if let timeout = draft.commandTimeoutNanoseconds, timeout > 0 { check.timeoutNanoseconds = timeout }
    return .misc(check)
  }

  private mutating func fileProbe(_ draft: CheckDraft) -> CheckDefinition.Probe? {
    guard let name = draft.object else {
      drop(draft, "needs a 'track_file'")
      return nil
    }
    guard let file = names.files[name] else {
      drop(draft, "names the track_file '\(name)', which is not defined")
      return nil
    }
    let weight = draft.weight ?? Value.Weight(value: Int64(file.weight), isReversed: file.isReversed)
    return .file(FileCheck(trackFile: name, weight: Int32(clamping: weight.value), isReversed: weight.isReversed))
  }

  private mutating func bfdProbe(_ draft: CheckDraft) -> CheckDefinition.Probe? {
    guard let name = draft.object else {
      drop(draft, "needs a 'name'")
      return nil
    }
    guard heardSessions({ $0.informsChecks })[name] != nil else {
      drop(
        draft,
        "names the bfd_instance '\(name)', which "
          + (names.bfdSessions[name] == nil ? "is not defined" : "tells virtual routers alone"))
      return nil
    }
    return .bfd(BFDCheck(session: name))
  }

  private mutating func drop(_ draft: CheckDraft, _ reason: String) {
    report(
      .checkDropped, "\(draft.kind.keyword) \(reason); the check is ignored", at: tree.statements[draft.statement].line)
  }

  // MARK: URLs

  /// A `url` block.
  mutating func lowerURL(_ block: Int) -> HTTPCheck.URL? {
    var url = HTTPCheck.URL(path: "")
    var pattern = PatternDefinition("")
    for index in tree.children(of: block) {
      guard case (.url(let setting), let value)? = value(of: index) else { continue }
      switch setting {
      case .path: if let word = value.word { url.path = text(word) }
      case .digest: url.digest = digest(value)
      case .statusCodes: if let codes = statusCodes(index) { url.statusCodes = codes }
      case .virtualHost: url.virtualHost = value.word.map { text($0) }
      case .pattern:
        if let words = commandWords(index).first { pattern.pattern = CommandLineWords.unescaped(words) }
      case .noMatch: pattern.mustNotMatch = true
      case .patternOptions:
        for word in arguments(tree.statements[index]) {
          if let option = PatternOptions(keyword: text(tree.words[word])) { pattern.options.insert(option) }
        }
      case .minimumOffset: if let offset = value.integer { pattern.minimumOffset = UInt64(max(0, offset)) }
      case .maximumOffset: pattern.maximumOffset = value.integer.map { UInt64(max(0, $0)) }
      case .stack: pattern.stack = stack(index)
      case .tlsCompliant: url.closesTLSProperly = value.boolean ?? true
      }
    }
    guard !url.path.isEmpty else {
      report(.missingSetting, "a 'url' needs a 'path'; it is ignored", at: tree.statements[block].line)
      return nil
    }
    if !pattern.pattern.isEmpty { url.pattern = pattern }
    return url
  }

  private mutating func digest(_ value: Value) -> [UInt8]? {
    guard let word = value.word else { return nil }
    guard let bytes = hexadecimal(Array(bytes(word))), bytes.count == 16 else {
      report(.invalidNumber, "'\(text(word))' is no MD5 digest: 32 hexadecimal digits", at: word.range)
      return nil
    }
    return bytes
  }

  /// `CODE` or `MIN-MAX`, several of them.
  private mutating func statusCodes(_ index: Int) -> StatusCodeSet? {
    var ranges: [ClosedRange<UInt16>] = []
    for place in arguments(tree.statements[index]) {
      let word = tree.words[place]
      let parts = text(word).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt16($0) }
      guard case let low?? = parts.first, case let high?? = parts.last, low <= high, (100...599).contains(low),
        high <= 599
      else {
        report(.outOfRange, "'\(text(word))' is no status code or range of codes from 100 to 599", at: word.range)
        continue
      }
      ranges.append(low...high)
    }
    return ranges.isEmpty ? nil : StatusCodeSet(ranges)
  }

  private mutating func stack(_ index: Int) -> PatternDefinition.Stack? {
    let numbers = arguments(tree.statements[index]).compactMap { place in
      integer(tree.words[place], 0...4_294_967_295, for: "regex_stack")
    }
    guard numbers.count == 2 else { return nil }
    return PatternDefinition.Stack(initial: UInt64(numbers[0]), maximum: UInt64(numbers[1]))
  }
}
