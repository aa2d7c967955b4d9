import Benchmark
import ConfigParser

/// Eleven lines for each instance, as in `peers/config.py`.
private func instances(lines: Int) -> [UInt8] {
  var text = ""
  for index in 0..<(lines / 11) {
    text += """
      vrrp_instance VI_\(index) {
          state BACKUP
          interface eth\(index / 255)
          virtual_router_id \(index % 255 + 1)
          priority 100
          advert_int 1
          virtual_ipaddress {
              10.\(index >> 16 & 255).\(index >> 8 & 255).\(index & 255)/24
          }
      }


      """
  }
  return Array(text.utf8)
}

let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(metrics: [.wallClock, .peakMemoryResident], maxDuration: .seconds(5))
  for lines in [10_000, 100_000, 1_000_000] {
    let sources = MemorySources([:], bytes: ["keepalived.conf": instances(lines: lines)])
    Benchmark("Load \(lines) lines") { benchmark in
      for _ in benchmark.scaledIterations {
        let loaded = loadConfiguration(from: "keepalived.conf", sources: sources, configID: "node")
        precondition(loaded.configuration.virtualRouters.count == lines / 11)
        blackHole(loaded)
      }
    }
  }
}
