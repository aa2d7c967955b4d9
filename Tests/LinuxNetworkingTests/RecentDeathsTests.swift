import NetPrimitives
import Testing

@testable import LinuxNetworking

@Suite struct `A child that dies` {
  static func at(_ seconds: UInt64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

  @Test func `is started again at once, again and again`() {
    var deaths = RecentDeaths()
    for second in stride(from: UInt64(0), to: 100, by: 1) { #expect(deaths.pause(after: Self.at(second)) == nil) }
  }

  @Test func `is given ever longer pauses when it cannot live, and a clean slate when it did`() {
    var deaths = RecentDeaths()
    var pauses: [UInt64] = []
    for _ in 0..<8 * 8 {
      if let pause = deaths.pause(after: Self.at(1)) { pauses.append(pause / 1_000_000_000) }
    }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60])
    for _ in 0..<7 { #expect(deaths.pause(after: Self.at(200)) == nil) }
    let pause = deaths.pause(after: Self.at(200)) ?? 0
    #expect(pause == 1_000_000_000)
  }
}
