import NetPrimitives
import VRRPCore
import VRRPRuntime

/// Tells the tracking board of processes: from the kernel's events, or, where it gives none, from a look at all of them
/// once a second.
struct ProcessDesk: ~Copyable {
  /// How long nobody may notice where the kernel tells nothing.
  private static let pollNanoseconds: UInt64 = 1_000_000_000

  private var events: ProcessEvents?
  private var retired: ProcessEvents?
  private var buffer = ReceiveBufferDefinition()
  private var isPolling = false
  /// When to look at all processes again; `nil` while the kernel tells.
  private(set) var nextDeadline: MonotonicInstant?

  /// For the reactor; `nil` without events.
  var descriptor: Int32? { events?.rawDescriptor }

  /// Follows a configuration, and looks at all processes: what is tracked from now on must be known from now on.
  ///
  /// - Returns: Why the kernel tells nothing, once.
  mutating func follow(
    _ configuration: VRRPConfiguration, _ board: inout TrackingBoard, now: MonotonicInstant
  ) -> String? {
    guard !configuration.tracking.processes.isEmpty else {
      retire()
      isPolling = false
      nextDeadline = nil
      return nil
    }
    let wanted = configuration.global.processEventBuffer
    var failure: String?
    if events == nil || wanted != buffer {
      retire()
      buffer = wanted
      do {
        events = try ProcessEvents(wanted)
      } catch {
        if !isPolling { failure = "the kernel does not tell of processes (\(error)); looking once a second" }
      }
    }
    isPolling = events == nil
    scan(&board, now: now)
    return failure
  }

  /// Looks at all processes when it is time to.
  mutating func advance(to now: MonotonicInstant, _ board: inout TrackingBoard) {
    guard let nextDeadline, nextDeadline <= now else { return }
    scan(&board, now: now)
  }

  /// Reads the kernel's events. When some were lost, all processes are looked at.
  mutating func takeEvents(into board: inout TrackingBoard, now: MonotonicInstant) {
    var isIncomplete = false
    var found: [ProcessEvents.Event] = []
    events?.receive { found.append($0) }
    for event in found {
      switch event {
      case .changed(let process):
        guard let candidate = ProcessTable.candidate(process) else {
          board.processEnded(process, now: now)
          continue
        }
        board.processStarted(process, candidate, now: now)
      case .ended(let process): board.processEnded(process, now: now)
      case .overrun: isIncomplete = true
      }
    }
    if isIncomplete { scan(&board, now: now) }
  }

  /// Closes a socket the reactor no longer watches.
  mutating func closeRetired() { retired = nil }

  private mutating func retire() {
    retired = events
    events = nil
  }

  private mutating func scan(_ board: inout TrackingBoard, now: MonotonicInstant) {
    board.processesScanned(ProcessTable.all(), now: now)
    nextDeadline = isPolling ? now.advanced(byNanoseconds: Self.pollNanoseconds) : nil
  }
}
