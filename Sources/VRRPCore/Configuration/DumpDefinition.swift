/// Where and how state is written when somebody asks by a signal (`state_dump_file` and its relatives).
public struct DumpDefinition: Hashable, Sendable {
  /// `state_dump_file`, absolute; `nil` for `keepalived.data` in the temporary directory.
  public var statePath: String?
  /// `stats_dump_file`, absolute; `nil` for `keepalived.stats` in the temporary directory.
  public var statisticsPath: String?
  /// `json_dump_file`, absolute; `nil` for `keepalived.json` in the temporary directory.
  public var jsonPath: String?
  /// `json_version`: the shape of the JSON.
  public var jsonVersion: JSONVersion = .v1
  /// `data_use_instance`: ``placeName`` becomes part of the names of `.data` files.
  public var usesInstanceName = false
  /// The network namespace and the instance, joined by `_`; empty with neither.
  public var placeName = ""

  /// keepalived's two shapes of JSON.
  public enum JSONVersion: UInt8, Hashable, Sendable, BitwiseCopyable {
    /// An array of virtual routers: what exporters expect.
    case v1 = 1
    /// An object, which has room for tracked processes.
    case v2 = 2
  }

  /// keepalived's defaults.
  public init() {}
}
