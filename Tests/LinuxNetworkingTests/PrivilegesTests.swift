import Foundation
import LinuxNetworking
import Testing

@Suite struct PrivilegesTests {
  @Test(.enabled(if: isRoot, "needs root to give up what it has"))
  func `what was given up is missing, and errors say what is needed`() async {
    await #expect(processExitsWith: .success) {
      #expect(Privileges.missing([.netAdmin, .netRaw]) == [])
      try Privileges.keepOnly([.netAdmin, .sysAdmin])
      #expect(Privileges.missing([.netAdmin, .netRaw, .sysAdmin, .sysNice]) == [.netRaw, .sysNice])
      #expect {
        _ = try AdvertisementSocket(.init(unicast: .ipv4))
      } throws: {
        "\($0)" == "socket(AF_INET, SOCK_RAW, 112): Operation not permitted (EPERM); needs CAP_NET_RAW"
      }
      #expect {
        _ = try PacketSocket()
      } throws: {
        "\($0)" == "socket(AF_PACKET, SOCK_RAW, 0): Operation not permitted (EPERM); needs CAP_NET_RAW"
      }
    }
  }

  @Test(.enabled(if: isRoot, "needs root for a real-time class"))
  func `a real-time class is taken, not inherited, and given back`() async {
    await #expect(processExitsWith: .success) {
      try Privileges.takeRealTime(priority: 3, limitMicroseconds: 5_000_000)
      #expect(sched_getscheduler(0) & 0xff == SCHED_RR)
      let child = try ChildProcess.spawn(ChildProcessTests.shell("test \"$(cut -d' ' -f41 /proc/$$/stat)\" = 0"))
      #expect(try ChildProcessTests.finish(child) == .exited(0))
      try Privileges.leaveRealTime()
      #expect(sched_getscheduler(0) == SCHED_OTHER)
      try Privileges.lockMemory()
      try Privileges.setNice(5)
      #expect(getpriority(__priority_which_t(0), 0) == 5)
    }
  }

  @Test func `a detached daemon lets go of who started it, and of the terminal, when it is ready`() async throws {
    let path = NSTemporaryDirectory() + "vrrpd-detached-\(UUID().uuidString)"
    setenv("VRRPD_TEST_DETACHED", path, 1)
    defer { unlink(path) }
    await #expect(processExitsWith: .success) {
      let parent = getpid()
      let detached = try Privileges.detach()
      let isAlone = getpid() != parent && getsid(0) == getpid()
      detached.announceReady()
      // Whoever waited is gone; what is seen from here on goes into a file.
      var null = stat()
      var report = stat("/dev/null", &null) == 0 && isAlone ? "alone" : "not alone"
      for number in Int32(0)...2 {
        var status = stat()
        report += fstat(number, &status) == 0 && status.st_rdev == null.st_rdev ? " null" : " open"
      }
      let path = ProcessInfo.processInfo.environment["VRRPD_TEST_DETACHED"] ?? ""
      try report.write(toFile: path, atomically: true, encoding: .utf8)
      _exit(7)
    }
    var report: String?
    for _ in 0..<500 where report == nil {
      usleep(10_000)
      report = try? String(contentsOfFile: path, encoding: .utf8)
    }
    #expect(report == "alone null null null")
  }

  @Test func `a daemon that fails before it is ready passes its status on`() async {
    await #expect(processExitsWith: .exitCode(4)) {
      _ = try Privileges.detach()
      _exit(4)
    }
  }
}
