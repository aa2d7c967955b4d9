import ConfigParser
import ConfigurationFiles
import Glibc
import LinuxNetworking
import VRRPRuntime

/// `vrrpd -t`: says everything that is wrong with a configuration, and nothing when nothing is.
struct ConfigurationTest {
  let options: DaemonOptions
  let reportPath: String?

  func run() -> Int32 {
    var loaded = loadConfiguration(
      from: options.configurationPath, sources: FileSources(),
      configID: options.configurationID ?? HostName.short, checksIncludes: options.checksIncludes)
    if options.checksHost {
      let pidPaths = [options.pidPath, options.vrrpPidPath, options.checkersPidPath, options.bfdPidPath]
      loaded.check(against: HostSystem(), writtenPaths: pidPaths)
    }
    let renderer = TextRenderer(usesColour: reportPath == nil && isatty(STDERR_FILENO) == 1)
    let report = loaded.diagnostics.map { renderer.render($0, in: loaded.sources) }.joined()
    write(report)
    return loaded.testStatus
  }

  private func write(_ report: String) {
    guard let reportPath else { return VRRPDaemon.write(report, to: STDERR_FILENO) }
    Self.append(report, to: reportPath)
  }

  /// Adds `text` to the file at `path`, which is made when it is not there; links are not followed.
  static func append(_ text: String, to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { return VRRPDaemon.complain("cannot write \(path)") }
    VRRPDaemon.write(text, to: descriptor)
    close(descriptor)
  }
}
