import Foundation
import NetPrimitives
import Testing
import VRRPCore

/// One captured advertisement: what its IP header says and the bytes after that.
struct CapturedAdvertisement: CustomTestStringConvertible {
  var scenario: String
  var occurrences: Int
  var source: IPAddress
  var destination: IPAddress
  var hopLimit: UInt8
  var payload: [UInt8]

  var testDescription: String { scenario }
  var arrival: AdvertisementArrival {
    AdvertisementArrival(source: source, destination: destination, hopLimit: hopLimit)
  }

  static let all: [Self] = Fixture.rows(of: "adverts.tsv", columns: 6).map { row in
    guard
      let occurrences = Int(row[1]), let source = IPAddress(row[2]), let destination = IPAddress(row[3]),
      let hopLimit = UInt8(row[4])
    else { preconditionFailure("adverts.tsv: \(row)") }
    return Self(
      scenario: row[0], occurrences: occurrences, source: source, destination: destination, hopLimit: hopLimit,
      payload: bytes(row[5]))
  }
}

/// One captured frame or datagram.
struct CapturedBytes: CustomTestStringConvertible {
  var scenario: String
  var occurrences: Int
  var bytes: [UInt8]

  var testDescription: String { scenario }

  static let announcements = load("announcements.tsv")
  static let authenticationHeaders = load("authentication-headers.tsv")

  private static func load(_ file: String) -> [Self] {
    Fixture.rows(of: file, columns: 3).map { row in
      guard let occurrences = Int(row[1]) else { preconditionFailure("\(file): \(row)") }
      return Self(scenario: row[0], occurrences: occurrences, bytes: VRRPCoreTests.bytes(row[2]))
    }
  }
}

private enum Fixture {
  static func rows(of file: String, columns: Int) -> [[String]] {
    guard
      let url = Bundle.module.url(forResource: "Fixtures/\(file)", withExtension: nil),
      let text = try? String(contentsOf: url, encoding: .utf8)
    else { preconditionFailure("\(file) is missing") }
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let row = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      precondition(row.count == columns, "\(file): \(line)")
      return row
    }
  }
}

/// The bytes of a hexadecimal text; spaces may stand between them.
func bytes(_ text: some StringProtocol) -> [UInt8] {
  let digits = String(text.filter { $0 != " " })
  precondition(digits.count % 2 == 0, "odd number of digits")
  var result: [UInt8] = []
  var rest = digits[...]
  while !rest.isEmpty {
    guard let byte = UInt8(rest.prefix(2), radix: 16) else { preconditionFailure("no hexadecimal: \(rest)") }
    result.append(byte)
    rest = rest.dropFirst(2)
  }
  return result
}

extension AdvertisementMessage {
  /// The whole address list.
  func addresses(in payload: [UInt8]) -> [IPAddress] {
    (0..<Int(addressCount)).map { address(at: $0, in: payload.span.bytes) }
  }

  /// The encoded message in an array of its own.
  func encoded(_ addresses: [IPAddress], from source: IPAddress, to destination: IPAddress) -> [UInt8] {
    [UInt8](capacity: byteCount) { output in
      encode(addresses: addresses.span, from: source, to: destination, into: &output)
    }
  }
}

/// Random numbers that a seed repeats (Steele, Lea and Flood's SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
