import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

@Suite(.enabled(if: isRoot, rootOnly)) struct PacketSocketTests {
  static func arp(_ sender: IPv4Address, mac: UInt8) -> [UInt8] {
    var frame = [UInt8](repeating: 0xff, count: 6) + [2, 0, 0, 0, 0, mac, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1]
    let address = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sender.rawValue >> $0) }
    frame += [2, 0, 0, 0, 0, mac] + address + [UInt8](repeating: 0xff, count: 6) + address
    return frame
  }

  static func advertisement(_ target: IPv6Address) -> [UInt8] {
    var frame: [UInt8] = [0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 24, 58, 255]
    frame += [UInt8](repeating: 0xfe, count: 16) + [0xff, 2] + [UInt8](repeating: 0, count: 13) + [1]
    frame += [136, 0, 0, 0, 0x20, 0, 0, 0]
    for word in [target.high, target.low] {
      frame += stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
    return frame
  }

  static func send(_ frames: [[UInt8]], on interface: InterfaceIndex) throws {
    let socket = try PacketSocket()
    let batch = TransmitBatch()
    for frame in frames {
      let fits = batch.appendFrame(on: interface, byteCount: frame.count) { output in
        for byte in frame { output.append(byte) }
      }
      #expect(fits)
    }
    #expect(socket.send(batch) == frames.count)
  }

  @Test func `frames cross, and only claims of the watched addresses are heard`() async throws {
    try await isolated {
      let cable = try Cable()
      let mine = IPv4Address(10, 0, 0, 100)
      let listener = try cable.onRight { try PacketSocket(hearing: .arp([mine]), on: cable.right.index) }
      let claim = Self.arp(mine, mac: 9)
      try Self.send([Self.arp(IPv4Address(10, 0, 0, 101), mac: 9), claim], on: cable.left.index)
      usleep(20_000)
      var heard: [[UInt8]] = []
      try listener.receive(into: ReceiveBuffer()) { frame, interface in
        #expect(interface == cable.right.index)
        heard.append((0..<frame.byteCount).map { frame.byte(at: $0) })
      }
      #expect(heard == [claim])
      // Our own announcement is no claim of another.
      try cable.onRight { try Self.send([claim], on: cable.right.index) }
      usleep(20_000)
      try listener.receive(into: ReceiveBuffer()) { _, _ in Issue.record("heard itself") }
    }
  }

  @Test func `neighbour advertisements of watched targets are heard`() async throws {
    try await isolated {
      let cable = try Cable()
      let mine = IPv6Address(high: 0x2001_0db8 << 32, low: 7)
      let listener = try cable.onRight {
        try PacketSocket(hearing: .neighborAdvertisements([mine]), on: cable.right.index)
      }
      let other = IPv6Address(high: mine.high, low: 8)
      try Self.send([Self.advertisement(other), Self.advertisement(mine)], on: cable.left.index)
      usleep(20_000)
      var heard = 0
      try listener.receive(into: ReceiveBuffer()) { frame, _ in
        #expect(frame.ipv6Address(at: 62) == mine)
        heard += 1
      }
      #expect(heard == 1)
    }
  }
}
