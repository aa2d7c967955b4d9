import CAllocationCounter
import Foundation
import LinuxNetworking
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

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
      // The two clocks are read one after the other, and a busy machine may let time pass in between.
      #expect(only.datagram.receivedAt.nanoseconds + 1_000_000 > before.nanoseconds)
      #expect(only.datagram.receivedAt.nanoseconds < after.nanoseconds + 1_000_000_000)
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

  typealias Heard = (bytes: [UInt8], datagram: AdvertisementSocket.Datagram)

  /// What arrives at `socket`, with what is known of it: waits until there are `count`, at most two seconds, and then a
  /// moment for what should not come.
  static func hear(_ count: Int, from socket: AdvertisementSocket) throws -> [Heard] {
    var heard: [Heard] = []
    let buffer = ReceiveBuffer()
    for round in 0..<200 where heard.count < count || round == 0 {
      usleep(10_000)
      try socket.receive(into: buffer, limit: 10_000) { bytes, datagram in
        heard.append(((0..<bytes.byteCount).map { bytes.byte(at: $0) }, datagram))
      }
    }
    usleep(10_000)
    try socket.receive(into: buffer) { bytes, datagram in heard.append(([], datagram)) }
    return heard
  }

  @Test(arguments: AddressFamily.allCases)
  func `unicast peers hear each other at any distance, groups do not reach them`(family: AddressFamily) async throws {
    try await isolated {
      let cable = try Cable()
      var configuration = AdvertisementSocket.Configuration(unicast: family, on: cable.left.index)
      configuration.hopLimit = 64
      let sender = try AdvertisementSocket(configuration)
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(unicast: family, on: cable.right.index), virtualRouters: [7])
      }
      try sender.send(([0x31, 7, 1] as [UInt8]).span.bytes, to: Self.address(family, 2), from: Self.address(family, 1))
      try sender.send(([0x31, 8, 1] as [UInt8]).span.bytes, to: Self.address(family, 2), from: Self.address(family, 1))
      let heard = try Self.hear(1, from: receiver)
      #expect(heard.map(\.bytes) == [[0x31, 7, 1]])
      #expect(heard.first?.datagram.hopLimit == 64)
      #expect(heard.first?.datagram.destination == Self.address(family, 2))
      #expect(heard.first?.datagram.source == Self.address(family, 1))
    }
  }

  @Test(arguments: AddressFamily.allCases)
  func `many routers share a socket and send together`(family: AddressFamily) async throws {
    try await isolated {
      let cable = try Cable()
      let sender = try AdvertisementSocket(.init(family, on: cable.left.index))
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(family, on: cable.right.index), virtualRouters: .all)
      }
      let batch = TransmitBatch(capacity: 255, byteCapacity: 255 * 8)
      for id in UInt8(1)...255 {
        let fits = batch.append(to: Self.group(family), from: nil, on: nil, byteCount: 8) { output in
          for byte in [0x31, id, 100, 0, 0, 100, 0, 0] { output.append(byte) }
        }
        #expect(fits)
      }
      #expect(batch.append(to: Self.group(family), from: nil, on: nil, byteCount: 1) { _ in } == false)
      #expect(sender.send(batch) == 255)
      #expect(try Self.hear(255, from: receiver).map { $0.bytes[1] } == Array(1...255))
      try receiver.hear([9])
      #expect(sender.send(batch) == 255)
      #expect(try Self.hear(1, from: receiver).map { $0.bytes[1] } == [9])
    }
  }

  @Test func `one datagram that cannot be sent does not keep back the others`() async throws {
    try await isolated {
      let cable = try Cable()
      let sender = try AdvertisementSocket(.init(.ipv4, on: cable.left.index))
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(.ipv4, on: cable.right.index), virtualRouters: .all)
      }
      let batch = TransmitBatch()
      // The second has a source that is not ours.
      for (id, source) in [(UInt8(1), UInt8(1)), (2, 99), (3, 1)] {
        _ = batch.append(to: .v4(.vrrpGroup), from: Self.address(.ipv4, source), on: nil, byteCount: 2) {
          output in
          output.append(0x31)
          output.append(id)
        }
      }
      var failures: [(Int, SystemCallError)] = []
      #expect(sender.send(batch) { failures.append(($0, $1)) } == 2)
      #expect(failures.map(\.0) == [1])
      #expect(try Self.hear(2, from: receiver).map { $0.bytes[1] } == [1, 3])
    }
  }

  @Test(arguments: AddressFamily.allCases)
  func `a source that this host does not have needs to be allowed`(family: AddressFamily) async throws {
    try await isolated {
      let cable = try Cable()
      var configuration = AdvertisementSocket.Configuration(family, on: cable.left.index)
      configuration.allowsForeignSource = true
      let sender = try AdvertisementSocket(configuration)
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(family, on: cable.right.index), virtualRouters: [7])
      }
      try sender.send(([0x31, 7, 1] as [UInt8]).span.bytes, to: Self.group(family), from: Self.address(family, 99))
      #expect(try Self.hear(1, from: receiver).map(\.datagram.source) == [Self.address(family, 99)])
    }
  }

  @Test(arguments: AddressFamily.allCases)
  func `a link that is down is a passing condition, and the socket works again when it is up`(
    family: AddressFamily
  ) async throws {
    try await isolated {
      let cable = try Cable()
      let sender = try AdvertisementSocket(.init(family, on: cable.left.index))
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(family, on: cable.right.index), virtualRouters: [7])
      }
      let routes = try RouteSocket()
      try routes.perform("down") { $0.change(cable.left.index, LinkChange(isUp: false)) }
      #expect {
        try sender.send(([0x31, 7, 1] as [UInt8]).span.bytes, to: Self.group(family), from: nil)
      } throws: { error in
        (error as? SystemCallError)?.isTemporary == true
      }
      // An error left on the socket must not stop the loop.
      _ = try? receiver.receive(into: ReceiveBuffer()) { _, _ in }
      try routes.perform("up") { $0.change(cable.left.index, LinkChange(isUp: true)) }
      if family == .ipv6 {
        // The kernel took the addresses away with the link.
        let prefix = try #require(IPPrefix(Self.address(.ipv6, 1), length: 64))
        try routes.perform("add") { $0.add(InterfaceAddress(prefix, on: cable.left.index), replacing: true) }
      }
      try receiver.rejoinGroup()
      var heard = 0
      for _ in 0..<200 where heard == 0 {
        usleep(10_000)
        try? sender.send(([0x31, 7, 1] as [UInt8]).span.bytes, to: Self.group(family), from: nil)
        try receiver.receive(into: ReceiveBuffer()) { _, _ in heard += 1 }
      }
      #expect(heard > 0)
    }
  }

  @Test func `Ethernet's padding is no part of the payload, IP options are told`() async throws {
    try await isolated {
      let cable = try Cable()
      let packets = try PacketSocket()
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(.ipv4, on: cable.right.index), virtualRouters: [7])
      }
      for options in [0, 1] {
        let length = UInt8(20 + 4 * options + 8)
        var header: [UInt8] = [UInt8(0x45 + options), 0, 0, length, 0, 0, 0, 0, 255, 112, 0, 0]
        header += [10, 0, 0, 1, 224, 0, 0, 18] + [UInt8](repeating: 1, count: 4 * options)
        var checksum = InternetChecksum()
        checksum.add(header.span.bytes)
        header[10] = UInt8(checksum.value >> 8)
        header[11] = UInt8(truncatingIfNeeded: checksum.value)
        var frame: [UInt8] = [1, 0, 0x5e, 0, 0, 18, 2, 0, 0, 0, 0, 9, 8, 0] + header + [0x31, 7, 1, 2, 3, 4, 5, 6]
        frame += [UInt8](repeating: 0xee, count: 60 - frame.count)
        let batch = TransmitBatch()
        _ = batch.appendFrame(on: cable.left.index, byteCount: frame.count) { output in
          for byte in frame { output.append(byte) }
        }
        #expect(packets.send(batch) == 1)
      }
      let heard = try Self.hear(2, from: receiver)
      #expect(heard.map(\.bytes) == [[0x31, 7, 1, 2, 3, 4, 5, 6], [0x31, 7, 1, 2, 3, 4, 5, 6]])
      #expect(heard.map(\.datagram.hasOptions) == [false, true])
    }
  }

  @Test func `the longest advert arrives whole, a longer one is dropped and counted`() async throws {
    try await isolated {
      let cable = try Cable()
      let sender = try AdvertisementSocket(.init(.ipv6, on: cable.left.index))
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(.ipv6, on: cable.right.index), virtualRouters: [7])
      }
      let longest = [0x31, 7] + [UInt8](repeating: 9, count: 8 + 255 * 16 + 28 - 2)
      try sender.send(longest.span.bytes, to: .v6(.vrrpGroup), from: nil)
      try sender.send((longest + [UInt8](repeating: 9, count: 1000)).span.bytes, to: .v6(.vrrpGroup), from: nil)
      #expect(try Self.hear(1, from: receiver).map(\.bytes) == [longest])
      #expect(receiver.malformedCount == 1)
    }
  }

  @Test func `the authentication header's socket sends and hands over whole datagrams`() async throws {
    try await isolated {
      let cable = try Cable()
      var configuration = AdvertisementSocket.Configuration(.ipv4, on: cable.left.index)
      configuration.carrier = .authenticationHeader
      let sender = try AdvertisementSocket(configuration)
      configuration.interface = cable.right.index
      let receiver = try cable.onRight { try AdvertisementSocket(configuration, virtualRouters: [7]) }
      // Authenticated by digests of our own, and by the kernels on both sides left as it was.
      let message: [UInt8] = [0x21, 7, 100, 0, 2, 1, 0, 0] + [UInt8](repeating: 0, count: 8)
      let key = Array("s3cret".utf8)
      var session = AuthenticationHeaderSession(key: key, lastSequence: 41, lastIdentification: 7)
      let source = IPv4Address(10, 9, 0, 1)
      let headers = session.headers(
        for: message.span.bytes, from: source, to: .vrrpGroup, using: DigestAuthenticator())
      let datagram = headers.indices.map { headers[$0] } + message
      try sender.send(datagram.span.bytes, to: .v4(.vrrpGroup), from: .v4(source))
      let heard = try #require(try Self.hear(1, from: receiver).first)
      #expect(heard.bytes == datagram)
      var other = AuthenticationHeaderSession(key: key)
      let header = try AuthenticationHeader(decodingDatagram: heard.bytes.span.bytes)
      try other.verify(header, datagram: heard.bytes.span.bytes, using: DigestAuthenticator())
      #expect(other.lastSequence == 42)
    }
  }

  @Test func `an interface that does not exist is a clear error`() {
    #expect {
      _ = try AdvertisementSocket(.init(.ipv4, on: InterfaceIndex(rawValue: 999_999)))
    } throws: { error in
      "\(error)" == "setsockopt(SO_BINDTOIFINDEX, 999999): No such device (ENODEV)"
    }
  }

  @Test(.enabled(if: allocation_count_is_live(), "a sanitizer owns malloc"), arguments: AddressFamily.allCases)
  func `sending and receiving allocate nothing`(family: AddressFamily) async throws {
    try await isolated {
      let cable = try Cable()
      let sender = try AdvertisementSocket(.init(family, on: cable.left.index))
      let receiver = try cable.onRight {
        try AdvertisementSocket(.init(family, on: cable.right.index), virtualRouters: .all)
      }
      let batch = TransmitBatch()
      let buffer = ReceiveBuffer()
      let payload: [UInt8] = [0x31, 7, 100, 0, 0, 100, 0, 0]
      let source = Self.address(family, 1)
      var heard = 0
      var allocations: UInt = 0
      for round in 0..<20 {
        let before = allocation_count()
        for _ in 0..<8 {
          _ = batch.append(to: Self.group(family), from: source, on: nil, byteCount: 8) { output in
            for index in payload.indices { output.append(payload[index]) }
          }
        }
        sender.send(batch)
        batch.removeAll()
        try sender.send(payload.span.bytes, to: Self.group(family), from: source)
        usleep(1000)
        try receiver.receive(into: buffer) { bytes, datagram in
          heard += bytes.byteCount + Int(datagram.hopLimit) - 262
        }
        if round > 0 { allocations += allocation_count() - before }
      }
      #expect(heard == 20 * 9)
      #expect(allocations == 0)
    }
  }
}
