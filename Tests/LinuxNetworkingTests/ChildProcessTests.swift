import Foundation
import LinuxNetworking
import Testing
import VRRPRuntime

@Suite struct ChildProcessTests {
  /// Waits until the child ended, at most five seconds.
  static func finish(_ child: borrowing ChildProcess) throws -> ProcessOutcome? {
    var reactor = try EpollReactor()
    _ = try reactor.add(child.pid.descriptor.rawValue, interest: .readable, key: 1)
    _ = try reactor.wait(until: SystemClock.monotonic().advanced(byNanoseconds: 5_000_000_000))
    return try child.reap()
  }

  static func shell(_ script: String) -> ChildProcess.Command {
    var command = ChildProcess.Command(path: "/bin/sh", arguments: ["sh", "-c", script])
    command.environment = ["PATH=/usr/bin:/bin"]
    return command
  }

  @Test func `the exit code and the killing signal are told apart`() throws {
    #expect(try Self.finish(try ChildProcess.spawn(Self.shell("exit 3"))) == .exited(3))
    #expect(try Self.finish(try ChildProcess.spawn(Self.shell("kill -9 $$"))) == .killed(signal: SIGKILL))
  }

  @Test func `arguments, environment, output and file mask arrive`() throws {
    let pipe = try PipeDescriptors(isNonBlocking: false)
    var command = ChildProcess.Command(
      path: "/bin/sh", arguments: ["sh", "-c", "echo \"$1|$NAME|$(umask)|$(cat)|$HOME\"", "sh", "a b"])
    command.environment = ["NAME=value", "PATH=/usr/bin:/bin"]
    command.standardOutput = pipe.writeEnd.rawValue
    command.fileMask = 0o177
    #expect(try Self.finish(try ChildProcess.spawn(command)) == .exited(0))
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = Foundation.read(pipe.readEnd.rawValue, &bytes, 100)
    #expect(String(decoding: bytes[..<max(0, count)], as: UTF8.self) == "a b|value|0177||\n")
  }

  @Test func `a program that is not there is an error that names it`() {
    #expect {
      _ = try ChildProcess.spawn(.init(path: "/nonexistent"))
    } throws: { error in
      "\(error)" == "execve(/nonexistent): No such file or directory (ENOENT)"
    }
  }

  @Test func `only the standard descriptors are open in the child, and signals are at their defaults`() async throws {
    try await onThread {
      let signals = try SignalDescriptor([SIGTERM, SIGUSR1])
      let leak = dup(signals.descriptor.rawValue)
      defer { close(leak) }
      let pipe = try PipeDescriptors(isNonBlocking: false)
      func output(_ arguments: [String]) throws -> String {
        var command = ChildProcess.Command(path: "/bin/\(arguments[0])", arguments: arguments)
        command.standardOutput = pipe.writeEnd.rawValue
        #expect(try Self.finish(try ChildProcess.spawn(command)) == .exited(0))
        var bytes = [UInt8](repeating: 0, count: 4000)
        let count = read(pipe.readEnd.rawValue, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
      }
      // 3 is the folder itself as it is listed.
      #expect(try output(["ls", "-x", "/proc/self/fd"]).split { !$0.isNumber } == ["0", "1", "2", "3"])
      #expect(try output(["grep", "SigBlk", "/proc/self/status"]) == "SigBlk:\t0000000000000000\n")
      let text = try output(["grep", "SigIgn", "/proc/self/status"]).trimmingCharacters(in: .whitespacesAndNewlines)
      // The C library keeps 32 and 33 to itself.
      let ignored = try #require(UInt64(text.suffix(16), radix: 16))
      #expect(ignored & ~0x1_8000_0000 == 0)
    }
  }

  @Test func `what a child leaves in its group dies with it`() throws {
    let pipe = try PipeDescriptors(isNonBlocking: false)
    var command = Self.shell("sleep 60 & echo $!; exit 0")
    command.standardOutput = pipe.writeEnd.rawValue
    let child = try ChildProcess.spawn(command)
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = read(pipe.readEnd.rawValue, &bytes, 32)
    let text = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    let orphan = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(kill(orphan, 0) == 0)
    #expect(try Self.finish(child) == .exited(0))
    #expect(try ends(orphan))
  }

  @Test func `a signal to the group reaches the children's children`() throws {
    let child = try ChildProcess.spawn(Self.shell("sleep 60 | sleep 60"))
    usleep(50_000)
    #expect(try child.reap() == nil)
    child.signalGroup(SIGTERM)
    #expect(try Self.finish(child) == .killed(signal: SIGTERM))
  }

  @Test(.enabled(if: isRoot, "needs root to change the user")) func `a child runs as the user it is given`() throws {
    let nobody = try #require(UserIdentity(named: "nobody", withSupplementaryGroups: true))
    let pipe = try PipeDescriptors(isNonBlocking: false)
    var command = Self.shell("id -u; id -g; id -G")
    command.standardOutput = pipe.writeEnd.rawValue
    command.identity = UserIdentity(user: nobody.user, group: nobody.group, supplementaryGroups: [nobody.group, 4242])
    #expect(try Self.finish(try ChildProcess.spawn(command)) == .exited(0))
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = read(pipe.readEnd.rawValue, &bytes, 100)
    #expect(
      String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        == "\(nobody.user)\n\(nobody.group)\n\(nobody.group) 4242\n")
    #expect(UserIdentity(named: "nobody-of-that-name") == nil)
  }

  @Test func `a child is told when the thread that started it ends`() async throws {
    let numbers = Numbers()
    try await onThread {
      var command = Self.shell("exec sleep 60")
      command.parentDeathSignal = SIGKILL
      let child = try ChildProcess.spawn(command)
      numbers.store(child.pid.processID)
    }
    let child = try PidDescriptor(processID: numbers.value)
    var reactor = try EpollReactor()
    _ = try reactor.add(child.descriptor.rawValue, interest: .readable, key: 1)
    _ = try reactor.wait(until: SystemClock.monotonic().advanced(byNanoseconds: 5_000_000_000))
    #expect(try child.outcome() == .killed(signal: SIGKILL))
    #expect(try child.signal(SIGTERM) == false)
  }

  /// Whether the process ends, or is a zombie of somebody else's, within two seconds.
  private func ends(_ process: Int32) throws -> Bool {
    for _ in 0..<200 {
      guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
      if status.contains(") Z ") { return true }
      usleep(10_000)
    }
    return false
  }
}

/// A number one thread hands another that waits for its end.
private final class Numbers: @unchecked Sendable {
  private(set) var value: Int32 = 0
  func store(_ number: Int32) { value = number }
}
