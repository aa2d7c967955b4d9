import LinuxNetworking
import VRRPRuntime

/// Where log lines go, as the command line says; writing never waits.
struct DaemonLog {
  private let sink: LogSink

  init(_ options: DaemonOptions, identifier: String) {
    var configuration = LogSink.Configuration(identifier: identifier)
    configuration.writesConsole = options.logsToConsole
    configuration.syslogPath = options.usesSyslog ? "/dev/log" : nil
    configuration.facility = LogFacility(rawValue: options.facility) ?? .daemon
    sink = LogSink(configuration)
  }

  func write(_ line: LogLine) {
    sink.write(LogSeverity(rawValue: line.severity.rawValue) ?? .info, line.text)
  }
}
