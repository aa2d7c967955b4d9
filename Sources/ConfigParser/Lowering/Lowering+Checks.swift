import HealthCheck
import NetPrimitives
import VRRPCore

/// A checker while its block is read.
struct CheckDraft {
  let statement: Int
  let kind: CheckKind
  var connection: ProbeConnection
  var timing = CheckTiming.Overrides()
  var startsFailed: Bool
  var logsEveryFailure: Bool
  var virtualHost: String?
  var version = HTTPCheck.Version.http1_0
  var sendsServerName = false
  var serverName: String?
  var recoversFast = false
  var closesProperly = false
  var urls: [HTTPCheck.URL] = []
  var payload = UDPCheck.defaultPayload
  var reply: UDPCheck.Reply?
  var minimumReply: UInt16?
  var maximumReply: UInt16?
  var recordType = DNSRecordType.soa
  var name = "."
  var heloName = SMTPCheck.defaultHeloName
  var command: HookCommand?
  var commandTimeoutNanoseconds: UInt64?
  var setsWeight = false
  var user: GlobalDefinition.ScriptUser?
  var object: String?
  var weight: Value.Weight?
  var script: [TCPCheck.Step] = []
  var usesTLS = false
  var completesHandshake = false
  var verification = TLSDefinition.Verification.none
  var expiryWarningDays: UInt16 = 0
  var service = ""
  /// The `host` blocks of an `SMTP_CHECK`.
  var hosts: [Int] = []
}

extension Lowering {
  /// Reads a checker's block, which adds one check, or one for each `host` in it.
  mutating func lowerCheck(_ block: Int, _ surroundings: CheckSurroundings, to checks: inout [CheckDefinition]) {
    guard case .realServer(let setting)? = setting(of: block), let kind = setting.checkKind else { return }
    var draft = CheckDraft(
      statement: block, kind: kind,
      connection: ProbeConnection(to: surroundings.address, port: surroundings.port),
      startsFailed: surroundings.startsFailed, logsEveryFailure: logsEveryCheckFailure,
      virtualHost: surroundings.virtualHost)
    for index in tree.children(of: block) {
      guard case (.check(let setting), let value)? = value(of: index) else { continue }
      if !applyConnection(setting, value, of: index, to: &draft), !applyWeb(setting, value, of: index, to: &draft) {
        applyProbe(setting, value, of: index, to: &draft)
      }
    }
    // The old way to check several addresses of a mail server. The first `host` is the check itself unless that says
    // where it goes.
    let plain = ProbeConnection(to: surroundings.address, port: surroundings.port)
    let hosts = draft.hosts
    if hosts.isEmpty || draft.connection != plain { finish(&draft, surroundings, to: &checks) }
    for host in hosts {
      var target = draft
      target.connection = plain
      for index in tree.children(of: host) {
        guard case (.check(let setting), let value)? = value(of: index) else { continue }
        _ = applyConnection(setting, value, of: index, to: &target)
      }
      finish(&target, surroundings, to: &checks)
    }
  }

  private mutating func finish(
    _ draft: inout CheckDraft, _ surroundings: CheckSurroundings, to checks: inout [CheckDefinition]
  ) {
    if let source = draft.connection.localAddress, source.family != draft.connection.address.family {
      report(
        .mixedFamilies, "the check goes to an \(draft.connection.address.family.name) address; 'bindto' is ignored",
        at: tree.statements[draft.statement].line)
      draft.connection.localAddress = nil
    }
    guard let probe = probe(draft) else { return }
    let timing = draft.timing.inheriting(from: surroundings.timing).resolved(for: draft.kind)
    checks.append(
      CheckDefinition(
        probe, timing: timing, startsFailed: draft.startsFailed, logsEveryFailure: draft.logsEveryFailure))
  }

  /// Where a check goes and when. False for another kind of setting.
  private mutating func applyConnection(
    _ setting: CheckSetting, _ value: Value, of index: Int, to draft: inout CheckDraft
  ) -> Bool {
    switch setting {
    case .connectAddress: if let address = value.address { draft.connection.address = address }
    case .connectPort: if let port = value.integer { draft.connection.port = UInt16(clamping: port) }
    case .bindAddress: draft.connection.localAddress = value.address
    case .bindPort: if let port = value.integer { draft.connection.localPort = UInt16(clamping: port) }
    case .bindInterface: draft.connection.interface = value.word.map { text($0) }
    case .mark: if let mark = value.integer { draft.connection.mark = UInt32(clamping: mark) }
    case .alpha: draft.startsFailed = value.boolean ?? true
    case .logAllFailures: draft.logsEveryFailure = value.boolean ?? true
    case .retries: draft.timing.retries = value.integer.map { UInt32(clamping: $0) }
    case .delayBeforeRetry: draft.timing.delayBeforeRetryNanoseconds = value.nanoseconds
    case .warmup: draft.timing.warmupNanoseconds = value.nanoseconds
    case .connectTimeout: draft.timing.connectTimeoutNanoseconds = value.nanoseconds
    case .delayLoop: draft.timing.delayLoopNanoseconds = value.nanoseconds
    case .virtualHost, .httpVersion, .enableSNI, .sniName, .fastRecovery, .url, .tlsCompliant, .payload, .requireReply,
      .minimumReply, .maximumReply, .recordType, .queryName, .heloName, .smtpHost, .command, .commandTimeout,
      .dynamicWeight, .user, .trackFile, .fileWeight, .session, .send, .expect, .expectPattern, .tls, .verify,
      .expiryWarning, .service, .completeHandshake:
      return false
    }
    return true
  }

  /// What a check of a web server asks. False for another kind of setting.
  private mutating func applyWeb(
    _ setting: CheckSetting, _ value: Value, of index: Int, to draft: inout CheckDraft
  ) -> Bool {
    switch setting {
    case .virtualHost: draft.virtualHost = value.word.map { text($0) }
    case .httpVersion:
      if let choice = value.choice {
        draft.version = [.http1_0, .http1_1, .http1_0Closing, .http1_0Closing, .http2][choice]
      }
    case .enableSNI: draft.sendsServerName = value.boolean ?? true
    case .sniName:
      draft.sendsServerName = true
      draft.serverName = value.word.map { text($0) }
    case .fastRecovery: draft.recoversFast = value.boolean ?? true
    case .tlsCompliant: draft.closesProperly = value.boolean ?? true
    case .tls: draft.usesTLS = value.boolean ?? true
    case .verify: if let choice = value.choice { draft.verification = [.none, .authority, .authorityAndName][choice] }
    case .expiryWarning: if let days = value.integer { draft.expiryWarningDays = UInt16(clamping: days) }
    case .url: if let url = lowerURL(index) { draft.urls.append(url) }
    case .connectAddress, .connectPort, .bindAddress, .bindPort, .bindInterface, .mark, .alpha, .logAllFailures,
      .retries, .delayBeforeRetry, .warmup, .connectTimeout, .delayLoop, .payload, .requireReply, .minimumReply,
      .maximumReply, .recordType, .queryName, .heloName, .smtpHost, .command, .commandTimeout, .dynamicWeight, .user,
      .trackFile, .fileWeight, .session, .send, .expect, .expectPattern, .service, .completeHandshake:
      return false
    }
    return true
  }

  /// What the other checks ask.
  private mutating func applyProbe(
    _ setting: CheckSetting, _ value: Value, of index: Int, to draft: inout CheckDraft
  ) {
    switch setting {
    case .payload: if let bytes = payload(index) { draft.payload = bytes }
    case .requireReply: draft.reply = reply(index)
    case .minimumReply: draft.minimumReply = value.integer.map { UInt16(clamping: $0) }
    case .maximumReply: draft.maximumReply = value.integer.map { UInt16(clamping: $0) }
    case .recordType: if let choice = value.choice { draft.recordType = Self.recordTypes[choice] }
    case .queryName: if let word = value.word { draft.name = text(word) }
    case .heloName: if let word = value.word { draft.heloName = text(word) }
    case .command: draft.command = command(index).map { hook($0) }
    case .commandTimeout: draft.commandTimeoutNanoseconds = seconds(value)
    case .dynamicWeight: draft.setsWeight = true
    case .user: draft.user = scriptUser(index)
    case .trackFile, .session: draft.object = value.word.map { text($0) }
    case .fileWeight: draft.weight = value.weight
    case .send: draft.script.append(.send(bytes(ofLine: index)))
    case .expect: draft.script.append(.expect(bytes(ofLine: index)))
    case .expectPattern:
      draft.script.append(.expectPattern(PatternDefinition(String(decoding: bytes(ofLine: index), as: UTF8.self))))
    case .service: if let word = value.word { draft.service = text(word) }
    case .completeHandshake: draft.completesHandshake = value.boolean ?? true
    case .smtpHost: draft.hosts.append(index)
    case .connectAddress, .connectPort, .bindAddress, .bindPort, .bindInterface, .mark, .alpha, .logAllFailures,
      .retries, .delayBeforeRetry, .warmup, .connectTimeout, .delayLoop, .virtualHost, .httpVersion, .enableSNI,
      .sniName, .fastRecovery, .url, .tlsCompliant, .tls, .verify, .expiryWarning:
      break
    }
  }

  /// The first word of a line with its escapes replaced: `"PING\r\n"`.
  private func bytes(ofLine index: Int) -> [UInt8] {
    commandWords(index).first.map { Array(CommandLineWords.unescaped($0).utf8) } ?? []
  }

  /// In the order of the table's choices.
  private static var recordTypes: [DNSRecordType] { [.a, .ns, .cname, .soa, .mx, .txt, .aaaa, .rrsig, .dnskey] }

  /// All hexadecimal digits of a line, blanks left out.
  private func digits(_ index: Int) -> [UInt8] {
    arguments(tree.statements[index]).flatMap { Array(bytes(tree.words[$0])) }
  }

  private mutating func payload(_ index: Int) -> [UInt8]? {
    guard let bytes = hexadecimal(digits(index)) else {
      report(
        .invalidNumber, "'payload' takes pairs of hexadecimal digits", at: argumentRange(tree.statements[index]))
      return nil
    }
    return bytes
  }

  /// Hexadecimal digits, `x` for any.
  private mutating func reply(_ index: Int) -> UDPCheck.Reply {
    let digits = digits(index)
    var pattern: [UDPCheck.PatternByte] = []
    for place in stride(from: 0, to: digits.count - 1, by: 2) {
      let pair = digits[place...(place + 1)].map { $0.lowercased == UInt8(ascii: "x") ? 16 : $0.hexadecimalDigit }
      guard let high = pair[0], let low = pair[1] else {
        report(
          .invalidNumber, "'require_reply' takes pairs of hexadecimal digits or 'x'",
          at: argumentRange(tree.statements[index]))
        break
      }
      pattern.append(
        UDPCheck.PatternByte(
          value: (high & 15) << 4 | low & 15, mask: (high > 15 ? 0 : 0xf0) | (low > 15 ? 0 : 0x0f)))
    }
    return UDPCheck.Reply(pattern: pattern)
  }
}

extension RealServerSetting {
  /// The kind of check the keyword opens.
  var checkKind: CheckKind? {
    switch self {
    case .miscCheck: .misc
    case .smtpCheck: .smtp
    case .tcpCheck: .tcp
    case .pingCheck: .ping
    case .udpCheck: .udp
    case .httpCheck: .http
    case .sslCheck: .ssl
    case .dnsCheck: .dns
    case .fileCheck: .file
    case .bfdCheck: .bfd
    case .agentCheck: .agent
    case .grpcCheck: .grpc
    case .weight, .forwarding, .upperThreshold, .lowerThreshold, .inhibit, .notifyUp, .notifyDown, .alpha, .mail,
      .virtualHost, .snmpName, .slowStart, .retries, .delayBeforeRetry, .warmup, .connectTimeout, .delayLoop:
      nil
    }
  }
}
