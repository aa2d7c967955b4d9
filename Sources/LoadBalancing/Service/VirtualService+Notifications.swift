import HealthCheck
import NetPrimitives

// The words keepalived's users have scripts for. Texts only; what is told when is decided in the transitions.

extension VirtualService {
  /// The service as keepalived names it: `[ADDRESS]:tcp:PORT`, `FWM MARK`, `[GROUP]:0`.
  public var displayName: String {
    switch definition.address {
    case .address(let address, let port): Self.name(address, definition.transport, port)
    case .firewallMark(let mark): "FWM \(mark)"
    case .group(let group): "[\(group.name)]:0"
    }
  }

  /// A real server of this service as keepalived names it: `[ADDRESS]:tcp:PORT`.
  public func displayName(of server: RealServerKey) -> String {
    Self.name(server.address, definition.transport, server.port)
  }

  private static func name(_ address: IPAddress, _ transport: TransportProtocol?, _ port: UInt16) -> String {
    "[\(address)]:\(transport?.name ?? "none"):\(port)"
  }

  mutating func announce(_ index: Int, isUp: Bool, effects: inout [Effect]) {
    servers[index].isAnnounced = true
    notify(servers[index], isUp: isUp, effects: &effects)
  }

  func notify(_ server: RealServer, isUp: Bool, effects: inout [Effect]) {
    if let command = isUp ? server.definition.notifyUp : server.definition.notifyDown {
      effects.append(.run(command))
    }
    effects.append(.writeLine("RS \(displayName(of: server.key)) \(displayName) \(isUp ? "UP" : "DOWN")\n"))
  }

  func notifyQuorum(isUp: Bool, effects: inout [Effect]) {
    if let command = isUp ? definition.quorumUp : definition.quorumDown { effects.append(.run(command)) }
    effects.append(.writeLine("VS \(displayName) \(isUp ? "UP" : "DOWN")\n"))
  }

  func mailQuorum(isUp: Bool, body: @autoclosure () -> String, effects: inout [Effect]) {
    guard definition.mailsAlerts else { return }
    effects.append(.mail(subject: "Virtualserver \(displayName) - \(isUp ? "UP" : "DOWN")", body: body()))
  }

  /// A checker's change of mind is mailed even when other checkers leave the server as it was.
  func mailCheck(
    _ index: Int, _ check: Int, _ report: CheckReport, hasChangedServer: Bool, effects: inout [Effect]
  ) {
    let server = servers[index]
    guard server.definition.mailsAlerts, report.news == .changed else { return }
    guard hasChangedServer || !policy.mailsOnlyServerChanges else { return }
    let name = "\(displayName(of: server.key)) of virtual server \(displayName)"
    effects.append(
      .mail(
        subject: "Realserver \(name) - \(server.isAlive ? "UP" : "DOWN")",
        body: Self.body(of: server.definition.checks[check].probe, report)))
  }

  private static func body(of probe: CheckDefinition.Probe, _ report: CheckReport) -> String {
    let result = report.isUp ? "succeed" : "failed"
    let why =
      if case .failure(let failure) = report.finding.outcome { " : \(failure)" } else { "" }
    return switch probe {
    case .tcp: "=> TCP CHECK \(result) on service\(why) <="
    case .http: "=> CHECK \(result) on service\(why) <="
    case .smtp: "=> CHECK \(result) on service\(why) <="
    case .dns: "=> DNS_CHECK: \(result) on service\(why) <="
    case .udp: "=> UDP CHECK \(result) on service\(why) <="
    case .ping: "=> ICMP CHECK \(result) on service\(why) <="
    case .misc: "=> MISC CHECK \(result) on service\(why) <="
    case .file: "=> FILE CHECK \(result) on service\(why) <="
    case .bfd: "=> BFD CHECK \(result) on service\(why) <="
    case .agent: "=> AGENT CHECK \(result) on service\(why) <="
    case .grpc: "=> GRPC CHECK \(result) on service\(why) <="
    }
  }
}
