import HealthCheck

/// Probes that wait for a socket, first come first served.
struct WaitingLine {
  private var ids: [ProbeID] = []
  private var head = 0

  mutating func append(_ id: ProbeID) { ids.append(id) }

  mutating func popFirst() -> ProbeID? {
    guard head < ids.count else { return nil }
    defer {
      head += 1
      if head == ids.count {
        ids.removeAll(keepingCapacity: true)
        head = 0
      } else if head >= 1024, head * 2 >= ids.count {
        ids.removeFirst(head)
        head = 0
      }
    }
    return ids[head]
  }
}
