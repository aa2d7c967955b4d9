import ConfigParser
import Testing

@Suite struct TrackingTests {
  private let objects = """
    vrrp_script check {
      script "/bin/sh -c 'exit \\"0\\"' \\x41\\102" nobody :nogroup
      interval 0.5
      timeout 3
      weight -30 reverse
      rise 2
      fall 3
      init_fail
    }
    track_file level {
      file /run/level
      weight 5
      init_file 7 overwrite
    }
    vrrp_track_process proxy {
      process haproxy -f a.cfg
      quorum 2
      quorum_max 4
      delay 1.5
      weight 40
    }
    bfd_instance path {
      neighbor_ip 192.0.2.9
      min_rx 50
      max_hops 3
      weight 25
      vrrp
    }

    """

  @Test func `lowers scripts, files, processes and sessions`() throws {
    let configuration = load(objects).configuration
    let script = try #require(configuration.trackScripts.first)
    #expect(script.command.arguments == ["/bin/sh", "-c", "exit \"0\"", "AB"])
    let user = GlobalDefinition.ScriptUser(user: "nobody", group: "nogroup", takesOtherGroups: true)
    #expect(script.command.runAs == user)
    #expect((script.intervalNanoseconds, script.timeoutNanoseconds) == (500_000_000, 3_000_000_000))
    #expect((script.weight, script.isReversed, script.rise, script.fall) == (-30, true, 2, 3))
    #expect(script.startsFailed)
    let file = try #require(configuration.trackFiles.first)
    #expect((file.path, file.weight, file.initialValue, file.overwrites) == ("/run/level", 5, 7, true))
    let process = try #require(configuration.trackProcesses.first)
    #expect(process.command == ["haproxy", "-f", "a.cfg"])
    #expect(process.parameterMatch == .exact)
    #expect((process.quorum, process.maximum, process.weight) == (2, 4, 40))
    #expect(process.forkDelayNanoseconds == 1_500_000_000)
    let session = try #require(configuration.bfdSessions.first)
    #expect(session.neighbor == IPAddress("192.0.2.9"))
    #expect((session.receiveIntervalMicroseconds, session.maximumHops, session.weight) == (50_000, 3, 25))
    #expect(session.informsRouters && !session.informsChecks)
  }

  @Test func `an instance takes the weight of what it tracks unless it says its own`() throws {
    let router = try #require(
      load(
        objects
          + instance(
            "track_script { check }\ntrack_file { level weight 9 }\ntrack_process { proxy weight -1 reverse }\n"
              + "track_bfd { path }\nvirtual_ipaddress { 192.0.2.1/24 }")
      ).configuration.virtualRouters.first)
    #expect(router.tracking.scripts == [TrackedObject(name: "check", weight: -30, isReversed: true)])
    #expect(router.tracking.files == [TrackedObject(name: "level", weight: 9)])
    #expect(router.tracking.processes == [TrackedObject(name: "proxy", weight: -1, isReversed: true)])
    #expect(router.tracking.bfdSessions == [TrackedObject(name: "path", weight: 25)])
  }

  @Test func `every line of a session is taken`() throws {
    let session = try #require(
      load(
        """
        bfd_instance path {
          neighbour_ip 2001:db8::2
          source_ip 2001:db8::1
          min_rx 20.5
          min_tx 30
          idle_tx 2000
          multiplier 7
          passive
          hoplimit 200
          multihop
          max_hops 5
          weight -3 reverse
          checker
        }
        """
      ).configuration.bfdSessions.first)
    var expected = TrackBFDDefinition(name: "path", neighbor: try #require(IPAddress("2001:db8::2")))
    expected.source = IPAddress("2001:db8::1")
    expected.receiveIntervalMicroseconds = 20_500
    expected.sendIntervalMicroseconds = 30_000
    expected.idleIntervalMicroseconds = 2_000_000
    expected.multiplier = 7
    expected.isPassive = true
    expected.hopLimit = 200
    expected.isMultihop = true
    expected.maximumHops = 5
    expected.weight = -3
    expected.isReversed = true
    expected.informsRouters = false
    #expect(session == expected)
  }

  @Test func `sessions nobody can run are left out, as keepalived does`() {
    let loaded = load(
      """
      bfd_instance first { neighbor_ip 192.0.2.9 }
      bfd_instance again { neighbor_ip 192.0.2.9 }
      bfd_instance mixed {
        neighbor_ip 192.0.2.8
        source_ip 2001:db8::1
      }
      bfd_instance far {
        neighbor_ip 192.0.2.7
        ttl 10
        max_hops 20
      }
      """)
    #expect(loaded.problems == [.duplicateName, .mixedFamilies, .adjustedSetting])
    #expect(loaded.configuration.bfdSessions.map(\.name) == ["first", "far"])
    #expect(loaded.configuration.bfdSessions.last?.maximumHops == 10)
  }

  @Test func `who is not told of a session cannot follow it`() {
    let sessions = "bfd_instance a {\n neighbor_ip 192.0.2.9\n checker\n}\n"
    let loaded = load(sessions + instance("track_bfd { a }\nvirtual_ipaddress { 192.0.2.1/24 }"))
    #expect(loaded.problems == [.undefinedName])
    #expect(loaded.configuration.virtualRouters.first?.tracking.bfdSessions == [])
  }

  @Test func `a group follows a session with its own weight`() throws {
    let text =
      objects + instance("virtual_ipaddress { 192.0.2.1/24 }")
      + "vrrp_sync_group G {\n group { A }\n track_bfd { path weight -7 reverse }\n}\n"
    let group = try #require(load(text).configuration.syncGroups.first)
    #expect(group.tracking.bfdSessions == [TrackedObject(name: "path", weight: -7, isReversed: true)])
  }

  @Test func `notifications keep the first script of each kind`() throws {
    let loaded = load(
      instance(
        "notify /a/any\nnotify_master \"/a/master x\" root\nnotify_master /a/other\nnotify_deleted\nsmtp_alert\n"
          + "virtual_ipaddress { 192.0.2.1/24 }"))
    let notify = try #require(loaded.configuration.virtualRouters.first).notify
    #expect(notify.any?.arguments == ["/a/any"])
    #expect(notify.active?.arguments == ["/a/master", "x"])
    #expect(notify.active?.runAs?.user == "root")
    #expect(notify.reportsDeletion && notify.deleted == nil && notify.sendsMail)
    #expect(loaded.problems.contains(.duplicateSetting))
  }

  @Test func `a group has the members that exist, and drops weights`() throws {
    let loaded = load(
      "vrrp_sync_group G {\n group { A B C }\n notify_fault /a/fault\n}\n"
        + instance("track_interface { eth1 weight -5 }\nvirtual_ipaddress { 192.0.2.1/24 }")
        + instance("virtual_ipaddress { 192.0.2.2/24 }", name: "B", id: 52))
    let group = try #require(loaded.configuration.syncGroups.first)
    #expect(group.members == ["A", "B"])
    #expect(group.notify.fault?.arguments == ["/a/fault"])
    #expect(loaded.configuration.virtualRouters.first?.trackedInterfaces.first?.weight == 0)
    #expect(Set(loaded.problems) == [.undefinedName, .weightInSyncGroup, .scriptSecurity])
  }

  @Test func `weights count in a group that says so`() {
    let loaded = load(
      "vrrp_sync_group G {\n group { A B }\n sync_group_tracking_weight\n}\n"
        + instance("track_interface { eth1 weight -5 }\nvirtual_ipaddress { 192.0.2.1/24 }")
        + instance("virtual_ipaddress { 192.0.2.2/24 }", name: "B", id: 52))
    #expect(loaded.configuration.virtualRouters.first?.trackedInterfaces.first?.weight == -5)
  }

  @Test func `globals reach instances wherever they stand`() throws {
    let loaded = load(
      instance("virtual_ipaddress { 192.0.2.1/24 }")
        + "global_defs {\n vrrp_garp_master_repeat 2\n vrrp_strict\n vrrp_mcast_group4 224.0.0.99\n"
        + " notify_fifo /run/f root\n notify_fifo_script \"/a/read it\"\n smtp_server 192.0.2.25 587\n"
        + " notification_email { a@example.org\n \"B b@example.org\" }\n vrrp_cpu_affinity 0 2\n}\n")
    let router = try #require(loaded.configuration.virtualRouters.first)
    #expect(router.announcement.repeats == 2)
    #expect(router.isStrict && !router.acceptsPackets)
    #expect(router.policy.destination == IPAddress("224.0.0.99"))
    let global = loaded.configuration.global
    #expect(global.fifo?.path == "/run/f" && global.fifo?.reader?.arguments == ["/a/read", "it"])
    #expect((global.mail.server, global.mail.port) == ("192.0.2.25", 587))
    #expect(global.mail.recipients == ["a@example.org", "B b@example.org"])
    #expect(global.processors == [0, 2])
  }

  @Test func `lowers the interfaces whose link is polled, each once`() {
    let text =
      "linkbeat_use_polling\nlinkbeat_interfaces {\n  eth1 ETHTOOL\n  eth2\n  eth1 mii\n  eth3 smoke\n}\n"
      + instance("  linkbeat_use_polling\n  virtual_ipaddress { 192.0.2.1/24 }")
    let loaded = load(text)
    let polling = loaded.configuration.linkPolling
    #expect(polling.includesAll)
    #expect(polling.interfaces.map(\.name) == ["eth1", "eth2", "eth3", "eth0"])
    #expect(polling.interfaces.map(\.method) == [.ethtool, nil, nil, nil])
    #expect(loaded.places.contains("6:8 VRC0306"))
    #expect(load(instance("  virtual_ipaddress { 192.0.2.1/24 }")).configuration.linkPolling.isEmpty)
  }
}
