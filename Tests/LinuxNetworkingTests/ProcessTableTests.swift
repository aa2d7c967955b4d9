import Foundation
@testable import LinuxNetworking
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct ProcessTableTests {
  /// `sleep` with an argument nobody else gives it.
  private static func sleeper(_ argument: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sleep")
    process.arguments = [argument]
    try process.run()
    return process
  }

  /// SIGTERM may be blocked in the thread that started it, and so in the process.
  private static func end(_ process: Process) { kill(process.processIdentifier, SIGKILL) }

  @Test func `tells what runs, by name and command line`() throws {
    let process = try Self.sleeper("61.5")
    defer { Self.end(process) }
    // While the program is being loaded there is no command line yet.
    for _ in 0..<1000 where ProcessTable.candidate(process.processIdentifier)?.commandLine.isEmpty == true {
      usleep(1000)
    }
    let candidate = try #require(ProcessTable.candidate(process.processIdentifier))
    #expect(candidate.name == "sleep")
    #expect(candidate.commandLine == ["/bin/sleep", "61.5"])
    #expect(ProcessTable.all()[process.processIdentifier] == candidate)
    #expect(ProcessTable.candidate(-1) == nil)
  }

  /// The board learns of a process whether the kernel tells or not: somewhere it does not, we look once a second.
  @Test func `a tracked process is missed when it ends and noticed when it is back`() throws {
    var definition = TrackProcessDefinition(name: "sleeper", command: ["/bin/sleep", "62.5"], parameterMatch: .exact)
    definition.weight = 10
    var configuration = VRRPConfiguration()
    configuration.tracking.processes = [definition]
    var board = TrackingBoard()
    var desk = ProcessDesk()
    board.apply(configuration.tracking, isReload: false, now: SystemClock.monotonic())
    _ = desk.follow(configuration, &board, now: SystemClock.monotonic())

    func verdict(becomes wanted: TrackedVerdict) -> Bool {
      let end = Date(timeIntervalSinceNow: 15)
      while Date.now < end {
        let states = board.takeEffects().compactMap { effect -> TrackedState? in
          if case .track(.process("sleeper"), let state) = effect { state } else { nil }
        }
        if states.contains(.verdict(wanted)) { return true }
        usleep(20_000)
        desk.takeEvents(into: &board, now: SystemClock.monotonic())
        desk.advance(to: SystemClock.monotonic(), &board)
        board.advance(to: SystemClock.monotonic())
      }
      return false
    }
    #expect(verdict(becomes: .down))
    let process = try Self.sleeper("62.5")
    #expect(verdict(becomes: .up))
    Self.end(process)
    #expect(verdict(becomes: .down))
  }

  @Test func `the kernel's events are read as its headers say`() {
    func event(_ what: UInt32, _ words: [UInt32]) -> ProcessEvents.Event? {
      let all = [UInt32](repeating: 0, count: 9) + [what, 0, 0, 0] + words
      let bytes = all.withUnsafeBytes { Array($0) }
      return bytes.span.withRawSpan { ProcessEvents.event(in: $0) }
    }
    #expect(event(1, [5, 5, 7, 7]) == .changed(7))
    #expect(event(1, [5, 5, 8, 7]) == nil, "a thread")
    #expect(event(2, [9, 9]) == .changed(9))
    #expect(event(0x8000_0000, [9, 9, 0, 0]) == .ended(9))
    #expect(event(0x8000_0000, [10, 9, 0, 0]) == nil, "a thread")
    #expect(event(4, [9, 9]) == nil)
    #expect(event(1, [5]) == nil)
  }
}
