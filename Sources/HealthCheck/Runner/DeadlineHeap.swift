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
      exchange(place, heap.count - 1)
      heap.removeLast()
      places[member] = -1
      if place < heap.count { settle(place) }
    case (_, let deadline?):
      heap[place].deadline = deadline
      settle(place)
    }
  }

  private mutating func settle(_ place: Int) {
    rise(from: place)
    sink(from: place)
  }

  private mutating func rise(from start: Int) {
    var place = start
    while place > 0, heap[place].deadline < heap[(place - 1) / 2].deadline {
      exchange(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func sink(from start: Int) {
    var place = start
    while true {
      let (left, right) = (2 * place + 1, 2 * place + 2)
      var least = place
      if left < heap.count, heap[left].deadline < heap[least].deadline { least = left }
      if right < heap.count, heap[right].deadline < heap[least].deadline { least = right }
      if least == place { return }
      exchange(place, least)
      place = least
    }
  }

  private mutating func exchange(_ left: Int, _ right: Int) {
    guard left != right else { return }
    heap.swapAt(left, right)
    places[heap[left].member] = left
    places[heap[right].member] = right
  }
}
