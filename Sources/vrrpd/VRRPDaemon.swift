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
    exit(run(Array(arguments), isKeepalived: name == "keepalived"))
  }

  private static func run(_ arguments: [String], isKeepalived: Bool) -> Int32 {
    let options: DaemonOptions
    do { options = try DaemonOptions(parsing: arguments) } catch {
      complain(error.message)
      return ExitCode.fatal
    }
    switch options.action {
    case .printVersion:
      // Under keepalived's name others read the first line, to learn which keywords and signals there are.
      let line = isKeepalived ? "Keepalived v2.4.3 (vrrpd v\(version))" : "Keepalived-compatible vrrpd v\(version)"
      write("\(line)\n", to: STDERR_FILENO)
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
    let preloaded = Preloaded(options)
    let configuration = preloaded.parentPart
    let options = options.completed(by: configuration.daemon)
    Privileges.setFileMask(options.fileCreationMask)
    do {
      if let name = options.networkNamespace { try NetworkNamespace.named(name).enter() }
      if options.allowsCoreDumps { try Privileges.allowCoreDumps() }
      var parameters = KernelParameters()
      defer { parameters.restore() }
      if let pattern = options.corePattern { try parameters.set("kernel/core_pattern", to: pattern) }
      if let name = configuration.daemon.processName { Privileges.setProcessName(name) }
      let detached = options.staysInForeground ? nil : try Privileges.detach()
      return try supervise(options, configuration, preloaded, detached: detached)
    } catch {
      complain("\(error)")
      return ExitCode.fatal
    }
  }

  private static func supervise(
    _ options: DaemonOptions, _ configuration: Preloaded.ParentPart, _ preloaded: Preloaded,
    detached: consuming Privileges.Detached?
  ) throws(SystemCallError) -> Int32 {
    let log = DaemonLog(options, identifier: "Keepalived")
    let pidFile: PidFile
    makePidDirectory(for: options.pidPath)
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
          VRRPChild(options: options, resumes: resumes, sequences: sequences, preloaded: preloaded).run()
        })
    }
    settings.deliverAlerts = {
      Privileges.setProcessName("vrrpd-alerts")
      return AlertProcess(log: DaemonLog(options, identifier: "Keepalived_alerts").write).run()
    }
    if options.runsChecks {
      let kernel = configuration.kernel
      settings.children.append(
        Supervisor.Child(.check) { _ in CheckChild(options: options, kernel: kernel, preloaded: preloaded).run() })
    }
    if options.runsBFD {
      settings.children.append(
        Supervisor.Child(.bfd, startsIdle: !configuration.hasSessions) { _ in
          BFDChild(options: options, preloaded: preloaded).run()
        })
    }
    settings.scripts = Supervisor.LifeScripts(configuration.global)
    settings.stopLimitNanoseconds = UInt64(configuration.daemon.childWaitSeconds) * 1_000_000_000
    settings.reloadTimePath = configuration.global.reload.timePath
    settings.reloadsDaily = configuration.global.reload.repeatsDaily
    settings.reloadMarkerPath = options.markerPath(configuration)
    settings.ignoresInterrupt = options.ignoresInterrupt
    settings.environment = environment()
    settings.respawns = options.respawns
    settings.keepsAddresses = options.keepsAddresses
    log.write(LogLine(.info, "Starting vrrpd v\(version)"))
    let ready = Ready(detached)
    var supervisor = try Supervisor(
      settings, log: log.write, whenStarted: ready.announce,
      whenSettled: {
        preloaded.release()
        Privileges.giveBackMemory()
      })
    let status = try supervisor.run()
    pidFile.remove()
    log.write(LogLine(.info, "Stopped vrrpd v\(version)"))
    return status
  }

  /// `/run/keepalived` and what is in it are ours to make; other places are not.
  private static func makePidDirectory(for path: String) {
    guard path.hasPrefix("/run/keepalived/") else { return }
    var directory = "/run"
    for part in path.split(separator: "/").dropFirst().dropLast() {
      directory += "/\(part)"
      if mkdir(directory, 0o755) == 0 { chmod(directory, 0o755) }
    }
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

extension DaemonOptions {
  /// Where the file lies that is there while the configuration is read (`reload_file`).
  fileprivate func markerPath(_ configuration: Preloaded.ParentPart) -> String? {
    var place = configuration.daemon
    place.networkNamespace = networkNamespace
    switch configuration.global.reload.marker {
    case .inPidDirectory: return place.runtimePath("keepalived", "reload")
    case .path(let path): return path
    case nil: return nil
    }
  }

  /// The network namespace and the instance, for names of files.
  func placeName(_ daemon: DaemonDefinition) -> String {
    var place = daemon
    place.networkNamespace = networkNamespace
    return place.placeName
  }

  /// What the command line left open is as the configuration says.
  func completed(by daemon: DaemonDefinition) -> DaemonOptions {
    let usual = DaemonOptions()
    var result = self
    var place = daemon
    place.networkNamespace = networkNamespace ?? daemon.networkNamespace
    result.networkNamespace = place.networkNamespace
    if pidPath == usual.pidPath { result.pidPath = place.pidPath("keepalived") }
    if vrrpPidPath == usual.vrrpPidPath { result.vrrpPidPath = place.pidPath("vrrp") }
    if checkersPidPath == usual.checkersPidPath { result.checkersPidPath = place.pidPath("checkers") }
    if bfdPidPath == usual.bfdPidPath { result.bfdPidPath = place.pidPath("bfd") }
    if fileCreationMask == usual.fileCreationMask, let mask = daemon.fileMask { result.fileCreationMask = mask }
    return result
  }
}
