import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct PriorityLadderTests {
  private static func at(_ milliseconds: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
  }

  private static func ladder(from priority: UInt8, upTo maximum: UInt8) -> PriorityLadder {
    var definition = AutomaticPriorityDefinition()
    definition.maximum = maximum
    definition.delayMicroseconds = 5000
    var ladder = PriorityLadder(priority: priority)
    ladder.follow(definition)
    return ladder
  }

  @Test func `each late waking is one step, up to the highest`() {
    var ladder = Self.ladder(from: 10, upTo: 12)
    #expect(ladder.woken(at: Self.at(104), for: Self.at(100)) == nil)
    #expect(ladder.woken(at: Self.at(105), for: Self.at(100)) == 11)
    #expect(ladder.woken(at: Self.at(305), for: Self.at(300)) == 12)
    #expect(ladder.woken(at: Self.at(9000), for: Self.at(300)) == nil)
    #expect(ladder.priority == 12)
  }

  @Test func `from the ordinary class the first step is the first priority`() {
    var ladder = Self.ladder(from: 0, upTo: 1)
    #expect(ladder.woken(at: Self.at(105), for: Self.at(100)) == 1)
  }

  @Test func `without a deadline, before it, and by default nothing is late`() {
    var ladder = Self.ladder(from: 0, upTo: 9)
    #expect(ladder.woken(at: Self.at(105), for: nil) == nil)
    #expect(ladder.woken(at: Self.at(105), for: Self.at(106)) == nil)
    var usual = PriorityLadder(priority: 10)
    #expect(usual.woken(at: Self.at(90_000), for: Self.at(1)) == nil)
  }
}
