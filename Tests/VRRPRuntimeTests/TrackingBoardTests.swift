import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct TrackingBoardTests {
  static func at(_ milliseconds: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: milliseconds * 1_000_000)
  }

  static func objects(_ change: (inout TrackingBoard.Objects) -> Void) -> TrackingBoard.Objects {
    var objects = TrackingBoard.Objects()
    change(&objects)
    return objects
  }

  static let check = TrackScriptDefinition(name: "check", command: ScriptCommand(["/bin/check"]))

  @Test func `what is found is told to the engine`() {
    var board = TrackingBoard()
    board.apply(
      Self.objects {
        $0.scripts = [Self.check]
        $0.files = [TrackFileDefinition(name: "load", path: "/run/load")]
        $0.processes = [TrackProcessDefinition(name: "web", command: ["nginx"])]
        $0.sessions = [TrackedObject(name: "path")]
      }, isReload: false, now: Self.at(0))
    let run = TrackingBoard.Run(script: "check", number: 1)
    #expect(
      board.takeEffects() == [
        .run(run, Self.check.command), .watch(file: "load", path: "/run/load", content: nil),
        .track(.bfd("path"), .verdict(.down)),
      ])
    board.runEnded(run, .exited(0), now: Self.at(50))
    // A file that does not exist is 0, and that is news too.
    board.fileChanged("load", content: nil)
    board.fileChanged("load", content: Array("7\n".utf8))
    board.processesScanned([1: .init(name: "init", commandLine: [])], now: Self.at(50))
    board.sessionChanged("path", isUp: true)
    #expect(
      board.takeEffects() == [
        .reportOutcome(script: "check", .exited(0)), .track(.script("check"), .verdict(.up)),
        .track(.file("load"), .value(0)), .track(.file("load"), .value(7)),
        .track(.process("web"), .verdict(.down)), .track(.bfd("path"), .verdict(.up)),
      ])
  }

  @Test func `changes are told once`() {
    var board = TrackingBoard()
    board.apply(
      Self.objects {
        $0.files = [TrackFileDefinition(name: "load", path: "/run/load")]
        $0.sessions = [TrackedObject(name: "path")]
      }, isReload: false, now: Self.at(0))
    board.fileChanged("load", content: [0x30])
    _ = board.takeEffects()
    board.fileChanged("load", content: nil)
    board.fileChanged("other", content: [0x31])
    board.sessionChanged("other", isUp: true)
    #expect(board.takeEffects() == [])
    board.sessionChanged("path", isUp: true)
    board.sessionChanged("path", isUp: true)
    board.sessionChanged("path", isUp: false)
    board.sessionChanged("path", isUp: false)
    #expect(
      board.takeEffects() == [.track(.bfd("path"), .verdict(.up)), .track(.bfd("path"), .verdict(.down))])
  }

  @Test func `a reload leaves what stays alone`() {
    var board = TrackingBoard()
    let files = [TrackFileDefinition(name: "load", path: "/run/load")]
    board.apply(
      Self.objects {
        $0.scripts = [Self.check]
        $0.files = files
      }, isReload: false, now: Self.at(0))
    let run = TrackingBoard.Run(script: "check", number: 1)
    board.runEnded(run, .exited(1), now: Self.at(10))
    board.fileChanged("load", content: Array("5".utf8))
    _ = board.takeEffects()
    board.apply(
      Self.objects {
        $0.scripts = [Self.check, TrackScriptDefinition(name: "new", command: ScriptCommand(["/bin/new"]))]
        $0.files = files
      }, isReload: true, now: Self.at(20))
    // What the reload brings is taken for good until it says otherwise; the rest is known.
    #expect(
      board.takeEffects() == [
        .track(.script("new"), .verdict(.up)), .run(.init(script: "new", number: 2), ScriptCommand(["/bin/new"])),
      ])
    board.fileChanged("load", content: Array("5".utf8))
    #expect(board.takeEffects() == [])
  }

  @Test func `a session that a reload brings is down until it is reported, the others stay as they are`() {
    var board = TrackingBoard()
    board.apply(Self.objects { $0.sessions = [TrackedObject(name: "path")] }, isReload: false, now: Self.at(0))
    board.sessionChanged("path", isUp: true)
    _ = board.takeEffects()
    board.apply(
      Self.objects { $0.sessions = ["path", "new"].map { TrackedObject(name: $0) } }, isReload: true, now: Self.at(10))
    #expect(board.takeEffects() == [.track(.bfd("new"), .verdict(.down))])
    board.apply(Self.objects { $0.sessions = [TrackedObject(name: "new")] }, isReload: true, now: Self.at(20))
    board.sessionChanged("path", isUp: false)
    #expect(board.takeEffects() == [])
  }

  @Test func `what the BFD process knew before the reload did is not forgotten`() {
    var board = TrackingBoard()
    board.sessionChanged("early", isUp: false)
    board.sessionChanged("early", isUp: true)
    board.sessionChanged("late", isUp: true)
    board.sessionChanged("late", isUp: false)
    let names = ["early", "late"].map { TrackedObject(name: $0) }
    board.apply(Self.objects { $0.sessions = names }, isReload: true, now: Self.at(0))
    #expect(
      board.takeEffects() == [.track(.bfd("early"), .verdict(.up)), .track(.bfd("late"), .verdict(.down))])
    // Taken out and back again, it has to be reported anew.
    board.apply(TrackingBoard.Objects(), isReload: true, now: Self.at(10))
    board.apply(Self.objects { $0.sessions = [names[0]] }, isReload: true, now: Self.at(20))
    #expect(board.takeEffects() == [.track(.bfd("early"), .verdict(.down))])
  }

  @Test func `init_fail is told before the first run`() {
    var definition = Self.check
    definition.startsFailed = true
    var board = TrackingBoard()
    board.apply(Self.objects { $0.scripts = [definition] }, isReload: false, now: Self.at(0))
    #expect(board.takeEffects().first == .track(.script("check"), .verdict(.down)))
  }

  @Test func `a script taken out is killed, and its end is nobody's when it comes back`() {
    var board = TrackingBoard()
    board.apply(Self.objects { $0.scripts = [Self.check] }, isReload: false, now: Self.at(0))
    _ = board.takeEffects()
    board.apply(TrackingBoard.Objects(), isReload: true, now: Self.at(10))
    let first = TrackingBoard.Run(script: "check", number: 1)
    #expect(board.takeEffects() == [.kill(first)])
    board.apply(Self.objects { $0.scripts = [Self.check] }, isReload: true, now: Self.at(20))
    let second = TrackingBoard.Run(script: "check", number: 2)
    #expect(board.takeEffects().last == .run(second, Self.check.command))
    board.runEnded(first, .signaled(9), now: Self.at(30))
    #expect(board.takeEffects() == [])
    board.runEnded(second, .exited(1), now: Self.at(40))
    #expect(board.takeEffects().contains(.track(.script("check"), .verdict(.down))))
  }

  @Test func `scripts run again when due, and time out with a reason`() {
    var board = TrackingBoard()
    board.apply(Self.objects { $0.scripts = [Self.check] }, isReload: false, now: Self.at(0))
    _ = board.takeEffects()
    #expect(board.nextDeadline == Self.at(1000))
    board.advance(to: Self.at(1000))
    let run = TrackingBoard.Run(script: "check", number: 1)
    #expect(
      board.takeEffects() == [
        .reportOutcome(script: "check", .timedOut(limitNanoseconds: 1_000_000_000)),
        .track(.script("check"), .verdict(.down)), .terminate(run),
      ])
    board.advance(to: Self.at(2000))
    #expect(board.takeEffects() == [.kill(run)])
    board.runEnded(run, .signaled(9), now: Self.at(2001))
    #expect(board.takeEffects() == [.run(.init(script: "check", number: 2), Self.check.command)])
  }

  @Test func `a file gets its first content at start and not at a reload`() {
    var definition = TrackFileDefinition(name: "load", path: "/run/load")
    definition.initialValue = 3
    for isReload in [false, true] {
      var board = TrackingBoard()
      board.apply(Self.objects { $0.files = [definition] }, isReload: isReload, now: Self.at(0))
      guard case .watch("load", "/run/load", let content)? = board.takeEffects().first else {
        Issue.record("nothing is watched")
        continue
      }
      #expect(content?.text == (isReload ? nil : "3\n"))
    }
  }

  @Test func `a file under another path is another file`() {
    var board = TrackingBoard()
    board.apply(
      Self.objects { $0.files = [TrackFileDefinition(name: "load", path: "/a")] }, isReload: false, now: Self.at(0))
    _ = board.takeEffects()
    board.apply(
      Self.objects { $0.files = [TrackFileDefinition(name: "load", path: "/b")] }, isReload: true, now: Self.at(0))
    #expect(board.takeEffects() == [.unwatch(file: "load"), .watch(file: "load", path: "/b", content: nil)])
    board.apply(TrackingBoard.Objects(), isReload: true, now: Self.at(0))
    #expect(board.takeEffects() == [.unwatch(file: "load")])
  }

  @Test func `processes come and go, and become others`() {
    var board = TrackingBoard()
    board.apply(
      Self.objects { $0.processes = [TrackProcessDefinition(name: "web", command: ["nginx"])] }, isReload: false,
      now: Self.at(0))
    board.processesScanned([:], now: Self.at(0))
    _ = board.takeEffects()
    board.processStarted(42, .init(name: "nginx", commandLine: ["nginx"]), now: Self.at(1))
    #expect(board.takeEffects() == [.track(.process("web"), .verdict(.up))])
    board.processStarted(42, .init(name: "sh", commandLine: ["sh"]), now: Self.at(2))
    #expect(board.takeEffects() == [.track(.process("web"), .verdict(.down))])
    board.processStarted(43, .init(name: "nginx", commandLine: ["nginx"]), now: Self.at(3))
    _ = board.takeEffects()
    board.processEnded(43, now: Self.at(4))
    #expect(board.takeEffects() == [.track(.process("web"), .verdict(.down))])
  }

  @Test func `links are believed after their delays`() {
    var board = TrackingBoard()
    board.apply(
      Self.objects {
        $0.interfaceDelays = [InterfaceDelayDefinition(interface: "eth0", downNanoseconds: 500_000_000)]
      }, isReload: false, now: Self.at(0))
    #expect(!board.isUp(interface: "eth0"))
    board.linkObserved("eth0", isUp: true, now: Self.at(0))
    board.linkObserved("eth1", isUp: true, now: Self.at(0))
    board.linkObserved("eth0", isUp: false, now: Self.at(100))
    board.linkObserved("eth1", isUp: false, now: Self.at(100))
    #expect(board.isUp(interface: "eth0"))
    #expect(!board.isUp(interface: "eth1"))
    #expect(board.nextDeadline == Self.at(600))
    board.advance(to: Self.at(600))
    #expect(!board.isUp(interface: "eth0"))
  }
}
