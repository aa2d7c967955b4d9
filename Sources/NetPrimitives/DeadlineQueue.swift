/// The earliest of many deadlines, each owned by a small number.
///
/// An indexed binary heap: moving a deadline costs O(log n) and allocates nothing once every owner is known.
public struct DeadlineQueue: Sendable {
  private struct Entry: Sendable {
    var deadline: MonotonicInstant
    var owner: Int

    /// Of equal deadlines the one of the smaller owner comes first, so that what happens at one instant happens in the
    /// same order every time.
    func precedes(_ other: Entry) -> Bool {
      deadline == other.deadline ? owner < other.owner : deadline < other.deadline
    }
  }
  private var heap: [Entry] = []
  /// Where each owner stands in ``heap``; -1 for nowhere.
  private var places: [Int] = []

  /// An empty queue.
  public init() {}

  /// The earliest deadline and whose it is.
  public var first: (deadline: MonotonicInstant, owner: Int)? {
    guard let entry = heap.first else { return nil }
    return (entry.deadline, entry.owner)
  }

  /// Sets, moves or, with `nil`, removes the deadline of `owner`, which is not negative.
  public mutating func set(_ deadline: MonotonicInstant?, of owner: Int) {
    while places.count <= owner { places.append(-1) }
    let place = places[owner]
    guard let deadline else {
      if place >= 0 { remove(at: place) }
      return
    }
    if place < 0 {
      heap.append(Entry(deadline: deadline, owner: owner))
      places[owner] = heap.count - 1
      siftUp(heap.count - 1)
    } else {
      let old = heap[place].deadline
      heap[place].deadline = deadline
      if deadline < old { siftUp(place) } else { siftDown(place) }
    }
  }

  private mutating func remove(at place: Int) {
    places[heap[place].owner] = -1
    let last = heap.removeLast()
    guard place < heap.count else { return }
    put(last, at: place)
    siftUp(place)
    siftDown(places[last.owner])
  }

  // An entry on its way is held in hand while the others make room: half the writes of exchanging.

  private mutating func siftUp(_ start: Int) {
    let entry = heap[start]
    var place = start
    while place > 0, case let parent = (place - 1) / 2, entry.precedes(heap[parent]) {
      put(heap[parent], at: place)
      place = parent
    }
    if place != start { put(entry, at: place) }
  }

  private mutating func siftDown(_ start: Int) {
    let (entry, count) = (heap[start], heap.count)
    var place = start
    while case let left = 2 * place + 1, left < count {
      let right = left + 1
      let least = right < count && heap[right].precedes(heap[left]) ? right : left
      guard heap[least].precedes(entry) else { break }
      put(heap[least], at: place)
      place = least
    }
    if place != start { put(entry, at: place) }
  }

  private mutating func put(_ entry: Entry, at place: Int) {
    heap[place] = entry
    places[entry.owner] = place
  }
}
