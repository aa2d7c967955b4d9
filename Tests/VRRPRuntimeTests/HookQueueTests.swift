import NetPrimitives
import Testing
import VRRPRuntime

@Suite struct `A queue of commands` {
  typealias Queue = HookQueue<String, Int>
  private func at(_ seconds: UInt64) -> MonotonicInstant { MonotonicInstant(nanoseconds: seconds * 1_000_000_000) }

  @Test func `one runs at a time for each subject, in order`() {
    var queue = Queue()
    for (command, subject) in [(1, "a"), (2, "a"), (3, "b"), (4, "a")] { queue.add(command, for: subject, now: at(0)) }
    #expect(queue.takeEffects() == [.run(number: 1, 1), .run(number: 2, 3)])
    queue.ended(1, now: at(1))
    #expect(queue.takeEffects() == [.run(number: 3, 2)])
    queue.ended(2, now: at(1))
    queue.ended(2, now: at(1))
    #expect(queue.takeEffects().isEmpty)
    queue.ended(3, now: at(2))
    #expect(queue.takeEffects() == [.run(number: 4, 4)] && !queue.isIdle)
    queue.ended(4, now: at(2))
    #expect(queue.isIdle && queue.nextDeadline == nil)
  }

  @Test func `of too many the oldest is not run`() {
    var queue = Queue()
    for command in 0...(Queue.waitingLimit + 1) { queue.add(command, for: "a", now: at(0)) }
    _ = queue.takeEffects()
    queue.ended(1, now: at(1))
    #expect(queue.takeEffects() == [.run(number: 2, 2)])
  }

  @Test func `what runs too long is ended, and at a stop sooner`() {
    var queue = Queue(limitNanoseconds: 60_000_000_000)
    queue.add(1, for: "a", now: at(0))
    _ = queue.takeEffects()
    #expect(queue.nextDeadline == at(60))
    queue.stop(withinNanoseconds: 1_000_000_000, now: at(5))
    #expect(queue.nextDeadline == at(6))
    queue.advance(to: at(5))
    #expect(queue.takeEffects().isEmpty)
    queue.advance(to: at(6))
    #expect(queue.takeEffects() == [.kill(number: 1)] && queue.nextDeadline == nil)
  }
}
