import ConfigParser
import ConfigurationFiles
import LinuxNetworking
import VRRPRuntime

/// The configuration as the parent read it before it started anything: the first VRRP process is a copy of the parent
/// and need not read it again. Who is started later reads it anew.
final class Preloaded {
  typealias Content = (sources: RecordingSources<FileSources>, loaded: LoadedConfiguration)

  private var content: Content?

  init(_ options: DaemonOptions) { content = Self.read(options) }

  /// What concerns the parent; nothing when the file cannot be read.
  var configuration: Configuration? { content.flatMap { $0.loaded.isReadable ? $0.loaded.configuration : nil } }

  /// What was read; once.
  func take() -> Content? {
    defer { content = nil }
    return content
  }

  static func read(_ options: DaemonOptions) -> Content {
    let sources = RecordingSources(FileSources())
    let loaded = loadConfiguration(
      from: options.configurationPath, sources: sources,
      configID: options.configurationID ?? HostName.short, checksIncludes: options.checksIncludes)
    return (sources, loaded)
  }
}
