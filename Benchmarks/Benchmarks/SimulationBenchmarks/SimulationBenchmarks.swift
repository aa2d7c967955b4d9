import Benchmark
import Glibc
import VRRPSimulation

/// How much faster than the clock simulated routers run: three, ten and thirty on one wire, all well, an advert each second.
///
/// The budget is 100 000 simulated seconds of one router in a second of CPU, with three of them.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(metrics: [.cpuTotal, routerSeconds], maxDuration: .seconds(10))
  for count in [3, 10, 30] {
    Benchmark("An hour of \(count) routers") { benchmark in
      var scenario = Scenario()
      scenario.detail = .none
      do throws(ScenarioError) {
        for index in 0..<count { try scenario.perform("router r\(index) 10.0.0.\(index + 2) priority \(200 - index)") }
        try scenario.perform("run 10s")
        let before = processorNanoseconds()
        benchmark.startMeasurement()
        try scenario.perform("run 1h")
        benchmark.stopMeasurement()
        let spent = processorNanoseconds() - before
        benchmark.measurement(routerSeconds, count * 3600 * 1_000_000_000 / max(spent, 1))
      } catch { preconditionFailure("\(error)") }
      precondition(scenario.simulation.violations.isEmpty && scenario.simulation.owners(of: 0) == [0])
    }
  }
}

private let routerSeconds = BenchmarkMetric.custom(
  "router-seconds per CPU second", polarity: .prefersLarger, useScalingFactor: false)

/// What this process has spent of a CPU, in nanoseconds.
private func processorNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
