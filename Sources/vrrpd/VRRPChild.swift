import ConfigParser
import LinuxNetworking
import VRRPCore
import VRRPRuntime

/// The VRRP process: reads the configuration, takes what privileges it may, and runs.
struct VRRPChild {
  let options: DaemonOptions
  let resumes: Bool
  private let preloaded: Preloaded
  let sequences: SequenceLedger
  private let log: DaemonLog

  init(options: DaemonOptions, resumes: Bool, sequences: SequenceLedger, preloaded: Preloaded) {
    self.options = options
    self.sequences = sequences
    self.resumes = resumes
    self.preloaded = preloaded
    log = DaemonLog(options, identifier: "Keepalived_vrrp")
  }

  func run() -> Int32 {
    Privileges.setProcessName("vrrpd-vrrp")
    let followsChecks = options.runsChecks
    let options = options
    let reader = ConfigurationReader(options: options, log: log, preloaded: preloaded) { whole in
      var configuration = VRRPConfiguration(whole)
      configuration.dumps.placeName = options.placeName(whole.daemon)
      if followsChecks { configuration.followedRouters = CheckConfiguration(whole).routers }
      return configuration
    }
    guard let configuration = reader.load() else { return VRRPDaemon.ExitCode.noConfiguration }
    guard !configuration.routers.isEmpty || !configuration.statics.isEmpty else {
      return Supervisor.idleStatus
    }
    var settings = VRRPProcess.Settings()
    settings.realTimePriority = take(configuration)
    settings.resumes = resumes
    settings.sequences = sequences
    settings.keepsAddresses = options.keepsAddresses
    settings.isDetailed = options.detail > 0
    settings.dumpsConfiguration = options.dumpsConfiguration
    settings.releasesAtOnce = options.releasesAtOnce
    settings.tellsAddresses = options.tellsAddresses
    do {
      // A stale file must not stop a router that serves addresses.
      let pidFile = try? PidFile(path: options.vrrpPidPath)
      var process = try VRRPProcess(settings: settings, log: log.write, reload: reader.load)
      try process.run(configuration) { settle() }
      if let pidFile { pidFile.remove() }
      return VRRPDaemon.ExitCode.normal
    } catch {
      log.write(LogLine(.error, "\(error)"))
      return error.needs == nil ? VRRPDaemon.ExitCode.fatal : VRRPDaemon.ExitCode.missingPermission
    }
  }

  /// Becomes what `vrrp_rt_priority` and its relatives say. Timers are late under load without a real-time class,
  /// whatever the loop (docs/performance.md), so there is one without them, too. Not to have the right is no reason not
  /// to run.
  ///
  /// - Returns: The real-time priority it has now; 0 without.
  private func take(_ configuration: VRRPConfiguration) -> UInt8 {
    let global = configuration.global
    if let name = configuration.daemon.routerProcessName { Privileges.setProcessName(name) }
    if !global.processors.isEmpty {
      do { try Privileges.setProcessors(global.processors) } catch {
        log.write(LogLine(.warning, "vrrp_cpu_affinity: \(error)"))
      }
    }
    let priority = global.realTimePriority ?? 10
    do {
      if let niceness = global.niceness { try Privileges.setNice(Int32(niceness)) }
      try Privileges.takeRealTime(
        priority: Int32(priority),
        limitMicroseconds: global.realTimeLimitMicroseconds ?? 2_000_000)
      return priority
    } catch {
      log.write(LogLine(.info, "running without real-time scheduling: \(error)"))
      return 0
    }
  }

  /// What was needed to read the configuration and to start is given back; what is needed from now on stays in memory
  /// as it is first used.
  private func settle() {
    preloaded.release()
    Privileges.giveBackMemory()
    do { try Privileges.lockMemory() } catch {
      log.write(LogLine(.info, "running without locked memory: \(error)"))
    }
  }
}
