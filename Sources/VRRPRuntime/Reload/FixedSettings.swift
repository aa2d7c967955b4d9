import VRRPCore

/// What holds from the start of the daemon to its end, whatever the file says later.
public struct FixedSettings: Hashable, Sendable {
  private let daemon: DaemonDefinition
  private let global: GlobalDefinition
  private let placeName: String

  /// Those of the configuration the daemon started with.
  public init(_ configuration: VRRPConfiguration) {
    daemon = configuration.daemon
    global = configuration.global
    placeName = configuration.dumps.placeName
  }

  /// Puts back into `configuration` what cannot change; the keywords of what it has otherwise.
  public func keep(in configuration: inout VRRPConfiguration) -> [String] {
    let changed = differences(configuration)
    configuration.daemon = daemon
    configuration.dumps.placeName = placeName
    configuration.global.firewallTable = global.firewallTable
    configuration.global.realTimePriority = global.realTimePriority
    configuration.global.realTimeLimitMicroseconds = global.realTimeLimitMicroseconds
    configuration.global.niceness = global.niceness
    configuration.global.processors = global.processors
    configuration.global.shutdownScript = global.shutdownScript
    configuration.global.shutdownTimeoutSeconds = global.shutdownTimeoutSeconds
    configuration.global.reload.timePath = global.reload.timePath
    configuration.global.reload.repeatsDaily = global.reload.repeatsDaily
    configuration.global.reload.marker = global.reload.marker
    return changed
  }

  /// One line for a setting that was kept.
  public static func line(_ keyword: String) -> LogLine {
    LogLine(.warning, "\(keyword) cannot change at a reload; the old value stays until the daemon is restarted")
  }

  private func differences(_ new: VRRPConfiguration) -> [String] {
    let checks: [(String, Bool)] = [
      ("instance", daemon.instance == new.daemon.instance),
      ("net_namespace", daemon.networkNamespace == new.daemon.networkNamespace),
      ("use_pid_dir", daemon.usesPidDirectory == new.daemon.usesPidDirectory),
      ("child_wait_time", daemon.childWaitSeconds == new.daemon.childWaitSeconds),
      ("umask", daemon.fileMask == new.daemon.fileMask),
      ("process_name", daemon.processName == new.daemon.processName),
      ("vrrp_process_name", daemon.routerProcessName == new.daemon.routerProcessName),
      ("nftables", global.firewallTable == new.global.firewallTable),
      ("vrrp_rt_priority", global.realTimePriority == new.global.realTimePriority),
      ("vrrp_rlimit_rttime", global.realTimeLimitMicroseconds == new.global.realTimeLimitMicroseconds),
      ("vrrp_priority", global.niceness == new.global.niceness),
      ("vrrp_cpu_affinity", global.processors == new.global.processors),
      ("shutdown_script", global.shutdownScript == new.global.shutdownScript),
      ("shutdown_script_timeout", global.shutdownTimeoutSeconds == new.global.shutdownTimeoutSeconds),
      ("reload_time_file", global.reload.timePath == new.global.reload.timePath),
      ("reload_repeat", global.reload.repeatsDaily == new.global.reload.repeatsDaily),
      ("reload_file", global.reload.marker == new.global.reload.marker),
    ]
    return checks.compactMap { $0.1 ? nil : $0.0 }
  }
}
