/// How the configuration is read again (`reload_check_config` and its relatives).
public struct ReloadDefinition: Hashable, Sendable {
  /// `reload_check_config`: only a file without errors and warnings is taken.
  public var checksFirst = false
  /// Where it is told what was wrong with it; `nil` for the log alone.
  public var reportPath: String?
  /// `reload_time_file`: a file that says when to reload.
  public var timePath: String?
  /// `reload_repeat`: a time of the day holds for every day.
  public var repeatsDaily = false
  /// `reload_file`: a file that is there while the configuration is read.
  public var marker: Marker?
  /// `config_save_dir`: a directory for copies of what was read.
  public var saveDirectory: String?

  /// Where the file lies that is there while the configuration is read.
  public enum Marker: Hashable, Sendable {
    /// With the pid files, as `keepalived.reload`.
    case inPidDirectory
    case path(String)
  }

  /// A signal alone reloads, whatever the file says.
  public init() {}
}
