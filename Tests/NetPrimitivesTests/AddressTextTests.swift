import NetPrimitives
import Testing

@Suite struct AddressTextTests {
  @Test(
    arguments: [
      ("0.0.0.0", 0), ("255.255.255.255", 0xffff_ffff), ("10.0.0.1", 0x0a00_0001), ("224.0.0.18", 0xe000_0012),
    ] as [(String, UInt32)])
  func `IPv4 reads and prints`(_ text: String, _ value: UInt32) {
    #expect(IPv4Address(text) == IPv4Address(rawValue: value))
    #expect(IPv4Address(rawValue: value).description == text)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4.", "1.2.3.4.5", "256.0.0.1", "1.2.3.999", "01.2.3.4",
    "1.2.3.00", "1.2.3.4 ", " 1.2.3.4", "1.2.3.-4", "+1.2.3.4", "1.2.3.0x4", "1.2.3.٤", "1,2,3,4", "a.b.c.d",
    "99999999999999999999.1.1.1",
  ])
  func `IPv4 refuses`(_ text: String) {
    #expect(IPv4Address(text) == nil)
  }

  /// RFC 5952 §4 and §5, RFC 4291 §2.2; the right column is canonical.
  @Test(arguments: [
    ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"), ("0:0:0:0:0:0:0:1", "::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8::0001", "2001:db8::1"),
    ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
    ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:DB8::AbCd", "2001:db8::abcd"), ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"), ("fe80::", "fe80::"),
    ("0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"), ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"), ("0:0:1::", "0:0:1::"),
    ("::ffff:10.0.0.1", "::ffff:10.0.0.1"), ("::ffff:0:0", "::ffff:0.0.0.0"), ("64:ff9b::10.0.0.1", "64:ff9b::a00:1"),
    ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("::1.2.3.4", "::102:304"), ("ff02::12", "ff02::12"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
  ])
  func `IPv6 reads, and prints canonically`(_ text: String, _ canonical: String) {
    #expect(IPv6Address(text)?.description == canonical)
    #expect(IPv6Address(canonical) == IPv6Address(text))
  }

  @Test(arguments: [
    "", ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:", ":2:3:4:5:6:7:8",
    "1::2::3",
    "::1::", "12345::", "g::", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4::5:6:7:8", "fe80::1%eth0", "::1 ",
    " ::1", "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "::01.2.3.4", "-1::", "+1::", "::1/64",
    "1:2:3:4:5:1.2.3.4", "1.2.3.4::", "[::1]", "::ß",
  ])
  func `IPv6 refuses`(_ text: String) {
    #expect(IPv6Address(text) == nil)
  }

  @Test func `every address survives printing`() {
    var state: UInt64 = 1
    for _ in 0..<5_000 {
      // Sparse bits make runs of zeros, which is where the shortening is.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let high = state & (state << 17) & (state >> 13)
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let address = IPv6Address(high: high, low: state & (state << 29))
      #expect(IPv6Address(address.description) == address)
      #expect(IPAddress(address.description) == .v6(address))
      let short = IPv4Address(rawValue: UInt32(truncatingIfNeeded: state >> 16))
      #expect(IPAddress(short.description) == .v4(short))
    }
  }

  @Test func `either family by its colon`() {
    #expect(IPAddress("10.0.0.1")?.family == .ipv4)
    #expect(IPAddress("::1")?.family == .ipv6)
    #expect(IPAddress("::ffff:1.2.3.4")?.family == .ipv6)
    #expect(IPAddress("ten") == nil)
    #expect(IPAddress("10.0.0.1:80") == nil)
  }

  @Test func `prefixes keep their host bits and default to the host`() {
    #expect(IPPrefix("10.0.0.1/24")?.description == "10.0.0.1/24")
    #expect(IPPrefix("10.0.0.1")?.length == 32)
    #expect(IPPrefix("fe80::1")?.length == 128)
    #expect(IPPrefix("fe80::1/0")?.length == 0)
    #expect(IPPrefix(.v4(.any), length: 32) != nil)
    #expect(IPPrefix(.v4(.any), length: 33) == nil)
    #expect(IPPrefix(.v6(.any), length: 129) == nil)
  }

  @Test(arguments: [
    "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/+8", "10.0.0.1/-1", "10.0.0.1/ 8", "10.0.0.1/8 ", "10.0.0.1/256", "/8", "",
    "::/129", "10.0.0.1/8/8", "10.0.0.1/255.0.0.0", "10.0.0.1/٨",
  ])
  func `prefixes refuse`(_ text: String) {
    #expect(IPPrefix(text) == nil)
  }

  @Test func `hardware addresses read and print`() {
    #expect(MACAddress("00:00:5e:00:01:0A") == .virtualRouter(10, .ipv4))
    #expect(MACAddress.virtualRouter(255, .ipv6).description == "00:00:5e:00:02:ff")
    #expect(MACAddress("ff:ff:ff:ff:ff:ff") == .broadcast)
    #expect(MACAddress.zero.description == "00:00:00:00:00:00")
    #expect(MACAddress(rawValue: .max) == .broadcast)
  }

  @Test(arguments: [
    "", "00:00:5e:00:01", "00:00:5e:00:01:0a:00", "0:0:5e:0:1:a", "00-00-5e-00-01-0a", "00:00:5e:00:01:0g",
    "00:00:5e:00:01:0a:", ":00:00:5e:00:01:0a", "+0:00:5e:00:01:0a", "00:00:5e:00:01:-1", "00:00:5e:00:01: a",
    "00005e00010a",
  ])
  func `hardware addresses refuse`(_ text: String) {
    #expect(MACAddress(text) == nil)
  }
}
