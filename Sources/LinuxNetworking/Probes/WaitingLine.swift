import HealthCheck

/// Probes that wait for a socket, first come first served, each with the slot it was given.
struct WaitingLine {
  private var places: [(id: ProbeID, slot: Int)] = []
  private var head = 0

  mutating func append(_ id: ProbeID, at slot: Int) { places.append((id, slot)) }

  mutating func popFirst() -> (id: ProbeID, slot: Int)? {
    guard head < places.count else { return nil }
    defer {
      head += 1
      if head == places.count {
        places.removeAll(keepingCapacity: true)
        head = 0
      } else if head >= 1024, head * 2 >= places.count {
        places.removeFirst(head)
        head = 0
      }
    }
    return places[head]
  }
}
