import HealthCheck
import LinuxNetworking
import NetPrimitives
import Synchronization
import VRRPRuntime

/// The thread of a world and the box its orders go through.
final class ProbeLoop: Sendable {
  private enum Order {
    case begin(ProbeStart, ProbeID, @Sendable (Finding) -> Void)
    case cancel(ProbeID)
  }

  private struct Box {
    var lastTicket: UInt64 = 0
    var orders: [Order] = []
    var problems: [String] = []
    var isStopping = false
    /// The thread has ended, for this reason.
    var failure: Int32?
  }

  private let box = Mutex(Box())
  private let event: EventDescriptor
  private static let eventKey: UInt32 = 0

  init() throws(SystemCallError) { event = try EventDescriptor() }

  /// A name for a probe of this world. Runners count each for themselves.
  func nextTicket() -> ProbeID {
    box.withLock { box in
      box.lastTicket += 1
      return ProbeID(rawValue: box.lastTicket)
    }
  }

  /// Has a probe made; `answer` is called exactly once, on some thread.
  func begin(_ start: ProbeStart, _ ticket: ProbeID, _ answer: @escaping @Sendable (Finding) -> Void) {
    let failure = box.withLock { box in
      if box.failure == nil { box.orders.append(.begin(start, ticket, answer)) }
      return box.failure
    }
    if let failure { answer(Finding(.inconclusive(.system(errno: failure)))) } else { event.signal() }
  }

  func cancel(_ ticket: ProbeID) {
    box.withLock { $0.orders.append(.cancel(ticket)) }
    event.signal()
  }

  func stop() {
    box.withLock { $0.isStopping = true }
    event.signal()
  }

  func takeProblems() -> [String] {
    box.withLock { box in
      defer { box.problems.removeAll() }
      return box.problems
    }
  }

  /// The body of the thread.
  func run(socketLimit: Int?) {
    var answers: [ProbeID: @Sendable (Finding) -> Void] = [:]
    do {
      try run(socketLimit: socketLimit, &answers)
    } catch {
      fail(error.errno, &answers)
    }
  }

  private func run(
    socketLimit: Int?, _ answers: inout [ProbeID: @Sendable (Finding) -> Void]
  ) throws(SystemCallError) {
    var reactor = try EpollReactor()
    var table = ProbeTable(firstReactorKey: Self.eventKey + 1, socketLimit: socketLimit)
    _ = try reactor.add(event.descriptor.rawValue, interest: .readable, key: Self.eventKey)
    while true {
      let turn = try reactor.wait(until: table.nextDeadline)
      while let ready = reactor.nextReady() {
        if table.owns(ready) {
          table.take(ready, reactor: &reactor, now: turn.now)
        } else {
          _ = try event.take()
        }
      }
      if turn.deadlinePassed { table.advance(to: turn.now, reactor: &reactor) }
      let (orders, isStopping) = box.withLock { box in
        defer { box.orders.removeAll() }
        return (box.orders, box.isStopping)
      }
      for order in orders {
        switch order {
        case .begin(var start, let ticket, let answer):
          start.id = ticket
          answers[ticket] = answer
          table.start(start, reactor: &reactor, now: SystemClock.monotonic())
        case .cancel(let ticket):
          table.cancel(ticket, reactor: &reactor, now: SystemClock.monotonic())
          answers.removeValue(forKey: ticket)?(Finding(.inconclusive(.cancelled)))
        }
      }
      for (ticket, finding) in table.takeFindings() { answers.removeValue(forKey: ticket)?(finding) }
      let problems = table.takeProblems()
      if !problems.isEmpty { box.withLock { $0.problems = ($0.problems + problems).suffix(64) } }
      // Whoever waits for an answer keeps the world, and with it the thread.
      if isStopping, answers.isEmpty { return }
    }
  }

  private func fail(_ errno: Int32, _ answers: inout [ProbeID: @Sendable (Finding) -> Void]) {
    let orders = box.withLock { box in
      box.failure = errno
      defer { box.orders.removeAll() }
      return box.orders
    }
    let finding = Finding(.inconclusive(.system(errno: errno)))
    for case .begin(_, _, let answer) in orders { answer(finding) }
    for answer in answers.values { answer(finding) }
    answers.removeAll()
  }
}
