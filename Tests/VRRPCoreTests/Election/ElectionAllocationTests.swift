import CAllocationCounter
import NetPrimitives
import Testing
import VRRPCore

@Suite(.enabled(if: allocation_count_is_live(), "a sanitizer owns malloc"))
struct ElectionAllocationTests {
  /// Allocations of the second call: the first may instantiate metadata, once in the life of the process.
  private func allocations(in body: () -> Void) -> UInt {
    body()
    let before = allocation_count()
    body()
    return allocation_count() - before
  }

  private func advert(_ priority: UInt8, at now: MonotonicInstant) -> VirtualRouter.Event {
    .received(.init(source: .v4(IPv4Address(10, 0, 0, 1)), priority: priority, interval: .second, receivedAt: now))
  }

  @Test func `an election allocates nothing`() {
    let count = allocations {
      var router = VirtualRouter(.init(id: 1, primaryAddress: .v4(IPv4Address(10, 0, 0, 2))))
      var effects = EffectBuffer()
      var now = MonotonicInstant(nanoseconds: 0)
      router.handle(.startup(isEligible: true), now: now, effects: &effects)
      for _ in 0..<1000 {
        now = now.advanced(byNanoseconds: 1_000_000_000)
        router.handle(advert(200, at: now), now: now, effects: &effects)
      }
      now = now.advanced(byNanoseconds: 5_000_000_000)
      router.handle(.deadlineReached, now: now, effects: &effects)
      for _ in 0..<1000 {
        now = now.advanced(byNanoseconds: 1_000_000_000)
        router.handle(.deadlineReached, now: now, effects: &effects)
        router.handle(advert(50, at: now), now: now, effects: &effects)
      }
      router.handle(advert(250, at: now), now: now, effects: &effects)
      precondition(router.role == .backup)
    }
    #expect(count == 0)
  }

  @Test func `the counter counts`() {
    #expect(allocations { _ = [UInt8](repeating: 1, count: Int.random(in: 100...200)).count } >= 1)
  }
}
