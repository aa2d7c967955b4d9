import Glibc
import HealthCheck
import LinuxNetworking
import NetPrimitives
import VRRPRuntime

/// Runs so many checks of one web server as the daemon does, one scheduler, one table and one reactor on one thread,
/// and prints what they cost: `ProbeLoad KIND PORT CHECKS PERIOD SECONDS`. KIND is tcp, http or https; PERIOD is each
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
  private var table = ProbeTable(firstReactorKey: 0, socketLimit: 8192)
  private var scheduler = CheckScheduler<Int>(seed: 1)
  private var effects: [CheckScheduler<Int>.Effect] = []
  private(set) var successes: UInt64 = 0
  private(set) var failures: UInt64 = 0
  private(set) var mostOpen = 0

  init() throws { reactor = try EpollReactor(maximumEventsPerTurn: 256) }

  mutating func forget() { (successes, failures, mostOpen) = (0, 0, 0) }

  mutating func subscribe(_ kind: String, port: UInt16, count: Int, periodNanoseconds: UInt64) {
    let timing = CheckTiming(
      delayLoopNanoseconds: periodNanoseconds, retries: 0, delayBeforeRetryNanoseconds: periodNanoseconds,
      warmupNanoseconds: periodNanoseconds)
    let wanted = (0..<count).map { number in
      // Servers of their own: each has an address of loopback to itself.
      let address = IPv4Address(rawValue: 0x7f01_0000 + UInt32(number % 250) + 1)
      let connection = ProbeConnection(to: .v4(address), port: port)
      let web = HTTPCheck(
        connection: connection, urls: [HTTPCheck.URL(path: "/\(number)")],
        tls: kind == "https" ? TLSDefinition() : nil)
      let tcp = TCPCheck(connection: connection, script: [.send(Array("GET /\(number) HTTP/1.0\r\n\r\n".utf8))])
      return (subscriber: number, definition: CheckDefinition(kind == "tcp" ? .tcp(tcp) : .http(web), timing: timing))
    }
    scheduler.setSubscriptions(wanted, now: SystemClock.monotonic(), effects: &effects)
  }

  mutating func run(until end: MonotonicInstant) throws {
    while true {
      let next = min(scheduler.nextDeadline ?? end, table.nextDeadline ?? end, end)
      let turn = try reactor.wait(until: next)
      while let event = reactor.nextReady() { table.take(event, reactor: &reactor, now: turn.now) }
      if let deadline = table.nextDeadline, deadline <= turn.now { table.advance(to: turn.now, reactor: &reactor) }
      if let deadline = scheduler.nextDeadline, deadline <= turn.now {
        scheduler.deadlineReached(now: turn.now, effects: &effects)
      }
      settle(now: turn.now)
      if turn.now >= end { return }
    }
  }

  private mutating func settle(now: MonotonicInstant) {
    repeat {
      for (id, finding) in table.takeFindings() {
        scheduler.probeEnded(id, finding: finding, now: now, effects: &effects)
      }
      for effect in effects {
        switch effect {
        case .start(let start): table.start(start, reactor: &reactor, now: now)
        case .cancel(let id): table.cancel(id, reactor: &reactor, now: now)
        case .report(let report, _):
          if case .success = report.finding.outcome { successes += 1 } else { failures += 1 }
        }
      }
      effects.removeAll(keepingCapacity: true)
      mostOpen = max(mostOpen, table.openProbeCount)
    } while table.hasFindings
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
