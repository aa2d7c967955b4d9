import Foundation
import NetPrimitives
import Testing
import VRRPCore

/// The tables of RFC 9568 §6.4 and RFC 3768 §6.4, one line or more for each thing they demand (``ElectionDemand``).
@Suite struct ElectionConformanceTests {
  /// A line: what it proves, how a router gets there, what happens, and what must be seen.
  struct Line: Sendable, CustomTestStringConvertible {
    var demands: [String]
    var start: String
    var event: String
    var state: String
    var effects: [String]

    init(_ demands: [String], _ start: String, _ event: String, _ state: String, _ effects: [String] = []) {
      self.demands = demands
      self.start = start
      self.event = event
      self.state = state
      self.effects = effects
    }

    var testDescription: String {
      let texts = demands.map { id in "\(id): \(ElectionDemand.all.first { $0.id == id }?.text ?? "?")" }
      return texts.joined(separator: "; ") + " (\(start), \(event))"
    }
  }

  static let lines: [Line] = [
    Line(
      ["9568 6.4.1 a", "9568 6.4.1 b", "9568 6.4.1 c", "9568 6.4.1 d"], "initialize 255", "startup", "active wait 1000",
      ["send 255", "acquire", "announce 5", "initialize>active startup"]),
    Line(["9568 6.4.1 e"], "initialize 100", "startup", "backup wait 3609", ["initialize>backup startup"]),
    Line(["9568 6.4.2 c"], "backup 100", "shutdown", "initialize", ["backup>initialize shutdown"]),
    Line(
      ["9568 6.4.2 d", "9568 6.4.2 e", "9568 6.4.2 f", "9568 6.4.2 g"], "backup 100", "expire", "active wait 1000",
      ["send 100", "acquire", "announce 5", "backup>active activeDown"]),
    Line(["9568 6.4.2 h"], "backup 100", "advert 0", "backup wait 609"),
    Line(["9568 6.4.2 i"], "backup 100 nopreempt", "advert 1 interval 2", "backup wait 7218"),
    Line(["9568 6.4.2 j"], "backup 100", "advert 100 interval 2", "backup wait 7218"),
    Line(["9568 6.4.2 j"], "backup 100", "advert 101", "backup wait 3609"),
    Line(["9568 6.4.2 j"], "backup 254", "advert 255", "backup wait 3007"),
    Line(["9568 6.4.2 k"], "backup 100", "advert 99", "backup wait 2609"),
    Line(["9568 6.4.3 b"], "active 100", "shutdown", "leaving", ["send 0"]),
    Line(["9568 6.4.3 c"], "leaving 100", "expire", "initialize", ["release", "active>initialize shutdown"]),
    Line(["9568 6.4.3 d"], "active 100", "expire", "active wait 1000", ["send 100"]),
    Line(["9568 6.4.3 e"], "active 100", "advert 0", "active wait 1000", ["send 100", "announce 2"]),
    Line(
      ["9568 6.4.3 f"], "active 100", "advert 101", "backup wait 3609",
      ["send 100", "release", "active>backup outranked"]),
    Line(
      ["9568 6.4.3 g"], "active 100", "advert 100 from 200", "backup wait 3609",
      ["send 100", "release", "active>backup outranked"]),
    Line(
      ["9568 6.4.3 h"], "active 100", "advert 101 interval 2", "backup wait 7218",
      ["send 100", "release", "active>backup outranked"]),
    Line(
      ["9568 6.4.3 i"], "active 100", "advert 100 from 1", "active wait 1000",
      ["send 100", "announce 2", "contest 100"]),
    Line(["9568 6.4.3 i"], "active 100", "advert 99", "active wait 1000", ["send 100", "announce 2", "contest 99"]),
    Line(
      ["3768 6.4.1 a", "3768 6.4.1 b", "3768 6.4.1 c", "3768 6.4.1 d"], "initialize 255 v2", "startup",
      "active wait 1000", ["send 255", "acquire", "announce 5", "initialize>active startup"]),
    Line(["3768 6.4.1 e"], "initialize 100 v2", "startup", "backup wait 3609", ["initialize>backup startup"]),
    Line(["3768 6.4.2 c"], "backup 100 v2", "shutdown", "initialize", ["backup>initialize shutdown"]),
    Line(
      ["3768 6.4.2 d", "3768 6.4.2 e", "3768 6.4.2 f", "3768 6.4.2 g"], "backup 100 v2", "expire", "active wait 1000",
      ["send 100", "acquire", "announce 5", "backup>active activeDown"]),
    Line(["3768 6.4.2 h"], "backup 100 v2", "advert 0", "backup wait 609"),
    Line(["3768 6.4.2 i"], "backup 100 nopreempt v2", "advert 1", "backup wait 3609"),
    Line(["3768 6.4.2 j"], "backup 100 v2", "advert 100", "backup wait 3609"),
    Line(["3768 6.4.2 j"], "backup 100 v2", "advert 101", "backup wait 3609"),
    Line(["3768 6.4.2 j"], "backup 254 v2", "advert 255", "backup wait 3007"),
    Line(["3768 6.4.2 k"], "backup 100 v2", "advert 99", "backup wait 2609"),
    Line(["3768 6.4.3 b"], "active 100 v2", "shutdown", "leaving", ["send 0"]),
    Line(["3768 6.4.3 c"], "leaving 100 v2", "expire", "initialize", ["release", "active>initialize shutdown"]),
    Line(["3768 6.4.3 d"], "active 100 v2", "expire", "active wait 1000", ["send 100"]),
    Line(["3768 6.4.3 e"], "active 100 v2", "advert 0", "active wait 1000", ["send 100", "announce 2"]),
    Line(
      ["3768 6.4.3 f"], "active 100 v2", "advert 101", "backup wait 3609",
      ["send 100", "release", "active>backup outranked"]),
    Line(
      ["3768 6.4.3 g"], "active 100 v2", "advert 100 from 200", "backup wait 3609",
      ["send 100", "release", "active>backup outranked"]),
    Line(
      ["3768 6.4.3 h"], "active 100 v2", "advert 100 from 1", "active wait 1000",
      ["send 100", "announce 2", "contest 100"]),
    Line(["3768 6.4.3 h"], "active 100 v2", "advert 99", "active wait 1000", ["send 100", "announce 2", "contest 99"]),
  ]

  private static func bench(_ text: String) -> Bench {
    let words = text.split(separator: " ")
    let priority = words.lazy.compactMap { UInt8($0) }.first ?? 100
    let version: ProtocolVersion = words.contains("v2") ? .v2 : .v3
    let change: (inout VirtualRouter.Configuration) -> Void = { $0.preempts = !words.contains("nopreempt") }
    switch words.first {
    case "backup": return .backup(priority: priority, version: version, change: change)
    case "active": return .active(priority: priority, version: version, change: change)
    case "leaving":
      var bench = Bench.active(priority: priority, version: version, change: change)
      bench.give(.shutdown)
      return bench
    default: return Bench(priority: priority, version: version, change: change)
    }
  }

  /// The number behind `word`.
  private static func number(_ word: Substring, in words: [Substring]) -> UInt16? {
    words.firstIndex(of: word).flatMap { place in words.indices.contains(place + 1) ? UInt16(words[place + 1]) : nil }
  }

  @Test(arguments: lines)
  func `does what the RFC says`(line: Line) {
    var bench = Self.bench(line.start)
    let words = line.event.split(separator: " ")
    let effects: [VirtualRouter.Effect]
    switch words[0] {
    case "startup": effects = bench.give(.startup(isEligible: true))
    case "shutdown": effects = bench.give(.shutdown)
    case "expire": effects = bench.expire()
    default:
      // A second has passed, so that a timer that is not reset can be told from one that is.
      if bench.state == "backup" { bench.pass(1000) } else { bench.pass(600) }
      effects = bench.hear(
        UInt8(words[1]) ?? 0, from: UInt8(Self.number("from", in: words) ?? 9),
        centiseconds: 100 * (Self.number("interval", in: words) ?? 1))
    }
    #expect(effects.words == line.effects)
    let wanted = line.state.split(separator: " ")
    #expect(bench.state == wanted[0])
    if wanted.count > 2 {
      #expect(bench.wait / 1_000_000 == UInt64(wanted[2]))
    } else if wanted[0] == "initialize" {
      #expect(bench.router.nextDeadline == nil)
    }
  }

  @Test func `each demand has its line or another proof, and no line proves what nobody demands`() {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let ids = ElectionDemand.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    let proved = Set(Self.lines.flatMap(\.demands))
    #expect(proved == Set(ElectionDemand.all.filter { $0.proof == nil }.map(\.id)))
    for demand in ElectionDemand.all {
      guard let proof = demand.proof else { continue }
      #expect(FileManager.default.fileExists(atPath: root.appending(path: proof).path()), "\(demand.id): \(proof)")
    }
  }
}
