import NetPrimitives
import Testing
import VRRPCore

@testable import VRRPRuntime

@Suite struct DumpsJSONTests {
  static let empty = VRRPSnapshot(
    clock: DumpsTests.clock(1_795_232_164), global: GlobalDefinition(), hostName: "node-a")

  @Test func `nothing is an empty array, and in the second shape an object`() {
    #expect(Self.empty.json(.v1) == "[]\n")
    #expect(Self.empty.json(.v2) == "{\"vrrp\":[]}\n")
  }

  @Test func `the second shape has processes`() {
    var snapshot = Self.empty
    var many = TrackProcessDefinition(name: "many", command: ["sleep", "100", "x"], parameterMatch: .initial)
    many.maximum = 5
    many.weight = -3
    many.terminateDelayNanoseconds = 2_500_000_000
    var monitor = ProcessMonitor(ProcessMonitor.Configuration(many))
    _ = monitor.handle(.scanned([1, 2]), now: MonotonicInstant(nanoseconds: 0))
    _ = monitor.handle(.scanned([]), now: MonotonicInstant(nanoseconds: 1))
    snapshot.processes = [VRRPSnapshot.Process(many, monitor: monitor)]
    #expect(
      snapshot.json(.v2)
        == #"{"vrrp":[],"track_process":[{"process":"sleep","parameters":"100 x","param_match":"initial","#
        + #""min_processes":1,"max_processes":5,"current_processes":0,"have_quorum":true,"weight":-3,"#
        + #""terminate_delay":2.5,"fork_delay":0,"fork_delay_timer_running":false,"#
        + #""terminate_delay_timer_running":true,"full_command":false}]}"# + "\n")
    #expect(snapshot.json(.v1) == "[]\n")
  }

  @Test func `names of any kind stay one string`() {
    var json = JSONText()
    json.string("q\"b\\s/n\nr\rt\tb\u{8}f\u{c}z\u{0}e\u{1b}d\u{7f}é😀")
    #expect(json.text == #""q\"b\\s\/n\nr\rt\tb\bf\fz\u0000e\u001bd"# + "\u{7f}é😀\"")
  }

  @Test func `members and elements are set apart by commas and nothing else is`() {
    var json = JSONText()
    json.array { json in
      json.object { _ in }
      json.array { json in
        json.integer(-1)
        json.bool(true)
      }
      json.object { json in
        json.member("a", 1)
        json.member("b", "x")
        json.strings("none", [])
        json.strings("c", ["y", "z"])
      }
    }
    #expect(json.text == #"[{},[-1,true],{"a":1,"b":"x","c":["y","z"]}]"#)
  }

  @Test(
    arguments: [
      (0, "0"), (1_000_000_000, "1"), (500_000_000, "0.5"), (1, "0.000000001"), (12_340_000_000, "12.34"),
    ] as [(UInt64, String)]) func `seconds have as many digits as they need`(nanoseconds: UInt64, text: String)
  {
    #expect(decimalSeconds(nanoseconds) == text)
  }

  @Test func `an instant is shown as the time it was`() {
    let clock = WallClockTime.Reference(
      instant: MonotonicInstant(nanoseconds: 5_000_000_000), time: WallClockTime(microseconds: 100_000_000))
    #expect(clock.time(of: MonotonicInstant(nanoseconds: 2_000_000_000)).microseconds == 97_000_000)
    #expect(clock.time(of: MonotonicInstant(nanoseconds: 9_500_000_000)).microseconds == 104_500_000)
    #expect(WallClockTime(microseconds: 97_000_042).decimal == "97.000042")
  }

  /// A backup that an engine made, and what is tracked by it.
  @Test func `a snapshot is made from what runs`() throws {
    var definition = VirtualRouterDefinition(name: "VI", interface: "eth0", virtualRouterID: 7, priority: 120)
    definition.addresses = [VirtualAddress(try DumpsTests.prefix("192.0.2.9/24"))]
    definition.tracking.scripts = [TrackedObject(name: "web"), TrackedObject(name: "db", weight: -30)]
    definition.tracking.files = [TrackedObject(name: "load", weight: 2)]
    var engine = VRRPEngine(in: RecordingWorld())
    let start = MonotonicInstant(nanoseconds: 1_000_000_000_000)
    engine.update(
      InterfaceState(
        index: InterfaceIndex(rawValue: 2), name: "eth0", isUp: true,
        addresses: [try DumpsTests.address("192.0.2.1")]), now: start)
    engine.track(.script("web"), .verdict(.up), now: start)
    engine.track(.script("db"), .verdict(.down), now: start)
    engine.track(.file("load"), .value(3), now: start)
    engine.apply([definition], now: start)
    var board = TrackingBoard()
    var objects = TrackingBoard.Objects()
    objects.scripts = [TrackScriptDefinition(name: "web", command: ScriptCommand(["/bin/web"]))]
    objects.files = [TrackFileDefinition(name: "load", path: "/run/load")]
    board.apply(objects, isReload: false, now: start)
    board.fileChanged("load", content: Array("3".utf8))

    var snapshot = Self.empty
    let handle = try #require(engine.handles.first)
    let record = try #require(engine[handle])
    snapshot.routers = [VRRPSnapshot.Router(record, groupName: nil)]
    snapshot.add(board)
    let router = try #require(snapshot.routers.first)
    #expect(router.role == .backup)
    #expect(router.wantedRole == .backup)
    #expect(router.effectivePriority == 96)
    #expect(router.totalPriority == 96)
    // Three intervals and (256 - 96) / 256 s.
    #expect(router.downIntervalNanoseconds == 3_625_000_000)
    #expect(router.nextDeadline == start.advanced(byNanoseconds: 3_625_000_000))
    #expect(router.undecidedCount == 1)
    #expect(router.faultCount == 0)
    #expect(!router.ownsAddresses)
    #expect(snapshot.scripts.map(\.trackers) == [[.init(name: "VI", weight: 0)]])
    #expect(snapshot.files.map(\.value) == [3])
    #expect(snapshot.files.map(\.trackers) == [[.init(name: "VI", weight: 2)]])

    engine.advance(to: start.advanced(byNanoseconds: 3_625_000_000))
    let active = VRRPSnapshot.Router(try #require(engine[handle]), groupName: "G")
    #expect(active.role == .active)
    #expect(active.wantedRole == .active)
    #expect(active.ownsAddresses)
    #expect(active.sentCount == 1)
    #expect(active.becameActiveCount == 1)
    #expect(active.groupName == "G")
    snapshot.routers = [active]
    #expect(snapshot.dataText.contains("\n   State = MASTER\n"))
    #expect(snapshot.dataText.contains("\n     192.0.2.9/24 dev eth0 scope global set\n"))
  }

  /// mehdy/keepalived-exporter and gen2brain/keepalived_exporter look for these, VyOS for some of them.
  @Test func `what exporters look for is there`() throws {
    let snapshot = try DumpsTests.active()
    for key in [
      "   State = MASTER\n", "   Wantstate = MASTER\n", "   Interface = v0\n", "   Gratuitous ARP delay = 5\n",
      "   Virtual Router ID = 51\n", "   Virtual IP (2):\n     192.0.2.100/24 dev v0 ",
      "   Virtual IP Excluded :\n     ",
      " VRRP Script = good\n", "   Status = GOOD\n", "   State = idle\n",
    ] {
      #expect(snapshot.dataText.contains(key), "\(key)")
    }
    for key in ["VRRP Instance: VI_1\n", "  Advertisements:\n    Received: ", "  Packet Errors:\n    Length: "] {
      #expect(snapshot.statisticsText.contains(key), "\(key)")
    }
    let json = snapshot.json(.v1)
    #expect(json.hasPrefix(#"[{"data":{"iname":"VI_1","#))
    for key in [
      "state", "wantstate", "ifp_ifname", "garp_delay", "vrid", "vips", "evips", "effective_priority",
      "last_transition", "advert_rcvd", "advert_sent", "become_master", "release_master", "packet_len_err",
      "advert_interval_err", "ip_ttl_err", "invalid_type_rcvd", "addr_list_err", "invalid_authtype",
      "authtype_mismatch", "auth_failure", "pri_zero_rcvd", "pri_zero_sent",
    ] {
      #expect(json.contains("\"\(key)\":"), "\(key)")
    }
  }

  @Test func `global settings that exporters and people look for are there`() {
    var snapshot = Self.empty
    #expect(snapshot.dataText.hasPrefix("------< Global definitions >------\n Router ID = node-a\n"))
    snapshot.global.routerID = "r1"
    snapshot.global.mail.server = "192.0.2.9"
    snapshot.global.mail.port = 2525
    snapshot.global.mail.recipients = ["a@example.org", "b@example.org"]
    snapshot.global.scriptUser = GlobalDefinition.ScriptUser(user: "ops")
    snapshot.identities = [GlobalDefinition.ScriptUser(user: "ops"): .init(user: 7, group: 8)]
    let text = snapshot.dataText
    #expect(text.contains("\n Smtp server = 192.0.2.9\n Smtp server port = 2525\n"))
    #expect(text.contains("\n Email notification to:\n   a@example.org\n   b@example.org\n"))
    #expect(text.contains("\n Default script uid:gid 7:8\n"))
    #expect(!text.contains("VRRP Scripts"))
  }
}
