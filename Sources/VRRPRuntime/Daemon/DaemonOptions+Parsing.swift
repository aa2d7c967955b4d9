extension DaemonOptions {
  /// The text of `--help`.
  public static var help: String { CommandLineOption.help }

  /// Reads `arguments`, the program's name left out, as getopt_long(3) would: short options may be bundled, values
  /// may follow or be attached, long ones may be shortened to what is unique.
  public init(parsing arguments: [String]) throws(CommandLineError) {
    self.init()
    var rest = arguments[...]
    var wantsVRRP = false
    var wantsChecks = false
    while let argument = rest.popFirst() {
      if argument == "--" {
        for word in rest { notes.append("ignoring '\(word)'") }
        break
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        notes.append("ignoring '\(argument)'")
        continue
      }
      let found = try Self.options(in: argument, rest: &rest)
      for (option, value) in found {
        if option.short == "P" { wantsVRRP = true }
        if option.short == "C" { wantsChecks = true }
        try apply(option, value)
      }
    }
    if wantsVRRP != wantsChecks {
      runsVRRP = wantsVRRP
      runsChecks = wantsChecks
    }
  }

  private typealias Found = (option: CommandLineOption, value: String?)

  private static func options(
    in argument: String, rest: inout ArraySlice<String>
  ) throws(CommandLineError) -> [Found] {
    if argument.hasPrefix("--") { return [try longOption(argument.dropFirst(2), rest: &rest)] }
    var found: [Found] = []
    var letters = argument.dropFirst()
    while let letter = letters.popFirst() {
      guard let option = CommandLineOption.table.first(where: { $0.short == letter }) else {
        throw .unknownOption("-\(letter)")
      }
      switch option.value {
      case .none:
        found.append((option, nil))
      case .optional:
        found.append((option, letters.isEmpty ? nil : String(letters)))
        letters = ""
      case .required:
        guard let value = letters.isEmpty ? rest.popFirst() : String(letters), !value.isEmpty else {
          throw .missingValue("-\(letter)")
        }
        found.append((option, value))
        letters = ""
      }
    }
    return found
  }

  private static func longOption(
    _ text: Substring, rest: inout ArraySlice<String>
  ) throws(CommandLineError) -> Found {
    let name = text.prefix { $0 != "=" }
    let attached = name.endIndex == text.endIndex ? nil : String(text[text.index(after: name.endIndex)...])
    let exact = CommandLineOption.table.filter { $0.long == name }
    let matching = exact.isEmpty ? CommandLineOption.table.filter { $0.long.hasPrefix(name) } : exact
    guard matching.count == 1, let option = matching.first else { throw .unknownOption("--\(name)") }
    switch option.value {
    case .none:
      guard attached == nil else { throw .unexpectedValue("--\(option.long)") }
      return (option, nil)
    case .optional:
      return (option, attached)
    case .required:
      guard let value = attached ?? rest.popFirst(), !value.isEmpty else { throw .missingValue("--\(option.long)") }
      return (option, value)
    }
  }

  private mutating func apply(_ option: CommandLineOption, _ value: String?) throws(CommandLineError) {
    if let reason = option.noEffect { return notes.append("option --\(option.long) has no effect: \(reason)") }
    let text = value ?? ""
    switch option.long {
    case "use-file": configurationPath = text
    case "log-console": logsToConsole = true
    case "log-detail": detail += 1
    case "no-syslog": usesSyslog = false
    case "dont-release-vrrp": keepsAddresses = true
    case "dont-release-ipvs": keepsServices = true
    case "dont-respawn": respawns = false
    case "dont-fork": staysInForeground = true
    case "dump-conf": dumpsConfiguration = true
    case "pid": pidPath = text
    case "namespace": networkNamespace = text
    case "core-dump": allowsCoreDumps = true
    case "core-dump-pattern":
      allowsCoreDumps = true
      corePattern = value ?? "core"
    case "release-vips": releasesAtOnce = true
    case "address-monitoring": tellsAddresses = true
    case "all-config": checksIncludes = true
    case "ignore-sigint": ignoresInterrupt = true
    case "vrrp_pid": vrrpPidPath = text
    case "checkers_pid": checkersPidPath = text
    case "no_bfd": runsBFD = false
    case "bfd_pid": bfdPidPath = text
    case "config-id": configurationID = text
    case "signum": action = .printSignalNumber(text)
    case "reload-plan": action = .planReload(from: text)
    case "config-test": action = .testConfiguration(reportPath: value)
    case "check-host": checksHost = true
    case "version": action = .printVersion
    case "help": action = .printHelp
    case "log-facility": facility = try Self.parse(option, text, "0-7, local0-7, user or daemon", Self.facility)
    case "umask": fileCreationMask = try Self.parse(option, text, "a mask such as 0177", Self.mask)
    default: break
    }
  }

  private static func parse<Value>(
    _ option: CommandLineOption, _ text: String, _ expected: String, _ read: (String) -> Value?
  ) throws(CommandLineError) -> Value {
    guard let value = read(text) else {
      throw .invalidValue(option: "--\(option.long)", value: text, expected: expected)
    }
    return value
  }

  /// A number as C writes it.
  private static func mask(_ text: String) -> UInt32? {
    let mask: UInt32? =
      if text.hasPrefix("0x") { UInt32(text.dropFirst(2), radix: 16) } else if text.hasPrefix("0") {
        UInt32(text, radix: 8)
      } else { UInt32(text) }
    return mask.flatMap { $0 <= 0o777 ? $0 : nil }
  }
}
