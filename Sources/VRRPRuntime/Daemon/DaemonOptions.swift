/// What `vrrpd` was asked to do on its command line, in keepalived's words.
public struct DaemonOptions: Hashable, Sendable {
  /// What the process is for.
  public enum Action: Hashable, Sendable {
    /// Run the daemon.
    case run
    /// `-t`: check the configuration and exit; the report goes to the file, or to standard error.
    case testConfiguration(reportPath: String?)
    /// `--reload-plan`: tell what a reload from the configuration at the path to that of `-f` would do, and exit.
    case planReload(from: String)
    /// `--signum`: print the number of a signal and exit.
    case printSignalNumber(String)
    /// `-v`.
    case printVersion
    /// `-h`.
    case printHelp
  }

  /// What to do.
  public var action = Action.run
  /// `-f`.
  public var configurationPath = "/etc/keepalived/keepalived.conf"
  /// `-i`: the name `@ID` lines are compared with; `nil` takes the host name up to its first dot.
  public var configurationID: String?
  /// `--check-host`: with `-t`, check against this host, too.
  public var checksHost = false
  /// `-n`: stay in the foreground.
  public var staysInForeground = false
  /// `-l`: log to the console too.
  public var logsToConsole = false
  /// `-D`: explain more. Twice explains most.
  public var detail = 0
  /// `-G`: no syslog.
  public var usesSyslog = true
  /// `-S`: the facility of syslog, RFC 5424 §6.2.1; 3 is daemon.
  public var facility: UInt8 = 3
  /// `-d`: write the configuration to the log when it is loaded.
  public var dumpsConfiguration = false
  /// `-P` without `-C`, or neither: run VRRP.
  public var runsVRRP = true
  /// `-C` without `-P`, or neither: run the health checks.
  public var runsChecks = true
  /// Without `-B`: run BFD.
  public var runsBFD = true
  /// `-V`: leave addresses in place when stopping.
  public var keepsAddresses = false
  /// `-I`: leave the services in IPVS when stopping.
  public var keepsServices = false
  /// `-R`: a dying child ends the daemon.
  public var respawns = true
  /// `-p`.
  public var pidPath = "/run/keepalived.pid"
  /// `-r`.
  public var vrrpPidPath = "/run/vrrp.pid"
  /// `-c`.
  public var checkersPidPath = "/run/checkers.pid"
  /// `-b`.
  public var bfdPidPath = "/run/bfd.pid"
  /// `-s`: the network namespace to run in; it beats `net_namespace`.
  public var networkNamespace: String?
  /// `-m`: core dumps may be as large as they get.
  public var allowsCoreDumps = false
  /// `-M`: what `kernel.core_pattern` is while the daemon runs.
  public var corePattern: String?
  /// `-X`: addresses go at once when the daemon stops, not when their successor speaks.
  public var releasesAtOnce = false
  /// `-a`: every address that comes or goes is logged.
  public var tellsAddresses = false
  /// `-e`: an include that matches nothing is an error.
  public var checksIncludes = false
  /// `--ignore-sigint`.
  public var ignoresInterrupt = false
  /// `-u`: the mask for files we make.
  public var fileCreationMask: UInt32 = 0o177
  /// Options that keepalived has and that do nothing here, and words that were ignored: for one note each.
  public var notes: [String] = []

  /// The defaults.
  public init() {}
}

/// Why a command line was refused.
public enum CommandLineError: Error, Hashable, Sendable {
  case unknownOption(String)
  case missingValue(String)
  case unexpectedValue(String)
  case invalidValue(option: String, value: String, expected: String)

  /// One line for the operator.
  public var message: String {
    switch self {
    case .unknownOption(let option): "unknown option '\(option)'; see vrrpd --help"
    case .missingValue(let option): "option '\(option)' needs a value"
    case .unexpectedValue(let option): "option '\(option)' takes no value"
    case .invalidValue(let option, let value, let expected):
      "option '\(option)' does not take '\(value)'; expected \(expected)"
    }
  }
}

extension DaemonOptions {
  /// The signals of `--signum`, by keepalived's names; the numbers are Linux's.
  public static let signalNumbers: [(name: String, number: Int32)] = [
    ("STOP", 15), ("RELOAD", 1), ("DATA", 10), ("STATS", 12), ("STATS_CLEAR", 63), ("JSON", 36),
  ]

  /// The syslog facilities `-S` takes by name: RFC 5424 §6.2.1.
  static func facility(_ text: String) -> UInt8? {
    switch text {
    case "daemon": return 3
    case "user": return 1
    default:
      let digits = text.hasPrefix("local") ? String(text.dropFirst(5)) : text
      guard let number = UInt8(digits), number <= 7 else { return nil }
      return 16 + number
    }
  }
}
