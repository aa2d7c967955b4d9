import NetPrimitives
import Testing
import VRRPCore

/// RFC 9568 and RFC 3768, one line for each thing the election must do, with its section.
@Suite struct ElectionConformanceTests {
  /// A line: what the RFC says, how a router gets there, and what must be seen.
  struct Line: Sendable, CustomTestStringConvertible {
    var section: String
    var demand: String
    var start: String
    var event: String
    var state: String
    var effects: [String]

    init(_ section: String, _ demand: String, _ start: String, _ event: String, _ state: String, _ effects: [String]) {
      self.section = section
      self.demand = demand
      self.start = start
      self.event = event
      self.state = state
      self.effects = effects
    }

    var testDescription: String { "\(section): \(demand)" }
  }

  static let lines: [Line] = [
    Line(
      "9568 6.4.1", "an owner sends an advert, announces and becomes Active", "initialize 255", "startup", "active",
      ["send 255", "acquire", "announce 5", "initialize>active startup"]),
    Line(
      "9568 6.4.1", "who is no owner becomes Backup", "initialize 100", "startup", "backup",
      ["initialize>backup startup"]),
    Line(
      "9568 6.4.2", "a backup that shuts down cancels its timer", "backup 100", "shutdown", "initialize",
      ["backup>initialize shutdown"]),
    Line(
      "9568 6.4.2", "when the timer fires: advert, announcement, Active", "backup 100", "expire", "active",
      ["send 100", "acquire", "announce 5", "backup>active activeDown"]),
    Line("9568 6.4.2", "priority 0 sets the timer to Skew_Time", "backup 100", "advert 0", "backup wait 609", []),
    Line(
      "9568 6.4.2", "with Preempt_Mode False every advert resets the timer", "backup 100 nopreempt", "advert 1",
      "backup wait 3609", []),
    Line(
      "9568 6.4.2", "an advert of equal priority resets the timer", "backup 100", "advert 100", "backup wait 3609", []),
    Line(
      "9568 6.4.2", "an advert of higher priority resets the timer", "backup 100", "advert 101", "backup wait 3609", []),
    Line("9568 6.4.2", "an advert of lower priority is discarded", "backup 100", "advert 99", "backup wait 2609", []),
    Line(
      "9568 6.4.3", "an active router that shuts down sends priority 0", "active 100", "shutdown", "leaving", ["send 0"]
    ),
    Line(
      "9568 6.4.3", "when Adver_Timer fires: advert, timer reset", "active 100", "expire", "active wait 1000",
      ["send 100"]),
    Line(
      "9568 6.4.3", "priority 0 is answered at once, timer reset", "active 100", "advert 0", "active wait 1000",
      ["send 100", "announce 2"]),
    Line(
      "9568 6.4.3", "a higher priority makes it Backup", "active 100", "advert 101", "backup wait 3609",
      ["send 100", "release", "active>backup outranked"]),
    Line(
      "9568 6.4.3", "an equal priority with a higher address makes it Backup", "active 100", "advert 100 from 200",
      "backup wait 3609", ["send 100", "release", "active>backup outranked"]),
    Line(
      "9568 6.4.3", "an equal priority with a lower address is answered at once", "active 100", "advert 100 from 1",
      "active wait 1000", ["send 100", "announce 2", "contest 100"]),
    Line(
      "9568 6.4.3", "a lower priority is answered at once, timer reset", "active 100", "advert 99",
      "active wait 1000", ["send 100", "announce 2", "contest 99"]),
    Line("9568 5.2.4", "255 is the owner's", "backup 254", "advert 255", "backup wait 3007", []),
    Line(
      "3768 6.4.1", "an owner becomes Master", "initialize 255 v2", "startup", "active",
      ["send 255", "acquire", "announce 5", "initialize>active startup"]),
    Line(
      "3768 6.4.2", "Master_Down_Timer fires", "backup 100 v2", "expire", "active",
      ["send 100", "acquire", "announce 5", "backup>active activeDown"]),
    Line("3768 6.4.2", "priority 0 sets the timer to Skew_Time", "backup 100 v2", "advert 0", "backup wait 609", []),
    Line(
      "3768 6.4.2", "a lower priority is discarded when preempting", "backup 100 v2", "advert 99", "backup wait 2609",
      []),
    Line("3768 6.4.3", "shutdown sends priority 0", "active 100 v2", "shutdown", "leaving", ["send 0"]),
    Line(
      "3768 6.4.3", "a higher priority makes it Backup", "active 100 v2", "advert 101", "backup wait 3609",
      ["send 100", "release", "active>backup outranked"]),
    Line(
      "3768 6.4.3", "an equal priority with a higher address makes it Backup", "active 100 v2",
      "advert 100 from 200", "backup wait 3609", ["send 100", "release", "active>backup outranked"]),
    Line(
      "3768 6.4.3", "a lower priority is discarded: no transition", "active 100 v2", "advert 99", "active wait 1000",
      ["send 100", "announce 2", "contest 99"]),
  ]

  private static func bench(_ text: String) -> Bench {
    let words = text.split(separator: " ")
    let priority = words.lazy.compactMap { UInt8($0) }.first ?? 100
    let version: ProtocolVersion = words.contains("v2") ? .v2 : .v3
    let change: (inout VirtualRouter.Configuration) -> Void = { $0.preempts = !words.contains("nopreempt") }
    return switch words.first {
    case "backup": .backup(priority: priority, version: version, change: change)
    case "active": .active(priority: priority, version: version, change: change)
    default: Bench(priority: priority, version: version, change: change)
    }
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
      effects = bench.hear(UInt8(words[1]) ?? 0, from: words.count > 3 ? UInt8(words[3]) ?? 9 : 9)
    }
    #expect(effects.words == line.effects)
    let wanted = line.state.split(separator: " ")
    #expect(bench.state == wanted[0])
    if wanted.count > 2 { #expect(bench.wait / 1_000_000 == UInt64(wanted[2])) }
  }
}
