import HealthCheck
import HealthCheckLinux

/// Checks what it is told to until interrupted: `HealthCheckClient https:127.0.0.1:443/ ping:127.0.0.1:0`.
@main
struct HealthCheckClient {
  static func main() async throws {
    let targets = CommandLine.arguments.dropFirst().filter { !$0.hasPrefix("--") }
    let runsOnce = CommandLine.arguments.contains("--once")
    let checks = targets.compactMap { text in definition(of: text).map { (name: text, definition: $0) } }
    guard !checks.isEmpty, checks.count == targets.count else {
      print("usage: HealthCheckClient [--once] KIND:ADDRESS:PORT[/PATH|/NAME]...")
      print("KIND: tcp, http, https, http2, grpc, smtp, dns, udp, ping")
      return
    }

    let runner = CheckRunner(in: try LinuxProbeWorld(), seed: .random(in: .min ... .max))
    await withTaskGroup { group in
      for check in checks {
        group.addTask {
          for await report in runner.findings(of: check.definition) {
            print("\(check.name): \(describe(report))")
            if runsOnce { break }
          }
        }
      }
    }
  }

  static func describe(_ report: CheckReport) -> String {
    let verdict = report.isUp ? "up" : "down"
    let microseconds = report.finding.latencyNanoseconds / 1000
    return switch report.finding.outcome {
    case .success: "\(verdict), \(microseconds) µs"
    case .failure(let failure): "\(verdict), \(failure), \(microseconds) µs"
    case .inconclusive(let fault): "\(verdict), not probed: \(fault)"
    }
  }

  static func definition(of text: String) -> CheckDefinition? {
    let parts = text.split(separator: ":", maxSplits: 2).map(String.init)
    guard parts.count == 3, let address = IPAddress(parts[1]) else { return nil }
    let slash = parts[2].firstIndex(of: "/") ?? parts[2].endIndex
    guard let port = UInt16(parts[2][..<slash]) else { return nil }
    let path = String(parts[2][slash...])
    let connection = ProbeConnection(to: address, port: port)
    let timing = CheckTiming(delayLoopNanoseconds: 2_000_000_000, warmupNanoseconds: 0)
    let probe: CheckDefinition.Probe
    switch parts[0] {
    case "tcp": probe = .tcp(TCPCheck(connection: connection))
    case "http": probe = .http(HTTPCheck(connection: connection, urls: [.init(path: path)], version: .http1_1))
    case "https":
      let urls = [HTTPCheck.URL(path: path)]
      probe = .http(HTTPCheck(connection: connection, urls: urls, version: .http1_1, tls: TLSDefinition()))
    case "http2": probe = .http(HTTPCheck(connection: connection, urls: [.init(path: path)], version: .http2))
    case "grpc": probe = .grpc(GRPCCheck(connection: connection, service: String(path.dropFirst())))
    case "smtp": probe = .smtp(SMTPCheck(connection: connection))
    case "dns":
      probe = .dns(
        DNSCheck(connection: connection, type: .a, name: String(path.dropFirst()), expectation: .answers(atLeast: 1)))
    case "ping": probe = .ping(PingCheck(connection: connection))
    case "udp": probe = .udp(UDPCheck(connection: connection))
    default: return nil
    }
    return CheckDefinition(probe, timing: timing)
  }
}
