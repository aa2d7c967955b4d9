import NetPrimitives
import Testing

@Suite struct AddressPropertyTests {
  @Test func `groups, link-local and unspecified addresses are known`() throws {
    for (text, isMulticast, isUnspecified) in [
      ("0.0.0.0", false, true), ("10.0.0.1", false, false), ("223.255.255.255", false, false),
      ("224.0.0.0", true, false),
      ("239.255.255.255", true, false), ("240.0.0.0", false, false), ("255.255.255.255", false, false),
      ("::", false, true), ("::1", false, false), ("fe80::1", false, false), ("ff02::12", true, false),
    ] {
      let address = try #require(IPAddress(text))
      #expect(address.isMulticast == isMulticast, "\(text)")
      #expect(address.isUnspecified == isUnspecified, "\(text)")
    }
    for (text, isLinkLocal) in [("fe7f::1", false), ("fe80::1", true), ("febf::1", true), ("fec0::1", false)] {
      #expect(try #require(IPv6Address(text)).isLinkLocal == isLinkLocal, "\(text)")
    }
    for family in AddressFamily.allCases {
      #expect(IPAddress.any(family).isUnspecified)
      #expect(IPAddress.any(family).family == family)
      #expect(Int(family.maximumPrefixLength) == 8 * family.addressByteCount)
    }
  }

  @Test func `addresses order as RFC 9568 compares them`() throws {
    let ordered = [
      "0.0.0.1", "9.255.255.255", "10.0.0.1", "127.0.0.1", "128.0.0.0", "255.0.0.1", "::", "::1", "0:0:0:1::", "7fff::",
      "8000::", "fe80::1", "fe80::2",
    ]
    let addresses = try ordered.map { try #require(IPAddress($0)) }
    for (left, lower) in addresses.enumerated() {
      for (right, upper) in addresses.enumerated() { #expect((lower < upper) == (left < right)) }
    }
  }

  @Test func `groups map to hardware addresses`() {
    #expect(MACAddress.multicast(.v4(.vrrpGroup)).description == "01:00:5e:00:00:12")
    // Only 23 bits of an IPv4 group reach the hardware address (RFC 1112 §6.4).
    #expect(MACAddress.multicast(.v4(IPv4Address(239, 255, 255, 255))).description == "01:00:5e:7f:ff:ff")
    #expect(MACAddress.multicast(.v6(.vrrpGroup)).description == "33:33:00:00:00:12")
    #expect(MACAddress.multicast(.v6(IPv6Address(high: 0xff02 << 48, low: .max))).description == "33:33:ff:ff:ff:ff")
  }

  @Test func `the earlier of two deadlines is the one that is there, or comes first`() {
    let (first, second) = (MonotonicInstant(nanoseconds: 5), MonotonicInstant(nanoseconds: 9))
    #expect(MonotonicInstant.earlier(first, second) == first && MonotonicInstant.earlier(second, first) == first)
    #expect(MonotonicInstant.earlier(nil, second) == second && MonotonicInstant.earlier(second, nil) == second)
    #expect(MonotonicInstant.earlier(nil, nil) == nil)
  }

  @Test func `instants saturate instead of wrapping`() {
    let instant = MonotonicInstant(nanoseconds: 5)
    #expect(instant.advanced(byNanoseconds: .max).nanoseconds == .max)
    #expect(instant.advanced(byNanoseconds: 7).nanoseconds == 12)
    #expect(instant.nanoseconds(since: MonotonicInstant(nanoseconds: 9)) == 0)
    #expect(MonotonicInstant(nanoseconds: 9).nanoseconds(since: instant) == 4)
    #expect(instant.advanced(by: .nanoseconds(-3)).nanoseconds == 2)
    #expect(instant.duration(to: MonotonicInstant(nanoseconds: 2)) == .nanoseconds(-3))
    #expect(instant.advanced(by: instant.duration(to: MonotonicInstant(nanoseconds: 99))).nanoseconds == 99)
  }
}
