import NetPrimitives
import Testing
import VRRPCore

@Suite struct TrackingContributionTests {
  /// What keepalived 2.2.7 made of a script and its weight: the change of a priority of 100.
  @Test(
    arguments: [
      (true, 7, false, 7), (false, 7, false, 0), (true, -5, false, 0), (false, -5, false, -5),
      (false, 7, true, 0), (true, 7, true, -7), (false, -5, true, 5), (true, -5, true, 0),
    ] as [(Bool, Int16, Bool, Int16)])
  func `weights count as keepalived counts them`(isUp: Bool, weight: Int16, isReversed: Bool, change: Int16) {
    #expect(TrackedContribution(isUp: isUp, weight: weight, isReversed: isReversed) == .weight(change))
  }

  @Test func `without weight an object must be up, or down when reversed`() {
    #expect(TrackedContribution(isUp: true, weight: 0, isReversed: false) == .requirement(isMet: true))
    #expect(TrackedContribution(isUp: false, weight: 0, isReversed: false) == .requirement(isMet: false))
    #expect(TrackedContribution(isUp: true, weight: 0, isReversed: true) == .requirement(isMet: false))
    #expect(TrackedContribution(isUp: false, weight: 0, isReversed: true) == .requirement(isMet: true))
  }

  @Test func `an undecided object holds up who needs it and nobody else`() {
    for isReversed in [false, true] {
      #expect(TrackedContribution(.undecided, weight: 0, isReversed: isReversed) == .requirement(isMet: false))
      #expect(TrackedContribution(.undecided, weight: -20, isReversed: isReversed) == .weight(0))
      #expect(TrackedContribution(.undecided, weight: 20, isReversed: isReversed) == .weight(0))
    }
    #expect(TrackedContribution(.up, weight: 20, isReversed: false) == .weight(20))
    #expect(TrackedContribution(.down, weight: -20, isReversed: false) == .weight(-20))
  }

  @Test(
    arguments: [
      (5, 10, false, .weight(50)), (-10, 10, false, .weight(-100)), (5, 2, true, .weight(-10)),
      (300, 1, false, .weight(253)), (-253, 1, false, .weight(-253)), (-254, 1, false, .requirement(isMet: false)),
      (Int64.max, 254, false, .weight(253)), (Int64.max, 254, true, .requirement(isMet: false)),
      (Int64.min, 254, false, .requirement(isMet: false)), (Int64.min, -254, false, .weight(253)),
      (0, 0, false, .requirement(isMet: true)), (1, 0, false, .requirement(isMet: false)),
      (0, 0, true, .requirement(isMet: false)), (-1, 0, true, .requirement(isMet: true)),
    ] as [(Int64, Int16, Bool, TrackedContribution)])
  func `a file adds its value times its weight`(
    value: Int64, weight: Int16, isReversed: Bool, expected: TrackedContribution
  ) {
    #expect(TrackedContribution(fileValue: value, weight: weight, isReversed: isReversed) == expected)
  }

  @Test(
    arguments: [
      ("12abc", 12), (" 0x10\n", 16), ("", 0), ("abc", 0), ("-7", -7), ("+7 8", 7), ("010", 8), ("09", 0), ("0x", 0),
      ("0xg", 0), ("-0x1F", -31), ("\t\n\u{b} 3", 3), ("- 3", 0), ("9223372036854775807", Int64.max),
      ("9223372036854775808", .max), ("-9223372036854775808", .min), ("-99999999999999999999", .min), ("1e3", 1),
      (String(repeating: " ", count: 126) + "12", 1),
    ] as [(String, Int64)])
  func `a file's number is read as C reads it`(text: String, value: Int64) {
    #expect(TrackedFileContent.value(of: Array(text.utf8).span) == value)
  }

  @Test func `a file is made or overwritten only when asked`() {
    var definition = TrackFileDefinition(name: "load", path: "/run/load")
    #expect(definition.initialContent(exists: false) == nil)
    definition.initialValue = 0
    #expect(definition.initialContent(exists: false) == "0\n")
    #expect(definition.initialContent(exists: true) == nil)
    definition.overwrites = true
    #expect(definition.initialContent(exists: true) == "0\n")
  }

  @Test(arguments: 0..<50) func `taking contributions back is exact whatever was clamped`(seed: Int) {
    var random = SplitMix(state: UInt64(seed) &+ 1000)
    let base = UInt8(random.next(1...254))
    var ledger = PriorityLedger(base: base, count: 6)
    var entered = [Int16](repeating: 0, count: 6)
    for _ in 0..<200 {
      let index = Int(random.next(0...5))
      let weight = Int16(random.next(0...508)) - 254
      if random.next(0...9) == 0 {
        let isMet = random.next(0...1) == 0
        #expect(ledger.enter(.requirement(isMet: isMet), at: index) == isMet)
        entered[index] = 0
      } else {
        #expect(ledger.enter(.weight(weight), at: index) == true)
        entered[index] = weight
      }
      let sum = entered.reduce(Int(base)) { $0 + Int($1) }
      #expect(ledger.total == sum)
      #expect(Int(ledger.effectivePriority) == min(max(sum, 1), 254))
    }
    for index in 0..<6 { ledger.set(0, at: index) }
    #expect(ledger == PriorityLedger(base: base, count: 6))
  }

  @Test func `an owner keeps its priority`() {
    var ledger = PriorityLedger(base: 255, count: 1)
    ledger.set(-254, at: 0)
    #expect(ledger.effectivePriority == 255)
    #expect(ledger.total == 1)
  }
}
