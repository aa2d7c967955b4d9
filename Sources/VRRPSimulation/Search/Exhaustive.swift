import NetPrimitives
import VRRPCore
import VRRPRuntime

/// Tries every order of a few faults in a small world, and remembers where it has been.
public struct ExhaustiveSearch: Sendable {
  /// What came of it.
  public struct Outcome: Sendable {
    /// Different states of the world that were visited, each with the faults still to come.
    public var stateCount = 0
    /// Steps simulated.
    public var stepCount = 0
    /// The commands that led to the first violation, and the violation.
    public var finding: Search.Finding?
  }

  /// Commands that make the world.
  public var setup: [String]
  /// Commands one of which may be given at each step.
  public var faults: [String]
  /// Time between steps, in nanoseconds. No divisor of the interval, or some phases are never hit.
  public var step: UInt64
  /// How many faults one path has at most.
  public var faultLimit: Int
  /// How many steps one path has; the last ones see no faults, so that the world can settle.
  public var stepLimit: Int
  /// How many of the steps are for settling.
  public var settlingSteps: Int

  /// A search of every path.
  public init(
    setup: [String], faults: [String], step: UInt64, faultLimit: Int, stepLimit: Int, settlingSteps: Int
  ) {
    self.setup = setup
    self.faults = faults
    self.step = step
    self.faultLimit = faultLimit
    self.stepLimit = stepLimit
    self.settlingSteps = settlingSteps
  }

  private struct Place {
    var scenario: Scenario
    var faultsLeft: Int
    var stepsLeft: Int
    var lines: [String]
  }

  /// Goes everywhere, until something is found.
  ///
  /// - Throws: The first line that is wrong.
  public func run() throws(ScenarioError) -> Outcome {
    var start = Scenario()
    start.simulation.detail = .none
    for line in setup { try start.perform(line) }
    try start.perform("run 0s")
    var outcome = Outcome()
    // For each state and number of faults left, the most steps that were left on a visit.
    var visited: [UInt64: Int] = [:]
    var stack = [Place(scenario: start, faultsLeft: faultLimit, stepsLeft: stepLimit, lines: setup)]
    let pass = "run \(DurationText.text(step))"
    while let place = stack.popLast() {
      guard place.stepsLeft > 0 else { continue }
      let mayBreak = place.faultsLeft > 0 && place.stepsLeft > settlingSteps
      for fault in mayBreak ? [""] + faults : [""] {
        var next = place
        if !fault.isEmpty {
          try next.scenario.perform(fault)
          next.faultsLeft -= 1
          next.lines.append(fault)
        }
        try next.scenario.perform(pass)
        next.lines.append(pass)
        next.stepsLeft -= 1
        outcome.stepCount += 1
        if let violation = next.scenario.simulation.violations.first {
          outcome.stateCount = visited.count
          outcome.finding = Search.Finding(seed: 0, violation: violation, lines: next.lines)
          return outcome
        }
        var digest = StateDigest()
        digest.add(UInt64(next.faultsLeft))
        next.scenario.simulation.describe(to: &digest)
        guard next.stepsLeft > visited[digest.value, default: -1] else { continue }
        visited[digest.value] = next.stepsLeft
        stack.append(next)
      }
    }
    outcome.stateCount = visited.count
    return outcome
  }
}

/// Sixty-four bits that two states share by accident once in 10¹³ for a million states.
struct StateDigest {
  private(set) var value: UInt64 = 0x243f_6a88_85a3_08d3

  mutating func add(_ bits: UInt64) {
    value = (value ^ bits) &* 0x9e37_79b9_7f4a_7c15
    value ^= value >> 29
    value = value &* 0xbf58_476d_1ce4_e5b9
    value ^= value >> 32
  }

  mutating func add(_ isSet: Bool) { add(isSet ? 1 : 2) }

  mutating func add(_ address: IPAddress) {
    switch address {
    case .v4(let address): add(UInt64(address.rawValue))
    case .v6(let address):
      add(address.high)
      add(address.low)
    }
  }
}

extension Simulation {
  /// Times that lie further back are all the same to every rule: nothing waits longer.
  private static let horizon: UInt64 = 60_000_000_000

  /// Everything the future depends on, with times relative to now: two moments with the same description have the same
  /// future. Clients that ask, random wires and drifting clocks have no place in an exhaustive search.
  func describe(to digest: inout StateDigest) {
    for node in nodes.indices { describe(node, to: &digest) }
    for segment in segments.indices {
      for mask in segments[segment].cuts { digest.add(mask) }
      for station in segments[segment].stations where station.hardwareAddress.isVirtualRouter {
        digest.add(station.hardwareAddress.rawValue)
        digest.add(UInt64(station.port << 8 | station.viewer))
      }
      digest.add(min(now - disturbedAt[segment], Self.horizon))
    }
    for group in groups {
      digest.add(group.owners)
      digest.add(group.owesCacheCheck)
      digest.add(group.unheardRivals)
      for time in [group.ownersChangedAt, group.rolesChangedAt, group.contestHeardAt, group.checkedAt] {
        digest.add(min(now - time, Self.horizon))
      }
    }
    for host in hosts {
      for entry in host.cache {
        digest.add(entry.address)
        digest.add(entry.hardwareAddress.rawValue)
      }
      for address in host.unheard { digest.add(address) }
    }
    let coming = queue.entries.filter { entry in
      if case .wake = entry.occurrence { false } else { true }
    }
    for entry in coming {
      digest.add(entry.time - now)
      describe(entry.occurrence, to: &digest)
    }
  }

  private func describe(_ occurrence: Occurrence, to digest: inout StateDigest) {
    switch occurrence {
    case .arrival(let node, let interface, let datagram):
      digest.add(UInt64(node << 8 | interface))
      for byte in datagram.bytes { digest.add(UInt64(byte)) }
      digest.add(datagram.arrival.source)
    case .claim(let host, let claim, _):
      digest.add(UInt64(host))
      digest.add(claim.hardwareAddress.rawValue)
    case .lostClaim(let host, let address, _):
      digest.add(UInt64(host))
      digest.add(address)
    case .rivalClaim(let node, _, let claim):
      digest.add(UInt64(node))
      digest.add(claim.hardwareAddress.rawValue)
    case .wake(let node), .kernelDone(let node): digest.add(UInt64(node))
    case .resume(let node, let generation): digest.add(nodes[node].pauseGeneration == generation)
    case .linkNotice(let node, let interface, let isUp, let changedAt):
      digest.add(UInt64(node << 8 | interface))
      digest.add(isUp)
      digest.add(changedAt >= nodes[node].launchedAt)
    case .question(let host): digest.add(UInt64(host))
    }
  }

  private func describe(_ index: Int, to digest: inout StateDigest) {
    let node = nodes[index]
    digest.add(node.isPowered)
    digest.add(node.isRunning)
    digest.add(node.isStopping)
    digest.add(node.owesStop)
    digest.add(node.owesNotices)
    digest.add(node.pause != nil)
    digest.add(node.pause == .stalled)
    for interface in node.interfaces { digest.add(interface.isUp) }
    for received in node.backlog {
      digest.add(UInt64(received.datagram.bytes.count > 2 ? received.datagram.bytes[2] : 0))
    }
    digest.add(UInt64(node.backlog.count))
    let local = node.clock.local(at: now)
    for group in groups.indices {
      digest.add(node.installed[group])
      let trace = node.traces[group]
      digest.add(trace.respectedAt.map { min(local.nanoseconds(since: $0), Self.horizon) } ?? .max)
      digest.add(trace.respectedInterval)
      digest.add(trace.farewellAt.map { min(local.nanoseconds(since: $0), Self.horizon) } ?? .max)
      digest.add(UInt64(trace.told))
      digest.add(trace.advertisedAt.map { min(now - $0, Self.horizon) } ?? .max)
      guard let machine = node.machine(of: group) else { continue }
      digest.add(UInt64(machine.priority))
      digest.add(machine.hasHeardPeer)
      describe(machine.state, at: local, to: &digest)
    }
  }

  private func describe(_ state: VirtualRouter.State, at local: MonotonicInstant, to digest: inout StateDigest) {
    /// Before or after now, by how much; what is long past is past.
    func add(_ instant: MonotonicInstant?) {
      guard let instant else { return digest.add(.max) }
      digest.add(instant > local)
      digest.add(
        min(instant > local ? instant.nanoseconds(since: local) : local.nanoseconds(since: instant), Self.horizon))
    }
    switch state {
    case .initialize: digest.add(1)
    case .fault: digest.add(2)
    case .backup(let backup):
      digest.add(3)
      add(backup.armedAt)
      switch backup.wait {
      case .activeDown: digest.add(1)
      case .skew: digest.add(2)
      case .eagerStart: digest.add(3)
      case .group(let cause): digest.add(4 + UInt64(VirtualRouter.causes.firstIndex(of: cause) ?? 31))
      }
      digest.add(UInt64(backup.activeInterval.centiseconds))
      add(backup.preemptAt)
      digest.add(backup.isRelisten)
      if let speaker = backup.speaker {
        digest.add(UInt64(speaker.priority))
        digest.add(speaker.source)
        add(max(speaker.nextAt, local))
      }
    case .active(let active):
      digest.add(4)
      add(active.advertiseAt)
      add(active.secondBurstAt)
      add(active.refreshAt)
      add(active.extraAt)
      add(active.contestEchoAt)
      add(active.contestBurstAt)
      // This only says "not before": once over, when does not matter.
      add(max(active.contestQuietUntil, local))
      add(active.answeredAt)
    case .leaving(let leaving):
      digest.add(5)
      add(leaving.releaseAt)
      digest.add(UInt64(VirtualRouter.causes.firstIndex(of: leaving.cause) ?? 31))
      switch leaving.to {
      case .initialize: digest.add(1)
      case .fault: digest.add(2)
      case .backup: digest.add(3)
      }
    }
  }
}

extension VirtualRouter {
  /// The causes in a fixed order.
  fileprivate static let causes: [Transition.Cause] = [
    .startup, .shutdown, .activeDown, .activeLeft, .outranked, .ineligible, .clockGap, .groupYielded,
  ]
}
