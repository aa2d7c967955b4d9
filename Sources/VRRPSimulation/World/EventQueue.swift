import NetPrimitives
import VRRPRuntime

/// What is going to happen in a simulated world.
enum Occurrence: Sendable {
  /// A datagram reaches an interface of a node.
  case arrival(node: Int, interface: Int, Datagram)
  /// A gratuitous ARP or neighbour advertisement reaches a host.
  case claim(host: Int, AddressClaim, sentAt: UInt64)
  /// A gratuitous ARP or neighbour advertisement would reach a host now, had it not been lost.
  case lostClaim(host: Int, IPAddress, sentAt: UInt64)
  /// A gratuitous ARP or neighbour advertisement reaches a node.
  case rivalClaim(node: Int, interface: Int, AddressClaim)
  /// A deadline of the node's engine may have come.
  case wake(node: Int)
  /// The kernel has done what the node asked of it.
  case kernelDone(node: Int)
  /// A pause is over; `generation` tells it from a later one.
  case resume(node: Int, generation: Int)
  /// The node's kernel tells of a link, as it was at the time of the change.
  case linkNotice(node: Int, interface: Int, isUp: Bool, changedAt: UInt64)
  /// A client asks.
  case question(host: Int)

  /// Whether the order among things of one instant puts this last: a late shell reads its sockets before its timers.
  var comesLast: Bool {
    switch self {
    case .arrival, .claim, .lostClaim, .rivalClaim, .kernelDone, .resume, .linkNotice: false
    case .wake, .question: true
    }
  }
}

/// What is going to happen, earliest first; in one instant in the order of entry, timers last.
struct EventQueue: Sendable {
  struct Entry: Sendable {
    /// True time in nanoseconds.
    var time: UInt64
    var occurrence: Occurrence
  }

  /// Whose turn it is: small, for a heap moves its elements about.
  private struct Ticket: BitwiseCopyable {
    var time: UInt64
    var order: UInt64
    /// Where the occurrence waits.
    var place: Int

    func precedes(_ other: Ticket) -> Bool {
      time != other.time ? time < other.time : order < other.order
    }
  }

  /// A binary heap.
  private var tickets: [Ticket] = []
  /// Occurrences stay where they are until their turn; `nil` for a place that is free.
  private var waiting: [Occurrence?] = []
  private var free: [Int] = []
  private var count: UInt64 = 0

  var nextTime: UInt64? { tickets.first?.time }

  /// All there are, in the order in which they will happen.
  var entries: [Entry] {
    tickets.sorted { $0.precedes($1) }.compactMap { ticket in
      waiting[ticket.place].map { Entry(time: ticket.time, occurrence: $0) }
    }
  }

  mutating func insert(_ occurrence: Occurrence, at time: UInt64) {
    let lateness: UInt64 = occurrence.comesLast ? 1 << 63 : 0
    let place = free.popLast() ?? waiting.count
    if place == waiting.count { waiting.append(occurrence) } else { waiting[place] = occurrence }
    tickets.append(Ticket(time: time, order: count | lateness, place: place))
    count += 1
    var child = tickets.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard tickets[child].precedes(tickets[parent]) else { return }
      tickets.swapAt(child, parent)
      child = parent
    }
  }

  /// What happens next.
  mutating func removeFirst() -> Entry? {
    guard let first = removeFirstTicket(), let occurrence = waiting[first.place].take() else { return nil }
    free.append(first.place)
    return Entry(time: first.time, occurrence: occurrence)
  }

  private mutating func removeFirstTicket() -> Ticket? {
    guard let first = tickets.first, let last = tickets.popLast() else { return nil }
    guard !tickets.isEmpty else { return first }
    tickets[0] = last
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < tickets.count else { return first }
      let right = left + 1
      let child = right < tickets.count && tickets[right].precedes(tickets[left]) ? right : left
      guard tickets[child].precedes(tickets[parent]) else { return first }
      tickets.swapAt(parent, child)
      parent = child
    }
  }
}
