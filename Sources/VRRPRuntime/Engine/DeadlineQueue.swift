public import NetPrimitives

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
    heap[place] = last
    places[last.owner] = place
    siftUp(place)
    siftDown(places[last.owner])
  }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { return }
      exchange(child, parent)
      child = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in (2 * parent + 1)...(2 * parent + 2) where child < heap.count {
        if heap[child].precedes(heap[least]) { least = child }
      }
      guard least != parent else { return }
      exchange(parent, least)
      parent = least
    }
  }

  private mutating func exchange(_ left: Int, _ right: Int) {
    heap.swapAt(left, right)
    places[heap[left].owner] = left
    places[heap[right].owner] = right
  }
}
