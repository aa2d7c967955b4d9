import HealthCheck
import LoadBalancing

/// SplitMix64, so that a failing seed can be replayed.
struct Random: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

let second: UInt64 = 1_000_000_000
func at(_ seconds: UInt64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * second) }

func key(_ last: UInt8) -> RealServerKey { RealServerKey(address: .v4(IPv4Address(10, 0, 0, last)), port: 80) }

let vip = IPAddress.v4(IPv4Address(192, 0, 2, 1))

func check(_ last: UInt8, alpha: Bool = false, port: UInt16 = 80) -> CheckDefinition {
  let connection = ProbeConnection(to: .v4(IPv4Address(10, 0, 0, last)), port: port)
  return CheckDefinition(.tcp(TCPCheck(connection: connection)), startsFailed: alpha)
}

/// A server with one check; its address ends in `last`.
func server(
  _ last: UInt8, weight: Int32 = 1, alpha: Bool = false, inhibits: Bool = false, slowStart: UInt64 = 0,
  mails: Bool = false, checks: [CheckDefinition]? = nil, notifies: Bool = false
) -> RealServerDefinition {
  RealServerDefinition(
    address: key(last).address, port: 80, weight: weight, inhibitsOnFailure: inhibits,
    notifyUp: notifies ? HookCommand(["up\(last)"]) : nil, notifyDown: notifies ? HookCommand(["down\(last)"]) : nil,
    mailsAlerts: mails, checks: checks ?? [check(last, alpha: alpha)], slowStartNanoseconds: slowStart * second)
}

func report(
  up isUp: Bool, _ news: CheckReport.News = .changed, weight: WeightAdvice = .unchanged
) -> CheckReport {
  CheckReport(
    isUp: isUp, news: news, weight: weight, finding: isUp ? .success() : .failure(.connect, .refused))
}

/// A service with a clock-less world: what it said, and what the kernel should hold.
struct Stage {
  var service: VirtualService
  var said: [VirtualService.Effect] = []
  var now = at(0)

  init(_ definition: VirtualServerDefinition, policy: BalancingPolicy = BalancingPolicy()) {
    service = VirtualService(definition, policy: policy)
    handle(.start)
  }

  mutating func handle(_ event: VirtualService.Event) { service.handle(event, now: now, effects: &said) }

  mutating func check(_ last: UInt8, up isUp: Bool, _ news: CheckReport.News = .changed, index: Int = 0) {
    handle(.checkReported(key(last), check: index, report(up: isUp, news)))
  }

  /// FIFO lines since the last call, without newlines.
  mutating func lines() -> [String] {
    defer { said = [] }
    return said.compactMap { if case .writeLine(let line) = $0 { String(line.dropLast()) } else { nil } }
  }

  /// Commands since the last call.
  mutating func commands() -> [String] {
    defer { said = [] }
    return said.compactMap { if case .run(let command) = $0 { command.arguments[0] } else { nil } }
  }

  /// The weights the kernel should know, by the last octet; `nil` without a service.
  var weights: [UInt8: Int32]? {
    service.wanted.map { entry in
      var weights: [UInt8: Int32] = [:]
      for (key, destination) in entry.destinations {
        guard case .v4(let address) = key.address else { continue }
        weights[UInt8(truncatingIfNeeded: address.rawValue)] = destination.weight
      }
      return weights
    }
  }
}

func definition(
  _ servers: [RealServerDefinition], quorum: UInt32 = 1, hysteresis: UInt32 = 0, sorry: SorryServer? = nil,
  omega: Bool = false, mails: Bool = false, hooks: Bool = false
) -> VirtualServerDefinition {
  VirtualServerDefinition(
    address: .address(vip, port: 80), realServers: servers, sorryServer: sorry, quorum: quorum,
    hysteresis: hysteresis, quorumUp: hooks ? HookCommand(["quorum-up"]) : nil,
    quorumDown: hooks ? HookCommand(["quorum-down"]) : nil, notifiesAtShutdown: omega, mailsAlerts: mails)
}

func sorry(_ last: UInt8 = 99, inhibits: Bool = false) -> SorryServer {
  SorryServer(address: key(last).address, port: 80, inhibits: inhibits)
}
