import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct NotifyQueueTests {
  /// A queue and everything it asked for, with the millisecond it did.
  struct Timeline {
    var queue: NotifyQueue
    var told: [String] = []
    /// Numbers of the runs that were asked for, in order.
    var runs: [UInt64] = []

    init(_ definitions: [NotifySubject: NotifyDefinition], limits: NotifyQueue.Limits = .init()) {
      queue = NotifyQueue(limits: limits)
      for (subject, definition) in definitions { queue.define(subject, as: definition) }
    }

    mutating func at(_ milliseconds: UInt64, _ body: (inout NotifyQueue, MonotonicInstant) -> Void) {
      body(&queue, MonotonicInstant(nanoseconds: milliseconds * 1_000_000))
      for effect in queue.takeEffects() {
        switch effect {
        case .run(let run):
          runs.append(run.number)
          told.append("\(milliseconds): \((run.command.arguments + run.arguments).joined(separator: " "))")
        case .kill(let number): told.append("\(milliseconds): kill \(runs.firstIndex(of: number) ?? -1)")
        case .writeLine(let line): told.append("\(milliseconds): line \(line.text)")
        case .alert(let subject, let state, let priority, let isMailed):
          guard isMailed else { continue }
          told.append("\(milliseconds): mail \(subject.name) \(state) \(priority)")
        }
      }
    }

    mutating func at(_ time: UInt64, _ subject: NotifySubject, _ state: NotifyState, priority: UInt8 = 100) {
      at(time) { $0.changed(subject, to: state, priority: priority, now: $1) }
    }

    mutating func at(_ time: UInt64, run index: Int, _ outcome: ScriptMonitor.Outcome = .exited(0)) {
      let number = runs[index]
      at(time) { $0.runEnded(number, outcome, now: $1) }
    }

    var nextDeadline: UInt64? { queue.nextDeadline.map { $0.nanoseconds / 1_000_000 } }
    var scripts: [String] { told.filter { !$0.contains("line ") } }
  }

  static let one = NotifySubject.instance("VI_1")

  static func definition(_ change: (inout NotifyDefinition) -> Void = { _ in }) -> NotifyDefinition {
    var definition = NotifyDefinition()
    definition.active = ScriptCommand(["master.sh", "x"])
    definition.backup = ScriptCommand(["backup.sh"])
    definition.fault = ScriptCommand(["fault.sh"])
    definition.stop = ScriptCommand(["stop.sh"])
    definition.any = ScriptCommand(["any.sh", "y"])
    change(&definition)
    return definition
  }

  @Test func `a change is told to the specific script, then to notify, with keepalived's arguments`() {
    var timeline = Timeline([Self.one: Self.definition { $0.sendsMail = true }])
    timeline.at(0, Self.one, .active, priority: 116)
    #expect(
      timeline.told == ["0: master.sh x", "0: line INSTANCE \"VI_1\" MASTER 116", "0: mail VI_1 active 116"])
    timeline.at(40, run: 0)
    #expect(timeline.told.last == "40: any.sh y INSTANCE VI_1 MASTER 116")
    timeline.at(90, run: 1)
    #expect(timeline.queue.isIdle)
    #expect(timeline.queue.lastResult(of: Self.one)?.kind == .general(.active))
    #expect(timeline.queue.lastResult(of: Self.one)?.latencyNanoseconds == 50_000_000)
  }

  @Test func `a group has priority 0`() {
    let group = NotifySubject.group("PAIR")
    var timeline = Timeline([group: Self.definition { $0.active = nil }])
    timeline.at(0, group, .active, priority: 100)
    #expect(timeline.told == ["0: any.sh y GROUP PAIR MASTER 0", "0: line GROUP \"PAIR\" MASTER 0"])
  }

  @Test func `one script runs at a time and the newest state wins`() {
    var timeline = Timeline([Self.one: Self.definition()])
    timeline.at(0, Self.one, .active)
    timeline.at(10, Self.one, .backup)
    timeline.at(20, Self.one, .fault)
    timeline.at(30, Self.one, .backup, priority: 90)
    #expect(timeline.scripts == ["0: master.sh x"])
    timeline.at(500, run: 0)
    timeline.at(600, run: 1)
    timeline.at(700, run: 2)
    #expect(timeline.scripts == ["0: master.sh x", "500: backup.sh", "600: any.sh y INSTANCE VI_1 BACKUP 90"])
    // MASTER was half told, BACKUP and FAULT not at all.
    #expect(timeline.queue.supersededCount(of: Self.one) == 3)
    #expect(timeline.queue.isIdle)
  }

  @Test func `lines do not wait for scripts`() {
    var timeline = Timeline([Self.one: Self.definition()])
    timeline.at(0, Self.one, .active)
    timeline.at(10, Self.one, .backup)
    #expect(timeline.told.last == "10: line INSTANCE \"VI_1\" BACKUP 100")
  }

  @Test func `the scripts of one subject do not wait for another's`() {
    let two = NotifySubject.instance("VI_2")
    var timeline = Timeline([Self.one: Self.definition(), two: Self.definition()])
    timeline.at(0, Self.one, .active)
    timeline.at(1, two, .active)
    #expect(timeline.scripts == ["0: master.sh x", "1: master.sh x"])
  }

  @Test func `a script that takes too long is killed, and the next one starts when it is gone`() {
    var timeline = Timeline([Self.one: Self.definition()], limits: .init(run: 5_000_000_000))
    timeline.at(0, Self.one, .active)
    #expect(timeline.nextDeadline == 5000)
    timeline.at(4999) { $0.advance(to: $1) }
    #expect(timeline.scripts.count == 1)
    timeline.at(5000) { $0.advance(to: $1) }
    timeline.at(5001) { $0.advance(to: $1) }
    #expect(timeline.scripts == ["0: master.sh x", "5000: kill 0"])
    #expect(timeline.nextDeadline == nil)
    timeline.at(5010, run: 0, .signaled(9))
    #expect(timeline.queue.lastResult(of: Self.one)?.outcome == .timedOut(limitNanoseconds: 5_000_000_000))
    #expect(timeline.scripts.last == "5010: any.sh y INSTANCE VI_1 MASTER 100")
  }

  @Test func `stopping waits for its scripts, up to their limit, and for nobody else's`() {
    var timeline = Timeline([Self.one: Self.definition()])
    timeline.at(0, Self.one, .active)
    timeline.at(2000, Self.one, .stop)
    #expect(!timeline.queue.isIdle)
    #expect(timeline.nextDeadline == 3000)
    timeline.at(3000) { $0.advance(to: $1) }
    timeline.at(3001, run: 0, .signaled(9))
    #expect(timeline.nextDeadline == 4001)
    timeline.at(3100, run: 1)
    timeline.at(4100) { $0.advance(to: $1) }
    timeline.at(4101, run: 2, .signaled(9))
    #expect(timeline.queue.isIdle)
    #expect(
      timeline.scripts == [
        "0: master.sh x", "3000: kill 0", "3001: stop.sh", "3100: any.sh y INSTANCE VI_1 STOP 100", "4100: kill 2",
      ])
  }

  @Test func `a state that was told is not told again`() {
    var timeline = Timeline([Self.one: Self.definition { $0.sendsMail = true }])
    timeline.at(0, Self.one, .backup)
    let count = timeline.told.count
    timeline.at(5, Self.one, .backup, priority: 50)
    #expect(timeline.told.count == count)
  }

  @Test func `a flood of lower priorities is many lines and one waiting script`() {
    var timeline = Timeline([
      Self.one: Self.definition { $0.lowerPriorityReceived = ScriptCommand(["lower.sh"]) }
    ])
    timeline.at(0, Self.one, .active)
    for time in 1...5 {
      timeline.at(UInt64(time)) { $0.lowerPriorityReceived(Self.one, priority: 100, now: $1) }
    }
    #expect(timeline.told.filter { $0.contains("MASTER_RX_LOWER_PRI 100") }.count == 5)
    timeline.at(10, run: 0)
    timeline.at(20, run: 1)
    timeline.at(30, run: 2)
    #expect(timeline.scripts.suffix(2) == ["10: any.sh y INSTANCE VI_1 MASTER 100", "20: lower.sh"])
    #expect(timeline.queue.isIdle)
  }

  @Test func `changes of priority are lines, when asked for`() {
    var timeline = Timeline([Self.one: Self.definition { $0.reportsPriorityChanges = true }])
    timeline.at(0) { queue, _ in queue.priorityChanged(Self.one, to: 106) }
    timeline.at(1, Self.one, .active, priority: 106)
    timeline.at(2) { queue, _ in queue.priorityChanged(Self.one, to: 96) }
    #expect(
      timeline.told.filter { $0.contains("PRIORITY") } == [
        "0: line INSTANCE \"VI_1\" BACKUP_PRIORITY 106", "2: line INSTANCE \"VI_1\" MASTER_PRIORITY 96",
      ])
    var silent = Timeline([Self.one: Self.definition()])
    silent.at(0) { queue, _ in queue.priorityChanged(Self.one, to: 106) }
    #expect(silent.told.isEmpty)
  }

  @Test func `a reload tells nobody anything but repeats lines when asked to`() {
    var timeline = Timeline([Self.one: Self.definition()])
    timeline.at(0, Self.one, .active)
    timeline.at(1, run: 0)
    timeline.at(2, run: 1)
    timeline.told = []
    timeline.at(3) { queue, _ in queue.define(Self.one, as: Self.definition { $0.any = nil }) }
    timeline.at(4, Self.one, .active)
    #expect(timeline.told.isEmpty)
    timeline.at(5) { queue, _ in queue.repeatState(of: Self.one, priority: 100) }
    #expect(timeline.told == ["5: line INSTANCE \"VI_1\" MASTER 100"])
  }

  @Test func `an instance taken out is deleted, or at fault when nobody asked for deletions`() {
    var timeline = Timeline([Self.one: Self.definition { $0.any = nil }])
    timeline.at(0) { $0.removed(Self.one, priority: 100, now: $1) }
    // The election stops, too; that is no news.
    timeline.at(1, Self.one, .stop)
    #expect(timeline.told == ["0: fault.sh", "0: line INSTANCE \"VI_1\" FAULT 100"])
    timeline.at(5, run: 0)
    timeline.at(6, Self.one, .active)
    #expect(timeline.told.count == 2)

    var deleting = Timeline([Self.one: Self.definition { $0.reportsDeletion = true }])
    deleting.at(0) { $0.removed(Self.one, priority: 100, now: $1) }
    #expect(
      deleting.told == ["0: any.sh y INSTANCE VI_1 DELETED 100", "0: line INSTANCE \"VI_1\" DELETED 100"])
  }

  @Test func `a subject that comes back starts anew, after what still runs`() {
    var timeline = Timeline([Self.one: Self.definition()])
    timeline.at(0, Self.one, .backup)
    timeline.at(1) { $0.removed(Self.one, priority: 100, now: $1) }
    timeline.at(2) { queue, _ in queue.define(Self.one, as: Self.definition()) }
    timeline.told = []
    // FAULT was what the removal told.
    timeline.at(3, Self.one, .fault)
    #expect(timeline.told == ["3: line INSTANCE \"VI_1\" FAULT 100"])
    timeline.at(9, run: 0)
    #expect(timeline.told.last == "9: fault.sh")
    timeline.at(10, run: 0)
    timeline.at(11, run: 1)
    timeline.at(12, run: 2)
    #expect(timeline.told.suffix(2) == ["9: fault.sh", "11: any.sh y INSTANCE VI_1 FAULT 100"])
    #expect(timeline.queue.isIdle)
    // It is not forgotten now that its scripts have ended.
    timeline.at(20, Self.one, .backup)
    #expect(timeline.told.last == "20: line INSTANCE \"VI_1\" BACKUP 100")
  }

  @Test func `nobody knows a subject that was not defined`() {
    var timeline = Timeline([:])
    timeline.at(0, Self.one, .active)
    timeline.at(0) { $0.lowerPriorityReceived(Self.one, priority: 1, now: $1) }
    timeline.at(0) { $0.runEnded(7, .exited(0), now: $1) }
    #expect(timeline.told.isEmpty)
    #expect(timeline.queue.isIdle)
  }

  @Test func `lines are what readers of keepalived's FIFOs expect, byte for byte`() {
    let line = NotifyLine(.instance("VI 1"), .lowerPriorityReceived, priority: 254)
    #expect(line.bytes == Array("INSTANCE \"VI 1\" MASTER_RX_LOWER_PRI 254\n".utf8))
    let states = NotifyState.allCases.map { NotifyLine(.group("G"), .state($0), priority: 9).text }
    #expect(
      states == ["MASTER", "BACKUP", "FAULT", "STOP", "DELETED"].map { "GROUP \"G\" \($0) 0" })
  }
}
