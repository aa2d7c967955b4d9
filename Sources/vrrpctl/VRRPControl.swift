import ArgumentParser

@main
struct VRRPControl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vrrpctl", abstract: "Checks, formats, explains and simulates vrrpd configurations.",
    subcommands: [
      CheckCommand.self, FormatCommand.self, ExplainCommand.self, SimulateCommand.self, ExploreCommand.self,
      GenhashCommand.self,
    ])
}
