import HealthCheck
import Testing

/// Drives a check machine by the clock and says what it did: tests state the time, nothing sleeps.
struct Timeline {
  var machine: CheckMachine
  var now: MonotonicInstant
  static let second: UInt64 = 1_000_000_000

  init(_ definition: CheckDefinition, at second: UInt64 = 0, spread: UInt64 = 0) {
    now = MonotonicInstant(nanoseconds: second * Self.second)
    machine = CheckMachine(CheckPolicy(definition), now: now, spread: spread)
  }

  init(_ policy: CheckPolicy, spread: UInt64 = 0) {
    now = MonotonicInstant(nanoseconds: 0)
    machine = CheckMachine(policy, now: now, spread: spread)
  }

  mutating func handle(_ event: CheckMachine.Event) -> [CheckMachine.Effect] {
    var effects = CheckEffects()
    machine.handle(event, now: now, effects: &effects)
    return (0..<effects.count).map { effects[$0] }
  }

  /// Waits for the next deadline, expects a probe to be asked for, and answers it `after` so long. Gives the second of
  /// the start, the step probed, and the report.
  mutating func round(
    _ finding: Finding, after nanoseconds: UInt64 = 0, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (at: Double, step: UInt16, report: CheckReport) {
    now = try #require(machine.nextDeadline, sourceLocation: sourceLocation)
    let startedAt = Double(now.nanoseconds) / 1e9
    let started = handle(.deadlineReached)
    guard case .startProbe(let step, _)? = started.first, started.count == 1 else {
      Issue.record("asked for \(started) instead of a probe", sourceLocation: sourceLocation)
      throw Surprise()
    }
    now = now.advanced(byNanoseconds: nanoseconds)
    let ended = handle(.probeEnded(finding))
    guard case .report(let report)? = ended.first, ended.count == 1 else {
      Issue.record("answered \(ended) instead of a report", sourceLocation: sourceLocation)
      throw Surprise()
    }
    return (startedAt, step, report)
  }

  struct Surprise: Error {}
}

let good = Finding.success()
let bad = Finding.failure(.connect, .refused)

func timing(
  loop: UInt64 = 10, retries: UInt32 = 0, retryDelay: UInt64 = 1, warmup: UInt64 = 0, connect: UInt64 = 5
) -> CheckTiming {
  let second: UInt64 = 1_000_000_000
  return CheckTiming(
    delayLoopNanoseconds: loop * second, retries: retries, delayBeforeRetryNanoseconds: retryDelay * second,
    warmupNanoseconds: warmup * second, connectTimeoutNanoseconds: connect * second)
}

let somewhere = ProbeConnection(to: .v4(IPv4Address(10, 0, 0, 1)), port: 80)
