import ArgumentParser
import LinuxNetworking

/// `vrrpctl genhash -s ADDRESS -p PORT -u URL`.
struct GenhashCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "genhash", abstract: "Prints the MD5 of a web page, for the 'digest' of a check.",
    discussion: """
      Takes the options of keepalived's genhash: 'vrrpctl genhash -h' lists them. Exits with 0, or with 1 when there is
      no page; the reason is then on standard error.
      """, helpNames: [])

  @Argument(parsing: .captureForPassthrough, help: "As for genhash(1).")
  var arguments: [String] = []

  func run() throws {
    let status = Genhash.run(arguments)
    if status != 0 { throw ExitCode(status) }
  }
}
