import LinuxNetworking
import Testing
import VRRPCore

@Suite(.enabled(if: isRoot, rootOnly)) struct LinkProbeTests {
  @Test func `a link goes with its other end, whichever way it is asked for`() async throws {
    try await isolated {
      let cable = try Cable()
      let probe = try LinkProbe()
      // The driver of a cable has no MII: then it is asked in another way.
      let ways: [LinkPollingDefinition.Method?] = [nil, .mii, .ethtool, .flags]
      // The kernel's flags follow a link some time later.
      #expect(try eventually { ways.allSatisfy { probe.isUp(.init("left", $0)) == true } })
      let right = cable.right.index
      let failures = try cable.onRight {
        var batch = RouteBatch()
        batch.change(right, LinkChange(isUp: false))
        return try RouteSocket().commit(batch)
      }
      try #require(failures.isEmpty)
      #expect(try eventually { ways.allSatisfy { probe.isUp(.init("left", $0)) == false } })
      #expect(probe.isUp(.init("nobody")) == nil && probe.isUp(.init("a name much too long")) == nil)
    }
  }
}
