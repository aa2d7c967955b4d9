public import LoadBalancing
public import VRRPCore

/// What the check process runs: its part of a configuration.
public struct CheckConfiguration: Hashable, Sendable {
  /// `global_defs`: who runs scripts, where events are told.
  public var global = GlobalDefinition()
  /// The virtual servers.
  public var services: [VirtualServerDefinition] = []
  /// What all virtual servers share.
  public var policy = BalancingPolicy()
  /// What concerns IPVS as a whole.
  public var kernel = KernelDefinition()
  /// The `track_file` blocks, for `FILE_CHECK`.
  public var files: [TrackFileDefinition] = []
  /// Where dumps go.
  public var dumps = DumpDefinition()

  /// How the kernel is to treat the process.
  public var process = ProcessDefinition()

  /// Nothing to do.
  public init() {}

  /// Whether there is nothing to do.
  public var isEmpty: Bool { services.isEmpty && kernel.syncDaemon == nil }

  /// Virtual routers whose state matters here: the VRRP process is to tell of them.
  public var routers: Set<String> {
    var names = Set(services.compactMap(\.activeOnMasterOf))
    if let name = kernel.syncDaemon?.instance { names.insert(name) }
    return names
  }

  /// Whether addresses of this host matter here.
  var followsAddresses: Bool { services.contains(where: \.suspendsWithoutAddress) }

  /// The files that some check looks at.
  var checkedFiles: [TrackFileDefinition] {
    // Most have none, and to look at thousands of checks in vain would be to touch all of them.
    guard !files.isEmpty else { return [] }
    var names: Set<String> = []
    for service in services {
      for server in service.realServers {
        for check in server.checks {
          if case .file(let file) = check.probe { names.insert(file.trackFile) }
        }
      }
    }
    return files.filter { names.contains($0.name) }
  }
}
