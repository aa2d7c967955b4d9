import Glibc
import HealthCheck
import LinuxNetworking
import LoadBalancing
import NetPrimitives
import VRRPRuntime

/// Runs so many checks of one web server as the daemon does, one engine, one table and one reactor on one thread, ten
/// real servers to each virtual server, and prints what they cost: `ProbeLoad KIND PORT CHECKS PERIOD SECONDS`. KIND is tcp, http or https; PERIOD is each
/// check's, in milliseconds; SECONDS are measured after all have run for two periods and the spread of their starts.
@main
enum ProbeLoad {
  static func main() throws {
    let words = CommandLine.arguments
    guard words.count == 6, let port = UInt16(words[2]), let count = Int(words[3]), let period = UInt64(words[4]),
      let seconds = UInt64(words[5])
    else {
      print("usage: ProbeLoad KIND PORT CHECKS PERIOD SECONDS")
      exit(2)
    }
    DescriptorLimit.raise(to: 16_384)
    var load = try Load()
    let idle = Usage.now()
    load.subscribe(words[1], port: port, count: count, periodNanoseconds: period * 1_000_000)
    let defined = Usage.now()
    let warmup = 1_000_000_000 + 3 * period * 1_000_000
    try load.run(until: SystemClock.monotonic().advanced(byNanoseconds: warmup))
    load.forget()
    let (begin, start) = (Usage.now(), SystemClock.monotonic())
    try load.run(until: start.advanced(byNanoseconds: seconds * 1_000_000_000))
    let (end, elapsed) = (Usage.now(), SystemClock.monotonic().nanoseconds(since: start))
    let done = load.successes + load.failures
    let cpu = end.cpuNanoseconds - begin.cpuNanoseconds
    print("checks", count)
    print("findings", done)
    print("failed", load.failures)
    print("per_second", done * 1_000_000_000 / max(1, elapsed))
    print("cpu_percent", 100 * cpu / max(1, elapsed))
    print("cpu_microseconds_per_check", Double(cpu) / 1000 / Double(max(1, done)))
    print("most_open", load.mostOpen)
    print("bytes_per_check_waiting", (defined.residentBytes - idle.residentBytes) / UInt64(max(1, count)))
    print("bytes_per_check_running", (end.residentBytes - idle.residentBytes) / UInt64(max(1, count)))
    print("resident_kib", end.residentBytes / 1024)
  }
}

/// The checks and what became of them.
struct Load: ~Copyable {
  private var reactor: EpollReactor
  private var table = ProbeTable(firstReactorKey: 0, socketLimit: 8192, sharesDescriptors: false)
  private var engine = BalancingEngine(seed: 1, tellsDetails: false)
  private var effects: [BalancingEngine.Effect] = []
  private var findings: [(ProbeID, Finding)] = []
  private(set) var successes: UInt64 = 0
  private(set) var failures: UInt64 = 0
  private(set) var mostOpen = 0

  private static let serversPerService = 10

  init() throws { reactor = try EpollReactor(maximumEventsPerTurn: 256) }

  mutating func forget() { (successes, failures, mostOpen) = (0, 0, 0) }

  mutating func subscribe(_ kind: String, port: UInt16, count: Int, periodNanoseconds: UInt64) {
    let timing = CheckTiming(
      delayLoopNanoseconds: periodNanoseconds, retries: 0, delayBeforeRetryNanoseconds: periodNanoseconds,
      warmupNanoseconds: periodNanoseconds)
    let servers = (0..<count).map { number in
      // Servers of their own: each has an address of loopback to itself.
      let address = IPv4Address(rawValue: 0x7f01_0000 + UInt32(number) + 1)
      let connection = ProbeConnection(to: .v4(address), port: port)
      let probe: CheckDefinition.Probe =
        switch kind {
        case "tcp": .tcp(TCPCheck(connection: connection))
        default:
          .http(
            HTTPCheck(
              connection: connection, urls: [HTTPCheck.URL(path: "/\(number)")],
              tls: kind == "https" ? TLSDefinition() : nil))
        }
      return RealServerDefinition(
        address: .v4(address), port: port, checks: [CheckDefinition(probe, timing: timing)])
    }
    let services = stride(from: 0, to: count, by: Self.serversPerService).map { first in
      VirtualServerDefinition(
        address: .address(.v4(IPv4Address(rawValue: 0x0a00_0000 + UInt32(first))), port: 80),
        realServers: Array(servers[first..<min(first + Self.serversPerService, count)]))
    }
    engine.configure(services, policy: BalancingPolicy(), now: SystemClock.monotonic())
  }

  mutating func run(until end: MonotonicInstant) throws {
    while true {
      let next = min(engine.nextDeadline ?? end, table.nextDeadline ?? end, end)
      let turn = try reactor.wait(until: next)
      while let event = reactor.nextReady() { table.take(event, reactor: &reactor, now: turn.now) }
      table.advance(to: turn.now, reactor: &reactor)
      engine.advance(to: turn.now)
      settle(now: turn.now)
      if turn.now >= end { return }
    }
  }

  private mutating func settle(now: MonotonicInstant) {
    while true {
      table.exchangeFindings(for: &findings)
      for (id, finding) in findings {
        if case .success = finding.outcome { successes += 1 } else { failures += 1 }
        engine.probeEnded(id, finding: finding, now: now)
      }
      engine.exchangeEffects(for: &effects)
      guard !effects.isEmpty else { return }
      for effect in effects {
        switch effect {
        case .startProbe(let start): table.start(start, reactor: &reactor, now: now)
        case .cancelProbe(let id): table.cancel(id, reactor: &reactor, now: now)
        case .kernel, .run, .writeLine, .mail, .log: break
        }
      }
      mostOpen = max(mostOpen, table.openProbeCount)
    }
  }
}

/// What the process has used.
struct Usage {
  var cpuNanoseconds: UInt64
  var residentBytes: UInt64

  static func now() -> Usage {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    let text = (try? FileReader.read("/proc/self/statm")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { UInt64($0) } ?? 0
    return Usage(
      cpuNanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec), residentBytes: pages * 4096)
  }
}
