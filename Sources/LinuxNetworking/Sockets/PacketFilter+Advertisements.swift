import CLinuxShims
import NetPrimitives

extension PacketFilter {
  /// What an advertisement socket wants to hear.
  struct Advertisements: Hashable {
    var family: AddressFamily
    var carrier: AdvertisementSocket.Carrier
    var virtualRouters: VirtualRouterIDSet
    /// Whether adverts sent to one of our own addresses are wanted, too; their hop limit is not judged here.
    var acceptsUnicast: Bool
  }

  /// Accepts adverts (version and type 0x21 or 0x31) of the given VRIDs: to a group only with TTL or hop limit 255
  /// (RFC 9568 §5.1.1.3, §5.1.2.3), to a unicast address when wanted.
  ///
  /// A raw IPv4 socket sees the IP header first; a raw IPv6 socket sees the payload, its header lies at
  /// ``networkHeader``.
  static func advertisements(_ wanted: Advertisements) -> [sock_filter] {
    guard !wanted.virtualRouters.isEmpty else { return dropAll() }
    var filter = PacketFilter()
    filter.requireHopLimit(wanted)
    switch wanted.family {
    case .ipv4:
      filter.loadHeaderLength(0)
    case .ipv6:
      filter.loadImmediate(0)
      filter.transferToIndex()
    }
    var start: UInt32 = 0
    if wanted.carrier == .authenticationHeader {
      // Next header VRRP, and the one length HMAC-MD5-96 has: (4 + 2) · 4 bytes (RFC 2338 §5.3.6.3).
      filter.loadByteIndexed(0)
      filter.jump(ifEqual: 112, .next, else: .drop)
      filter.loadByteIndexed(1)
      filter.jump(ifEqual: 4, .next, else: .drop)
      start = 24
    }
    filter.loadByteIndexed(start)
    filter.skip(1, unlessEqual: 0x31)
    filter.skip(1)
    filter.jump(ifEqual: 0x21, .next, else: .drop)
    filter.loadByteIndexed(start + 1)
    filter.requireMember(of: wanted.virtualRouters)
    return filter.finish()
  }

  private mutating func requireHopLimit(_ wanted: Advertisements) {
    let header = wanted.family == .ipv4 ? 0 : Self.networkHeader
    let hopLimitOffset: UInt32 = wanted.family == .ipv4 ? 8 : 7
    // The first byte of the destination: 224…239 and ff are groups.
    let destinationOffset: UInt32 = wanted.family == .ipv4 ? 16 : 24
    let groupMask: UInt32 = wanted.family == .ipv4 ? 0xf0 : 0xff
    let groupBits: UInt32 = wanted.family == .ipv4 ? 0xe0 : 0xff
    loadByte(header &+ destinationOffset)
    and(groupMask)
    if wanted.acceptsUnicast {
      skip(2, unlessEqual: groupBits)
    } else {
      jump(ifEqual: groupBits, .next, else: .drop)
    }
    loadByte(header &+ hopLimitOffset)
    jump(ifEqual: 255, .next, else: .drop)
  }

  /// Ends with a test of A, a VRID, against the set: one word of 32 for each eighth of the range, shifted by the VRID's
  /// low five bits.
  private mutating func requireMember(of set: VirtualRouterIDSet) {
    store(0)
    and(31)
    transferToIndex()
    loadStored(0)
    shiftRight(5)
    let used = (0..<8).filter { set.word($0) != 0 }
    for (position, index) in used.enumerated() {
      let isLast = position == used.count - 1
      // Words not reached yet lie three instructions apart; the last one falls through to the shift.
      if isLast {
        jump(ifEqual: UInt32(index), .next, else: .drop)
        loadImmediate(set.word(index))
      } else {
        skip(2, unlessEqual: UInt32(index))
        loadImmediate(set.word(index))
        skip(UInt32(3 * (used.count - 2 - position) + 2))
      }
    }
    shiftRightByIndex()
    jump(ifAnyOf: 1, .accept, else: .drop)
  }
}
