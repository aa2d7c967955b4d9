public import NetPrimitives

/// Commands run for somebody, one at a time for each subject and in order: what happened last is told last.
///
/// A subject whose commands are slower than its changes keeps the newest few; a command that runs too long is ended.
public struct HookQueue<Subject: Hashable & Sendable, Command: Hashable & Sendable>: Sendable {
  /// Commands that may wait for a subject; the oldest gives way.
  public static var waitingLimit: Int { 8 }

  /// What to do now, first to last. Cleared by ``takeEffects()``.
  public private(set) var effects: [Effect] = []
  private var waiting: [Subject: [Command]] = [:]
  private var running: [UInt64: Run] = [:]
  private var busy: Set<Subject> = []
  private var lastNumber: UInt64 = 0
  private var limitNanoseconds: UInt64

  private struct Run {
    var subject: Subject
    var killAt: MonotonicInstant?
  }

  /// What the shell must do.
  public enum Effect: Hashable, Sendable {
    /// Start the command and tell ``HookQueue/ended(_:now:)``.
    case run(number: UInt64, Command)
    /// End it: its time is over.
    case kill(number: UInt64)
  }

  /// A queue whose commands may run so long, in nanoseconds.
  public init(limitNanoseconds: UInt64 = 60_000_000_000) { self.limitNanoseconds = limitNanoseconds }

  /// Whether nothing runs, and so nothing waits.
  public var isIdle: Bool { running.isEmpty }

  /// When to call ``advance(to:)``; `nil` while nothing runs that is not being ended.
  public var nextDeadline: MonotonicInstant? { running.values.compactMap(\.killAt).min() }

  /// Takes the effects, to carry them out.
  public mutating func takeEffects() -> [Effect] {
    guard !effects.isEmpty else { return [] }
    defer { effects.removeAll() }
    return effects
  }

  /// Runs `command` for `subject` when its turn has come.
  public mutating func add(_ command: Command, for subject: Subject, now: MonotonicInstant) {
    guard busy.contains(subject) else { return start(command, for: subject, now: now) }
    var list = waiting[subject] ?? []
    if list.count == Self.waitingLimit { list.removeFirst() }
    list.append(command)
    waiting[subject] = list
  }

  /// A command has ended, in whatever way.
  public mutating func ended(_ number: UInt64, now: MonotonicInstant) {
    guard let run = running.removeValue(forKey: number) else { return }
    busy.remove(run.subject)
    guard var list = waiting.removeValue(forKey: run.subject), !list.isEmpty else { return }
    let next = list.removeFirst()
    if !list.isEmpty { waiting[run.subject] = list }
    start(next, for: run.subject, now: now)
  }

  /// Ends what ran too long.
  public mutating func advance(to now: MonotonicInstant) {
    for number in running.keys.sorted() {
      guard let at = running[number]?.killAt, at <= now else { continue }
      running[number]?.killAt = nil
      effects.append(.kill(number: number))
    }
  }

  /// The process stops: what runs or waits has this long, in nanoseconds, in all.
  public mutating func stop(withinNanoseconds limit: UInt64, now: MonotonicInstant) {
    limitNanoseconds = limit
    let end = now.advanced(byNanoseconds: limit)
    running = running.mapValues { Run(subject: $0.subject, killAt: $0.killAt.map { min($0, end) }) }
  }

  private mutating func start(_ command: Command, for subject: Subject, now: MonotonicInstant) {
    lastNumber += 1
    busy.insert(subject)
    running[lastNumber] = Run(subject: subject, killAt: now.advanced(byNanoseconds: limitNanoseconds))
    effects.append(.run(number: lastNumber, command))
  }
}
