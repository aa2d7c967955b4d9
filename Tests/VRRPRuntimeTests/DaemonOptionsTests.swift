import Testing
import VRRPRuntime

@Suite struct `The command line` {
  @Test func `reads keepalived's usual invocation`() throws {
    let options = try DaemonOptions(parsing: ["-f", "/x.conf", "-nlDDI", "-P", "-p/run/a", "--vrrp_pid=/run/b"])
    #expect(options.configurationPath == "/x.conf")
    #expect(options.staysInForeground && options.logsToConsole && options.detail == 2 && options.keepsServices)
    #expect(options.runsVRRP && !options.runsChecks)
    #expect(options.pidPath == "/run/a" && options.vrrpPidPath == "/run/b")
    #expect(options.notes.isEmpty)
  }

  @Test func `BFD runs unless -B says otherwise`() throws {
    for arguments in [[], ["-P"], ["-C"]] { #expect(try DaemonOptions(parsing: arguments).runsBFD) }
    let options = try DaemonOptions(parsing: ["-B", "-b", "/run/a.pid"])
    #expect(!options.runsBFD)
    #expect(options.bfdPidPath == "/run/a.pid")
    #expect(options.notes == [])
  }

  @Test func `neither or both of -P and -C run everything`() throws {
    for arguments in [[], ["-P", "-C"]] {
      let options = try DaemonOptions(parsing: arguments)
      #expect(options.runsVRRP && options.runsChecks)
    }
    let checks = try DaemonOptions(parsing: ["--check"])
    #expect(!checks.runsVRRP && checks.runsChecks)
  }

  @Test func `an optional value is attached or absent`() throws {
    #expect(try DaemonOptions(parsing: ["-t"]).action == .testConfiguration(reportPath: nil))
    #expect(try DaemonOptions(parsing: ["-t/log"]).action == .testConfiguration(reportPath: "/log"))
    let options = try DaemonOptions(parsing: ["--config-test=/log", "stray"])
    #expect(options.action == .testConfiguration(reportPath: "/log"))
    #expect(options.notes == ["ignoring 'stray'"])
  }

  @Test func `long options may be shortened to what is unique`() throws {
    #expect(try DaemonOptions(parsing: ["--dont-f"]).staysInForeground)
    #expect(throws: CommandLineError.unknownOption("--dont")) { try DaemonOptions(parsing: ["--dont"]) }
  }

  @Test func `options without effect are noted with the reason, not refused`() throws {
    let notes = try DaemonOptions(parsing: ["-x", "-A", "/s", "-g/log", "--flush-log-file", "--all"]).notes
    #expect(notes.count == 5)
    #expect(notes.first?.hasPrefix("option --snmp has no effect: there is no SNMP agent") == true)
  }

  @Test func `reads what else is wanted of the daemon`() throws {
    let usual = try DaemonOptions(parsing: [])
    #expect(!usual.releasesAtOnce && !usual.tellsAddresses && !usual.checksIncludes && !usual.ignoresInterrupt)
    #expect(usual.corePattern == nil && usual.configurationID == nil)
    let options = try DaemonOptions(parsing: ["-XaedM", "--ignore-sigint", "-iblue"])
    #expect(options.releasesAtOnce && options.tellsAddresses && options.checksIncludes && options.ignoresInterrupt)
    #expect(options.corePattern == "core" && options.allowsCoreDumps && options.dumpsConfiguration)
    #expect(options.configurationID == "blue" && options.notes.isEmpty)
    #expect(try DaemonOptions(parsing: ["--core-dump-pattern=/c/%p"]).corePattern == "/c/%p")
  }

  @Test(arguments: [
    (["-z"], CommandLineError.unknownOption("-z")), (["-f"], .missingValue("-f")),
    (["--use-file="], .missingValue("--use-file")), (["--version=1"], .unexpectedValue("--version")),
    (
      ["-S", "9"],
      .invalidValue(option: "--log-facility", value: "9", expected: "0-7, local0-7, user or daemon")
    ),
    (["-u", "01000"], .invalidValue(option: "--umask", value: "01000", expected: "a mask such as 0177")),
  ])
  func refuses(arguments: [String], error: CommandLineError) {
    #expect(throws: error) { try DaemonOptions(parsing: arguments) }
  }

  @Test func `reads facilities and masks`() throws {
    #expect(try DaemonOptions(parsing: ["-S", "local3"]).facility == 19)
    #expect(try DaemonOptions(parsing: ["-S", "3"]).facility == 19)
    #expect(try DaemonOptions(parsing: ["-S", "daemon"]).facility == 3)
    #expect(try DaemonOptions(parsing: ["-u", "027"]).fileCreationMask == 0o27)
    #expect(try DaemonOptions(parsing: ["-u", "0x1f"]).fileCreationMask == 0x1f)
  }
}
