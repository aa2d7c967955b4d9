/// `vrrp_script`: a command run periodically whose exit status counts.
public struct TrackScriptDefinition: Hashable, Sendable {
  public var name: String
  public var command: ScriptCommand
  /// `interval` in nanoseconds, at least one millisecond.
  public var intervalNanoseconds: UInt64 = 1_000_000_000
  /// `timeout` in nanoseconds; 0 takes the interval.
  public var timeoutNanoseconds: UInt64 = 0
  /// `weight`, -253…253, for who tracks it without one.
  public var weight: Int16 = 0
  /// `weight … reverse`.
  public var isReversed = false
  /// `rise`: successes in a row until it counts as up, at least 1.
  public var rise: UInt32 = 1
  /// `fall`: failures in a row until it counts as down, at least 1.
  public var fall: UInt32 = 1
  /// `init_fail`: down until its first result.
  public var startsFailed = false

  /// A script with keepalived's defaults.
  public init(name: String, command: ScriptCommand) {
    self.name = name
    self.command = command
  }
}

/// `track_file`: a file whose content is a number.
public struct TrackFileDefinition: Hashable, Sendable {
  public var name: String
  public var path: String
  /// `weight`, -254…254: the file's number is multiplied by it.
  public var weight: Int16 = 1
  /// `weight … reverse`.
  public var isReversed = false
  /// `init_file`: the number a new file is given; `nil` creates none.
  public var initialValue: Int64?
  /// `init_file … overwrite`: an existing file is given it, too.
  public var overwrites = false

  /// A file with keepalived's defaults.
  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }
}

/// `vrrp_track_process`: whether processes of a name run.
public struct TrackProcessDefinition: Hashable, Sendable {
  public var name: String
  /// `process`: the command and the parameters that are compared.
  public var command: [String]
  /// `param_match`.
  public var parameterMatch: ParameterMatch
  /// `full_command`: compare the whole command line, not the kernel's 15 characters.
  public var comparesFullCommand = false
  /// `weight`, -254…254.
  public var weight: Int16 = 0
  /// `weight … reverse`.
  public var isReversed = false
  /// `quorum`: processes there must be, 1…65535.
  public var quorum: UInt16 = 1
  /// `quorum_max`: processes there may be; 0: none at all; `nil` for any number.
  public var maximum: UInt16?
  /// `delay` or `fork_delay` in nanoseconds: how long a new process must stay.
  public var forkDelayNanoseconds: UInt64 = 0
  /// `delay` or `terminate_delay` in nanoseconds: how long a loss is overlooked.
  public var terminateDelayNanoseconds: UInt64 = 0

  /// How the parameters are compared.
  public enum ParameterMatch: Hashable, Sendable, BitwiseCopyable {
    /// Not at all: no parameters were given.
    case none
    /// All of them, exactly.
    case exact
    /// The first ones, the last of them by its beginning; without any, there must be none.
    case initial
    /// The first ones exactly; without any, there must be none.
    case partial
  }

  /// A process with keepalived's defaults.
  public init(name: String, command: [String], parameterMatch: ParameterMatch = .none) {
    self.name = name
    self.command = command
    self.parameterMatch = parameterMatch
  }
}
