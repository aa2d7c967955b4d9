import ArgumentParser
import ConfigParser
import ConfigurationFiles
import Glibc

/// `vrrpctl check FILE…`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Reports everything that is wrong with configuration files.",
    discussion: "Exits with 0 when there is no error, 1 when there is one, 2 when a file cannot be read.")

  @Argument(help: "The configuration files, each checked by itself.")
  var files: [String]

  @Option(name: .customLong("config-id"), help: "The node whose '@ID' lines count.")
  var configID = ""

  func run() throws {
    var status: Int32 = 0
    let renderer = TextRenderer(usesColour: isatty(STDOUT_FILENO) == 1)
    for file in files {
      let loaded = loadConfiguration(from: file, sources: FileSources(), configID: configID)
      for diagnostic in loaded.diagnostics {
        print(renderer.render(diagnostic, in: loaded.sources), terminator: "")
      }
      if !loaded.isReadable { status = 2 } else if loaded.hasErrors { status = max(status, 1) }
    }
    if status != 0 { throw ExitCode(status) }
  }
}
