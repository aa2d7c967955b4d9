import NetPrimitives
import Testing
import VRRPRuntime

@Suite struct SessionRelayTests {
  private static func at(_ milliseconds: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
  }

  /// What the listener is told at once, as `name up` or `name down`.
  private func told(
    _ relay: inout SessionRelay, _ listener: SessionRelay.Listener = .routers, at milliseconds: UInt64 = 0
  ) -> [String] {
    var lines: [String] = []
    relay.flush(listener, now: Self.at(milliseconds)) {
      lines.append("\($0.name) \($0.isUp ? "up" : "down")")
      return true
    }
    return lines.sorted()
  }

  @Test func `news is told once to each who listens`() {
    var relay = SessionRelay()
    relay.reported(SessionNews(name: "a", isUp: false))
    relay.reported(SessionNews(name: "a", isUp: true))
    #expect(told(&relay) == ["a up"])
    #expect(told(&relay, .checks) == ["a up"])
    relay.reported(SessionNews(name: "a", isUp: true))
    #expect(told(&relay) == [])
    relay.reported(SessionNews(name: "a", isUp: false))
    #expect(told(&relay) == ["a down"])
    #expect(relay.nextDeadline == nil)
  }

  @Test func `a session may be one process's alone`() {
    var relay = SessionRelay()
    relay.reported(SessionNews(name: "routers", isUp: true, informsChecks: false))
    relay.reported(SessionNews(name: "checks", isUp: true, informsRouters: false))
    #expect(told(&relay) == ["routers up"])
    #expect(told(&relay, .checks) == ["checks up"])
    #expect(relay.greeting(for: .checks).map(\.name) == ["checks"])
    // A reload lets the other hear it, too.
    relay.reported(SessionNews(name: "checks", isUp: true))
    #expect(told(&relay) == ["checks up"])
  }

  @Test func `what cannot be sent is sent later, as it is then`() {
    var relay = SessionRelay()
    relay.reported(SessionNews(name: "a", isUp: true))
    relay.flush(.routers, now: Self.at(10)) { _ in false }
    #expect(relay.nextDeadline == Self.at(60))
    relay.reported(SessionNews(name: "a", isUp: false))
    #expect(told(&relay, at: 60) == ["a down"])
    #expect(relay.nextDeadline == nil)
  }

  @Test func `who starts is told everything`() {
    var relay = SessionRelay()
    relay.reported(SessionNews(name: "b", isUp: false))
    relay.reported(SessionNews(name: "a", isUp: true))
    #expect(relay.greeting(for: .routers).map { "\($0.name) \($0.isUp)" } == ["a true", "b false"])
    #expect(told(&relay) == [])
  }

  @Test func `while the process is away what was up stays up, for a bounded time`() {
    var relay = SessionRelay()
    for name in ["a", "b"] { relay.reported(SessionNews(name: name, isUp: true)) }
    relay.reported(SessionNews(name: "c", isUp: false))
    _ = told(&relay)
    relay.processDied(now: Self.at(1000))
    #expect(relay.nextDeadline == Self.at(6000))
    // The successor begins with all down, and brings one up again.
    for name in ["a", "b", "c"] { relay.reported(SessionNews(name: name, isUp: false)) }
    #expect(told(&relay, at: 1100) == [])
    relay.reported(SessionNews(name: "a", isUp: true))
    relay.advance(to: Self.at(5999))
    #expect(told(&relay, at: 5999) == [])
    relay.advance(to: Self.at(6000))
    #expect(told(&relay, at: 6000) == ["b down"])
    #expect(relay.nextDeadline == nil)
  }

  @Test func `once it was up again, down is down`() {
    var relay = SessionRelay()
    relay.reported(SessionNews(name: "a", isUp: true))
    _ = told(&relay)
    relay.processDied(now: Self.at(0))
    relay.reported(SessionNews(name: "a", isUp: false))
    relay.reported(SessionNews(name: "a", isUp: true))
    #expect(told(&relay) == [])
    relay.reported(SessionNews(name: "a", isUp: false))
    #expect(told(&relay) == ["a down"])
  }

  @Test func `a process that dies again and again is not waited for any longer`() {
    var relay = SessionRelay()
    for name in ["a", "b"] { relay.reported(SessionNews(name: name, isUp: true)) }
    _ = told(&relay)
    relay.processDied(now: Self.at(0))
    // One was up again meanwhile: its wait begins anew.
    relay.reported(SessionNews(name: "b", isUp: true))
    relay.processDied(now: Self.at(3000))
    relay.advance(to: Self.at(5000))
    #expect(told(&relay) == ["a down"])
    #expect(relay.nextDeadline == Self.at(8000))
    relay.advance(to: Self.at(8000))
    #expect(told(&relay) == ["b down"])
  }

  @Test func `a process that has nothing to do has no sessions`() {
    var relay = SessionRelay()
    relay.reported(SessionNews(name: "a", isUp: true))
    _ = told(&relay)
    relay.processDied(now: Self.at(0))
    relay.processRetired()
    #expect(told(&relay) == ["a down"])
    #expect(relay.nextDeadline == nil)
  }

  @Test func `sessions are bounded`() {
    var relay = SessionRelay()
    for number in 0..<SessionRelay.sessionLimit + 10 { relay.reported(SessionNews(name: "\(number)", isUp: true)) }
    #expect(relay.greeting(for: .routers).count == SessionRelay.sessionLimit)
  }

  @Test func `news survives being sent`() throws {
    for flags in 0..<8 {
      let news = SessionNews(
        name: "päth", isUp: flags & 1 != 0, informsRouters: flags & 2 != 0, informsChecks: flags & 4 != 0)
      #expect(try SessionNews(decoding: news.encoded[...]) == news)
      #expect(try HookRequest(decoding: news.encoded[...]) == .sessionNews(news))
      #expect(throws: HookMessageError.truncated) { try SessionNews(decoding: news.encoded.dropLast()) }
      #expect(throws: HookMessageError.unknownKind(0x42)) { try RouterNews(decoding: news.encoded[...]) }
    }
  }
}
