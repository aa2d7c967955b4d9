import ArgumentParser
import ConfigurationFiles
import VRRPSimulation

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "simulate", abstract: "x")
  @Option var scenario: String
  func run() throws {
    let bytes: [UInt8]
    do { bytes = try FileSources().read(scenario) } catch { throw ValidationError("cannot read \(scenario)") }
    let file = ScenarioFile(String(decoding: bytes, as: UTF8.self))
    var world = Scenario()
    print(try file.run(in: &world).text)
  }
}
