import Foundation
import NetPrimitives
import Testing
import VRRPCore

/// An independent decoder reads what the encoders write and has nothing to remark.
@Suite struct WireTsharkTests {
  static let tshark = ["/usr/bin/tshark", "/usr/local/bin/tshark"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static let mac = MACAddress(rawValue: 0x0200_0000_0001)

  @Test(.enabled(if: tshark != nil, "tshark is not installed"))
  func `tshark decodes every frame without expert information`() throws {
    let frames = try Self.frames()
    let file = FileManager.default.temporaryDirectory.appending(path: "vrrpd-wire-\(UUID().uuidString).pcap")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(Self.pcap(frames.map(\.bytes))).write(to: file)
    let fields = [
      "_ws.expert.message", "vrrp.version", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.addr_count", "vrrp.checksum.status",
      "arp.opcode", "icmpv6.type", "ah.sequence",
    ]
    let text = try Self.run(
      ["-r", file.path(), "-T", "fields", "-o", "ip.check_checksum:TRUE", "-E", "separator=|"]
        + fields.flatMap { ["-e", $0] })
    let lines = text.split(separator: "\n").map(String.init)
    try #require(lines.count == frames.count)
    for (line, frame) in zip(lines, frames) { #expect(line == frame.expected) }
  }

  struct Frame {
    var bytes: [UInt8]
    /// tshark's fields; the first, its expert information, is empty. A checksum status of 1 is "good".
    var expected: String
  }

  static func frames() throws -> [Frame] {
    var frames: [Frame] = []
    for version in ProtocolVersion.allCases {
      for family in AddressFamily.allCases where version == .v3 || family == .ipv4 {
        for count in [0, 1, 3, 20] {
          let payload = WireDecodingTests.sound(version, family, count: count)
          frames.append(
            Frame(
              bytes: ethernet(family) + ip(family, payload.count) + payload,
              expected: "|\(version.rawValue)|7|100|\(count)|1|||"))
        }
      }
    }
    let password = AdvertisementMessage(
      version: .v2, family: .ipv4, virtualRouterID: 255, priority: 0, addressCount: 1, interval: .second,
      authentication: .simplePassword(SimplePassword(truncating: "s3cret".utf8)), checksumKind: .messageOnly)
    let payload = password.encoded([.any(.ipv4)], from: WireDecodingTests.source4, to: WireDecodingTests.group4)
    frames.append(
      Frame(bytes: ethernet(.ipv4) + ip(.ipv4, payload.count) + payload, expected: "|2|255|0|1|1|||"))

    var session = AuthenticationHeaderSession(key: Array("s3cret".utf8), lastSequence: 41)
    let authenticated = WireDecodingTests.sound(.v2, .ipv4)
    let datagram = authenticated.span.withRawSpan { message in
      [UInt8](capacity: AuthenticationHeader.messageOffset + message.byteCount) { output in
        session.seal(
          message, from: IPv4Address(10, 0, 0, 1), to: .vrrpGroup, into: &output, using: ReferenceAuthenticator())
      }
    }
    frames.append(Frame(bytes: ethernet(.ipv4) + datagram, expected: "|2|7|100|2|1|||42"))

    let address = IPv4Address(10, 0, 0, 9)
    let isGratuitous = "|||||"
    frames.append(
      Frame(bytes: AnnouncementTests.encoded(GratuitousARP(address, at: mac)), expected: isGratuitous + "|1||"))
    frames.append(
      Frame(
        bytes: AnnouncementTests.encoded(GratuitousARP(address, at: mac, form: .reply)),
        expected: isGratuitous + "|2||"))
    for isRouter in [false, true] {
      let advertisement = UnsolicitedNeighborAdvertisement(
        IPv6Address(high: 0xfe80 << 48, low: 9), at: mac, isRouter: isRouter)
      frames.append(Frame(bytes: AnnouncementTests.encoded(advertisement), expected: isGratuitous + "||136|"))
    }
    return frames
  }

  private static func ethernet(_ family: AddressFamily) -> [UInt8] {
    [UInt8](capacity: 14) { output in
      output.append(MACAddress.multicast(.vrrpGroup(family)))
      output.append(mac)
      output.append(bigEndian: family == .ipv4 ? 0x0800 : 0x86dd as UInt16)
    }
  }

  /// The IP header the kernel would write.
  private static func ip(_ family: AddressFamily, _ byteCount: Int) -> [UInt8] {
    switch (family, WireDecodingTests.source4, WireDecodingTests.source6) {
    case (.ipv4, .v4(let source), _):
      let header = [UInt8](capacity: 20) { output in
        output.append(bigEndian: 0x45c0 as UInt16)
        output.append(bigEndian: UInt16(20 + byteCount))
        output.append(bigEndian: 1 << 16 as UInt32)
        output.append(bigEndian: 0xff70_0000 as UInt32)
        output.append(source)
        output.append(IPv4Address.vrrpGroup)
      }
      var sum = InternetChecksum()
      header.span.withRawSpan { sum.add($0) }
      return header[..<10] + [UInt8(sum.value >> 8), UInt8(sum.value & 0xff)] + header[12...]
    case (.ipv6, _, .v6(let source)):
      return [UInt8](capacity: 40) { output in
        output.append(bigEndian: 6 << 28 as UInt32)
        output.append(bigEndian: UInt16(byteCount))
        output.append(bigEndian: 0x70ff as UInt16)
        output.append(source)
        output.append(IPv6Address.vrrpGroup)
      }
    default:
      preconditionFailure("the sources are of their families")
    }
  }

  /// A pcap file, microseconds, Ethernet.
  private static func pcap(_ frames: [[UInt8]]) -> [UInt8] {
    func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    var file = word(0xa1b2_c3d4) + [2, 0, 4, 0] + word(0) + word(0) + word(65_535) + word(1)
    for (index, frame) in frames.enumerated() {
      file += word(UInt32(index)) + word(0) + word(UInt32(frame.count)) + word(UInt32(frame.count)) + frame
    }
    return file
  }

  private static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: try #require(tshark))
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
