import NetPrimitives

/// Who has which addresses, where ranges may be large: what several claim the first has.
struct AddressClaims: Sendable {
  /// Addresses that can be neighbours: of IPv4 all, of IPv6 those with the same upper half.
  private struct Space: Hashable {
    var transport: TransportProtocol
    var port: UInt16
    var family: AddressFamily
    var upper: UInt64
  }

  /// A run of claimed addresses, as numbers.
  private struct Span {
    var first: UInt64
    var last: UInt64
  }

  /// Those of each space in order; none overlaps or touches another of one claim.
  private var spans: [Space: [Span]] = [:]

  /// Claims what is still free from `first` to `last`, and returns it in order. Nothing of a range whose ends are not
  /// of one family, one upper half, and in order.
  mutating func claim(
    _ transport: TransportProtocol, first: IPAddress, last: IPAddress, port: UInt16
  ) -> [(first: IPAddress, last: IPAddress)] {
    let (space, lower) = Self.place(transport, first, port)
    let (other, upper) = Self.place(transport, last, port)
    guard space == other, lower <= upper else { return [] }
    // Taken out and put back, so that it is changed in place.
    var present = spans.removeValue(forKey: space) ?? []
    var index = Self.firstIndex(endingAtOrAfter: lower, in: present)
    var free: [Span] = []
    let begin = index
    var next = lower
    var isOver = false
    while index < present.count, present[index].first <= upper {
      if present[index].first > next { free.append(Span(first: next, last: present[index].first - 1)) }
      isOver = present[index].last >= upper
      next = isOver ? upper : present[index].last + 1
      index += 1
    }
    if !isOver { free.append(Span(first: next, last: upper)) }
    let merged = (present[begin..<index] + free).sorted { $0.first < $1.first }
    present.replaceSubrange(begin..<index, with: merged)
    spans[space] = present
    return free.map { (Self.address($0.first, space), Self.address($0.last, space)) }
  }

  private static func firstIndex(endingAtOrAfter number: UInt64, in spans: [Span]) -> Int {
    var (low, high) = (0, spans.count)
    while low < high {
      let middle = (low + high) / 2
      if spans[middle].last < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func place(_ transport: TransportProtocol, _ address: IPAddress, _ port: UInt16) -> (Space, UInt64) {
    switch address {
    case .v4(let address):
      (Space(transport: transport, port: port, family: .ipv4, upper: 0), UInt64(address.rawValue))
    case .v6(let address):
      (Space(transport: transport, port: port, family: .ipv6, upper: address.high), address.low)
    }
  }

  private static func address(_ number: UInt64, _ space: Space) -> IPAddress {
    switch space.family {
    case .ipv4: .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: number)))
    case .ipv6: .v6(IPv6Address(high: space.upper, low: number))
    }
  }
}
