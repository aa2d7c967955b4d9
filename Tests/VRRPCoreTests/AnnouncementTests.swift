import NetPrimitives
import Testing
import VRRPCore

@Suite struct AnnouncementTests {
  static let mac = MACAddress(rawValue: 0x0200_0000_0001)

  static func claim(_ frame: [UInt8]) -> AddressClaim? {
    frame.span.withRawSpan { AddressClaim(decodingFrame: $0) }
  }

  static func encoded(_ frame: GratuitousARP) -> [UInt8] {
    [UInt8](capacity: GratuitousARP.byteCount) { frame.encode(into: &$0) }
  }

  static func encoded(_ frame: UnsolicitedNeighborAdvertisement) -> [UInt8] {
    [UInt8](capacity: UnsolicitedNeighborAdvertisement.byteCount) { frame.encode(into: &$0) }
  }

  @Test func `the fixture covers the captures`() {
    #expect(CapturedBytes.announcements.map(\.occurrences).reduce(0, +) == 4162)
  }

  @Test(arguments: CapturedBytes.announcements)
  func `captured announcements are understood and made again byte for byte`(_ captured: CapturedBytes) throws {
    let isARP = captured.bytes[12...13] == [0x08, 0x06]
    // The link has ordinary neighbour discovery too; what answers a question is not ours to make.
    let isSolicited = !isARP && captured.bytes[58] & 0x40 != 0
    let isOverride = isARP || captured.bytes[58] & 0x20 != 0
    guard let claim = Self.claim(captured.bytes) else {
      #expect(!isOverride)
      return
    }
    #expect(isOverride)
    let source = captured.bytes.span.withRawSpan { $0.macAddress(at: 6) }
    #expect(claim.hardwareAddress == source)
    switch claim.address {
    case .v4(let address):
      #expect(claim.kind == .gratuitousARP)
      #expect(Self.encoded(GratuitousARP(address, at: claim.hardwareAddress)) == captured.bytes)
    case .v6(let address):
      #expect(claim.kind == .neighborAdvertisement)
      let made = Self.encoded(
        UnsolicitedNeighborAdvertisement(
          address, at: claim.hardwareAddress, isRouter: captured.bytes[58] & 0x80 != 0))
      #expect((made == captured.bytes) == !isSolicited)
    }
  }

  @Test func `the reply form differs in the operation only`() {
    let request = Self.encoded(GratuitousARP(IPv4Address(10, 0, 0, 9), at: Self.mac))
    var reply = Self.encoded(GratuitousARP(IPv4Address(10, 0, 0, 9), at: Self.mac, form: .reply))
    #expect(request[20...21] == [0, 1])
    #expect(reply[20...21] == [0, 2])
    reply[21] = 1
    #expect(reply == request)
    #expect(request.count == GratuitousARP.byteCount)
  }

  @Test func `the flags are where they belong`() {
    let address = IPv6Address(high: 0xfe80 << 48, low: 9)
    for (isRouter, overrides, byte) in [
      (false, false, 0), (true, false, 0x80), (false, true, 0x20), (true, true, 0xa0),
    ] {
      let frame = Self.encoded(
        UnsolicitedNeighborAdvertisement(address, at: Self.mac, isRouter: isRouter, overrides: overrides))
      #expect(frame[58] == UInt8(byte))
      #expect(frame.count == UnsolicitedNeighborAdvertisement.byteCount)
      #expect((Self.claim(frame) != nil) == overrides)
    }
  }

  /// An ARP packet of any kind, with Ethernet padding.
  func arp(operation: UInt8, sender: IPv4Address, target: IPv4Address, at mac: MACAddress = mac) -> [UInt8] {
    var frame = Self.encoded(GratuitousARP(sender, at: mac))
    frame[21] = operation
    frame.replaceSubrange(
      38..<42, with: [UInt8](capacity: 4) { (output: inout OutputSpan<UInt8>) in output.append(target) })
    return frame + [UInt8](repeating: 0, count: 18)
  }

  @Test func `ARP in passing is a claim too, a probe is none`() {
    let (here, there) = (IPv4Address(10, 0, 0, 1), IPv4Address(10, 0, 0, 2))
    #expect(
      Self.claim(arp(operation: 1, sender: here, target: there))
        == AddressClaim(.v4(here), at: Self.mac, kind: .arpRequest))
    #expect(
      Self.claim(arp(operation: 2, sender: here, target: there))
        == AddressClaim(.v4(here), at: Self.mac, kind: .arpReply))
    #expect(Self.claim(arp(operation: 2, sender: here, target: here))?.kind == .gratuitousARP)
    #expect(Self.claim(arp(operation: 1, sender: .any, target: there)) == nil)
    #expect(Self.claim(arp(operation: 1, sender: .vrrpGroup, target: there)) == nil)
    #expect(Self.claim(arp(operation: 3, sender: here, target: there)) == nil)
    #expect(Self.claim(arp(operation: 1, sender: here, target: there, at: .zero)) == nil)
    #expect(Self.claim(arp(operation: 1, sender: here, target: there, at: .broadcast)) == nil)
  }

  @Test func `one VLAN tag is looked through`() {
    var frame = arp(operation: 1, sender: IPv4Address(10, 0, 0, 1), target: IPv4Address(10, 0, 0, 2))
    frame.insert(contentsOf: [0x81, 0x00, 0x00, 0x05], at: 12)
    #expect(Self.claim(frame)?.address == .v4(IPv4Address(10, 0, 0, 1)))
  }

  @Test func `no shortened frame traps, and none that lost a byte of its packet is understood`() {
    let frames = [
      Self.encoded(GratuitousARP(IPv4Address(10, 0, 0, 9), at: Self.mac)),
      Self.encoded(UnsolicitedNeighborAdvertisement(IPv6Address(high: 1, low: 1), at: Self.mac, isRouter: true)),
    ]
    for frame in frames {
      for length in 0..<frame.count { #expect(Self.claim(Array(frame.prefix(length))) == nil) }
    }
  }

  @Test func `every flipped bit of a neighbour advertisement that its checks cover counts`() {
    let frame = Self.encoded(
      UnsolicitedNeighborAdvertisement(IPv6Address(high: 0xfe80 << 48, low: 9), at: Self.mac, isRouter: true))
    // Ethernet addresses, traffic class and flow label are covered by nothing.
    let free = Set(0..<12).union([15, 16, 17])
    for bit in 0..<frame.count * 8 {
      var spoiled = frame
      spoiled[bit / 8] ^= 1 << (bit % 8)
      let isFree = free.contains(bit / 8) || bit / 8 == 14 && bit % 8 < 4
      #expect((Self.claim(spoiled) != nil) == isFree, "bit \(bit)")
    }
  }

  @Test func `options are walked, and one of length zero ends it`() throws {
    let address = IPv6Address(high: 0xfe80 << 48, low: 9)
    var frame = Self.encoded(UnsolicitedNeighborAdvertisement(address, at: Self.mac, isRouter: false))
    // An unknown option before ours, and the claimed address differs from the frame's source.
    frame[19] = 40
    frame.insert(contentsOf: [0xfd, 1, 0, 0, 0, 0, 0, 0], at: 78)
    frame[93] = 7
    Self.correctChecksum(of: &frame)
    #expect(Self.claim(frame)?.hardwareAddress == MACAddress(rawValue: 0x0200_0000_0007))
    frame[79] = 0
    Self.correctChecksum(of: &frame)
    #expect(Self.claim(frame) == nil)
    frame[79] = 3
    Self.correctChecksum(of: &frame)
    #expect(Self.claim(frame) == nil)
    // Without any option the frame's own source is who claims.
    frame.removeLast(16)
    frame[19] = 24
    Self.correctChecksum(of: &frame)
    #expect(Self.claim(frame)?.hardwareAddress == Self.mac)
  }

  private static func correctChecksum(of frame: inout [UInt8]) {
    frame[56] = 0
    frame[57] = 0
    var sum = InternetChecksum()
    frame.span.withRawSpan { sum.add($0.extracting(22..<$0.byteCount)) }
    sum.add(UInt16(frame.count - 54))
    sum.add(58 as UInt16)
    frame[56] = UInt8(sum.value >> 8)
    frame[57] = UInt8(sum.value & 0xff)
  }
}
