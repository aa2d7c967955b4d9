import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct LinkPollsTests {
  private func at(_ milliseconds: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
  }

  private func definition(all: Bool = false, _ names: String...) -> LinkPollingDefinition {
    var definition = LinkPollingDefinition()
    definition.includesAll = all
    for name in names { definition.add(.init(name, .ethtool)) }
    return definition
  }

  @Test func `asks who is present, at once and then every second`() {
    var polls = LinkPolls()
    #expect(polls.nextDeadline == nil && polls.due(now: at(5), present: ["eth0"]).isEmpty)
    #expect(polls.apply(definition("eth0", "eth9"), now: at(10)).isEmpty)
    #expect(polls.nextDeadline == at(10))
    #expect(polls.due(now: at(10), present: ["eth0", "eth1"]) == [.init("eth0", .ethtool)])
    #expect(polls.nextDeadline == at(1010))
    #expect(polls.due(now: at(1009), present: ["eth0"]).isEmpty)
    #expect(polls.due(now: at(1010), present: ["eth0"]).count == 1)
  }

  @Test func `asks everybody, those named in their way`() {
    var polls = LinkPolls()
    _ = polls.apply(definition(all: true, "eth1"), now: at(0))
    #expect(polls.due(now: at(0), present: ["eth0", "eth1"]) == [.init("eth0"), .init("eth1", .ethtool)])
  }

  @Test func `tells what is news, and forgets who gives no answer`() {
    var polls = LinkPolls()
    _ = polls.apply(definition("eth0"), now: at(0))
    #expect(polls.isUp("eth0") == nil)
    var news = [polls.answered("eth0", isUp: true), polls.answered("eth0", isUp: true)]
    news.append(polls.answered("eth0", isUp: false))
    #expect(news == [true, false, true] && polls.isUp("eth0") == false)
    #expect(polls.answered("eth0", isUp: nil) && polls.isUp("eth0") == nil)
  }

  @Test func `gives back to the kernel whom it asks no more`() {
    var polls = LinkPolls()
    _ = polls.apply(definition("eth0", "eth1"), now: at(0))
    for name in ["eth0", "eth1"] { _ = polls.answered(name, isUp: false) }
    // The same again is no reason to ask sooner.
    _ = polls.due(now: at(0), present: [])
    #expect(polls.apply(definition("eth0", "eth1"), now: at(500)).isEmpty && polls.nextDeadline == at(1000))
    #expect(polls.apply(definition("eth1"), now: at(600)) == ["eth0"])
    #expect(polls.isUp("eth0") == nil && polls.isUp("eth1") == false && polls.nextDeadline == at(600))
    #expect(polls.apply(definition(), now: at(700)) == ["eth1"] && polls.nextDeadline == nil)
  }
}
