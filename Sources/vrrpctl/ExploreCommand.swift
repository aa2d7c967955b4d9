import ArgumentParser
import Glibc
import VRRPSimulation

/// `vrrpctl explore`: random faults on random routers, in search of an election that goes wrong.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Searches for faults that break an election of this very build.",
    discussion: "Exits with 1 when a property was violated; the shortest way to do it is printed as a scenario.")

  @Option(name: .customLong("seeds"), help: "How many seeds to try.")
  var seedCount: UInt64 = 200

  @Option(name: .customLong("first-seed"), help: "The first of them.")
  var firstSeed: UInt64 = 1

  @Option(name: .customLong("minutes"), help: "How many simulated minutes each of them lasts.")
  var minutes: UInt64 = 10

  @Option(name: .customLong("plant"), help: "A bug to plant in the first router, to see whether it is noticed.")
  var defect: String?

  @Option(name: .customLong("findings"), help: "How many findings to shrink and print.")
  var findingCount = 1

  @Flag(name: .customLong("no-shrink"), help: "Say what is violated, and do not look for the shortest way to do it.")
  var isBrief = false

  func run() throws {
    let planted = defect.flatMap { PlantedDefect(rawValue: $0) }
    if let defect, planted == nil {
      throw ValidationError(
        "there is no bug called '\(defect)'; there are \(PlantedDefect.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    var findings = 0
    for seed in firstSeed..<firstSeed + seedCount {
      guard let found = Search.finding(seed: seed, duration: minutes * 60_000_000_000, defect: planted) else {
        continue
      }
      findings += 1
      guard findings <= findingCount else { continue }
      // Long searches are watched through files.
      defer { fflush(nil) }
      if isBrief {
        print("# seed \(seed) violates \(found.violation.property.rawValue)")
        continue
      }
      let short = Search.shrink(found)
      print("# seed \(seed) violates \(short.violation.property.rawValue); the shortest way found:")
      print(short.lines.joined(separator: "\n"))
    }
    print("# \(seedCount) seeds of \(minutes) minutes: \(findings) with a violation")
    if findings > 0 { throw ExitCode(1) }
  }
}
