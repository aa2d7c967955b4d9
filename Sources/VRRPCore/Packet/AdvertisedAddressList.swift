public import NetPrimitives

/// The addresses a virtual router advertises, in wire order, with an index that makes comparing a received list cheap.
///
/// Made once from the configuration. A hostile peer may send 255 addresses in any order 50 000 times a second, so a
/// comparison must not be quadratic; this one takes at most 255 binary searches and allocates nothing.
public struct AdvertisedAddressList: Hashable, Sendable {
  /// The addresses in the order they are sent.
  public let addresses: [IPAddress]
  private let sorted: [IPAddress]

  /// The list of `addresses`.
  ///
  /// - Precondition: At most 255, the most an advertisement can count.
  public init(_ addresses: [IPAddress]) {
    precondition(addresses.count <= 255, "an advertisement counts at most 255 addresses")
    self.addresses = addresses
    sorted = addresses.sorted()
  }

  /// Whether `payload` lists exactly these addresses, in any order, as RFC 9568 §7.1 lets a receiver check.
  ///
  /// - Precondition: `message` was decoded from `payload`.
  public func matches(_ message: AdvertisementMessage, in payload: borrowing RawSpan) -> Bool {
    guard Int(message.addressCount) == addresses.count else { return false }
    // The usual peer has the same configuration and sends the same order.
    var index = 0
    while index < addresses.count, message.address(at: index, in: payload) == addresses[index] { index &+= 1 }
    return index == addresses.count || matchesInAnyOrder(message, in: payload)
  }

  private func matchesInAnyOrder(_ message: AdvertisementMessage, in payload: borrowing RawSpan) -> Bool {
    var seen = InlineArray<4, UInt64>(repeating: 0)
    for index in 0..<addresses.count {
      let address = message.address(at: index, in: payload)
      var place = firstPlace(of: address)
      // Equal addresses stand side by side; each may be claimed once.
      while place < sorted.count, sorted[place] == address, seen[place >> 6] >> UInt64(place & 63) & 1 == 1 {
        place &+= 1
      }
      guard place < sorted.count, sorted[place] == address else { return false }
      seen[place >> 6] |= 1 << UInt64(place & 63)
    }
    return true
  }

  /// Where `address` first stands, or would stand, in the sorted addresses.
  private func firstPlace(of address: IPAddress) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low &+ high) >> 1
      if sorted[middle] < address { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}
