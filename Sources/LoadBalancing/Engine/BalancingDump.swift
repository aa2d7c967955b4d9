import HealthCheck
public import NetPrimitives

extension BalancingEngine {
  /// The `.data` file of the check process, in the words and the order of keepalived's.
  public func dataText(now: MonotonicInstant) -> String {
    var dump = DumpText()
    dump.add(0, "------< LVS Topology >------")
    for id in balancer.serviceIDs {
      guard let service = balancer[id] else { continue }
      write(service, &dump)
      for server in service.servers { write(server, of: service, &dump) }
    }
    dump.add(0, "------< Health checkers >------")
    for (check, definition) in balancer.checks {
      guard let service = balancer[check.service] else { continue }
      dump.add(1, "\(service.displayName) -> \(service.displayName(of: check.server))")
      write(definition, check, now: now, &dump)
    }
    return dump.text
  }

  private func write(_ service: VirtualService, _ dump: inout DumpText) {
    let definition = service.definition
    dump.add(1, "------< Virtual server >------")
    switch definition.address {
    case .address(let address, let port): dump.add(1, "VS VIP", "\(address), VPORT = \(port)")
    case .firewallMark(let mark): dump.add(1, "VS FWMARK", "\(mark)")
    case .group: dump.add(1, "VS GROUP", service.displayName)
    }
    if let host = definition.virtualHost { dump.add(3, "VirtualHost", host) }
    dump.add(3, "Address family", definition.family == .ipv4 ? "inet" : "inet6")
    dump.add(3, "lvs_sched", definition.scheduler.name)
    for (name, flag) in [("flag-1", SchedulerFlags.flag1), ("flag-2", .flag2), ("flag-3", .flag3)] {
      dump.add(3, name, definition.schedulerFlags.contains(flag) ? "enabled" : "disabled")
    }
    dump.add(3, "One packet scheduling", definition.schedulesEachPacket ? "enabled" : "disabled")
    if let persistence = definition.persistence {
      dump.add(3, "persistence timeout", "\(persistence.timeoutSeconds)")
    }
    dump.add(3, "protocol", definition.transport?.name.uppercased() ?? "none")
    dump.add(3, "omega is \(definition.notifiesAtShutdown ? "ON" : "OFF")")
    dump.add(3, "quorum", "\(service.rule.quorum), hysteresis = \(service.rule.hysteresis)")
    if let command = definition.quorumUp { dump.add(3, "Quorum up notify script", command.dumpText) }
    if let command = definition.quorumDown { dump.add(3, "Quorum down notify script", command.dumpText) }
    if definition.suspendsWithoutAddress { dump.add(3, "Using HA suspend") }
    if let name = definition.activeOnMasterOf { dump.add(3, "Active on master of", name) }
    dump.add(3, "Using smtp notification", yesNo(definition.mailsAlerts))
    dump.add(3, "default forwarding method", definition.forwarding.dumpText)
    if let sorry = definition.sorryServer, let name = service.sorryName {
      dump.add(3, "sorry server", name)
      dump.add(5, "forwarding method", sorry.forwarding.dumpText)
      dump.add(5, "Inhibit on failure is \(sorry.inhibits ? "ON" : "OFF")")
    }
    dump.add(3, "alive", service.isRunning ? "1" : "0")
    dump.add(3, "quorum_state_up", service.hasQuorum ? "1" : "0")
  }

  private func write(_ server: RealServer, of service: VirtualService, _ dump: inout DumpText) {
    let definition = server.definition
    dump.add(3, "------< Real server >------")
    dump.add(
      3, "RIP",
      "\(definition.address), RPORT = \(definition.port), WEIGHT = \(definition.weight) EFF WEIGHT = \(server.weight)")
    dump.add(3, "forwarding method", definition.forwarding.dumpText)
    dump.add(3, "connection limit range", "\(definition.lowerThreshold) -> \(definition.upperThreshold)")
    dump.add(3, "Inhibit on failure is \(definition.inhibitsOnFailure ? "ON" : "OFF")")
    if let command = definition.notifyUp { dump.add(5, "RS up notify script", command.dumpText) }
    if let command = definition.notifyDown { dump.add(5, "RS down notify script", command.dumpText) }
    if let host = definition.virtualHost { dump.add(3, "VirtualHost", host) }
    dump.add(3, "Using smtp notification", yesNo(definition.mailsAlerts))
    dump.add(3, "initial weight", "\(definition.weight)")
    dump.add(3, "effective weight", "\(server.weight)")
    dump.add(3, "alive", server.isAlive ? "1" : "0")
    dump.add(3, "num failed checkers", "\(server.checks.count { $0.isFailed })")
    let isSet = service.wanted?.destinations[server.key] != nil
    dump.add(3, "RS set", isSet ? "1" : "0")
  }

  private func write(
    _ definition: CheckDefinition, _ check: LoadBalancer.CheckID, now: MonotonicInstant, _ dump: inout DumpText
  ) {
    let state = scheduler.state(of: check)
    dump.add(3, "Enabled", yesNo(state.map { $0.phase != .suspended } ?? false))
    dump.add(3, "Up", yesNo(state?.isUp ?? false))
    dump.add(3, "Has run", yesNo(state?.hasRun ?? false))
    dump.add(3, "Alpha", yesNo(definition.startsFailed))
    dump.add(3, "Delay loop", "\(definition.timing.delayLoopNanoseconds / 1000) us")
    dump.add(3, "Warmup", "\(definition.timing.warmupNanoseconds / 1000) us")
    dump.add(3, "Retries", "\(definition.timing.retries)")
    dump.add(3, "Delay before retry", "\(definition.timing.delayBeforeRetryNanoseconds / 1000) us")
    dump.add(3, "Retries iterations", "\(state?.retries ?? 0)")
    dump.add(3, "Log all failures", yesNo(definition.logsEveryFailure))
    if let age = scheduler.probeAge(of: check, now: now) { dump.add(3, "Last finding", "\(age / 1_000_000) ms ago") }
    if let report = scheduler.lastReport(to: check), case .failure(let failure) = report.finding.outcome {
      dump.add(3, "Last failure", "\(failure)")
    }
    if let connection = definition.probe.connection {
      dump.add(3, "Connection")
      dump.add(5, "Dest", "[\(connection.address)]:\(connection.port)")
      if let address = connection.localAddress { dump.add(5, "Bind to", "[\(address)]:\(connection.localPort)") }
      if let interface = connection.interface { dump.add(5, "Bind i/f", interface) }
      if connection.mark != 0 { dump.add(5, "Mark", "\(connection.mark)") }
      dump.add(5, "Timeout", "\(definition.timing.connectTimeoutNanoseconds / 1_000_000) ms")
    }
    dump.add(3, "Keepalive method", definition.probe.kind.keyword)
    if case .http(let http) = definition.probe {
      for url in http.urls { dump.add(3, "Checked url", url.path) }
    }
    if case .misc(let misc) = definition.probe {
      dump.add(3, "script", misc.command.dumpText)
      dump.add(3, "dynamic", misc.setsWeight ? "YES" : "NO")
    }
  }

  private func yesNo(_ value: Bool) -> String { value ? "yes" : "no" }
}

/// Lines of `key = value` behind some blanks.
private struct DumpText {
  var text = ""

  mutating func add(_ indentation: Int, _ key: String, _ value: String? = nil) {
    text += String(repeating: " ", count: indentation) + key
    if let value { text += " = \(value)" }
    text += "\n"
  }
}

extension HookCommand {
  fileprivate var dumpText: String { arguments.map { "'\($0)'" }.joined(separator: " ") }
}

extension ForwardingMethod {
  fileprivate var dumpText: String {
    switch self {
    case .masquerade: return "NAT"
    case .directRoute: return "DR"
    case .tunnel(let tunnel):
      let kind =
        switch tunnel.kind {
        case .ipip: "IPIP"
        case .gue(let port): "GUE, port = \(port)"
        case .gre: "GRE"
        }
      return "TUN, type = \(kind)"
    }
  }
}
