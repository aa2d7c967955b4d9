import ConfigParser
import ConfigurationFiles
import LinuxNetworking
import LoadBalancing
import VRRPCore
import VRRPRuntime

/// The configuration as the parent read it before it started anything: the first children are copies of the parent
/// and need not read it again. Who is started later reads it anew.
final class Preloaded {
  typealias Content = (sources: RecordingSources<FileSources>, loaded: LoadedConfiguration)

  private var content: Content?
  private var isTaken = false

  init(_ options: DaemonOptions) { content = Self.read(options) }

  /// What concerns the parent, which keeps it for as long as it lives; the defaults when the file cannot be read.
  struct ParentPart {
    var global = GlobalDefinition()
    var daemon = DaemonDefinition()
    var kernel = KernelDefinition()
    /// Whether there is a `bfd_instance`.
    var hasSessions = false
  }

  /// What concerns the parent.
  var parentPart: ParentPart {
    guard let content, content.loaded.isReadable else { return ParentPart() }
    let configuration = content.loaded.configuration
    return ParentPart(
      global: configuration.global, daemon: configuration.daemon, kernel: configuration.kernel,
      hasSessions: !configuration.bfdSessions.isEmpty)
  }

  /// What was read; once. It stays in memory until ``release()``.
  func take() -> Content? {
    guard !isTaken else { return nil }
    isTaken = true
    return content
  }

  /// Frees what was read, when there is time for it: to free memory shared with a parent is to copy it first.
  func release() {
    isTaken = true
    content = nil
  }

  static func read(_ options: DaemonOptions) -> Content {
    let sources = RecordingSources(FileSources())
    let loaded = loadConfiguration(
      from: options.configurationPath, sources: sources,
      configID: options.configurationID ?? HostName.short, checksIncludes: options.checksIncludes)
    return (sources, loaded)
  }
}
