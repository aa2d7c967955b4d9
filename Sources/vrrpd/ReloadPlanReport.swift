import ConfigParser
import ConfigurationFiles
import Glibc
import LinuxNetworking
import VRRPRuntime

/// `vrrpd --reload-plan=OLD -f NEW`: what a reload would do, one line for each step, on standard output.
struct ReloadPlanReport {
  let options: DaemonOptions
  let oldPath: String

  /// 0 with a plan; 1, with the reason, when a reload would be refused.
  func run() -> Int32 {
    guard let old = read(oldPath), let new = read(options.configurationPath) else { return VRRPDaemon.ExitCode.fatal }
    for line in ReloadPlan(from: old, to: new).lines { VRRPDaemon.write(line + "\n", to: STDOUT_FILENO) }
    return VRRPDaemon.ExitCode.normal
  }

  private func read(_ path: String) -> VRRPConfiguration? {
    let loaded = loadConfiguration(
      from: path, sources: FileSources(), configID: options.configurationID ?? HostName.short)
    if loaded.isReadable, loaded.isSound { return VRRPConfiguration(loaded.configuration) }
    let renderer = TextRenderer(usesColour: isatty(STDERR_FILENO) == 1)
    for diagnostic in loaded.diagnostics {
      VRRPDaemon.write(renderer.render(diagnostic, in: loaded.sources), to: STDERR_FILENO)
    }
    VRRPDaemon.complain("\(path) would be refused")
    return nil
  }
}
