import HealthCheck
import NetPrimitives
import Testing

@testable import LoadBalancing

@Suite struct `The engine of the check process` {
  /// An engine with what it asked for: probes that run, and everything it said.
  struct Process {
    var engine = BalancingEngine(seed: 7)
    var now = at(100)
    var kernel = IPVSTable()
    var probes: [ProbeStart] = []
    var cancelled: [ProbeID] = []
    var said: [BalancingEngine.Effect] = []

    mutating func settle() {
      for effect in engine.takeEffects() {
        switch effect {
        case .startProbe(let start): probes.append(start)
        case .cancelProbe(let id):
          cancelled.append(id)
          probes.removeAll { $0.id == id }
        case .kernel(let command):
          let isAccepted = kernel.apply(command)
          #expect(isAccepted, "the kernel would refuse \(command)")
        case .run, .writeLine, .mail, .log: said.append(effect)
        }
      }
    }

    mutating func configure(_ definitions: [VirtualServerDefinition]) {
      engine.configure(definitions, policy: BalancingPolicy(), now: now)
      settle()
    }

    /// Lets time pass to the next deadline, and beyond it until a probe runs.
    mutating func waitForProbe() {
      while probes.isEmpty, let next = engine.nextDeadline {
        now = max(now, next)
        engine.advance(to: now)
        settle()
      }
    }

    mutating func endProbe(_ finding: Finding) {
      guard !probes.isEmpty else { return }
      engine.probeEnded(probes.removeFirst().id, finding: finding, now: now)
      settle()
    }

    var log: [String] { said.compactMap { if case .log(let line) = $0 { line.text } else { nil } } }
    func weights(_ port: UInt16 = 80) -> [RealServerKey: Int32]? {
      kernel.services[.address(.tcp, vip, port: port)]?.destinations.mapValues(\.weight)
    }
  }

  @Test func `a server follows its BFD session`() {
    var process = Process()
    // Known before there is anybody who wants to know.
    process.engine.sessionChanged("path", isUp: false, now: process.now)
    let follower = server(1, checks: [CheckDefinition(.bfd(BFDCheck(session: "path")))])
    process.configure([definition([follower, server(2, checks: [])])])
    #expect(process.weights() == [key(2): 1])
    process.engine.sessionChanged("other", isUp: true, now: process.now)
    process.settle()
    #expect(process.weights() == [key(2): 1])
    process.engine.sessionChanged("path", isUp: true, now: process.now)
    process.settle()
    #expect(process.weights() == [key(1): 1, key(2): 1])
    process.engine.sessionChanged("path", isUp: false, now: process.now)
    process.settle()
    #expect(process.weights() == [key(2): 1])
    #expect(process.probes.isEmpty)
  }

  @Test func `a failed probe takes the server out and the sorry server in, with keepalived's lines`() {
    var process = Process()
    process.configure([definition([server(1)], sorry: sorry())])
    #expect(process.weights() == [key(1): 1])
    process.waitForProbe()
    process.endProbe(.failure(.connect, .refused))
    #expect(process.weights() == [key(99): 1])
    #expect(
      process.log.suffix(6) == [
        "TCP_CHECK on service [10.0.0.1]:tcp:80 failed: connect: connection refused.",
        "TCP_CHECK on service [10.0.0.1]:tcp:80 failed after 1 retries.",
        "Removing service [10.0.0.1]:tcp:80 from VS [192.0.2.1]:tcp:80",
        "Lost quorum 1-0=1 > 0 for VS [192.0.2.1]:tcp:80",
        "Adding sorry server [10.0.0.99]:tcp:80 to VS [192.0.2.1]:tcp:80",
        "Removing alive servers from the pool for VS [192.0.2.1]:tcp:80",
      ])
    process.waitForProbe()
    process.said = []
    process.endProbe(.success())
    #expect(process.weights() == [key(1): 1])
    #expect(
      process.log == [
        "TCP connection to [10.0.0.1]:tcp:80 success.",
        "Adding service [10.0.0.1]:tcp:80 to VS [192.0.2.1]:tcp:80",
        "Gained quorum 1+0=1 <= 1 for VS [192.0.2.1]:tcp:80",
        "Removing sorry server [10.0.0.99]:tcp:80 from VS [192.0.2.1]:tcp:80",
        "Adding alive servers to the pool for VS [192.0.2.1]:tcp:80",
      ])
  }

  @Test func `a reload of the same configuration asks for nothing`() {
    var process = Process()
    let definitions = [definition([server(1), server(2)], sorry: sorry())]
    process.configure(definitions)
    process.waitForProbe()
    process.endProbe(.failure(.connect, .refused))
    let (kernel, probes) = (process.kernel, process.probes)
    process.said = []
    process.engine.configure(definitions, policy: BalancingPolicy(), now: process.now)
    #expect(process.engine.takeEffects().isEmpty)
    #expect(process.kernel == kernel && process.probes == probes)
  }

  @Test func `what is taken out of the configuration is probed no more`() {
    var process = Process()
    process.configure([definition([server(1)])])
    process.waitForProbe()
    let running = process.probes.map(\.id)
    process.configure([])
    #expect(process.cancelled == running && process.kernel.services.isEmpty)
    #expect(process.engine.nextDeadline == nil)
  }

  @Test func `ha_suspend probes only while the address is here`() {
    var suspending = definition([server(1)])
    suspending.suspendsWithoutAddress = true
    var process = Process()
    process.configure([suspending])
    #expect(process.engine.scheduler.nextDeadline == nil)
    process.engine.localAddressesChanged([vip], now: process.now)
    process.settle()
    process.waitForProbe()
    #expect(process.probes.count == 1)
    process.engine.localAddressesChanged([], now: process.now)
    process.settle()
    #expect(process.probes.isEmpty && process.engine.scheduler.nextDeadline == nil)
  }

  @Test func `services come first, then their checks`() {
    var process = Process()
    process.engine.configureServices([definition([server(1)])], policy: BalancingPolicy(), now: process.now)
    process.settle()
    #expect(process.weights() == [key(1): 1])
    #expect(process.engine.scheduler.checkCount == 0 && process.engine.nextDeadline == nil)
    process.engine.configureChecks(now: process.now)
    process.settle()
    process.waitForProbe()
    #expect(process.probes.count == 1 && process.weights() == [key(1): 1])
  }

  @Test func `an address that comes between services and checks, and a reload without ha_suspend, let checks run`() {
    var suspending = definition([server(1)])
    suspending.suspendsWithoutAddress = true
    var process = Process()
    process.engine.configureServices([suspending], policy: BalancingPolicy(), now: process.now)
    process.engine.localAddressesChanged([vip], now: process.now)
    process.engine.configureChecks(now: process.now)
    process.settle()
    #expect(process.engine.scheduler.nextDeadline != nil)
    process.engine.localAddressesChanged([], now: process.now)
    process.settle()
    #expect(process.engine.scheduler.nextDeadline == nil)
    process.configure([definition([server(1)])])
    #expect(process.engine.scheduler.nextDeadline != nil)
  }

  @Test func `a check that was forgotten is told of once`() {
    var process = Process()
    process.configure([definition([server(1)])])
    process.waitForProbe()
    // Nobody ever answers, and the scheduler is not told that its own limit has come either.
    process.said = []
    for seconds in [1, 1000, 1010, 1020] {
      process.engine.watch(now: process.now.advanced(byNanoseconds: UInt64(seconds) * second))
      process.settle()
    }
    #expect(process.log.count == 1)
    #expect(process.log.first?.hasPrefix("a check of service [10.0.0.1]:tcp:80 has not been made for 10") == true)
  }

  @Test func `a certificate that is about to end is told of at once and then daily, until it is renewed`() {
    var process = Process()
    process.configure([definition([server(1)])])
    process.said = []
    let begin = process.now
    var told: [(hour: UInt64, line: String)] = []
    func probe(days: Int32?) {
      process.waitForProbe()
      process.said = []
      var finding = Finding.success()
      finding.certificateDaysLeft = days
      process.endProbe(finding)
      let hour = process.now.nanoseconds(since: begin) / (3600 * second)
      told += process.log.map { (hour, $0) }
    }
    while process.now < begin.advanced(byNanoseconds: 50 * 3600 * second) { probe(days: 13) }
    #expect(told.map(\.hour) == [0, 24, 48])
    #expect(
      told.first?.line == "the certificate of service [10.0.0.1]:tcp:80 of VS [192.0.2.1]:tcp:80 ends in 13 days")
    told = []
    probe(days: nil)
    #expect(told.isEmpty)
    probe(days: -2)
    probe(days: -2)
    #expect(told.map { $0.line.suffix(16) } == ["ended 2 days ago"])
  }

  @Test func `every failure is told when asked for, and only then`() {
    for isAsked in [false, true] {
      var checked = check(1)
      checked.logsEveryFailure = isAsked
      var process = Process()
      process.configure([definition([server(1, checks: [checked])])])
      process.waitForProbe()
      process.endProbe(.success())
      process.waitForProbe()
      process.said = []
      // Forgiven: there is a retry.
      process.endProbe(.failure(.connect, .timedOut))
      #expect(process.log.isEmpty == !isAsked)
    }
  }

  @Test func `stopping empties the table and says so`() {
    var process = Process()
    process.configure([definition([server(1)], omega: true)])
    process.said = []
    process.engine.stop(now: process.now)
    process.settle()
    #expect(process.kernel.services.isEmpty && process.engine.nextDeadline == nil)
    #expect(process.log.first == "Shutting down service [10.0.0.1]:tcp:80 from VS [192.0.2.1]:tcp:80")
    #expect(process.said.contains(.writeLine("VS [192.0.2.1]:tcp:80 DOWN\n")))
  }

  @Test func `the dump says what is so`() {
    var process = Process()
    process.configure([definition([server(1), server(2, weight: 3)], sorry: sorry())])
    process.waitForProbe()
    let failed = process.probes.first?.definition.probe.connection?.address
    process.endProbe(.failure(.connect, .refused))
    let text = process.engine.dataText(now: process.now)
    for line in [
      "------< LVS Topology >------", " VS VIP = 192.0.2.1, VPORT = 80", "   lvs_sched = wlc",
      "   quorum = 1, hysteresis = 0", "   sorry server = [10.0.0.99]:tcp:80", "   quorum_state_up = 1",
      "   num failed checkers = 1", "------< Health checkers >------", "   Keepalive method = TCP_CHECK",
      "   Last failure = connect: connection refused", "     Dest = [10.0.0.2]:80",
    ] {
      #expect(text.split(separator: "\n").contains { $0 == line }, "\(line) is not in\n\(text)")
    }
    #expect(failed != nil)
  }
}
