import Testing
import VRRPCore
import VRRPRuntime

@Suite struct FixedSettingsTests {
  @Test func `what cannot change at a reload is named, and stays`() {
    var old = VRRPConfiguration()
    old.daemon.instance = "blue"
    old.dumps.placeName = "blue"
    old.global.firewallTable = "ours"
    old.global.processors = [1]
    var new = old
    new.daemon.instance = "green"
    new.dumps.placeName = "green"
    new.daemon.networkNamespace = "left"
    new.daemon.usesPidDirectory = true
    new.daemon.childWaitSeconds = 9
    new.daemon.fileMask = 0
    new.daemon.processName = "a"
    new.daemon.routerProcessName = "b"
    new.global.firewallTable = nil
    new.global.realTimePriority = 3
    new.global.realTimeLimitMicroseconds = 3
    new.global.niceness = 1
    new.global.processors = []
    new.global.shutdownScript = ScriptCommand(["/bin/true"])
    new.global.shutdownTimeoutSeconds = 3
    new.global.reload.timePath = "/t"
    new.global.reload.repeatsDaily = true
    new.global.reload.marker = .inPidDirectory
    new.global.routerID = "another"
    let changed = FixedSettings(old).keep(in: &new)
    #expect(
      changed == [
        "instance", "net_namespace", "use_pid_dir", "child_wait_time", "umask", "process_name", "vrrp_process_name",
        "nftables", "vrrp_rt_priority", "vrrp_rlimit_rttime", "vrrp_priority", "vrrp_cpu_affinity", "shutdown_script",
        "shutdown_script_timeout", "reload_time_file", "reload_repeat", "reload_file",
      ])
    #expect(new.global.routerID == "another")
    new.global.routerID = nil
    #expect(new == old)
    #expect(FixedSettings(old).keep(in: &new).isEmpty)
  }

  @Test func `a plan tells of it, too`() {
    var new = VRRPConfiguration()
    new.daemon.instance = "green"
    let plan = ReloadPlan(from: VRRPConfiguration(), to: new)
    #expect(plan.lines == ["keep instance until the daemon is restarted", "0 unchanged"])
  }
}
