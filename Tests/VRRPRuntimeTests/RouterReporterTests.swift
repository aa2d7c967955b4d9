import Testing
import VRRPRuntime

@Suite struct `A reporter of routers` {
  private func news(_ reporter: inout RouterReporter, refusing: Bool = false) -> [RouterNews] {
    var sent: [RouterNews] = []
    reporter.flush {
      if !refusing { sent.append($0) }
      return !refusing
    }
    return sent
  }

  @Test func `tells of those that are followed, once`() {
    var reporter = RouterReporter()
    reporter.follow(["a"])
    reporter.changed("a", isActive: true)
    reporter.changed("b", isActive: true)
    #expect(news(&reporter) == [RouterNews(name: "a", isActive: true)])
    reporter.changed("a", isActive: true)
    #expect(news(&reporter).isEmpty)
    reporter.changed("a", isActive: false)
    #expect(news(&reporter) == [RouterNews(name: "a", isActive: false)])
  }

  @Test func `keeps what cannot be sent, and tells the newest`() {
    var reporter = RouterReporter()
    reporter.follow(["a"])
    reporter.changed("a", isActive: true)
    #expect(news(&reporter, refusing: true).isEmpty)
    reporter.changed("a", isActive: false)
    #expect(news(&reporter) == [RouterNews(name: "a", isActive: false)])
  }

  @Test func `tells a new follower what is so`() {
    var reporter = RouterReporter()
    reporter.changed("a", isActive: true)
    #expect(news(&reporter).isEmpty)
    reporter.follow(["a", "c"])
    #expect(news(&reporter) == [RouterNews(name: "a", isActive: true)])
    reporter.changed("a", isActive: false)
    reporter.follow([])
    #expect(news(&reporter).isEmpty)
  }
}
