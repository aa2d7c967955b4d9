import Glibc
import NetPrimitives
import VRRPRuntime

/// The parent's side of alerts: runs the queue that decides, and keeps the process that delivers.
final class AlertDesk {
  private var queue = AlertQueue()
  private let body: (() -> Int32)?
  private let log: (LogLine) -> Void
  private let keys: (process: UInt32, channel: UInt32)
  private var process: ChildProcess?
  private var channel: HookChannel?
  private var tokens: [ReactorToken] = []

  /// A desk whose process does `body`; with `nil` nothing is delivered. The reactor's `keys` are for the process and
  /// its channel.
  init(_ body: (() -> Int32)?, keys: (process: UInt32, channel: UInt32), log: @escaping (LogLine) -> Void) {
    self.body = body
    self.keys = keys
    self.log = log
  }

  var nextDeadline: MonotonicInstant? { queue.nextDeadline }

  /// Whether all alerts have been delivered, or have failed.
  var isIdle: Bool { queue.isIdle }

  func add(_ alert: AlertDelivery, in reactor: inout EpollReactor, now: MonotonicInstant) throws(SystemCallError) {
    guard body != nil else { return }
    queue.add(alert, now: now)
    try carryOut(in: &reactor, now: now)
  }

  /// The process may have ended.
  func takeEnd(in reactor: inout EpollReactor, now: MonotonicInstant) throws(SystemCallError) {
    guard let status = try process?.reap() else { return }
    if status != .exited(0) { log(LogLine(.warning, "the process that delivers alerts ended: \(status)")) }
    for token in tokens { reactor.remove(token) }
    tokens = []
    process = nil
    channel = nil
    queue.courierEnded(now: now)
    try carryOut(in: &reactor, now: now)
  }

  /// The process says that it is done.
  func takeReplies(in reactor: inout EpollReactor, now: MonotonicInstant) throws(SystemCallError) {
    var buffer = [UInt8](repeating: 0, count: 64)
    while channel?.receive(into: &buffer) != nil { queue.delivered(now: now) }
    try carryOut(in: &reactor, now: now)
  }

  func advance(to now: MonotonicInstant, in reactor: inout EpollReactor) throws(SystemCallError) {
    queue.advance(to: now)
    try carryOut(in: &reactor, now: now)
  }

  /// The daemon ends now.
  func abandon(in reactor: inout EpollReactor, now: MonotonicInstant) throws(SystemCallError) {
    queue.abandon()
    try carryOut(in: &reactor, now: now)
  }

  private func carryOut(in reactor: inout EpollReactor, now: MonotonicInstant) throws(SystemCallError) {
    for effect in queue.takeEffects() {
      switch effect {
      case .start:
        do { try start(in: &reactor) } catch {
          log(LogLine(.error, "cannot start the process that delivers alerts: \(error)"))
          queue.courierEnded(now: now)
          return try carryOut(in: &reactor, now: now)
        }
      case .deliver(let alert):
        guard let message = HookRequest.alert(alert).encoded, channel?.send(message) == true else {
          queue.delivered(now: now)
          return try carryOut(in: &reactor, now: now)
        }
      case .dismiss: process?.signalGroup(SIGTERM)
      case .kill: process?.signalGroup(SIGKILL)
      case .reportDropped(let count):
        log(LogLine(.error, "\(count) alert\(count == 1 ? "" : "s") given up: they cannot be delivered that fast"))
      }
    }
  }

  private func start(in reactor: inout EpollReactor) throws(SystemCallError) {
    guard let body else { return }
    let (ours, theirs) = try HookChannel.pair()
    let started = try ChildProcess.fork(standardInput: theirs.descriptor, running: body)
    tokens = [
      try reactor.add(ours.descriptor.rawValue, interest: .readable, key: keys.channel),
      try reactor.add(started.pid.descriptor.rawValue, interest: .readable, key: keys.process),
    ]
    channel = ours
    process = consume started
  }
}
