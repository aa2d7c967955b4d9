/// What the daemon itself is to be: its names, its place, its files. None of it changes at a reload.
public struct DaemonDefinition: Hashable, Sendable {
  /// `instance`: becomes part of the names of files, so that several daemons fit on one host.
  public var instance: String?
  /// `net_namespace`: the network namespace to run in; `nil` for the one the daemon was started in.
  public var networkNamespace: String?
  /// `use_pid_dir`: pid files go to a directory of their own.
  public var usesPidDirectory = false
  /// `child_wait_time`: how many seconds a process may take to stop before it is killed.
  public var childWaitSeconds: UInt32 = 5
  /// `umask`: the mask for files we make; `nil` for 0177.
  public var fileMask: UInt32?
  /// `process_name`: the parent's name in the list of processes; 15 bytes are kept.
  public var processName: String?
  /// `process_names`: processes whose name is not given are called `keepalived_vrrp`, `keepalived_lvs` and
  /// `keepalived_bfd`.
  public var usesProcessNames = false
  /// `vrrp_process_name`.
  public var routerProcessName: String?

  /// keepalived's defaults.
  public init() {}
}

extension DaemonDefinition {
  /// The network namespace and the instance, joined by `_`; empty with neither.
  public var placeName: String { [networkNamespace, instance].compactMap { $0 }.joined(separator: "_") }

  /// Where a pid file lies that is called `name` when nothing else is said: in `/run`, or with a namespace, an instance
  /// or `use_pid_dir` in `/run/keepalived`.
  public func pidPath(_ name: String) -> String { runtimePath(name, "pid") }

  /// Where a file of the running daemon lies; see ``pidPath(_:)``.
  public func runtimePath(_ name: String, _ suffix: String) -> String {
    guard usesPidDirectory || instance != nil || networkNamespace != nil else { return "/run/\(name).\(suffix)" }
    let place = networkNamespace.map { "/\($0)" } ?? ""
    return "/run/keepalived\(place)/\(name)\(instance.map { "_\($0)" } ?? "").\(suffix)"
  }
}
