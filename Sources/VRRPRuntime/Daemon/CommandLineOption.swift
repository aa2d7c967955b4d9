/// One option of the command line: a row of the table below.
struct CommandLineOption: Sendable {
  enum Value: Sendable { case none, required, optional }

  var short: Character?
  var long: String
  var value: Value
  var valueName: String
  var help: String
  /// Accepted for keepalived's sake, without effect so far.
  var isInert: Bool

  init(
    _ short: Character?, _ long: String, _ value: Value = .none, _ valueName: String = "", isInert: Bool = false,
    help: String
  ) {
    self.short = short
    self.long = long
    self.value = value
    self.valueName = valueName
    self.help = help
    self.isInert = isInert
  }

  /// keepalived's options, in the order its help gives them.
  static let table: [CommandLineOption] = [
    CommandLineOption("f", "use-file", .required, "FILE", help: "read this configuration"),
    CommandLineOption("P", "vrrp", help: "run VRRP only"),
    CommandLineOption("C", "check", help: "run the health checks only"),
    CommandLineOption("B", "no_bfd", isInert: true, help: "do not run BFD"),
    CommandLineOption(nil, "all", help: "start every process, configured or not"),
    CommandLineOption("l", "log-console", help: "log to the console too"),
    CommandLineOption("D", "log-detail", help: "log more; twice: most"),
    CommandLineOption("S", "log-facility", .required, "0-7|local0-7|user|daemon", help: "syslog facility (daemon)"),
    CommandLineOption("g", "log-file", .optional, "FILE", isInert: true, help: "log to a file too"),
    CommandLineOption(nil, "flush-log-file", isInert: true, help: "flush the log file after each line"),
    CommandLineOption("G", "no-syslog", help: "do not log to syslog"),
    CommandLineOption("u", "umask", .required, "MASK", help: "mask for files we make (0177)"),
    CommandLineOption("X", "release-vips", isInert: true, help: "drop addresses on a transition by signal"),
    CommandLineOption("V", "dont-release-vrrp", help: "leave addresses in place when stopping"),
    CommandLineOption("I", "dont-release-ipvs", help: "leave IPVS in place when stopping"),
    CommandLineOption("R", "dont-respawn", help: "end when a child process dies"),
    CommandLineOption("n", "dont-fork", help: "stay in the foreground"),
    CommandLineOption("d", "dump-conf", help: "log the configuration when it is loaded"),
    CommandLineOption("p", "pid", .required, "FILE", help: "pid file of the parent (/run/keepalived.pid)"),
    CommandLineOption("r", "vrrp_pid", .required, "FILE", help: "pid file of the VRRP process (/run/vrrp.pid)"),
    CommandLineOption("c", "checkers_pid", .required, "FILE", help: "pid file of the checkers (/run/checkers.pid)"),
    CommandLineOption("b", "bfd_pid", .required, "FILE", isInert: true, help: "pid file of the BFD process"),
    CommandLineOption("a", "address-monitoring", isInert: true, help: "log every change of addresses"),
    CommandLineOption("x", "snmp", isInert: true, help: "serve SNMP"),
    CommandLineOption("A", "snmp-agent-socket", .required, "FILE", isInert: true, help: "AgentX socket"),
    CommandLineOption("s", "namespace", .required, "NAME", help: "run in this network namespace"),
    CommandLineOption("m", "core-dump", help: "allow core dumps"),
    CommandLineOption("M", "core-dump-pattern", .optional, "PATTERN", isInert: true, help: "set the core pattern"),
    CommandLineOption("e", "all-config", isInert: true, help: "an include that matches nothing is an error"),
    CommandLineOption("i", "config-id", .required, "ID", help: "keep the lines that begin with @ID"),
    CommandLineOption(nil, "signum", .required, "NAME", help: "print the number of a signal: STOP RELOAD DATA STATS …"),
    CommandLineOption("t", "config-test", .optional, "FILE", help: "check the configuration, report to FILE, and exit"),
    CommandLineOption(nil, "check-host", help: "with -t: check against this host's interfaces, scripts and users, too"),
    CommandLineOption(
      nil, "reload-plan", .required, "OLD", help: "tell what a reload from file OLD would do, and exit"),
    CommandLineOption(nil, "ignore-sigint", isInert: true, help: "do not stop on SIGINT"),
    CommandLineOption(nil, "config-fd", .required, "N", isInert: true, help: "internal to keepalived"),
    CommandLineOption(nil, "debug", .optional, "LETTERS", isInert: true, help: "debug output"),
    CommandLineOption("v", "version", help: "print the version and exit"),
    CommandLineOption("h", "help", help: "print this and exit"),
  ]

  static let help: String = {
    var text = "Usage: vrrpd [OPTION]...\n\nHigh availability for Linux: VRRP fail-over of IP addresses.\n\n"
    for option in table {
      var left = option.short.map { "  -\($0), " } ?? "      "
      left += "--\(option.long)"
      switch option.value {
      case .none: break
      case .required: left += "=\(option.valueName)"
      case .optional: left += "[=\(option.valueName)]"
      }
      while left.utf8.count < 44 { left += " " }
      text += "\(left) \(option.help)\(option.isInert ? " (no effect yet)" : "")\n"
    }
    return text
  }()
}
