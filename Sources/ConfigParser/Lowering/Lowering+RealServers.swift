import HealthCheck
import LoadBalancing
import NetPrimitives
import VRRPCore

/// What a check inherits from its real server.
struct CheckSurroundings {
  var address: IPAddress
  var port: UInt16
  var timing: CheckTiming.Overrides
  var startsFailed: Bool
  var virtualHost: String?
}

extension Lowering {
  /// Reads a `real_server` block of a virtual server.
  mutating func lowerRealServer(_ block: Int, _ service: VirtualServerDraft) -> RealServerDefinition? {
    let words = arguments(tree.statements[block])
    guard !words.isEmpty else { return nil }
    guard let endpoint = endpoint(words, "real_server") else {
      for index in tree.children(of: block) { _ = value(of: index) }
      return nil
    }
    var server = RealServerDefinition(
      address: endpoint.address, port: endpoint.port, weight: service.weight,
      forwarding: service.definition.forwarding, inhibitsOnFailure: service.inhibits,
      mailsAlerts: defaults.sendsCheckerMail ?? true, virtualHost: service.definition.virtualHost)
    var surroundings = CheckSurroundings(
      address: endpoint.address, port: endpoint.port, timing: CheckTiming.Overrides(),
      startsFailed: service.startsFailed, virtualHost: nil)
    var checks: [Int] = []
    for index in tree.children(of: block) {
      guard case (.realServer(let setting), let value)? = value(of: index) else { continue }
      apply(setting, value, of: index, to: &server, &surroundings, &checks)
    }
    setPort(&server, words, service, tree.statements[block].line)
    // Checks go where the line says, even when packets cannot.
    if endpoint.port == 0 { surroundings.port = server.port }
    surroundings.timing = surroundings.timing.inheriting(from: service.timing)
    surroundings.virtualHost = server.virtualHost
    for index in checks { lowerCheck(index, surroundings, to: &server.checks) }
    return server
  }

  /// Without a port the server has that of the service; direct routing and tunnels cannot change it at all.
  private mutating func setPort(
    _ server: inout RealServerDefinition, _ words: Range<Int>, _ service: VirtualServerDraft, _ line: SourceRange
  ) {
    if case .firewallMark = service.definition.address, server.port != 0, server.forwarding != .masquerade {
      report(
        .adjustedSetting,
        "a service by mark keeps the port of each packet but with NAT; \(server.port) is only where checks go",
        at: line)
      server.port = 0
    }
    guard case .address(_, let port) = service.definition.address else { return }
    if words.count < 2 {
      server.port = port
      return
    }
    guard server.forwarding != .masquerade, server.port != port else { return }
    report(
      .adjustedSetting, "only NAT can change the port; the real server gets \(port)", at: line)
    server.port = port
  }

  private mutating func apply(
    _ setting: RealServerSetting, _ value: Value, of index: Int, to server: inout RealServerDefinition,
    _ surroundings: inout CheckSurroundings, _ checks: inout [Int]
  ) {
    switch setting {
    case .weight: if let weight = value.integer { server.weight = Int32(clamping: weight) }
    case .forwarding: if let method = forwarding(index) { server.forwarding = method }
    case .upperThreshold: if let count = value.integer { server.upperThreshold = UInt32(clamping: count) }
    case .lowerThreshold: if let count = value.integer { server.lowerThreshold = UInt32(clamping: count) }
    case .inhibit: server.inhibitsOnFailure = value.boolean ?? true
    case .notifyUp: setHook(&server.notifyUp, index)
    case .notifyDown: setHook(&server.notifyDown, index)
    case .alpha: surroundings.startsFailed = value.boolean ?? true
    case .mail: server.mailsAlerts = value.boolean ?? true
    case .virtualHost: if let word = value.word { server.virtualHost = text(word) }
    case .snmpName: if let word = value.word { server.snmpName = text(word) }
    case .slowStart: if let time = value.nanoseconds { server.slowStartNanoseconds = time }
    case .retries: surroundings.timing.retries = value.integer.map { UInt32(clamping: $0) }
    case .delayBeforeRetry: surroundings.timing.delayBeforeRetryNanoseconds = value.nanoseconds
    case .warmup: surroundings.timing.warmupNanoseconds = value.nanoseconds
    case .connectTimeout: surroundings.timing.connectTimeoutNanoseconds = value.nanoseconds
    case .delayLoop: surroundings.timing.delayLoopNanoseconds = value.nanoseconds
    case .miscCheck, .smtpCheck, .tcpCheck, .pingCheck, .udpCheck, .httpCheck, .sslCheck, .dnsCheck, .fileCheck,
      .bfdCheck, .agentCheck, .grpcCheck:
      checks.append(index)
    }
  }
}
