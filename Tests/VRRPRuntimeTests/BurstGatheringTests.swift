import NetPrimitives
import Testing
import VRRPRuntime

@Suite struct `The gathering of bursts` {
  /// Hears `adverts` in turns of one, one a millisecond, and returns in how many of the turns it would pause.
  private static func pauses(_ gathering: inout BurstGathering, adverts: Int, from start: UInt64) -> Int {
    (0..<adverts).count { gathering.pauses(after: 1, now: .ms(start + UInt64($0))) }
  }

  @Test func `begins in the second after a hundred adverts, and ends with them`() {
    var gathering = BurstGathering()
    #expect(Self.pauses(&gathering, adverts: 100, from: 10_000) == 0)
    #expect(Self.pauses(&gathering, adverts: 99, from: 11_000) == 99)
    #expect(Self.pauses(&gathering, adverts: 99, from: 12_000) == 0)
  }

  @Test func `does not follow turns without adverts`() {
    var gathering = BurstGathering()
    _ = Self.pauses(&gathering, adverts: 200, from: 10_000)
    let silent = gathering.pauses(after: 0, now: .ms(11_000))
    #expect(!silent)
    #expect(Self.pauses(&gathering, adverts: 1, from: 11_001) == 1)
  }

  @Test func `forgets a burst that was long ago`() {
    var gathering = BurstGathering()
    _ = Self.pauses(&gathering, adverts: 200, from: 10_000)
    #expect(Self.pauses(&gathering, adverts: 1, from: 12_000) == 0)
  }
}
