import Testing
import VRRPCore
import VRRPRuntime

/// What README.md shows, as code that runs. `DocumentationTests` compares the two.
@Suite struct ReadmeExamples {
  @Test func `a machine by itself`() {
    var router = VirtualRouter(
      VirtualRouter.Configuration(id: 51, priority: 150, primaryAddress: .v4(IPv4Address(192, 0, 2, 1))))
    var effects = EffectBuffer()
    var now = MonotonicInstant(nanoseconds: 0)

    router.handle(.startup(isEligible: true), now: now, effects: &effects)
    while let deadline = router.nextDeadline, router.role != .active {
      now = deadline  // nobody is heard: time passes
      router.handle(.deadlineReached, now: now, effects: &effects)
    }
    for index in 0..<effects.count { print(effects[index]) }

    #expect(router.role == .active)
    #expect(effects[0] == .sendAdvertisement(priority: 150))
    #expect(effects[1] == .acquireAddresses)
    // RFC 9568 §6.1: 3 intervals and a skew of 106/256 of one.
    #expect(now.nanoseconds == 3_414_062_500)
  }

  @Test func `an engine with a world`() throws {
    var engine = VRRPEngine(in: PrintingWorld())
    let address = IPPrefix(host: .v4(IPv4Address(192, 0, 2, 10)))
    let eth0 = InterfaceState(
      index: InterfaceIndex(rawValue: 2), name: "eth0", isUp: true, addresses: [.v4(IPv4Address(192, 0, 2, 1))])

    engine.update(eth0, now: MonotonicInstant(nanoseconds: 0))
    engine.apply(
      [
        VirtualRouterDefinition(
          name: "web", interface: "eth0", virtualRouterID: 51, version: .v3, addresses: [VirtualAddress(address)])
      ], now: MonotonicInstant(nanoseconds: 0))
    while let deadline = engine.nextDeadline, !engine.world.isOwner { engine.advance(to: deadline) }

    #expect(engine.world.isOwner)
    #expect(engine.world.sentCount == 1)
  }
}

struct PrintingWorld: VRRPWorld {
  var isOwner = false
  var sentCount = 0

  mutating func define(_ router: RouterHandle, as definition: VirtualRouterDefinition, on interface: InterfaceState?) {}
  mutating func forget(_ router: RouterHandle) {}
  mutating func send(
    _ advertisement: borrowing AdvertisementTemplate, behind headers: AuthenticationHeader.Bytes?,
    of router: RouterHandle
  ) {
    sentCount += 1
  }
  mutating func setOwnership(of router: RouterHandle, _ isOwner: Bool) { self.isOwner = isOwner }
  mutating func announce(_ router: RouterHandle, repeats: UInt8) {}
  mutating func report(_ notice: Notice) { print(notice) }
}
