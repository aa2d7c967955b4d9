public import HealthCheck
public import NetPrimitives

/// Everything the check process decides: which probes run when, what their findings make of the servers, what the
/// kernel is told and who hears of it.
///
/// A `CheckScheduler` and a ``LoadBalancer``, and the way between them. A machine: it is told the time and what
/// happened, and answers with effects to be carried out in order.
public struct BalancingEngine: Sendable {
  /// What the shell must now do, in order.
  public enum Effect: Hashable, Sendable {
    /// Make this probe and hand its finding to ``BalancingEngine/probeEnded(_:finding:now:)``.
    case startProbe(ProbeStart)
    /// Drop this probe.
    case cancelProbe(ProbeID)
    /// Change the kernel's table.
    case kernel(IPVSCommand)
    /// Run a command for a service; those of one service one after the other.
    case run(HookCommand, for: VirtualServerID)
    /// Write this line, its newline included, to the FIFOs of virtual servers.
    case writeLine(String)
    /// Send a mail; the mailer puts `[router_id] ` before the subject.
    case mail(subject: String, body: String)
    /// Tell the log.
    case log(BalancingLine)
  }

  /// The checks.
  public private(set) var scheduler: CheckScheduler<LoadBalancer.CheckID>
  /// The services.
  public private(set) var balancer = LoadBalancer()
  private var effects: [Effect] = []
  private var pending: [CheckScheduler<LoadBalancer.CheckID>.Effect] = []
  private var consequences: [LoadBalancer.Effect] = []
  // What is being followed at the moment; lists change places, so that their memory is used again.
  private var followedProbes: [CheckScheduler<LoadBalancer.CheckID>.Effect] = []
  private var followedConsequences: [LoadBalancer.Effect] = []
  /// What is late is told once.
  private var toldLate: Set<LoadBalancer.CheckID> = []
  private var nextWatch: MonotonicInstant?
  private let tellsDetails: Bool
  /// When the operator was last told of a certificate that is about to end.
  private var toldCertificates: [LoadBalancer.CheckID: MonotonicInstant] = [:]

  /// How often it is looked whether a check has been forgotten, in nanoseconds.
  private static let watchNanoseconds: UInt64 = 10_000_000_000
  /// How often is told of the same certificate, in nanoseconds: a day.
  private static let certificateNanoseconds: UInt64 = 86_400_000_000_000

  /// An engine without services. The seed, 64 bits of the system's generator, decides the spread of starts. Lines of
  /// ``BalancingLine/Weight/detail`` are made only for those who want them: a start has one for each check.
  public init(seed: UInt64, tellsDetails: Bool = true, habits: SchedulerHabits = .thrifty) {
    scheduler = CheckScheduler(seed: seed, habits: habits)
    self.tellsDetails = tellsDetails
  }

  /// When to call ``advance(to:)``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? {
    .earlier(.earlier(scheduler.nextDeadline, balancer.nextDeadline), nextWatch)
  }

  /// Takes the effects, to carry them out.
  public mutating func takeEffects() -> [Effect] {
    var taken: [Effect] = []
    exchangeEffects(for: &taken)
    return taken
  }

  /// Exchanges the effects for a list that has been carried out: it is cleared, and its memory used again.
  public mutating func exchangeEffects(for list: inout [Effect]) {
    Self.clear(&list)
    swap(&effects, &list)
  }

  /// The memory of a day's work is kept, that of a start or a reload with thousands of effects is not.
  private static func clear<Element>(_ list: inout [Element]) {
    list.removeAll(keepingCapacity: list.capacity <= 256)
  }
}

// MARK: - Events

extension BalancingEngine {
  /// Before the first configuration: what a predecessor marked (`nftables_ipvs`). Its groups keep their marks.
  public mutating func recallMarks(_ present: [AddressMark]) { balancer.recallMarks(present) }

  /// Makes `definitions` the configuration, the first or a new one. What stays the same goes on undisturbed. With
  /// `marking` groups are services by mark, and ``LoadBalancer/addressMarks`` says what is to be marked.
  public mutating func configure(
    _ definitions: [VirtualServerDefinition], policy: BalancingPolicy, marking: GroupMarking? = nil,
    now: MonotonicInstant
  ) {
    configureServices(definitions, policy: policy, marking: marking, now: now)
    configureChecks(now: now)
  }

  /// The first half of a configuration, ``configureChecks(now:)`` being the second: a shell that carries out the
  /// effects in between has its services in the kernel before thousands of checks are set up.
  public mutating func configureServices(
    _ definitions: [VirtualServerDefinition], policy: BalancingPolicy, marking: GroupMarking? = nil,
    now: MonotonicInstant
  ) {
    balancer.configure(definitions, policy: policy, marking: marking, now: now, effects: &consequences)
    // Suspensions are of checks that are not known yet; they are the balancer's to tell, later.
    effects.reserveCapacity(effects.count + consequences.count)
    _ = carryOver(consequences)
    Self.clear(&consequences)
  }

  /// The second half of a configuration: the checks of the services.
  public mutating func configureChecks(now: MonotonicInstant) {
    let checks = balancer.checks
    for (check, _) in checks where tellsDetails && scheduler.state(of: check) == nil {
      guard let service = balancer[check.service] else { continue }
      let text = "for service \(service.displayName(of: check.server)) for VS \(service.displayName)"
      effects.append(.log(BalancingLine(.detail, "Activating healthchecker \(text)")))
    }
    scheduler.setSubscriptions(checks, now: now, effects: &pending)
    for id in balancer.serviceIDs where scheduler.hasSuspensions || balancer.isSuspended(id) {
      suspend(balancer.isSuspended(id), id, now: now)
    }
    nextWatch = scheduler.checkCount == 0 ? nil : now.advanced(byNanoseconds: Self.watchNanoseconds)
    toldLate.removeAll()
    if !toldCertificates.isEmpty {
      let known = Set(checks.map { $0.subscriber })
      toldCertificates = toldCertificates.filter { known.contains($0.key) }
    }
    settle(now: now)
  }

  /// Lets everything happen that is due.
  public mutating func advance(to now: MonotonicInstant) {
    if let next = scheduler.nextDeadline, next <= now { scheduler.deadlineReached(now: now, effects: &pending) }
    if let next = balancer.nextDeadline, next <= now { balancer.deadlineReached(now: now, effects: &consequences) }
    if let next = nextWatch, next <= now { watch(now: now) }
    settle(now: now)
  }

  /// Takes what came of a probe.
  public mutating func probeEnded(_ id: ProbeID, finding: Finding, now: MonotonicInstant) {
    scheduler.probeEnded(id, finding: finding, now: now, effects: &pending)
    settle(now: now)
  }

  /// Takes the number in a tracked file.
  public mutating func fileChanged(_ name: String, value: Int64, now: MonotonicInstant) {
    scheduler.fileChanged(name, value: value, now: now, effects: &pending)
    settle(now: now)
  }

  /// Takes the state of a BFD session.
  public mutating func sessionChanged(_ name: String, isUp: Bool, now: MonotonicInstant) {
    scheduler.sessionChanged(name, isUp: isUp, now: now, effects: &pending)
    settle(now: now)
  }

  /// A virtual router became active here, or no longer is.
  public mutating func routerChanged(_ name: String, isActive: Bool, now: MonotonicInstant) {
    balancer.routerChanged(name, isActive: isActive, now: now, effects: &consequences)
    settle(now: now)
  }

  /// The addresses of this host are now these.
  public mutating func localAddressesChanged(_ addresses: Set<IPAddress>, now: MonotonicInstant) {
    balancer.localAddressesChanged(addresses, effects: &consequences)
    settle(now: now)
  }

  /// The daemon stops: probes end, the services leave the kernel, and with `omega` it is told.
  public mutating func stop(now: MonotonicInstant) {
    for id in balancer.serviceIDs {
      guard let service = balancer[id], service.isRunning else { continue }
      for server in service.servers where server.isAlive {
        let text = "Shutting down service \(service.displayName(of: server.key)) from VS \(service.displayName)"
        effects.append(.log(BalancingLine(.news, text)))
      }
    }
    scheduler.setSubscriptions([], now: now, effects: &pending)
    balancer.stop(now: now, effects: &consequences)
    nextWatch = nil
    settle(now: now)
  }

  /// Looks for checks that have been forgotten; none can be unless something is broken.
  mutating func watch(now: MonotonicInstant) {
    nextWatch = now.advanced(byNanoseconds: Self.watchNanoseconds)
    let late = scheduler.overdue(now: now)
    for check in late where !toldLate.contains(check) {
      effects.append(.log(overdueLine(of: check, age: scheduler.probeAge(of: check, now: now) ?? 0)))
    }
    toldLate = Set(late)
  }
}

// MARK: - Consequences

extension BalancingEngine {
  /// Follows every effect of the one machine into the other, until none is left. Each comes from an event and causes
  /// less than it, so this ends.
  private mutating func settle(now: MonotonicInstant) {
    while !(pending.isEmpty && consequences.isEmpty) {
      swap(&pending, &followedProbes)
      for index in followedProbes.indices {
        switch followedProbes[index] {
        case .start(let start): effects.append(.startProbe(start))
        case .cancel(let id): effects.append(.cancelProbe(id))
        case .report(let report, let check):
          logFinding(report, of: check)
          logCertificate(report.finding, of: check, now: now)
          balancer.checkReported(check, report, now: now, effects: &consequences)
        }
      }
      Self.clear(&followedProbes)
      guard !consequences.isEmpty else { continue }
      swap(&consequences, &followedConsequences)
      for case .suspendChecks(let id, let isSuspended) in carryOver(followedConsequences) {
        suspend(isSuspended, id, now: now)
      }
      Self.clear(&followedConsequences)
    }
  }

  /// Carries over the effects that are the shell's, and returns the others, which suspend checks.
  private mutating func carryOver(_ list: [LoadBalancer.Effect]) -> [LoadBalancer.Effect] {
    var suspensions: [LoadBalancer.Effect] = []
    for effect in list {
      switch effect {
      case .kernel(let command): effects.append(.kernel(command))
      case .suspendChecks: suspensions.append(effect)
      case .service(let id, .report(let report)):
        if let service = balancer[id] { effects += report.lines(of: service).map { .log($0) } }
      case .service(let id, .run(let command)): effects.append(.run(command, for: id))
      case .service(_, .writeLine(let line)): effects.append(.writeLine(line))
      case .service(_, .mail(let subject, let body)): effects.append(.mail(subject: subject, body: body))
      }
    }
    return suspensions
  }

  private mutating func suspend(_ isSuspended: Bool, _ id: VirtualServerID, now: MonotonicInstant) {
    for check in checks(of: id) { scheduler.setSuspended(isSuspended, check, now: now, effects: &pending) }
  }

  private func checks(of id: VirtualServerID) -> [LoadBalancer.CheckID] {
    guard let service = balancer[id] else { return [] }
    return service.servers.flatMap { server in
      server.definition.checks.indices.map { LoadBalancer.CheckID(service: id, server: server.key, index: $0) }
    }
  }

  /// What a finding is worth in the log: a change of mind, and with `log_all_failures` each failure.
  private mutating func logFinding(_ report: CheckReport, of check: LoadBalancer.CheckID) {
    if report.news == .none, case .success = report.finding.outcome { return }
    guard let service = balancer[check.service], let server = service[check.server],
      server.definition.checks.indices.contains(check.index)
    else { return }
    let definition = server.definition.checks[check.index]
    let isWorthIt =
      switch report.finding.outcome {
      case .success: report.news == .changed
      case .failure: report.news != .none || definition.logsEveryFailure
      case .inconclusive: true
      }
    guard isWorthIt else { return }
    effects += report.lines(of: definition, on: service.displayName(of: check.server)).map { .log($0) }
  }

  /// `expiry_warning`: a certificate that is about to end is told of when that is first seen, and then once a day.
  private mutating func logCertificate(_ finding: Finding, of check: LoadBalancer.CheckID, now: MonotonicInstant) {
    guard let days = finding.certificateDaysLeft else {
      // Renewed; a failure may not have come so far as to see the certificate.
      if !toldCertificates.isEmpty, case .success = finding.outcome { toldCertificates[check] = nil }
      return
    }
    if let told = toldCertificates[check], now.nanoseconds(since: told) < Self.certificateNanoseconds { return }
    guard let service = balancer[check.service] else { return }
    toldCertificates[check] = now
    let name = "\(service.displayName(of: check.server)) of VS \(service.displayName)"
    effects.append(.log(BalancingLine(.failure, "the certificate of service \(name) \(Self.ending(inDays: days))")))
  }

  private static func ending(inDays days: Int32) -> String {
    switch days {
    case 0: "ends within a day"
    case 1: "ends in 1 day"
    case 1...: "ends in \(days) days"
    case -1: "ended a day ago"
    default: "ended \(days.magnitude) days ago"
    }
  }

  private func overdueLine(of check: LoadBalancer.CheckID, age: UInt64) -> BalancingLine {
    let name = balancer[check.service]?.displayName(of: check.server) ?? "\(check.server)"
    return BalancingLine(
      .failure, "a check of service \(name) has not been made for \(age / 1_000_000_000) s: please report a defect")
  }
}
