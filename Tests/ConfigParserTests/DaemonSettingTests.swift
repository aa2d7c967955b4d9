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
    #expect(daemon.runtimePath("keepalived", "reload") == "/run/keepalived/left/keepalived_blue.reload")
    #expect(daemon.placeName == "left_blue")
  }

  @Test func `reloads are as the file says`() {
    let reload = load(
      """
      global_defs {
        reload_check_config /r
        reload_time_file /t
        reload_repeat
        reload_file
        config_save_dir /s
      }
      """
    ).configuration.global.reload
    var wanted = ReloadDefinition()
    (wanted.checksFirst, wanted.reportPath, wanted.timePath, wanted.repeatsDaily) = (true, "/r", "/t", true)
    (wanted.marker, wanted.saveDirectory) = (.inPidDirectory, "/s")
    #expect(reload == wanted)
    let other = load("global_defs {\n reload_check_config\n reload_file /m\n}\n").configuration.global.reload
    #expect((other.checksFirst, other.reportPath, other.marker) == (true, nil, .path("/m")))
  }

  @Test func `scripts, priorities and buffers are as the file says`() {
    let global = load(
      """
      global_defs {
        use_symlink_paths
        set_supplementary_groups on
        script_user nobody :adm
        max_auto_priority 50
        min_auto_priority_delay 2000
        vrrp_netlink_cmd_rcv_bufs 1
        vrrp_netlink_monitor_rcv_bufs 2
        lvs_netlink_cmd_rcv_bufs 3
        lvs_netlink_monitor_rcv_bufs 4
        process_monitor_rcv_bufs 5
        lvs_netlink_cmd_rcv_bufs_force
        process_monitor_rcv_bufs_force yes
        vrrp_netlink_monitor_rcv_bufs_force off
      }
      """
    ).configuration.global
    #expect((global.keepsSymbolicLinks, global.setsSupplementaryGroups) == (true, true))
    #expect(global.scriptUser == GlobalDefinition.ScriptUser(user: "nobody", group: "adm", takesOtherGroups: true))
    #expect((global.automaticPriority.maximum, global.automaticPriority.delayMicroseconds) == (50, 2000))
    typealias Buffer = ReceiveBufferDefinition
    #expect(global.routerBuffers.commands == Buffer(byteCount: 1))
    #expect(global.routerBuffers.events == Buffer(byteCount: 2))
    #expect(global.checkBuffers.commands == Buffer(byteCount: 3, isForced: true))
    #expect(global.checkBuffers.events == Buffer(byteCount: 4))
    #expect(global.processEventBuffer == Buffer(byteCount: 5, isForced: true))
  }

  @Test(arguments: [("", 99), (" 0", 0), (" -1", 0), (" 7", 7)] as [(String, UInt8)])
  func `the highest automatic priority`(text: String, maximum: UInt8) {
    let global = load("global_defs {\n max_auto_priority\(text)\n}\n").configuration.global
    #expect(global.automaticPriority.maximum == maximum)
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
