import ArgumentParser
import ConfigParser
import ConfigurationFiles
import Glibc
import LinuxNetworking

/// `vrrpctl check FILE…`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Reports everything that is wrong with configuration files.",
    discussion: """
      Needs no root and looks at nothing but the files, unless --check-host asks for more. Exits with 0 when there is no error, 1 when there is one (with
      --strict, a warning counts too), 2 when a file cannot be read.
      """)

  /// How diagnostics are written.
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

  @Argument(help: "The configuration files, each checked by itself.")
  var files: [String]

  @Option(help: "How to write what is found.")
  var format = Format.text

  @Option(
    name: .customLong("config-id"), help: "The node whose '@ID' lines count; this host's name up to the first dot.")
  var configID: String?

  @Flag(help: "The files are those of the nodes of one cluster: check them against each other, too.")
  var nodes = false

  @Flag(help: "Check against this host, too: its interfaces, addresses, users, scripts, files and kernel settings.")
  var checkHost = false

  @Flag(help: "Warnings count as errors.")
  var strict = false

  @Flag(help: "Leave out notes.")
  var quiet = false

  func run() throws {
    var results = files.map { file in
      loadConfiguration(from: file, sources: FileSources(), configID: configID ?? HostName.short)
    }
    if checkHost {
      let host = HostSystem()
      for index in results.indices { results[index].check(against: host) }
    }
    if nodes { compareNodes(&results, names: files) }
    if quiet {
      for index in results.indices { results[index].diagnostics.removeAll { $0.severity == .note } }
    }
    switch format {
    case .text: printText(results)
    case .json: print(JSONRenderer().render(results), terminator: "")
    case .sarif: print(JSONRenderer().renderSARIF(results), terminator: "")
    }
    let status = results.map(status).max() ?? 0
    if status != 0 { throw ExitCode(status) }
  }

  private func status(_ result: LoadedConfiguration) -> Int32 {
    if !result.isReadable { return 2 }
    if result.hasErrors { return 1 }
    return strict && result.diagnostics.contains { $0.severity == .warning } ? 1 : 0
  }

  private func printText(_ results: [LoadedConfiguration]) {
    let renderer = TextRenderer(usesColour: isatty(STDOUT_FILENO) == 1)
    for result in results {
      for diagnostic in result.diagnostics {
        print(renderer.render(diagnostic, in: result.sources), terminator: "")
      }
      if result.droppedDiagnostics > 0 { print("… and \(result.droppedDiagnostics) more") }
    }
  }
}
