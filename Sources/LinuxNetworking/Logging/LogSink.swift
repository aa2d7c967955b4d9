import CLinuxShims
import Glibc
import NetPrimitives

/// Where log lines go: the console, syslog, or both. Never waits: a line that cannot be taken at once is dropped and
/// counted, and the count is told when lines pass again.
public final class LogSink {
  /// The choices of a sink.
  public struct Configuration: Hashable, Sendable {
    /// The name lines carry: `Keepalived_vrrp`.
    public var identifier: String
    /// Lines less grave than this are not written.
    public var leastSeverity: LogSeverity = .info
    public var facility: LogFacility = .daemon
    /// Whether lines go to the console.
    public var writesConsole = true
    /// The console's descriptor; it stays the caller's.
    public var consoleDescriptor: Int32 = 2
    /// Where syslog listens; `nil` for no syslog.
    public var syslogPath: String?
    /// Lines of one kind that pass at once.
    public var rateBurst: UInt32 = 5
    /// Time that earns one kind one more line.
    public var rateIntervalNanoseconds: UInt64 = 1_000_000_000

    /// To the console alone.
    public init(identifier: String) { self.identifier = identifier }
  }

  /// What the sink does.
  public let configuration: Configuration
  /// Lines lost because somebody did not take them in time.
  public private(set) var droppedCount: UInt64 = 0

  private var reportedDrops: UInt64 = 0
  private let console: Console?
  private let syslog: Syslog?
  private var limit: LogRateLimit

  /// Opens what the configuration names. A syslog that does not answer is tried again with later lines.
  public init(_ configuration: Configuration) {
    self.configuration = configuration
    console = configuration.writesConsole ? Console(configuration.consoleDescriptor) : nil
    syslog = configuration.syslogPath.map {
      Syslog(path: $0, identifier: configuration.identifier, facility: configuration.facility)
    }
    limit = LogRateLimit(
      burst: configuration.rateBurst, intervalNanoseconds: configuration.rateIntervalNanoseconds)
  }

  /// Writes one line. Control characters in it become `?`, so that what came from outside cannot forge another line;
  /// it is cut at 1,000 bytes.
  public func write(_ severity: LogSeverity, _ message: @autoclosure () -> String) {
    guard severity <= configuration.leastSeverity else { return }
    emit(severity, message())
  }

  /// Writes one line unless there were too many of kind `key` lately; the next that passes says how many were not
  /// written. The message is not even made then. Keys are the caller's own: a kind and the object it is about.
  public func write(_ severity: LogSeverity, key: UInt64, _ message: @autoclosure () -> String) {
    guard severity <= configuration.leastSeverity else { return }
    switch limit.judge(key, now: SystemClock.monotonic()) {
    case .suppress: return
    case .pass(suppressedBefore: 0): emit(severity, message())
    case .pass(let suppressed): emit(severity, "\(message()) (\(suppressed) more of these not logged)")
    }
  }

  private func emit(_ severity: LogSeverity, _ message: String) {
    let dropped = droppedCount
    if dropped > reportedDrops, deliver(.warning, LogText.clean("\(dropped - reportedDrops) log lines were lost")) {
      reportedDrops = dropped
    }
    if !deliver(severity, LogText.clean(message)) { droppedCount &+= 1 }
  }

  /// Whether somebody can read the line: with a console, a host without a syslog daemon loses nothing.
  private func deliver(_ severity: LogSeverity, _ line: [UInt8]) -> Bool {
    let isShown = console?.write(line) ?? false
    let isSent = syslog?.write(severity, line) ?? false
    return isShown || isSent || (console == nil && syslog == nil)
  }
}

/// The bytes of one line.
enum LogText {
  static let byteLimit = 1000

  static func clean(_ message: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(message.utf8.count, byteLimit))
    for byte in message.utf8 {
      guard bytes.count < byteLimit else { break }
      bytes.append(byte < 0x20 || byte == 0x7f ? UInt8(ascii: "?") : byte)
    }
    return bytes
  }
}
