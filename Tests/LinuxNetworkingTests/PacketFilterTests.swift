import CLinuxShims
import NetPrimitives
import Testing

@testable import LinuxNetworking

@Suite struct PacketFilterTests {
  /// What an advert looks like to the filter of a raw socket.
  struct Packet {
    var family: AddressFamily
    var hopLimit: UInt8 = 255
    var toGroup = true
    var options = 0
    var authenticationHeader: [UInt8] = []
    var type: UInt8 = 0x31
    var id: UInt8

    func passes(_ program: [sock_filter]) -> Bool? {
      let payload = authenticationHeader + [type, id, 100, 1]
      switch family {
      case .ipv4:
        let header: [UInt8] = [
          UInt8(0x45 + options), 0xc0, 0, 0, 0, 0, 0, 0, hopLimit, 112, 0, 0, 10, 0, 0, 1,
          toGroup ? 224 : 10, 0, 0, 18,
        ]
        return PacketFilterInterpreter(
          program: program, packet: header + [UInt8](repeating: 1, count: 4 * options) + payload
        ).accepts()
      case .ipv6:
        var header: [UInt8] = [0x60, 0, 0, 0, 0, 4, 112, hopLimit]
        header += [UInt8](repeating: 0xfe, count: 16) + [toGroup ? 0xff : 0xfe] + [UInt8](repeating: 2, count: 15)
        return PacketFilterInterpreter(program: program, packet: payload, networkHeader: header).accepts()
      }
    }
  }

  static func program(
    _ family: AddressFamily, _ ids: VirtualRouterIDSet, unicast: Bool = false,
    carrier: AdvertisementSocket.Carrier = .vrrp
  ) -> [sock_filter] {
    PacketFilter.advertisements(
      .init(family: family, carrier: carrier, virtualRouters: ids, acceptsUnicast: unicast))
  }

  static let sets: [VirtualRouterIDSet] = {
    var sets: [VirtualRouterIDSet] = [[], [1], [31], [32], [255], [1, 255], [31, 32, 63, 64, 95, 96, 224], .all]
    var state: UInt64 = 1
    for density in [2, 8, 64] {
      var set = VirtualRouterIDSet()
      for id in UInt8(1)...255 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        if Int(state >> 33) % density == 0 { set.insert(id) }
      }
      sets.append(set)
    }
    return sets
  }()

  @Test(arguments: AddressFamily.allCases) func `exactly the VRIDs of the set pass`(family: AddressFamily) {
    for set in Self.sets {
      let program = Self.program(family, set)
      #expect(program.count <= 64)
      for id in UInt8(0)...255 {
        #expect(Packet(family: family, id: id).passes(program) == set.contains(id), "\(id)")
      }
    }
  }

  @Test(arguments: AddressFamily.allCases) func `exactly adverts of versions 2 and 3 pass`(family: AddressFamily) {
    let program = Self.program(family, [7])
    for type in UInt8(0)...255 {
      let expected = type == 0x21 || type == 0x31
      #expect(Packet(family: family, type: type, id: 7).passes(program) == expected, "\(type)")
    }
  }

  @Test(arguments: AddressFamily.allCases)
  func `the hop limit is judged for groups, unicast passes only when wanted`(family: AddressFamily) {
    for unicast in [false, true] {
      let program = Self.program(family, [7], unicast: unicast)
      for hopLimit in UInt8(0)...255 {
        let group = Packet(family: family, hopLimit: hopLimit, id: 7)
        let single = Packet(family: family, hopLimit: hopLimit, toGroup: false, id: 7)
        #expect(group.passes(program) == (hopLimit == 255))
        #expect(single.passes(program) == unicast)
      }
    }
  }

  @Test func `IPv4 options move the advert, and it is found`() {
    let program = Self.program(.ipv4, [7])
    for options in 0...10 {
      #expect(Packet(family: .ipv4, options: options, id: 7).passes(program) == true)
      #expect(Packet(family: .ipv4, options: options, id: 1).passes(program) == false)
    }
  }

  @Test func `an advert cut short does not pass`() {
    let program = Self.program(.ipv4, [7])
    let whole: [UInt8] = [0x45, 0, 0, 0, 0, 0, 0, 0, 255, 112, 0, 0, 10, 0, 0, 1, 224, 0, 0, 18, 0x31, 7]
    for length in 0..<whole.count {
      let packet = Array(whole[..<length])
      #expect(PacketFilterInterpreter(program: program, packet: packet).accepts() == false)
    }
    #expect(PacketFilterInterpreter(program: program, packet: whole).accepts() == true)
  }

  @Test func `behind an authentication header only VRRP of the one length passes`() {
    let program = Self.program(.ipv4, [7], carrier: .authenticationHeader)
    let header: [UInt8] = [112, 4] + [UInt8](repeating: 0, count: 22)
    #expect(Packet(family: .ipv4, authenticationHeader: header, type: 0x21, id: 7).passes(program) == true)
    #expect(Packet(family: .ipv4, authenticationHeader: header, type: 0x21, id: 8).passes(program) == false)
    #expect(Packet(family: .ipv4, authenticationHeader: [6] + header.dropFirst(), id: 7).passes(program) == false)
    #expect(
      Packet(family: .ipv4, authenticationHeader: [112, 5] + header.dropFirst(2), id: 7).passes(program) == false)
  }

  @Test func `a set remembers what was put in and taken out`() {
    var set: VirtualRouterIDSet = [1, 64, 255]
    set.remove(64)
    #expect((UInt8(0)...255).filter { set.contains($0) } == [1, 255])
    #expect(!set.isEmpty)
    #expect(set == [255, 1])
    #expect(VirtualRouterIDSet().isEmpty)
  }

  static func arp(_ address: IPv4Address) -> [UInt8] {
    var frame = [UInt8](repeating: 0xff, count: 12) + [8, 6] + [0, 1, 8, 0, 6, 4, 0, 1] + [2, 0, 0, 0, 0, 9]
    frame += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: address.rawValue >> $0) }
    return frame + [UInt8](repeating: 0, count: 10)
  }

  @Test(arguments: [0, 1, 3, 400, 401]) func `claims of the watched IPv4 addresses pass`(count: Int) {
    let watched = (0..<count).map { IPv4Address(rawValue: 0x0a00_0000 + UInt32($0) * 7) }
    let program = PacketFilter.claims(.arp(watched))
    #expect(program.count <= 4096)
    let hearsAll = count == 0 || count > 400
    for number in stride(from: UInt32(0), to: 3000, by: 1) {
      let address = IPv4Address(rawValue: 0x0a00_0000 + number)
      let isWatched = number % 7 == 0 && number / 7 < count
      var packet = PacketFilterInterpreter(program: program, packet: Self.arp(address))
      #expect(packet.accepts() == (hearsAll || isWatched))
      packet.packetType = 4
      #expect(packet.accepts() == false, "our own frame")
    }
  }

  @Test(arguments: [0, 1, 3, 400]) func `claims of the watched IPv6 addresses pass`(count: Int) {
    func address(_ number: Int) -> IPv6Address {
      // Neighbours differ in each of the four words.
      let shift = UInt64(number & 3) * 32
      let bits = UInt64(number + 1) << (shift & 63)
      return IPv6Address(high: 0xfe80 << 48 | (shift >= 64 ? bits : 0), low: 1 << 20 | (shift < 64 ? bits : 0))
    }
    func frame(_ target: IPv6Address, nextHeader: UInt8 = 58, type: UInt8 = 136) -> [UInt8] {
      var frame = [UInt8](repeating: 0x33, count: 12) + [0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, nextHeader, 255]
      frame += [UInt8](repeating: 0xfe, count: 32) + [type, 0, 0, 0, 0x20, 0, 0, 0]
      for word in [target.high, target.low] {
        frame += stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
      }
      return frame
    }
    let program = PacketFilter.claims(.neighborAdvertisements((0..<count).map(address)))
    #expect(program.count <= 4096)
    for number in 0..<1000 {
      let packet = PacketFilterInterpreter(program: program, packet: frame(address(number)))
      #expect(packet.accepts() == (count == 0 || number < count), "\(number)")
    }
    for (nextHeader, type) in [(UInt8(17), UInt8(136)), (58, 135), (58, 134)] {
      let other = frame(address(0), nextHeader: nextHeader, type: type)
      #expect(PacketFilterInterpreter(program: program, packet: other).accepts() == false)
    }
  }
}
