import ConfigParser
import ConfigurationFiles
import LinuxNetworking
import LoadBalancing
import VRRPRuntime

/// The BFD process: reads the configuration and runs the sessions.
struct BFDChild {
  let options: DaemonOptions
  private let preloaded: Preloaded
  private let log: DaemonLog

  init(options: DaemonOptions, preloaded: Preloaded) {
    self.options = options
    self.preloaded = preloaded
    log = DaemonLog(options, identifier: "Keepalived_bfd")
  }

  func run() -> Int32 {
    Privileges.setProcessName("vrrpd-bfd")
    // What is wrong is told by another process, unless only this one runs.
    let reader = ConfigurationReader(
      options: options, log: log, preloaded: preloaded,
      reportsProblems: !options.runsVRRP && !options.runsChecks
    ) { [options] whole in
      var configuration = BFDConfiguration(whole)
      configuration.dumps.placeName = options.placeName(whole.daemon)
      return configuration
    }
    guard let configuration = reader.load() else { return VRRPDaemon.ExitCode.noConfiguration }
    guard !configuration.sessions.isEmpty else { return Supervisor.idleStatus }
    var settings = BFDProcess.Settings()
    settings.isDetailed = options.detail > 0
    settings.realTimePriority = take(configuration.process)
    do {
      // A stale file must not stop a process others rely on.
      let pidFile = try? PidFile(path: options.bfdPidPath)
      var process = try BFDProcess(settings: settings, log: log.write, reload: reader.load)
      try process.run(configuration) {
        preloaded.release()
        Privileges.giveBackMemory()
        do { try Privileges.lockMemory() } catch {
          log.write(LogLine(.info, "running without locked memory: \(error)"))
        }
      }
      if let pidFile { pidFile.remove() }
      return VRRPDaemon.ExitCode.normal
    } catch {
      log.write(LogLine(.error, "\(error)"))
      return VRRPDaemon.ExitCode.fatal
    }
  }
}

extension BFDChild {
  /// Neighbours give up after some tens of milliseconds: as for adverts, there is a real-time class and locked memory
  /// without being asked for (docs/decisions/0013).
  private func take(_ process: ProcessDefinition) -> UInt8 {
    var process = process
    if process.realTimePriority == nil { process.realTimePriority = 10 }
    if process.realTimeLimitMicroseconds == nil { process.realTimeLimitMicroseconds = 2_000_000 }
    return process.take { log.write(LogLine(.info, "not treated as configured: \($0)")) }
  }
}

extension BFDConfiguration {
  /// The BFD process's part of what was read.
  init(_ configuration: Configuration) {
    self.init()
    sessions = configuration.bfdSessions
    process = configuration.bfdProcess
    automaticPriority = configuration.global.automaticPriority
    dumps = configuration.dumps
  }
}
