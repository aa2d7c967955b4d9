import Benchmark
import CAllocationCounter
import VRRPCore

/// What one event costs a virtual router.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, allocations], scalingFactor: .kilo, maxDuration: .seconds(2), maxIterations: 2000)

  measure("Backup hears the active router") { count in
    var bench = MachineBench()
    for _ in 0..<count { bench.hear(priority: 200) }
    blackHole(bench.router.role)
  }

  measure("Active router sends") { count in
    var bench = MachineBench()
    bench.becomeActive()
    for _ in 0..<count { bench.tick() }
    blackHole(bench.router.role)
  }

  measure("Active router hears a lower one") { count in
    var bench = MachineBench()
    bench.becomeActive()
    for _ in 0..<count { bench.hear(priority: 50) }
    blackHole(bench.router.role)
  }
}

private struct MachineBench {
  var router = VirtualRouter(VirtualRouter.Configuration(id: 51, primaryAddress: .v4(IPv4Address(10, 0, 0, 1))))
  var effects = EffectBuffer()
  var now = MonotonicInstant(nanoseconds: 0)

  init() { router.handle(.startup(isEligible: true), now: now, effects: &effects) }

  mutating func becomeActive() {
    now = router.nextDeadline ?? now
    router.handle(.deadlineReached, now: now, effects: &effects)
  }

  mutating func tick() {
    now = router.nextDeadline ?? now
    router.handle(.deadlineReached, now: now, effects: &effects)
  }

  mutating func hear(priority: UInt8) {
    now = now.advanced(byNanoseconds: 1_000_000)
    let advertisement = VirtualRouter.Advertisement(
      source: .v4(IPv4Address(10, 0, 0, 9)), priority: priority, interval: .second, receivedAt: now)
    router.handle(.received(advertisement), now: now, effects: &effects)
  }
}

private let allocations = BenchmarkMetric.custom("mallocs", polarity: .prefersSmaller, useScalingFactor: true)

/// Registers a benchmark of a body that does something a given number of times.
private func measure(_ name: String, _ body: @escaping (Int) -> Void) {
  Benchmark(name) { benchmark in
    let count = benchmark.scaledIterations.count
    let before = allocation_count()
    benchmark.startMeasurement()
    body(count)
    benchmark.stopMeasurement()
    benchmark.measurement(allocations, Int(allocation_count() - before))
  }
}
