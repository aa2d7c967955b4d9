import ConfigParser
import ConfigurationFiles
import Glibc
import LinuxNetworking
import VRRPCore
import VRRPRuntime

/// Reads one process's part of the configuration, at start and again at every reload.
final class ConfigurationReader<Part> {
  private let options: DaemonOptions
  private let log: DaemonLog
  private var sources = RecordingSources(FileSources())
  private let reportsProblems: Bool
  private let part: (Configuration) -> Part
  private var current: Part?
  private var reload = ReloadDefinition()
  private var loadCount = 0
  private let preloaded: Preloaded?

  /// A reader of what `part` takes, at first from what was read already, if that is at hand. Problems are reported by
  /// one process only.
  init(
    options: DaemonOptions, log: DaemonLog, preloaded: Preloaded? = nil, reportsProblems: Bool = true,
    part: @escaping (Configuration) -> Part
  ) {
    self.preloaded = preloaded
    self.options = options
    self.log = log
    self.reportsProblems = reportsProblems
    self.part = part
  }

  /// The configuration; `nil`, with the reason in the log, when there is none to speak of. A reload does not take one
  /// whose blocks or quotes do not match: what looks like the rest of the file may be part of something else.
  ///
  /// Files that say what they said before are not parsed again.
  func load() -> Part? {
    if let current, sources.isCurrent { return current }
    let (sources, loaded) = preloaded?.take() ?? Preloaded.read(options)
    if reportsProblems || !loaded.isReadable {
      let renderer = TextRenderer()
      for diagnostic in loaded.diagnostics {
        log.write(LogLine(diagnostic.severity.logSeverity, renderer.headline(diagnostic, in: loaded.sources)))
      }
    }
    if current != nil, reload.checksFirst, loaded.testStatus != 0 {
      report(loaded)
      return nil
    }
    // An include that must not fail is as good as the whole file.
    guard loaded.isReadable, !loaded.hasIncludeError, current == nil || loaded.isSound else { return nil }
    self.sources = sources
    reload = loaded.configuration.global.reload
    save(loaded)
    let configuration = part(loaded.configuration)
    current = configuration
    return configuration
  }

  /// `reload_check_config`: why a file is not taken.
  private func report(_ loaded: LoadedConfiguration) {
    guard reportsProblems else { return }
    log.write(LogLine(.error, "reload_check_config: the file has errors or warnings (status \(loaded.testStatus))"))
    guard let path = reload.reportPath else { return }
    let renderer = TextRenderer()
    ConfigurationTest.append(loaded.diagnostics.map { renderer.render($0, in: loaded.sources) }.joined(), to: path)
  }

  /// `config_save_dir`: a copy of everything that was read, each file under its name.
  private func save(_ loaded: LoadedConfiguration) {
    guard reportsProblems, let directory = reload.saveDirectory else { return }
    mkdir(directory, 0o700)
    var text = ""
    for source in loaded.sources.texts { text += "# \(source.path)\n\(String(decoding: source.bytes, as: UTF8.self))" }
    ConfigurationTest.append(text, to: "\(directory)/keepalived.conf.\(getpid()).\(loadCount)")
    loadCount += 1
  }
}

extension VRRPConfiguration {
  /// The VRRP process's part of what was read.
  init(_ configuration: Configuration) {
    self.init()
    global = configuration.global
    routers = configuration.virtualRouters
    groups = configuration.syncGroups
    statics.addresses = configuration.staticAddresses
    statics.routes = configuration.staticRoutes
    statics.rules = configuration.staticRules
    dumps = configuration.dumps
    daemon = configuration.daemon
    tracking.scripts = configuration.trackScripts
    tracking.files = configuration.trackFiles
    tracking.processes = configuration.trackProcesses
    tracking.interfaceDelays = configuration.interfaceDelays
    linkPolling = configuration.linkPolling
    tracking.sessions = configuration.bfdSessions.filter(\.informsRouters).map {
      TrackedObject(name: $0.name, weight: $0.weight, isReversed: $0.isReversed)
    }
  }
}

extension Diagnostic.Severity {
  var logSeverity: LogLine.Severity {
    switch self {
    case .error: .error
    case .warning: .warning
    case .note: .info
    }
  }
}
