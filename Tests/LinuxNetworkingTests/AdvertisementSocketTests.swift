import CAllocationCounter
import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

@Suite(.enabled(if: isRoot, rootOnly)) struct AdvertisementSocketTests {
  static func group(_ family: AddressFamily) -> IPAddress { family == .ipv4 ? .v4(.vrrpGroup) : .v6(.vrrpGroup) }

  static func address(_ family: AddressFamily, _ number: UInt8) -> IPAddress {
    family == .ipv4 ? .v4(IPv4Address(10, 0, 0, number)) : .v6(IPv6Address(high: 0xfe80 << 48, low: UInt64(number)))
  }

  @Test(arguments: AddressFamily.allCases)
  func `an advert arrives with its source, destination, hop limit, interface and time`(family: AddressFamily)
    async throws
  {
    try await isolated {
      let cable = try Cable()
      let sender = try AdvertisementSocket(.init(family, on: cable.left.index))
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(family, on: cable.right.index), virtualRouters: [7])
      }
      let buffer = ReceiveBuffer()
      // The kernel begins to stamp packets a moment after the first socket asked for it.
      usleep(100_000)
      let before = SystemClock.monotonic()
      let payload: [UInt8] = [0x31, 7, 100, 0, 0, 100, 0, 0, 9]
      try sender.send(payload.span.bytes, to: Self.group(family), from: Self.address(family, 1))
      let after = SystemClock.monotonic()
      usleep(20_000)
      var heard: [(bytes: [UInt8], datagram: AdvertisementSocket.Datagram)] = []
      let isEmpty = try receiver.receive(into: buffer) { bytes, datagram in
        heard.append(((0..<bytes.byteCount).map { bytes.byte(at: $0) }, datagram))
      }
      #expect(isEmpty)
      let only = try #require(heard.first)
      #expect(heard.count == 1)
      #expect(only.bytes == payload)
      #expect(only.datagram.source == Self.address(family, 1))
      #expect(only.datagram.destination == Self.group(family))
      #expect(only.datagram.hopLimit == 255)
      #expect(only.datagram.interface == cable.right.index)
      #expect(!only.datagram.hasOptions)
      // The two clocks are read one after the other: a few microseconds either way.
      #expect(only.datagram.receivedAt.nanoseconds + 1_000_000 > before.nanoseconds)
      #expect(only.datagram.receivedAt.nanoseconds < after.nanoseconds + 10_000_000)
    }
  }

  @Test(arguments: AddressFamily.allCases)
  func `other virtual routers, other types and short hop limits never reach the socket`(family: AddressFamily)
    async throws
  {
    try await isolated {
      let cable = try Cable()
      var configuration = AdvertisementSocket.Configuration(family, on: cable.left.index)
      let sender = try AdvertisementSocket(configuration)
      configuration.hopLimit = 254
      let routed = try AdvertisementSocket(configuration)
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(family, on: cable.right.index), virtualRouters: [7, 200, 255])
      }
      for id in UInt8(0)...255 {
        for type: UInt8 in [0x21, 0x31] {
          try sender.send([type, id, 1, 0, 0, 100, 0, 0].span.bytes, to: Self.group(family), from: nil)
        }
      }
      for type: UInt8 in [0x20, 0x22, 0x30, 0x41, 0x11, 0x01] {
        try sender.send([type, 7, 2, 0, 0, 100, 0, 0].span.bytes, to: Self.group(family), from: nil)
      }
      try sender.send([0x21].span.bytes, to: Self.group(family), from: nil)
      try routed.send([0x21, 7, 3, 0, 0, 100, 0, 0].span.bytes, to: Self.group(family), from: nil)
      try sender.send([0x21, 7, 4, 0, 0, 100, 0, 0].span.bytes, to: Self.address(family, 2), from: nil)
      usleep(20_000)
      var heard: [[UInt8]] = []
      try receiver.receive(into: ReceiveBuffer(), limit: 1000) { bytes, _ in
        heard.append((0..<min(3, bytes.byteCount)).map { bytes.byte(at: $0) })
      }
      #expect(
        heard == [[0x21, 7, 1], [0x31, 7, 1], [0x21, 200, 1], [0x31, 200, 1], [0x21, 255, 1], [0x31, 255, 1]])
    }
  }
}
