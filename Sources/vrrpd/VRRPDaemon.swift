import ConfigParser
import Glibc
import LinuxNetworking
import VRRPCore
import VRRPRuntime

@main
enum VRRPDaemon {
  static func main() {
    let options: DaemonOptions
    do { options = try DaemonOptions(parsing: Array(CommandLine.arguments.dropFirst())) } catch {
      say("vrrpd: \(error.message)\n")
      exit(1)
    }
    let log: (LogLine) -> Void = { line in say("\(line.text)\n") }
    let load: () -> [VirtualRouterDefinition]? = {
      let loaded = loadConfiguration(from: options.configurationPath, sources: FileSources(), configID: "")
      for diagnostic in loaded.diagnostics { say(TextRenderer().headline(diagnostic, in: loaded.sources) + "\n") }
      return loaded.configuration.virtualRouters
    }
    var settings = VRRPProcess.Settings()
    settings.isDetailed = options.detail > 0
    do {
      var process = try VRRPProcess(settings: settings, log: log, reload: load)
      try process.run(load() ?? [])
    } catch { say("vrrpd: \(error)\n"); exit(1) }
  }
}

func say(_ text: String) { text.withCString { _ = write(2, $0, strlen($0)) } }
