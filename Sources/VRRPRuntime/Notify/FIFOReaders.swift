public import NetPrimitives
public import VRRPCore

/// The programs that read notify FIFOs (`notify_fifo_script` and its relatives): started with the path as their last
/// argument, kept running, and left to read to the end when the daemon stops.
public struct FIFOReaders: Sendable {
  private var readers: [String: Reader] = [:]
  private var effects: [Effect] = []
  private var isStopping = false

  private struct Reader: Sendable {
    var command: ScriptCommand
    var step: Step
    /// Deaths in short succession.
    var failures: UInt64 = 0

    enum Step: Sendable {
      case running(since: MonotonicInstant)
      case waiting(until: MonotonicInstant)
      /// To be ended; first it is asked, then it is made to.
      case ending(at: MonotonicInstant, isAsked: Bool)
      /// Killed, not gone yet.
      case killed
    }
  }

  /// What the shell must do.
  public enum Effect: Hashable, Sendable {
    /// Start the reader of the FIFO at `path` and tell ``FIFOReaders/ended(_:now:)``.
    case run(path: String, ScriptCommand)
    /// Ask it to end (SIGTERM).
    case terminate(path: String)
    /// Make it end (SIGKILL).
    case kill(path: String)
  }

  /// One that ran so long, in nanoseconds, is started again at once.
  private static let longRun: UInt64 = 60_000_000_000
  private static let second: UInt64 = 1_000_000_000

  /// No readers.
  public init() {}

  /// Whether no reader is there.
  public var isIdle: Bool { readers.isEmpty }

  /// When to call ``advance(to:)``.
  public var nextDeadline: MonotonicInstant? {
    readers.values.compactMap { reader in
      switch reader.step {
      case .waiting(let until): until
      case .ending(let at, _): at
      case .running, .killed: nil
      }
    }.min()
  }

  /// Takes the effects, to carry them out.
  public mutating func takeEffects() -> [Effect] {
    guard !effects.isEmpty else { return [] }
    defer { effects.removeAll() }
    return effects
  }

  /// Makes `wanted`, commands by the path of their FIFO, what is to run. What runs already goes on undisturbed; one
  /// whose command changed is ended and started anew.
  public mutating func keep(_ wanted: [String: ScriptCommand], now: MonotonicInstant) {
    for (path, var reader) in readers where wanted[path] != reader.command {
      if let command = wanted[path] { reader.command = command }
      switch reader.step {
      case .running:
        effects.append(.terminate(path: path))
        reader.step = .ending(at: now.advanced(byNanoseconds: Self.second), isAsked: true)
        readers[path] = reader
      case .waiting: readers[path] = nil
      case .ending, .killed: readers[path] = reader
      }
    }
    self.wanted = wanted
    for path in wanted.keys.sorted() where readers[path] == nil { start(path, now: now) }
  }

  private var wanted: [String: ScriptCommand] = [:]

  /// The reader of the FIFO at `path` ended, or could not be started.
  public mutating func ended(_ path: String, now: MonotonicInstant) {
    guard let reader = readers.removeValue(forKey: path), !isStopping, let command = wanted[path] else { return }
    switch reader.step {
    case .ending, .killed: start(path, now: now)
    case .running(let since):
      let hasRunLong = now.nanoseconds(since: since) >= Self.longRun
      let failures = hasRunLong ? 0 : min(reader.failures + 1, 6)
      if failures == 0 { return start(path, now: now) }
      let pause = min(Self.second << (failures - 1), Self.longRun)
      readers[path] = Reader(
        command: command, step: .waiting(until: now.advanced(byNanoseconds: pause)), failures: failures)
    case .waiting: readers[path] = reader
    }
  }

  /// The FIFOs were closed for good: who reads comes to the end of what was written. Then it is asked to end, and a
  /// second later it is made to.
  public mutating func stop(now: MonotonicInstant) {
    guard !isStopping else { return }
    isStopping = true
    for (path, reader) in readers {
      switch reader.step {
      case .running:
        readers[path]?.step = .ending(at: now.advanced(byNanoseconds: Self.second), isAsked: false)
      case .waiting: readers[path] = nil
      case .ending, .killed: break
      }
    }
  }

  /// Lets timers that are due fire.
  public mutating func advance(to now: MonotonicInstant) {
    for path in readers.keys.sorted() {
      switch readers[path]?.step {
      case .waiting(let until) where until <= now: start(path, now: now)
      case .ending(let at, false) where at <= now:
        effects.append(.terminate(path: path))
        readers[path]?.step = .ending(at: now.advanced(byNanoseconds: Self.second), isAsked: true)
      case .ending(let at, true) where at <= now:
        effects.append(.kill(path: path))
        readers[path]?.step = .killed
      case .waiting, .ending, .running, .killed, nil: break
      }
    }
  }

  private mutating func start(_ path: String, now: MonotonicInstant) {
    guard let command = wanted[path] else { return }
    let failures = readers[path]?.failures ?? 0
    readers[path] = Reader(command: command, step: .running(since: now), failures: failures)
    effects.append(.run(path: path, command))
  }
}
