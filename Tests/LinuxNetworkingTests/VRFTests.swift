import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

/// `vrf`: sockets on a VRF device. `Tests/VM/run` has a kernel with some.
@Suite(.enabled(if: isRoot, rootOnly)) struct VRFTests {
  @Test(arguments: [true, false])
  func `a socket on a VRF hears and sends through its ports`(isBound: Bool) async throws {
    try await isolated {
      let cable = try Cable()
      let commands = "ip link add red type vrf table 100 && ip link set red up && ip link set left master red"
      let setUp = try ChildProcess.spawn(ChildProcessTests.shell(commands))
      guard try ChildProcessTests.finish(setUp) == .exited(0) else {
        print("SKIPPED: this kernel has no VRF")
        return
      }
      let red = try #require(try RouteSocket().link(named: "red"))
      let ours = try AdvertisementSocket(
        .init(unicast: .ipv4, on: isBound ? red.index : InterfaceIndex(rawValue: 1)), virtualRouters: [7])
      let theirs = try cable.onRight {
        try AdvertisementSocket(.init(unicast: .ipv4, on: cable.right.index), virtualRouters: [7])
      }
      let (near, far) = (AdvertisementSocketTests.address(.ipv4, 1), AdvertisementSocketTests.address(.ipv4, 2))
      let bytes: [UInt8] = [0x31, 7, 1]
      try theirs.send(bytes.span.bytes, to: near, from: far)
      let heard = try AdvertisementSocketTests.hear(isBound ? 1 : 0, from: ours)
      #expect(heard.map(\.datagram.interface) == (isBound ? [red.index] : []))
      guard isBound else { return }
      try ours.send(bytes.span.bytes, to: far, from: near)
      #expect(try AdvertisementSocketTests.hear(1, from: theirs).map(\.bytes) == [bytes])
    }
  }
}
