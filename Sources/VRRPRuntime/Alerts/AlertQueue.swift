public import NetPrimitives

/// Alerts on their way to the process that delivers them, one at a time and in order.
///
/// That process is there only while there is something to deliver: name servers and mail servers may be slow, and
/// nobody but it waits for them. One that hangs is killed, and its alert is lost; one that was idle for a while is
/// sent home. When alerts come faster than they can be delivered, the oldest give way: what happened last matters most.
public struct AlertQueue: Sendable {
  private var waiting: [AlertDelivery] = []
  private var courier: Courier = .absent
  private var effects: [Effect] = []
  private var limits: Limits
  /// How many alerts were given up since the last report.
  private var untold: UInt64 = 0
  /// How many alerts were never delivered, of any reason that shows here.
  public private(set) var droppedCount: UInt64 = 0
  /// When to call ``advance(to:)``.
  public private(set) var nextDeadline: MonotonicInstant?

  private enum Courier: Sendable {
    case absent
    /// Could not be started; tried again at the deadline.
    case resting
    case busy
    case idle
    /// Sent home, or being killed; not gone yet.
    case leaving
  }

  /// How many and how long.
  public struct Limits: Hashable, Sendable, BitwiseCopyable {
    /// Alerts that may wait.
    public var waiting: Int
    /// For one alert, in nanoseconds: retries, mail and webhook together.
    public var delivery: UInt64
    /// How long the process stays without work, in nanoseconds.
    public var idle: UInt64
    /// How long after a failed start the next is tried, in nanoseconds.
    public var rest: UInt64

    /// What holds in the daemon.
    public init(
      waiting: Int = 64, delivery: UInt64 = 180_000_000_000, idle: UInt64 = 10_000_000_000,
      rest: UInt64 = 1_000_000_000
    ) {
      self.waiting = waiting
      self.delivery = delivery
      self.idle = idle
      self.rest = rest
    }
  }

  /// What the shell must do.
  public enum Effect: Hashable, Sendable {
    /// Start the process; ``AlertQueue/courierEnded(now:)`` when that fails or when it ends.
    case start
    /// Hand it this alert; ``AlertQueue/delivered(now:)`` when it is done with it, successfully or not.
    case deliver(AlertDelivery)
    /// Let it go: it has nothing to do.
    case dismiss
    /// It hangs.
    case kill
    /// So many alerts were given up.
    case reportDropped(UInt64)
  }

  /// An empty queue.
  public init(limits: Limits = Limits()) { self.limits = limits }

  /// Whether nothing waits and nothing is being delivered.
  public var isIdle: Bool {
    switch courier {
    case .absent, .idle, .leaving: waiting.isEmpty
    case .resting, .busy: false
    }
  }

  /// Takes the effects, to carry them out.
  public mutating func takeEffects() -> [Effect] {
    guard !effects.isEmpty else { return [] }
    defer { effects.removeAll() }
    return effects
  }

  /// An alert is to be delivered.
  public mutating func add(_ alert: AlertDelivery, now: MonotonicInstant) {
    if waiting.count >= limits.waiting {
      waiting.removeFirst()
      drop(1)
    }
    waiting.append(alert)
    switch courier {
    case .absent: startCourier(now: now)
    case .idle: deliverNext(now: now)
    case .resting, .busy, .leaving: break
    }
  }

  /// The process is done with its alert.
  public mutating func delivered(now: MonotonicInstant) {
    guard case .busy = courier else { return }
    deliverNext(now: now)
  }

  /// The process ended, or could not be started. What it had in hand is lost: it may be why.
  public mutating func courierEnded(now: MonotonicInstant) {
    switch courier {
    case .absent, .resting: return
    case .busy:
      drop(1)
      courier = waiting.isEmpty ? .absent : .resting
      nextDeadline = waiting.isEmpty ? nil : now.advanced(byNanoseconds: limits.rest)
      report()
    case .idle, .leaving:
      courier = .absent
      nextDeadline = nil
      if !waiting.isEmpty { startCourier(now: now) }
    }
  }

  /// Lets time pass.
  public mutating func advance(to now: MonotonicInstant) {
    guard let deadline = nextDeadline, deadline <= now else { return }
    nextDeadline = nil
    switch courier {
    case .absent, .leaving: break
    case .resting: startCourier(now: now)
    case .busy:
      drop(1)
      report()
      leave(.kill)
    case .idle: leave(.dismiss)
    }
  }

  /// The daemon ends: what is not delivered by now is lost.
  public mutating func abandon() {
    drop(UInt64(waiting.count))
    waiting.removeAll()
    if case .busy = courier { drop(1) }
    report()
    if case .absent = courier { return }
    leave(.kill)
  }

  private mutating func startCourier(now: MonotonicInstant) {
    effects.append(.start)
    deliverNext(now: now)
  }

  private mutating func deliverNext(now: MonotonicInstant) {
    guard !waiting.isEmpty else {
      courier = .idle
      nextDeadline = now.advanced(byNanoseconds: limits.idle)
      return report()
    }
    courier = .busy
    nextDeadline = now.advanced(byNanoseconds: limits.delivery)
    effects.append(.deliver(waiting.removeFirst()))
  }

  private mutating func leave(_ effect: Effect) {
    courier = .leaving
    effects.append(effect)
  }

  /// The first of many is told at once, the others together when it is over: a flood of alerts is none of log lines.
  private mutating func drop(_ count: UInt64) {
    guard count > 0 else { return }
    if droppedCount == 0 { effects.append(.reportDropped(count)) } else { untold += count }
    droppedCount += count
  }

  private mutating func report() {
    guard untold > 0 else { return }
    effects.append(.reportDropped(untold))
    untold = 0
  }
}
