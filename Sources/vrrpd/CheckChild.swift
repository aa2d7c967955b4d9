import ConfigParser
import ConfigurationFiles
import LinuxNetworking
import LoadBalancing
import VRRPRuntime

/// The check process: reads the configuration and serves the virtual servers.
struct CheckChild {
  let options: DaemonOptions
  /// As the daemon was started with: some of it holds until its end, whichever process is there.
  private let kernel: KernelDefinition
  private let preloaded: Preloaded
  private let log: DaemonLog

  init(options: DaemonOptions, kernel: KernelDefinition, preloaded: Preloaded) {
    self.options = options
    self.kernel = kernel
    self.preloaded = preloaded
    log = DaemonLog(options, identifier: "Keepalived_healthcheckers")
  }

  func run() -> Int32 {
    Privileges.setProcessName("vrrpd-check")
    // What is wrong is told by the VRRP process, unless only this one runs.
    let reader = ConfigurationReader(
      options: options, log: log, preloaded: preloaded, reportsProblems: !options.runsVRRP
    ) { [options] whole in
      var configuration = CheckConfiguration(whole)
      configuration.dumps.placeName = options.placeName(whole.daemon)
      return configuration
    }
    guard var configuration = reader.load() else { return VRRPDaemon.ExitCode.noConfiguration }
    guard !configuration.isEmpty else { return Supervisor.idleStatus }
    for keyword in configuration.kernel.keepFixed(of: kernel) { log.write(FixedSettings.line(keyword)) }
    var settings = CheckProcess.Settings()
    settings.keepsServices = options.keepsServices
    settings.isDetailed = options.detail > 0
    settings.namespace = configuration.kernel.namespace
    settings.realTimePriority = configuration.process.take { log.write(LogLine(.warning, "\($0)")) }
    do {
      // A stale file must not stop a director that serves.
      let pidFile = try? PidFile(path: options.checkersPidPath)
      var process = try CheckProcess(settings: settings, log: log.write, reload: reader.load)
      try run(&process, configuration)
      if let pidFile { pidFile.remove() }
      return VRRPDaemon.ExitCode.normal
    } catch {
      log.write(LogLine(.error, "\(error)"))
      return VRRPDaemon.ExitCode.fatal
    }
  }

  private func run(
    _ process: inout CheckProcess, _ configuration: CheckConfiguration
  ) throws(IPVSError) {
    let locksMemory = configuration.process.locksMemory
    do {
      try process.run(configuration) {
        preloaded.release()
        Privileges.giveBackMemory()
        if locksMemory { attempt { () throws(SystemCallError) in try Privileges.lockMemory() } }
      }
    } catch { throw .system(error) }
  }

  private func attempt(_ change: () throws(SystemCallError) -> Void) {
    do { try change() } catch { log.write(LogLine(.warning, "\(error)")) }
  }
}

extension CheckConfiguration {
  /// The check process's part of what was read.
  init(_ configuration: Configuration) {
    self.init()
    global = configuration.global
    services = configuration.virtualServers
    policy = configuration.balancing
    kernel = configuration.kernel
    files = configuration.trackFiles
    dumps = configuration.dumps
    process = configuration.checkProcess
  }
}
