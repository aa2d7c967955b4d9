import ConfigParser
import Testing

@Suite struct DaemonSettingTests {
  @Test func `the daemon is what the file says`() {
    let daemon = load(
      """
      instance blue
      net_namespace left
      use_pid_dir
      child_wait_time 9
      global_defs {
        process_name ha
        vrrp_process_name ha-vrrp
        umask 0027
      }
      """
    ).configuration.daemon
    #expect((daemon.instance, daemon.networkNamespace, daemon.usesPidDirectory) == ("blue", "left", true))
    #expect((daemon.processName, daemon.routerProcessName) == ("ha", "ha-vrrp"))
    #expect((daemon.childWaitSeconds, daemon.fileMask) == (9, 0o027))
    #expect(daemon.pidPath("vrrp") == "/run/keepalived/left/vrrp_blue.pid")
  }

  @Test func `pid files lie where keepalived has them`() {
    var daemon = DaemonDefinition()
    #expect(daemon.pidPath("keepalived") == "/run/keepalived.pid")
    daemon.usesPidDirectory = true
    #expect(daemon.pidPath("keepalived") == "/run/keepalived/keepalived.pid")
    daemon.instance = "a"
    #expect(daemon.pidPath("vrrp") == "/run/keepalived/vrrp_a.pid")
  }

  @Test(
    arguments: [
      ("0177", 0o177), ("0x1f", 0o37), ("18", 0o22), ("IRWXG | IRWXO", 0o077), ("IWGRP|IWOTH", 0o022), ("01000", nil),
      ("IRWXA", nil), ("0999", nil),
    ] as [(String, UInt32?)])
  func `a mask is a number or names`(text: String, mask: UInt32?) {
    let loaded = load("global_defs {\n umask \(text)\n}\n")
    #expect(loaded.configuration.daemon.fileMask == mask)
    #expect(loaded.problems == (mask == nil ? [.unknownValue] : []))
  }

  @Test(arguments: ["a/b", "..", "."]) func `a name in a path stays in its directory`(name: String) {
    let loaded = load("instance \(name)\nnet_namespace \(name)\n")
    #expect(loaded.configuration.daemon == DaemonDefinition())
    #expect(loaded.problems == [.unknownValue, .unknownValue])
  }

  @Test func `priority changes of a group are those of its members`() {
    let group = "vrrp_sync_group G {\n group {\n A\n }\n notify_priority_changes\n}\n"
    let routers = load(instance("") + instance("", name: "B", id: 52) + group).configuration.virtualRouters
    #expect(routers.map(\.notify.reportsPriorityChanges) == [true, false])
    let all = load("global_defs {\n vrrp_notify_priority_changes\n}\n" + instance("")).configuration.virtualRouters
    #expect(all.map(\.notify.reportsPriorityChanges) == [true])
  }

  @Test func `a deletion is told as such only where that is wanted`() {
    let routers = load(
      instance("notify_deleted") + instance("notify_deleted \"/bin/x y\"", name: "B", id: 52)
        + instance("", name: "C", id: 53)
    ).configuration.virtualRouters
    #expect(routers.map(\.notify.reportsDeletion) == [true, true, false])
    #expect(routers.map { $0.notify.deleted?.arguments } == [nil, ["/bin/x", "y"], nil])
  }
}
