import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

@Suite(.enabled(if: isRoot, rootOnly)) struct AdvertisementSocketOptionTests {
  static func option(_ socket: AdvertisementSocket, _ level: Int32, _ option: Int32) -> Int32? {
    var value: Int32 = -1
    var length = socklen_t(4)
    return getsockopt(socket.rawDescriptor, level, option, &value, &length) == 0 ? value : nil
  }

  @Test func `an IPv4 socket marks what it sends as network control, and hears no echo`() async throws {
    try await isolated {
      let cable = try Cable()
      let socket = try AdvertisementSocket(.init(.ipv4, on: cable.left.index))
      let level = Int32(IPPROTO_IP)
      #expect(Self.option(socket, level, IP_TOS) == 0xc0)
      #expect(Self.option(socket, level, 2) == 255, "IP_TTL")
      #expect(Self.option(socket, level, IP_MULTICAST_TTL) == 255)
      #expect(Self.option(socket, level, IP_MULTICAST_LOOP) == 0)
      #expect(Self.option(socket, level, 49) == 0, "IP_MULTICAST_ALL")
      #expect(Self.option(socket, SOL_SOCKET, SO_PRIORITY) == 7)
      #expect(fcntl(socket.rawDescriptor, F_GETFD) & FD_CLOEXEC != 0)
      #expect(fcntl(socket.rawDescriptor, F_GETFL) & O_NONBLOCK != 0)
    }
  }

  @Test func `an IPv6 socket marks what it sends as network control, and hears no echo`() async throws {
    try await isolated {
      let cable = try Cable()
      let socket = try AdvertisementSocket(.init(.ipv6, on: cable.left.index))
      let level = Int32(IPPROTO_IPV6)
      #expect(Self.option(socket, level, 67) == 0xc0, "IPV6_TCLASS")
      #expect(Self.option(socket, level, IPV6_UNICAST_HOPS) == 255)
      #expect(Self.option(socket, level, IPV6_MULTICAST_HOPS) == 255)
      #expect(Self.option(socket, level, IPV6_MULTICAST_LOOP) == 0)
      #expect(Self.option(socket, level, 29) == 0, "IPV6_MULTICAST_ALL")
      #expect(Self.option(socket, SOL_SOCKET, SO_PRIORITY) == 7)
    }
  }

  @Test(arguments: AddressFamily.allCases)
  func `joining a group twice is success, and both sockets of an interface hear`(family: AddressFamily) async throws {
    try await isolated {
      let cable = try Cable()
      let sender = try AdvertisementSocket(.init(family, on: cable.left.index))
      let receivers = try cable.onRight {
        try [1, 2].map { _ in try AdvertisementSocket(.init(family, on: cable.right.index), virtualRouters: [7]) }
      }
      try receivers[0].joinGroup()
      try receivers[0].rejoinGroup()
      try sender.send(([0x21, 7] as [UInt8]).span.bytes, to: AdvertisementSocketTests.group(family), from: nil)
      for receiver in receivers { #expect(try AdvertisementSocketTests.hear(1, from: receiver).count == 1) }
    }
  }
}
