import ArgumentParser
import ConfigurationFiles
import Glibc
import VRRPSimulation

/// `vrrpctl simulate a.conf b.conf …`.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Shows what routers with these configurations will do.",
    discussion: """
      Every file is one node, named after it. Without a scenario the active node loses its power after 20 seconds and \
      returns after 40. Exits with 1 when a property was violated, 2 when a file cannot be read.
      """)

  @Argument(help: "Configuration files, one for each node; none when the scenario describes its own routers.")
  var files: [String] = []

  @Option(help: "A scenario: commands, one a line (docs/simulation.md).")
  var scenario: String?

  @Option(help: "What decides chances, such as which frames are lost.")
  var seed: UInt64 = 1

  @Flag(help: "Adverts, too.")
  var adverts = false

  @Flag(
    help: """
      The outcome as one JSON object: notes, nodes, groups, clients, violations, timeline; times in seconds \
      (docs/simulation.md).
      """)
  var json = false

  @Option(help: "Where to draw the timeline.")
  var svg: String?

  func run() throws {
    var world: Scenario
    var remarks: [String] = []
    if files.isEmpty {
      guard scenario != nil else { throw ValidationError("give configuration files, a scenario, or both") }
      world = Scenario(seed: seed)
      world.detail = adverts || svg != nil ? .adverts : .events
    } else {
      do throws(ConfiguredWorld.Failure) {
        let configured = try ConfiguredWorld(
          files, seed: seed, detail: adverts || svg != nil ? .adverts : .events)
        remarks = configured.remarks
        world = Scenario(configured.simulation)
      } catch { throw Failure.unreadable(error.message).report() }
    }
    if let scenario { try perform(scenario, in: &world) } else { try performStory(in: &world) }
    let simulation = world.simulation
    if let svg { try write(simulation.svg(), to: svg) }
    if json {
      print(simulation.json(notes: remarks))
    } else {
      for remark in remarks { print("note: \(remark)") }
      for entry in simulation.timeline where adverts || !entry.isAdvert { print(simulation.text(of: entry)) }
      print(simulation.summary().joined(separator: "\n"))
    }
    if !simulation.violations.isEmpty { throw ExitCode(1) }
  }

  private enum Failure {
    case unreadable(String)

    func report() -> ExitCode {
      switch self {
      case .unreadable(let message): complain(message)
      }
      return ExitCode(2)
    }
  }

  private func perform(_ path: String, in world: inout Scenario) throws {
    let bytes: [UInt8]
    do { bytes = try FileSources().read(path) } catch { throw Failure.unreadable("\(path) cannot be read").report() }
    do throws(ScenarioError) {
      _ = try ScenarioFile(String(decoding: bytes, as: UTF8.self)).run(in: &world)
    } catch { throw Failure.unreadable("\(path): \(error)").report() }
  }

  /// The question most people have: what happens when the active node dies, and when it returns.
  private func performStory(in world: inout Scenario) throws {
    do throws(ScenarioError) {
      try world.perform("run 20s")
      let simulation = world.simulation
      guard let active = simulation.groups.indices.compactMap({ simulation.owners(of: $0).first }).first else { return }
      let name = world.simulation.nodes[active].name
      try world.perform("poweroff \(name)")
      try world.perform("run 20s")
      try world.perform("start \(name)")
      try world.perform("run 20s")
    } catch { throw Failure.unreadable("\(error)").report() }
  }

  private func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw Failure.unreadable("\(path) cannot be written").report() }
    defer { fclose(file) }
    guard fputs(text, file) >= 0 else { throw Failure.unreadable("\(path) cannot be written").report() }
  }
}
