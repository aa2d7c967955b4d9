import Foundation
import Testing

@testable import LinuxNetworking

/// A message between ipvsadm or keepalived and the kernel.
struct CapturedMessage {
  var step: String
  var isRequest: Bool
  var bytes: [UInt8]

  /// All of them, in the order they were sent.
  static func all() throws -> [CapturedMessage] {
    let url = try #require(Bundle.module.url(forResource: "Fixtures/ipvs-messages", withExtension: "tsv"))
    let text = try String(contentsOf: url, encoding: .utf8)
    return try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let fields = line.split(separator: "\t")
      try #require(fields.count == 3)
      return CapturedMessage(
        step: String(fields[0]), isRequest: fields[1] == "request", bytes: try bytes(fields[2]))
    }
  }

  private static func bytes(_ hex: Substring) throws -> [UInt8] {
    let digits = Array(hex)
    return try stride(from: 0, to: digits.count, by: 2).map {
      try #require(UInt8(String(digits[$0...($0 + 1)]), radix: 16))
    }
  }

  /// The header and payload of each message in a datagram.
  func forEach(_ body: (NetlinkHeader, RawSpan) -> Void) {
    let isWhole = NetlinkReader.forEachMessage(in: bytes.span.bytes, body)
    #expect(isWhole, "\(step)")
  }

  /// The attributes two levels deep: `outer * 100 + inner` for those in a nest of a request.
  var attributes: [Int: [UInt8]] {
    var found: [Int: [UInt8]] = [:]
    forEach { _, payload in
      NetlinkReader.forEachAttribute(in: payload, from: GenericNetlink.headerByteCount) { outer, value in
        guard outer <= 3 else {
          found[Int(outer)] = value.copied
          return
        }
        NetlinkReader.forEachAttribute(in: value) { found[Int(outer) * 100 + Int($0)] = $1.copied }
      }
    }
    return found
  }
}

extension RawSpan {
  var copied: [UInt8] { (0..<byteCount).map { byte(at: $0) } }
}
