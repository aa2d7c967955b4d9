import ArgumentParser
import ConfigParser
import VRRPSimulation

/// `vrrpctl explain a.conf b.conf …`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explains who will be active, why, and what changes it.",
    discussion: """
      Every file is one node. Each answer is what the election itself does in simulation. Exits with 1 when something \
      looks like a mistake, 2 when a file cannot be read.
      """)

  @Argument(help: "Configuration files, one for each node.")
  var files: [String]

  func run() throws {
    let world: ConfiguredWorld
    do throws(ConfiguredWorld.Failure) { world = try ConfiguredWorld(files) } catch {
      complain(error.message)
      throw ExitCode(2)
    }
    for remark in world.remarks { print("note: \(remark)") }
    var explanation = Explanation(world)
    explanation.run()
    print(explanation.lines.joined(separator: "\n"))
    if explanation.hasTraps { throw ExitCode(1) }
  }
}
