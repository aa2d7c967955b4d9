/// One option of the command line: a row of the table below.
struct CommandLineOption: Sendable {
  enum Value: Sendable { case none, required, optional }

  var short: Character?
  var long: String
  var value: Value
  var valueName: String
  var help: String
  /// For one that is accepted for keepalived's sake alone: why it does nothing.
  var noEffect: String?

  init(
    _ short: Character?, _ long: String, _ value: Value = .none, _ valueName: String = "", noEffect: String? = nil,
    help: String
  ) {
    self.short = short
    self.long = long
    self.value = value
    self.valueName = valueName
    self.help = help
    self.noEffect = noEffect
  }

  /// keepalived's options, in the order its help gives them.
  static let table: [CommandLineOption] = [
    CommandLineOption("f", "use-file", .required, "FILE", help: "read this configuration"),
    CommandLineOption("P", "vrrp", help: "run VRRP only"),
    CommandLineOption("C", "check", help: "run the health checks only"),
    CommandLineOption("B", "no_bfd", help: "do not run BFD"),
    CommandLineOption(
      nil, "all", noEffect: "a process starts at the reload that gives it something to do",
      help: "start every process, configured or not"),
    CommandLineOption("l", "log-console", help: "log to the console too"),
    CommandLineOption("D", "log-detail", help: "log more; twice: most"),
    CommandLineOption("S", "log-facility", .required, "0-7|local0-7|user|daemon", help: "syslog facility (daemon)"),
    CommandLineOption(
      "g", "log-file", .optional, "FILE",
      noEffect: "a slow disk must not hold up adverts; log to syslog, or with -l into a pipe", help: "log to a file too"
    ),
    CommandLineOption(
      nil, "flush-log-file", noEffect: "no log file is written", help: "flush the log file after each line"),
    CommandLineOption("G", "no-syslog", help: "do not log to syslog"),
    CommandLineOption("u", "umask", .required, "MASK", help: "mask for files we make (0177)"),
    CommandLineOption("X", "release-vips", help: "drop addresses at once when stopping"),
    CommandLineOption("V", "dont-release-vrrp", help: "leave addresses in place when stopping"),
    CommandLineOption("I", "dont-release-ipvs", help: "leave IPVS in place when stopping"),
    CommandLineOption("R", "dont-respawn", help: "end when a child process dies"),
    CommandLineOption("n", "dont-fork", help: "stay in the foreground"),
    CommandLineOption("d", "dump-conf", help: "log the configuration when it is loaded"),
    CommandLineOption("p", "pid", .required, "FILE", help: "pid file of the parent (/run/keepalived.pid)"),
    CommandLineOption("r", "vrrp_pid", .required, "FILE", help: "pid file of the VRRP process (/run/vrrp.pid)"),
    CommandLineOption("c", "checkers_pid", .required, "FILE", help: "pid file of the checkers (/run/checkers.pid)"),
    CommandLineOption("b", "bfd_pid", .required, "FILE", help: "pid file of the BFD process (/run/bfd.pid)"),
    CommandLineOption("a", "address-monitoring", help: "log every change of addresses"),
    CommandLineOption(
      "x", "snmp", noEffect: "there is no SNMP agent; dumps, FIFOs and the log tell what it would", help: "serve SNMP"),
    CommandLineOption(
      "A", "snmp-agent-socket", .required, "FILE", noEffect: "there is no SNMP agent", help: "AgentX socket"),
    CommandLineOption("s", "namespace", .required, "NAME", help: "run in this network namespace"),
    CommandLineOption("m", "core-dump", help: "allow core dumps"),
    CommandLineOption(
      "M", "core-dump-pattern", .optional, "PATTERN", help: "allow core dumps, and set the core pattern (core)"),
    CommandLineOption("e", "all-config", help: "an include that matches nothing is an error"),
    CommandLineOption("i", "config-id", .required, "ID", help: "keep the lines that begin with @ID"),
    CommandLineOption(nil, "signum", .required, "NAME", help: "print the number of a signal: STOP RELOAD DATA STATS …"),
    CommandLineOption("t", "config-test", .optional, "FILE", help: "check the configuration, report to FILE, and exit"),
    CommandLineOption(nil, "check-host", help: "with -t: check against this host's interfaces, scripts and users, too"),
    CommandLineOption(
      nil, "reload-plan", .required, "OLD", help: "tell what a reload from file OLD would do, and exit"),
    CommandLineOption(nil, "ignore-sigint", help: "do not stop on SIGINT"),
    CommandLineOption(
      nil, "config-fd", .required, "N", noEffect: "it is internal to keepalived", help: "internal to keepalived"),
    CommandLineOption(
      nil, "debug", .optional, "LETTERS", noEffect: "-D tells what there is to tell", help: "debug output"),
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
      text += "\(left) \(option.help)\(option.noEffect == nil ? "" : " (no effect)")\n"
    }
    return text
  }()
}
