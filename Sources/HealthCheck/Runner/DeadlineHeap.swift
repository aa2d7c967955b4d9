import NetPrimitives

/// The deadlines of many, the earliest at hand: a binary heap in which each member has at most one entry.
struct DeadlineHeap: Sendable {
  private var heap: [(deadline: MonotonicInstant, member: Int)] = []
  /// Where in the heap a member's entry is; −1 for none.
  private var places: [Int] = []

  /// The earliest entry.
  var first: (deadline: MonotonicInstant, member: Int)? { heap.first }

  /// Sets or, with `nil`, removes the deadline of a member.
  mutating func set(_ member: Int, to deadline: MonotonicInstant?) {
    while places.count <= member { places.append(-1) }
    let place = places[member]
    switch (place, deadline) {
    case (-1, nil):
      return
    case (-1, let deadline?):
      heap.append((deadline, member))
      places[member] = heap.count - 1
      rise(from: heap.count - 1)
    case (_, nil):
      let last = heap.removeLast()
      places[member] = -1
      guard place < heap.count else { return }
      put(last, at: place)
      settle(place)
    case (_, let deadline?):
      heap[place].deadline = deadline
      settle(place)
    }
  }

  private mutating func settle(_ place: Int) {
    rise(from: place)
    sink(from: place)
  }

  // An entry on its way is held in hand while the others make room: half the writes of exchanging.

  private mutating func rise(from start: Int) {
    let entry = heap[start]
    var place = start
    while place > 0, case let above = (place - 1) / 2, entry.deadline < heap[above].deadline {
      put(heap[above], at: place)
      place = above
    }
    if place != start { put(entry, at: place) }
  }

  private mutating func sink(from start: Int) {
    let (entry, count) = (heap[start], heap.count)
    var place = start
    while case let left = 2 * place + 1, left < count {
      let right = left + 1
      let least = right < count && heap[right].deadline < heap[left].deadline ? right : left
      guard heap[least].deadline < entry.deadline else { break }
      put(heap[least], at: place)
      place = least
    }
    if place != start { put(entry, at: place) }
  }

  private mutating func put(_ entry: (deadline: MonotonicInstant, member: Int), at place: Int) {
    heap[place] = entry
    places[entry.member] = place
  }
}
