import CLinuxShims
import Glibc
public import NetPrimitives
public import VRRPRuntime

/// The reactor of the daemon: one epoll set, one timerfd, one thread; a turn allocates nothing.
public struct EpollReactor: Reactor, ~Copyable {
  public typealias Failure = SystemCallError

  public let maximumEventsPerTurn: Int

  private let epoll: Epoll
  private let timer: TimerDescriptor
  /// What the timer is set to. A later deadline leaves it as it is: each advert that a backup hears moves a deadline
  /// on, and one expiry too many at the end is cheaper than a system call each time.
  private var timerDeadline: MonotonicInstant?
  private var slots: [Slot] = []
  private var freeSlots: [UInt32] = []
  private let events: UnsafeMutableBufferPointer<epoll_event>
  private var readyCount = 0
  private var delivered = 0

  private struct Slot {
    var descriptor: Int32
    var key: UInt32
    var generation: UInt32
    var isUsed: Bool
  }

  /// The timer's place among the epoll data; no slot reaches it.
  private static let timerData = UInt64.max

  /// An empty reactor whose turns report at most `maximumEventsPerTurn` descriptors (1…4096).
  public init(maximumEventsPerTurn: Int = 64) throws(SystemCallError) {
    precondition((1...4096).contains(maximumEventsPerTurn))
    let epoll = try Epoll()
    let timer = try TimerDescriptor()
    // Edge-triggered: an expiry wakes once and needs no read; setting the timer again re-arms it.
    try epoll.add(
      timer.descriptor.rawValue, events: EPOLLIN.rawValue | EPOLLET.rawValue, data: Self.timerData)
    self.maximumEventsPerTurn = maximumEventsPerTurn
    self.epoll = epoll
    self.timer = timer
    events = .allocate(capacity: maximumEventsPerTurn)
  }

  deinit { events.deallocate() }

  /// Readable when ``wait(until:)`` would find something: lets another loop (Dispatch, a poll(2) of a host) embed this
  /// one. Set the deadline first with ``prepare(deadline:)``. The number stays ours; do not close it.
  public var embeddableDescriptor: Int32 { epoll.descriptor.rawValue }

  /// Arms the deadline without waiting, for a host that polls ``embeddableDescriptor`` itself. It may become readable
  /// earlier, at a deadline that was moved on since.
  public mutating func prepare(deadline: MonotonicInstant?) throws(SystemCallError) {
    if let timerDeadline, let deadline, timerDeadline <= deadline { return }
    guard deadline != timerDeadline else { return }
    try timer.set(deadline)
    timerDeadline = deadline
  }

  public mutating func add(
    _ descriptor: Int32, interest: Interest, key: UInt32
  ) throws(SystemCallError) -> ReactorToken {
    let index: UInt32
    if let free = freeSlots.popLast() {
      index = free
    } else {
      index = UInt32(slots.count)
      slots.append(Slot(descriptor: -1, key: 0, generation: 0, isUsed: false))
      // Room to give every slot back, so that removing never allocates.
      freeSlots.reserveCapacity(slots.capacity)
    }
    let token = ReactorToken(slot: index, generation: slots[Int(index)].generation)
    do {
      try epoll.add(descriptor, events: interest.epollEvents, data: token.epollData)
    } catch {
      freeSlots.append(index)
      throw error
    }
    slots[Int(index)].descriptor = descriptor
    slots[Int(index)].key = key
    slots[Int(index)].isUsed = true
    return token
  }

  public mutating func modify(_ token: ReactorToken, interest: Interest) throws(SystemCallError) {
    precondition(isCurrent(token), "the token was removed")
    try epoll.modify(slots[Int(token.slot)].descriptor, events: interest.epollEvents, data: token.epollData)
  }

  public mutating func remove(_ token: ReactorToken) {
    guard isCurrent(token) else { return }
    epoll.remove(slots[Int(token.slot)].descriptor)
    forget(token)
  }

  /// Removes a descriptor that its owner closes at once and that no other process shares: closing is what takes it from
  /// the kernel's set.
  public mutating func forget(_ token: ReactorToken) {
    guard isCurrent(token) else { return }
    slots[Int(token.slot)].isUsed = false
    slots[Int(token.slot)].generation &+= 1
    freeSlots.append(token.slot)
  }

  public mutating func wait(until deadline: MonotonicInstant?) throws(SystemCallError) -> ReactorTurn {
    delivered = 0
    var now: MonotonicInstant
    var descriptors: Int
    var isEarly: Bool
    repeat {
      var milliseconds: Int32 = -1
      if let deadline, deadline <= SystemClock.monotonic() {
        // Already due: look what has arrived, without sleeping and without touching the timer.
        milliseconds = 0
      } else {
        try prepare(deadline: deadline)
      }
      readyCount = try epoll.wait(into: events, milliseconds: milliseconds)
      now = SystemClock.monotonic()
      descriptors = readyCount
      for index in 0..<readyCount where events[index].data.u64 == Self.timerData {
        // Expired: the next deadline must be set anew, even to the same instant.
        timerDeadline = nil
        descriptors -= 1
      }
      // The timer may have been set to a deadline of before.
      isEarly = descriptors == 0 && readyCount > 0 && deadline.map { now < $0 } ?? false
    } while isEarly
    return ReactorTurn(
      now: now, deadlinePassed: deadline.map { $0 <= now } ?? false, readyCount: descriptors,
      isFull: readyCount == maximumEventsPerTurn)
  }

  public mutating func nextReady() -> ReadyEvent? {
    while delivered < readyCount {
      let event = events[delivered]
      delivered += 1
      let data = event.data.u64
      guard data != Self.timerData else { continue }
      let token = ReactorToken(epollData: data)
      guard isCurrent(token) else { continue }
      return ReadyEvent(
        key: slots[Int(token.slot)].key, token: token, readiness: Readiness(epollEvents: event.events))
    }
    return nil
  }

  private func isCurrent(_ token: ReactorToken) -> Bool {
    let index = Int(token.slot)
    return index < slots.count && slots[index].isUsed && slots[index].generation == token.generation
  }
}

extension ReactorToken {
  fileprivate var epollData: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

  fileprivate init(epollData: UInt64) {
    self.init(slot: UInt32(truncatingIfNeeded: epollData), generation: UInt32(truncatingIfNeeded: epollData >> 32))
  }
}

extension Interest {
  fileprivate var epollEvents: UInt32 {
    var events: UInt32 = 0
    if contains(.readable) { events |= EPOLLIN.rawValue | EPOLLRDHUP.rawValue }
    if contains(.writable) { events |= EPOLLOUT.rawValue }
    if contains(.priority) { events |= EPOLLPRI.rawValue }
    return events
  }
}

extension Readiness {
  fileprivate init(epollEvents events: UInt32) {
    self = []
    if events & EPOLLIN.rawValue != 0 { insert(.readable) }
    if events & EPOLLOUT.rawValue != 0 { insert(.writable) }
    if events & EPOLLPRI.rawValue != 0 { insert(.priority) }
    if events & (EPOLLHUP.rawValue | EPOLLRDHUP.rawValue) != 0 { insert(.hangUp) }
    if events & EPOLLERR.rawValue != 0 { insert(.error) }
  }
}
