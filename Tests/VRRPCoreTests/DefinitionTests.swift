import NetPrimitives
import Testing
@testable import VRRPCore

@Suite struct `Definitions of which most is left out` {
  private static func definition() -> VirtualRouterDefinition {
    VirtualRouterDefinition(name: "a", interface: "eth0", virtualRouterID: 1)
  }

  @Test func `what was set and taken back leaves no trace`() {
    var definition = Self.definition()
    definition.vrf = "blue"
    definition.policy.ignoresAsOwner = true
    definition.virtualMAC = VirtualMACDefinition()
    definition.notify.fault = ScriptCommand(["/bin/fault"])
    #expect(definition != Self.definition() && definition.rare.count == 1)
    definition.vrf = nil
    definition.policy.ignoresAsOwner = false
    definition.virtualMAC = nil
    definition.notify.fault = nil
    #expect(definition == Self.definition())
    #expect(definition.hashValue == Self.definition().hashValue)
    #expect(definition.rare.isEmpty)
  }

  @Test func `each rare setting is a place of its own`() {
    let changes: [(inout VirtualRouterDefinition) -> Void] = [
      { $0.authentication = .simplePassword(SimplePassword(rawValue: 1)) },
      { $0.excludedAddresses = [VirtualAddress(IPPrefix(host: .v4(IPv4Address(10, 0, 1, 7))))] },
      { $0.tracking.scripts = [TrackedObject(name: "s")] }, { $0.lowerPriorityAnnouncement = AnnouncementPolicy() },
      { $0.extraAnnouncementNanoseconds = 1 }, { $0.policy.checksUnicastSource = true },
      { $0.virtualMAC = VirtualMACDefinition() }, { $0.vrf = "blue" },
      { $0.keys = AdvertisementKeys(keys: [:], activeKey: 1) },
      { $0.followedInterfaces = ["eth1"] },
    ]
    var seen: Set<VirtualRouterDefinition> = [Self.definition()]
    var all = Self.definition()
    for change in changes {
      var one = Self.definition()
      change(&one)
      #expect(seen.insert(one).inserted)
      change(&all)
      #expect(seen.insert(all).inserted || seen.count == 2)
    }
    #expect(all.vrf == "blue" && all.extraAnnouncementNanoseconds == 1 && all.tracking.scripts.count == 1)
  }

  @Test func `commands are kept by what they are for, whatever came first`() {
    var one = NotifyDefinition()
    one.active = ScriptCommand(["/bin/active"])
    one.lowerPriorityReceived = ScriptCommand(["/bin/lower"])
    one.any = ScriptCommand(["/bin/any"])
    var other = NotifyDefinition()
    other.any = ScriptCommand(["/bin/other"])
    other.lowerPriorityReceived = ScriptCommand(["/bin/lower"])
    other.active = ScriptCommand(["/bin/active"])
    #expect(one != other)
    other.any = ScriptCommand(["/bin/any"])
    #expect(one == other)
    #expect(one.any?.arguments == ["/bin/any"] && one.active?.arguments == ["/bin/active"])
    #expect(one.backup == nil && one.fault == nil && one.stop == nil && one.deleted == nil)
  }
}
