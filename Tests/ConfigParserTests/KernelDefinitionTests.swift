import ConfigParser
import LoadBalancing
import NetPrimitives
import Testing

@Suite struct KernelDefinitionTests {
  private func globals(_ lines: String, _ rest: String = "") -> LoadedConfiguration {
    load("global_defs {\n\(lines)\n}\n\(rest)")
  }

  @Test func `lvs keywords are lowered`() {
    let kernel = globals("lvs_timeouts tcp 900 udp 30\nlvs_flush\nlvs_flush_on_stop").configuration.kernel
    #expect(kernel.timeouts == ConnectionTimeouts(tcp: 900, tcpFin: 0, udp: 30))
    #expect(kernel.flushesAtStart && kernel.flushesAtStop)
    #expect(!globals("lvs_flush_on_stop VS").configuration.kernel.flushesAtStop)
    #expect(globals("lvs_timeouts tcp").problems == [.missingArgument])
    #expect(globals("lvs_timeouts icmp 3").problems == [.unknownValue])
    #expect(globals("lvs_flush_on_stop RS").problems == [.unknownValue])
  }

  @Test func `IPVS may be another namespace's`() {
    #expect(load("").configuration.kernel.namespace == .own)
    #expect(load("net_namespace_ipvs\n").configuration.kernel.namespace == .initial)
    #expect(load("net_namespace_ipvs front\n").configuration.kernel.namespace == .named("front"))
    let bad = load("net_namespace_ipvs a/b\n")
    #expect(bad.configuration.kernel.namespace == .own && bad.problems == [.unknownValue])
  }

  @Test func `groups may be told IPVS as marks`() {
    let without = globals("nftables_ipvs_priority -3\nnftables_ipvs_start_fwmark 77").configuration.kernel
    #expect(!without.marksGroups && without.marking.priority == -3 && without.marking.firstMark == 77)
    let usual = globals("nftables_ipvs").configuration.kernel
    #expect(usual.marksGroups && usual.marking == GroupMarking() && usual.marking.table == "keepalived_ipvs")
    #expect(globals("nftables_ipvs mine").configuration.kernel.marking.table == "mine")
    #expect(globals("nftables_ipvs_start_fwmark 0").problems == [.outOfRange])
  }

  @Test(arguments: [
    ("eth0 inst A id 7 maxlen 1000 port 8849 ttl 2 group 224.0.0.99", UInt8(7)), ("eth0 A", 51), ("eth0 A 9", 9),
    ("eth0 A id 0", 0),
  ])
  func `the sync daemon takes its number from its router`(words: String, id: UInt8) throws {
    let daemon = try #require(globals("lvs_sync_daemon \(words)", instance("")).configuration.kernel.syncDaemon)
    #expect(daemon.interface == "eth0" && daemon.instance == "A" && daemon.id == id)
    guard words.contains("group") else { return }
    #expect(daemon.maximumMessageBytes == 1000 && daemon.port == 8849 && daemon.hopLimit == 2)
    #expect(daemon.group == .v4(IPv4Address(224, 0, 0, 99)))
  }

  @Test func `a sync daemon of a router that is not there is none`() {
    let old = load(instance("lvs_sync_daemon_interface eth5\nvirtual_ipaddress { 192.0.2.1/24 }"))
    let kept = old.configuration.kernel.syncDaemon
    #expect((kept?.interface, kept?.instance, kept?.id) == ("eth5", "A", 51))
    let both = globals("lvs_sync_daemon eth6 A", instance("lvs_sync_daemon_interface eth5"))
    #expect(both.configuration.kernel.syncDaemon?.interface == "eth6")
    let loaded = globals("lvs_sync_daemon eth0 B", instance("virtual_ipaddress { 192.0.2.1/24 }"))
    #expect(loaded.configuration.kernel.syncDaemon == nil && loaded.problems == [.undefinedName])
  }

  @Test func `the check process is treated as configured`() {
    let process = globals(
      "checker_process_name lb\nchecker_priority -5\nchecker_rt_priority 9\nchecker_rlimit_rttime 20000\n"
        + "checker_cpu_affinity 0 3\nchecker_no_swap"
    ).configuration.checkProcess
    var wanted = ProcessDefinition()
    (wanted.name, wanted.niceness, wanted.realTimePriority) = ("lb", -5, 9)
    (wanted.realTimeLimitMicroseconds, wanted.processors, wanted.locksMemory) = (20_000, [0, 3], true)
    #expect(process == wanted)
  }

  @Test func `the BFD process is treated as configured`() {
    let process = globals(
      "bfd_process_name paths\nbfd_priority -5\nbfd_rt_priority 9\nbfd_rlimit_rttime 20000\n"
        + "bfd_cpu_affinity 0 3\nbfd_no_swap"
    ).configuration.bfdProcess
    var wanted = ProcessDefinition()
    (wanted.name, wanted.niceness, wanted.realTimePriority) = ("paths", -5, 9)
    (wanted.realTimeLimitMicroseconds, wanted.processors, wanted.locksMemory) = (20_000, [0, 3], true)
    #expect(process == wanted)
    #expect(globals("bfd_rlimit_rtime 7").configuration.bfdProcess.realTimeLimitMicroseconds == 7)
  }

  @Test func `process_names names whoever has no name`() {
    let configuration = globals("checker_process_name lb\nprocess_names").configuration
    #expect(configuration.daemon.routerProcessName == "keepalived_vrrp")
    #expect(configuration.checkProcess.name == "lb")
    #expect(configuration.bfdProcess.name == "keepalived_bfd")
    #expect(configuration.daemon.processName == nil)
    #expect(globals("router_id a").configuration.bfdProcess.name == nil)
  }

  @Test func `a service follows a router that is there`() throws {
    let lines = "active_on master_of %\nreal_server 192.0.2.11 80 {\n slow_start 30\n}"
    func service(_ name: String) -> LoadedConfiguration {
      let body = lines.split(separator: "%").joined(separator: name)
      return load(
        "virtual_server 192.0.2.1 80 {\n protocol TCP\n lvs_sched rr\n lvs_method NAT\n\(body)\n}\n"
          + instance("virtual_ipaddress { 192.0.2.1/24 }"))
    }
    let good = service("A")
    #expect(good.configuration.virtualServers.first?.activeOnMasterOf == "A" && good.problems.isEmpty)
    #expect(good.configuration.virtualServers.first?.realServers.first?.slowStartNanoseconds == 30_000_000_000)
    let bad = service("B")
    #expect(bad.configuration.virtualServers.first?.activeOnMasterOf == nil && bad.problems == [.undefinedName])
  }
}
