import ConfigParser
import ConfigurationFiles
import LinuxNetworking
import VRRPCore
import VRRPRuntime

/// The VRRP process: reads the configuration, takes what privileges it may, and runs.
struct VRRPChild {
  let options: DaemonOptions
  let resumes: Bool
  let sequences: SequenceLedger
  private let log: DaemonLog

  init(options: DaemonOptions, resumes: Bool, sequences: SequenceLedger) {
    self.options = options
    self.sequences = sequences
    self.resumes = resumes
    log = DaemonLog(options, identifier: "Keepalived_vrrp")
  }

  func run() -> Int32 {
    Privileges.setProcessName("vrrpd-vrrp")
    guard let configuration = load() else { return VRRPDaemon.ExitCode.noConfiguration }
    guard !configuration.routers.isEmpty || !configuration.statics.isEmpty else {
      return Supervisor.idleStatus
    }
    takeRealTime()
    var settings = VRRPProcess.Settings()
    settings.resumes = resumes
    settings.sequences = sequences
    settings.keepsAddresses = options.keepsAddresses
    settings.isDetailed = options.detail > 0
    do {
      // A stale file must not stop a router that serves addresses.
      let pidFile = try? PidFile(path: options.vrrpPidPath)
      var process = try VRRPProcess(settings: settings, log: log.write, reload: load)
      try process.run(configuration) { settle() }
      if let pidFile { pidFile.remove() }
      return VRRPDaemon.ExitCode.normal
    } catch {
      log.write(LogLine(.error, "\(error)"))
      return error.needs == nil ? VRRPDaemon.ExitCode.fatal : VRRPDaemon.ExitCode.missingPermission
    }
  }

  /// The configured routers; `nil`, with the reason in the log, when there is no configuration to speak of.
  private func load() -> VRRPConfiguration? {
    let loaded = loadConfiguration(
      from: options.configurationPath, sources: FileSources(),
      configID: options.configurationID ?? FileSources.hostName())
    let renderer = TextRenderer()
    for diagnostic in loaded.diagnostics {
      log.write(LogLine(diagnostic.severity.logSeverity, renderer.headline(diagnostic, in: loaded.sources)))
    }
    return loaded.isReadable ? VRRPConfiguration(loaded.configuration) : nil
  }

  /// Timers are late under load without a real-time class, whatever the loop (docs/performance.md). Not to have the
  /// right is no reason not to run.
  private func takeRealTime() {
    do { try Privileges.takeRealTime(priority: 10, limitMicroseconds: 2_000_000) } catch {
      log.write(LogLine(.info, "running without real-time scheduling: \(error)"))
    }
  }

  /// What was needed to read the configuration and to start is given back; what is needed from now on stays in memory
  /// as it is first used.
  private func settle() {
    Privileges.giveBackMemory()
    do { try Privileges.lockMemory() } catch {
      log.write(LogLine(.info, "running without locked memory: \(error)"))
    }
  }
}

extension VRRPConfiguration {
  /// The VRRP process's part of what was read.
  init(_ configuration: Configuration) {
    self.init()
    global = configuration.global
    routers = configuration.virtualRouters
    groups = configuration.syncGroups
    statics.addresses = configuration.staticAddresses
    statics.routes = configuration.staticRoutes
    statics.rules = configuration.staticRules
    dumps = configuration.dumps
    tracking.scripts = configuration.trackScripts
    tracking.files = configuration.trackFiles
    tracking.processes = configuration.trackProcesses
    tracking.interfaceDelays = configuration.interfaceDelays
    tracking.sessions = configuration.bfdSessions.map(\.name)
  }
}

extension Diagnostic.Severity {
  fileprivate var logSeverity: LogLine.Severity {
    switch self {
    case .error: .error
    case .warning: .warning
    case .note: .info
    }
  }
}
