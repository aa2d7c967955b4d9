import Glibc
import NetPrimitives
import VRRPRuntime

/// The parent's dealings with files that concern reloads: the one that says when, and the one that is there meanwhile.
struct ReloadDesk {
  private let timePath: String?
  private let markerPath: String?
  private var timer: ReloadTimer
  private let watcher: FileWatcher?
  /// Who has yet to say that it has read the configuration.
  private var reading: Set<Supervisor.Child.Kind> = []

  private static var key: String { "reload_time_file" }

  init(_ settings: Supervisor.Settings) {
    timePath = settings.reloadTimePath
    markerPath = settings.reloadMarkerPath
    timer = ReloadTimer(repeatsDaily: settings.reloadsDaily)
    watcher = timePath == nil ? nil : try? FileWatcher()
  }

  /// For the reactor; `nil` when no file says when.
  var descriptor: Int32? { watcher?.rawDescriptor }

  var nextDeadline: MonotonicInstant? { timer.nextDeadline }

  /// Whether the file that says when may have changed.
  func hasChanged() -> Bool { watcher?.changes().isEmpty == false }

  /// Watches the file that says when, and reads it; a line for the log.
  mutating func readTime() -> LogLine? {
    guard let timePath else { return nil }
    do { try watcher?.watch(Self.key, path: timePath) } catch {
      return LogLine(.warning, "cannot watch \(timePath): \(error)")
    }
    let clock = SystemClock.wallClock()
    let content = try? FileReader.read(timePath, limit: 4096)
    switch timer.fileChanged(content, clock: clock, zone: SystemClock.offset) {
    case .none: return nil
    case .scheduled(let time):
      return LogLine(.info, "Reload at \(time.text(offset: SystemClock.offset(at: time)))")
    case .past: return LogLine(.warning, "\(timePath): the time it names is over")
    case .senseless: return LogLine(.warning, "\(timePath): its first line is no time, such as 23:59:59")
    }
  }

  /// Whether it is time to reload.
  mutating func isDue() -> Bool {
    guard let due = timer.advance(SystemClock.wallClock(), zone: SystemClock.offset) else { return false }
    if due.removesFile, let timePath { unlink(timePath) }
    return true
  }

  /// These are going to read the configuration; a line for the log.
  mutating func begins(_ readers: [Supervisor.Child.Kind]) -> LogLine? {
    guard let markerPath, !readers.isEmpty else { return nil }
    reading = Set(readers)
    do {
      _ = try FileDescriptor.open(
        markerPath, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, mode: 0o644)
      return nil
    } catch { return LogLine(.warning, "reload_file: \(error)") }
  }

  /// One has read the configuration, or never will.
  mutating func hasRead(_ reader: Supervisor.Child.Kind) {
    guard reading.remove(reader) != nil, reading.isEmpty, let markerPath else { return }
    unlink(markerPath)
  }
}

extension Supervisor {
  /// Has every child read the configuration anew.
  mutating func reload() throws(SystemCallError) {
    guard !isStopping else { return }
    log(LogLine(.info, "Reloading"))
    // Whoever starts now must not begin with what was read before.
    settle()
    if let line = reloads.begins(children.filter { $0.process != nil || $0.isIdle }.map(\.kind)) { log(line) }
    // Its directory may not have been there.
    if let line = reloads.readTime() { log(line) }
    for child in children {
      // What had nothing to do may have something now.
      if child.isIdle { try start(child, resuming: false) } else { child.signal(SIGHUP) }
    }
  }

  mutating func watchReloadTime() throws(SystemCallError) {
    guard let descriptor = reloads.descriptor else { return }
    _ = try reactor.add(descriptor, interest: .readable, key: Key.reloadTime)
    if let line = reloads.readTime() { log(line) }
  }

  mutating func takeReloadTime() {
    guard reloads.hasChanged(), let line = reloads.readTime() else { return }
    log(line)
  }

  mutating func advanceReloads() throws(SystemCallError) {
    if reloads.isDue() { try reload() }
  }
}

extension SystemClock {
  /// What local time is ahead of UTC at a moment, in seconds.
  static func offset(at time: WallClockTime) -> Int32 {
    var seconds = time_t(time.microseconds / 1_000_000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    return Int32(parts.tm_gmtoff)
  }
}
