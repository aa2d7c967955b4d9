import ConfigParser
import Glibc
import LinuxNetworking
import VRRPCore
import VRRPRuntime

/// `vrrpd`: reads the command line and becomes what it says. Everything else is in the libraries.
@main
enum VRRPDaemon {
  /// keepalived's exit codes.
  enum ExitCode {
    static let normal: Int32 = 0
    static let fatal: Int32 = 1
    static let missingPermission: Int32 = 4
    static let noConfiguration: Int32 = 6
  }

  static func main() {
    var arguments = CommandLine.arguments[...]
    let name = arguments.popFirst()?.split(separator: "/").last
    if name == "genhash" { exit(Genhash.run(Array(arguments))) }
    if let first = arguments.first, first == "-T" || first == "--genhash" {
      exit(Genhash.run(Array(arguments.dropFirst())))
    }
    exit(run(Array(arguments)))
  }

  private static func run(_ arguments: [String]) -> Int32 {
    let options: DaemonOptions
    do { options = try DaemonOptions(parsing: arguments) } catch {
      complain(error.message)
      return ExitCode.fatal
    }
    switch options.action {
    case .printVersion:
      write("Keepalived-compatible vrrpd v\(version)\n", to: STDERR_FILENO)
      return ExitCode.normal
    case .printHelp:
      write(DaemonOptions.help, to: STDERR_FILENO)
      return ExitCode.normal
    case .printSignalNumber(let name):
      guard let signal = DaemonOptions.signalNumbers.first(where: { $0.name == name }) else {
        complain("unknown signal '\(name)'; one of \(DaemonOptions.signalNumbers.map(\.name).joined(separator: " "))")
        return ExitCode.fatal
      }
      write("\(signal.number)\n", to: STDOUT_FILENO)
      return ExitCode.normal
    case .testConfiguration(let reportPath):
      return ConfigurationTest(options: options, reportPath: reportPath).run()
    case .planReload(let path):
      return ReloadPlanReport(options: options, oldPath: path).run()
    case .run:
      break
    }
    return supervise(options)
  }

  private static func supervise(_ options: DaemonOptions) -> Int32 {
    for note in options.notes { write("vrrpd: \(note)\n", to: STDERR_FILENO) }
    let missing = Privileges.missing([.netAdmin, .netRaw])
    guard missing.isEmpty else {
      complain("no permission: needs \(missing.map(\.rawValue).joined(separator: " and ")); run it as root")
      return ExitCode.missingPermission
    }
    Privileges.setFileMask(options.fileCreationMask)
    do {
      let detached = options.staysInForeground ? nil : try Privileges.detach()
      return try supervise(options, detached: detached)
    } catch {
      complain("\(error)")
      return ExitCode.fatal
    }
  }

  private static func supervise(
    _ options: DaemonOptions, detached: consuming Privileges.Detached?
  ) throws(SystemCallError) -> Int32 {
    let log = DaemonLog(options, identifier: "Keepalived")
    let pidFile: PidFile
    do { pidFile = try PidFile(path: options.pidPath) } catch {
      complain("daemon is already running: \(error)")
      if case .held = error { return ExitCode.normal }
      return ExitCode.fatal
    }
    var settings = Supervisor.Settings()
    if options.runsVRRP {
      let sequences = try SequenceLedger()
      settings.children.append(
        Supervisor.Child(.vrrp) { resumes in
          VRRPChild(options: options, resumes: resumes, sequences: sequences).run()
        })
    }
    settings.deliverAlerts = {
      Privileges.setProcessName("vrrpd-alerts")
      return AlertProcess(log: DaemonLog(options, identifier: "Keepalived_alerts").write).run()
    }
    if options.runsChecks {
      settings.children.append(Supervisor.Child(.check) { _ in CheckChild(options: options).run() })
    }
    settings.environment = environment()
    settings.respawns = options.respawns
    settings.keepsAddresses = options.keepsAddresses
    log.write(LogLine(.info, "Starting vrrpd v\(version)"))
    let ready = Ready(detached)
    var supervisor = try Supervisor(settings, log: log.write) {
      ready.announce()
      Privileges.giveBackMemory()
    }
    let status = try supervisor.run()
    pidFile.remove()
    log.write(LogLine(.info, "Stopped vrrpd v\(version)"))
    return status
  }

  private static func environment() -> [String] {
    var result: [String] = []
    var entry = environ
    while let pointer = entry.pointee {
      result.append(String(cString: pointer))
      entry += 1
    }
    return result
  }

  static func complain(_ text: String) { write("vrrpd: \(text)\n", to: STDERR_FILENO) }

  static func write(_ text: String, to descriptor: Int32) {
    var text = text
    _ = text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}

/// Tells the shell that started us, once, that the daemon runs.
private final class Ready {
  private var detached: Privileges.Detached?

  init(_ detached: consuming Privileges.Detached?) { self.detached = detached }

  func announce() {
    guard let waiting = detached.take() else { return }
    waiting.announceReady()
  }
}
