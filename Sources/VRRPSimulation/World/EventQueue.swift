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
    var order: UInt64
    var occurrence: Occurrence

    func precedes(_ other: Entry) -> Bool {
      time != other.time ? time < other.time : order < other.order
    }
  }
  /// A binary heap.
  private(set) var entries: [Entry] = []
  private var count: UInt64 = 0

  var nextTime: UInt64? { entries.first?.time }

  mutating func insert(_ occurrence: Occurrence, at time: UInt64) {
    let lateness: UInt64 = occurrence.comesLast ? 1 << 63 : 0
    entries.append(Entry(time: time, order: count | lateness, occurrence: occurrence))
    count += 1
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].precedes(entries[parent]) else { return }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  mutating func removeFirst() -> Entry? {
    guard let first = entries.first else { return nil }
    let last = entries.removeLast()
    guard !entries.isEmpty else { return first }
    entries[0] = last
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < entries.count else { return first }
      let right = left + 1
      let child = right < entries.count && entries[right].precedes(entries[left]) ? right : left
      guard entries[child].precedes(entries[parent]) else { return first }
      entries.swapAt(parent, child)
      parent = child
    }
  }

  /// Forgets what `isObsolete` says will not happen.
  mutating func removeAll(where isObsolete: (Occurrence) -> Bool) {
    let kept = entries.filter { !isObsolete($0.occurrence) }
    entries = kept.sorted { $0.precedes($1) }
  }
}
