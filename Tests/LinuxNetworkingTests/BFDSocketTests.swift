import BFDCore
import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

@Suite(.enabled(if: isRoot, rootOnly)) struct BFDSocketTests {
  static let packet = BFDPacket(
    state: .down, multiplier: 3, myDiscriminator: 7, yourDiscriminator: 0, desiredSendMicroseconds: 1_000_000,
    requiredReceiveMicroseconds: 10_000)

  /// Addresses of both ends of the cable that need no scope.
  private static func addresses(_ family: AddressFamily, _ cable: borrowing Cable) throws -> (IPAddress, IPAddress) {
    guard family == .ipv6 else { return (.v4(IPv4Address(10, 0, 0, 1)), .v4(IPv4Address(10, 0, 0, 2))) }
    let high: UInt64 = 0x2001_0db8 << 32
    let ends = (IPAddress.v6(IPv6Address(high: high, low: 1)), IPAddress.v6(IPv6Address(high: high, low: 2)))
    try add(ends.0, to: cable.left)
    let right = cable.right
    try cable.onRight { try add(ends.1, to: right) }
    return ends
  }

  private static func add(_ address: IPAddress, to link: Link) throws {
    var batch = RouteBatch()
    var entry = InterfaceAddress(try #require(IPPrefix(address, length: 64)), on: link.index)
    entry.owner = 0
    batch.add(entry)
    let failures = try RouteSocket().commit(batch)
    try #require(failures.isEmpty, "\(failures)")
  }

  private static func heard(_ listener: BFDListener) throws -> [(bytes: [UInt8], arrival: BFDArrival)] {
    var heard: [(bytes: [UInt8], arrival: BFDArrival)] = []
    try listener.receive(into: ReceiveBuffer(capacity: 8, bytesPerDatagram: 256)) { bytes, arrival in
      heard.append(((0..<bytes.byteCount).map { bytes.byte(at: $0) }, arrival))
    }
    return heard
  }

  @Test(arguments: AddressFamily.allCases)
  func `a packet arrives with its ends, its hop limit and its time`(family: AddressFamily) async throws {
    try await isolated {
      let cable = try Cable()
      let (left, right) = try Self.addresses(family, cable)
      let (listener, across) = try cable.onRight {
        (try BFDListener(family, isMultihop: false), try BFDListener(family, isMultihop: true))
      }
      let sender = try BFDSender(BFDPath(to: right, from: left), hopLimit: 255, port: 5)
      let far = try BFDSender(BFDPath(to: right, isMultihop: true), hopLimit: 64, port: 5)
      // The kernel begins to stamp packets a moment after the first socket asked for it.
      usleep(100_000)
      let before = SystemClock.monotonic()
      try sender.send(Self.packet)
      try far.send(Self.packet)
      usleep(20_000)
      let near = try Self.heard(listener)
      let only = try #require(near.first)
      #expect(near.count == 1)
      #expect(only.bytes == [UInt8](capacity: 24) { Self.packet.encode(into: &$0) })
      #expect(only.arrival.source == left)
      #expect(only.arrival.destination == right)
      #expect(only.arrival.hopLimit == 255)
      #expect(!only.arrival.isMultihop)
      #expect(only.arrival.receivedAt.nanoseconds + 1_000_000 > before.nanoseconds)
      #expect(only.arrival.receivedAt <= SystemClock.monotonic())
      let routed = try Self.heard(across)
      #expect(routed.map(\.arrival.hopLimit) == [64])
      #expect(routed.map(\.arrival.source) == [left])
      #expect(routed.map(\.arrival.isMultihop) == [true])
    }
  }

  @Test func `sessions have ports of their own, in the range of the RFC`() async throws {
    try await isolated {
      let cable = try Cable()
      let path = BFDPath(to: .v4(IPv4Address(10, 0, 0, 2)), from: .v4(IPv4Address(10, 0, 0, 1)))
      let senders = try (0..<3).map { _ in try BFDSender(path, hopLimit: 255, port: 16_383) }
      let ports = FileManager.default.contents(atPath: "/proc/thread-self/net/udp").map {
        String(decoding: $0, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { line in
          line.split(separator: " ")[1].split(separator: ":").last.flatMap { UInt16($0, radix: 16) }
        }
      }
      #expect(try #require(ports).sorted() == [49_152, 49_153, 65_535])
      withExtendedLifetime((senders, cable.left)) {}
    }
  }

  @Test func `a source this host does not have is refused`() async throws {
    try await isolated {
      // Without any address in the namespace the kernel would not know that this one is foreign.
      let cable = try Cable()
      let path = BFDPath(to: .v4(IPv4Address(10, 0, 0, 2)), from: .v4(IPv4Address(10, 9, 9, 9)))
      let error = #expect(throws: SystemCallError.self) { _ = try BFDSender(path, hopLimit: 255, port: 0) }
      #expect(error?.errno == EADDRNOTAVAIL)
      #expect(error?.isTemporary == true)
      withExtendedLifetime(cable.left) {}
    }
  }

  @Test func `two processes cannot have the port`() async throws {
    try await isolated {
      let first = try BFDListener(.ipv4, isMultihop: false)
      let error = #expect(throws: SystemCallError.self) { _ = try BFDListener(.ipv4, isMultihop: false) }
      #expect(error?.errno == EADDRINUSE)
      withExtendedLifetime(first) {}
    }
  }
}
