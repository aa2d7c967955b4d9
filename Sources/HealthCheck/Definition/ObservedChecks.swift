/// `MISC_CHECK`: a script whose exit status tells.
public struct MiscCheck: Hashable, Sendable {
  /// `misc_path` and `user`.
  public var command: HookCommand
  /// `misc_timeout` in nanoseconds, after which the script is killed. keepalived's 0 means the virtual server's
  /// `delay_loop`, which the parser fills in. Above 0.
  public var timeoutNanoseconds: UInt64
  /// `misc_dynamic`: exit status 2…255 is a success that sets the weight to the status less 2.
  public var setsWeight: Bool

  /// A script check.
  public init(
    command: HookCommand, timeoutNanoseconds: UInt64 = CheckTiming.defaultDelayLoopNanoseconds,
    setsWeight: Bool = false
  ) {
    self.command = command
    self.timeoutNanoseconds = timeoutNanoseconds
    self.setsWeight = setsWeight
  }
}

/// `FILE_CHECK`: the number in a tracked file.
public struct FileCheck: Hashable, Sendable {
  /// `track_file`: the name of the tracked file, not its path.
  public var trackFile: String
  /// `weight`: what the number is multiplied by; 0 makes any number but 0 a failure.
  public var weight: Int32
  /// `reverse`: the product's sign is turned, and with weight 0 the meaning of 0.
  public var isReversed: Bool

  /// A check of a tracked file.
  public init(trackFile: String, weight: Int32 = 1, isReversed: Bool = false) {
    self.trackFile = trackFile
    self.weight = weight
    self.isReversed = isReversed
  }
}

/// `BFD_CHECK`: the server is down while the session is not up.
public struct BFDCheck: Hashable, Sendable {
  /// `name`: the `bfd_instance`.
  public var session: String

  /// A check that follows a session.
  public init(session: String) { self.session = session }
}
