import Glibc
import LoadBalancing
import NetPrimitives
import Testing

@testable import LinuxNetworking

@Suite struct SyncDaemonKeeperTests {
  /// A kernel that knows one interface, once it is there.
  private final class Kernel: SyncDaemonHost {
    var hasInterface = false
    var running: [SyncDaemon] = []
    var starts = 0

    func start(_ daemon: SyncDaemon) throws(IPVSError) {
      starts += 1
      guard hasInterface else { throw .refused("NEW_DAEMON", errno: ENODEV) }
      running.append(daemon)
    }

    func stop(_ role: SyncDaemon.Role) throws(IPVSError) {
      guard running.contains(where: { $0.role == role }) else { throw .refused("DEL_DAEMON", errno: ESRCH) }
      running.removeAll { $0.role == role }
    }

    func syncDaemons() throws(IPVSError) -> [SyncDaemon] { running }
  }

  @Test func `a start that fails is told of once and tried again until it works`() throws {
    let kernel = Kernel()
    var keeper = SyncDaemonKeeper()
    keeper.apply(SyncDaemonDefinition(interface: "eth1", instance: "inside"))
    var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    #expect(keeper.settle(kernel, now: now) == .refused("NEW_DAEMON", errno: ENODEV))
    for _ in 0..<3 {
      let next = try #require(keeper.nextDeadline)
      #expect(next > now)
      now = next
      #expect(keeper.settle(kernel, now: now) == nil)
    }
    #expect(kernel.starts == 4)
    kernel.hasInterface = true
    now = try #require(keeper.nextDeadline)
    #expect(keeper.settle(kernel, now: now) == nil)
    #expect(kernel.running.map(\.role) == [.backup] && keeper.nextDeadline == nil)
    // The next failure is news again.
    kernel.hasInterface = false
    keeper.routerChanged(isActive: true)
    #expect(keeper.settle(kernel, now: now) != nil)
    #expect(keeper.stop(kernel) == nil)
    #expect(kernel.running.isEmpty && keeper.nextDeadline == nil)
  }
}
