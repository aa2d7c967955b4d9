import CLinuxShims
import Glibc

/// A process we started, at the head of a process group of its own unless told otherwise.
public struct ChildProcess: ~Copyable, Sendable {
  /// For the reactor: readable when the process has ended.
  public let pid: PidDescriptor
  private let leadsGroup: Bool

  /// What to start and how.
  public struct Command: Hashable, Sendable {
    /// The file to execute; no search, no shell.
    public var path: String
    /// Its arguments, the first of which is its own name.
    public var arguments: [String]
    /// Its whole environment, as `NAME=value`.
    public var environment: [String] = []
    /// Where it reads from; `nil` is /dev/null.
    public var standardInput: Int32?
    /// Where it writes to; `nil` is /dev/null.
    public var standardOutput: Int32?
    /// Where it complains to; `nil` is /dev/null.
    public var standardError: Int32?
    /// Whom it runs as; `nil` as we do.
    public var identity: UserIdentity?
    /// What it is sent when the thread that started it ends; 0 for nothing.
    public var parentDeathSignal: Int32 = SIGTERM
    /// Whether it gets a process group of its own, so that ``ChildProcess/signalGroup(_:)`` reaches its children.
    public var leadsGroup = true
    /// Its file creation mask; `nil` keeps ours.
    public var fileMask: UInt32?

    /// `arguments[0]` defaults to the path.
    public init(path: String, arguments: [String]? = nil) {
      self.path = path
      self.arguments = arguments ?? [path]
    }
  }

  /// Starts a copy of this process, which runs `body` and ends with its result. It shares the memory of this one until
  /// either changes it, so it starts in a fraction of the time another program would take. `body` must not use anything
  /// the parent has open: but for standard output and error it is closed, and `standardInput` is what the child has for
  /// that. Only for processes with a single thread.
  static func fork(
    standardInput: borrowing FileDescriptor, running body: () -> Int32
  ) throws(SystemCallError) -> ChildProcess {
    let result = shim_fork_process(standardInput.rawValue)
    guard result >= 0 else { throw SystemCallError("fork") }
    // Nothing of the parent's stack is unwound here: its descriptors are not ours to close.
    if result == 0 { exit(body()) }
    return ChildProcess(pid: try PidDescriptor(processID: result), leadsGroup: true)
  }

  /// Starts a process. Signals, mask and scheduling are reset and only the standard descriptors stay open. An error
  /// names the step that failed, exec included: when this returns the program runs.
  public static func spawn(_ command: Command) throws(SystemCallError) -> ChildProcess {
    var step: Int32 = 0
    let result = command.withSpawnRequest { request in
      var request = request
      return shim_spawn_process(&request, &step)
    }
    guard result > 0 else {
      let call =
        switch step {
        case 1: "setpgid"
        case 2: "dup2"
        case 3: "sched_setscheduler"
        case 4: "setresuid"
        case 5: "execve(\(command.path))"
        default: "fork"
        }
      throw SystemCallError(call, needs: step == 4 ? .setUserID : nil)
    }
    return ChildProcess(pid: try PidDescriptor(processID: result), leadsGroup: command.leadsGroup)
  }

  /// Sends a signal to the process and everything in its group. Call it before the process is reaped: afterwards the
  /// number may be another's. Does nothing when all have ended.
  public borrowing func signalGroup(_ number: Int32) {
    _ = kill(leadsGroup ? -pid.processID : pid.processID, number)
  }

  /// Reaps the process when it has ended, `nil` while it runs. What it left behind in its group is killed first, while
  /// the group's number is surely still its own.
  public borrowing func reap() throws(SystemCallError) -> ProcessOutcome? {
    var info = siginfo_t()
    let child = id_t(pid.processID)
    _ = try SystemCallError.check("waitid") { waitid(P_PID, child, &info, WEXITED | WNOHANG | WNOWAIT) }
    // Nothing has ended: the kernel left the structure zero.
    guard info.si_signo != 0 else { return nil }
    if leadsGroup { signalGroup(SIGKILL) }
    return try pid.outcome()
  }
}

extension ChildProcess.Command {
  /// Lends the request with all its strings in C's form.
  fileprivate func withSpawnRequest(_ body: (shim_spawn) -> Int32) -> Int32 {
    withCStrings(arguments) { arguments in
      withCStrings(environment) { environment in
        path.withCString { path in
          let groups = identity?.supplementaryGroups ?? []
          return groups.withUnsafeBufferPointer { groups in
            body(
              shim_spawn(
                path: path, arguments: arguments, environment: environment, standard_input: standardInput ?? -1,
                standard_output: standardOutput ?? -1, standard_error: standardError ?? -1,
                changes_user: identity == nil ? 0 : 1, user: identity?.user ?? 0, group: identity?.group ?? 0,
                groups: groups.baseAddress, group_count: UInt32(groups.count),
                parent_death_signal: parentDeathSignal, new_process_group: leadsGroup ? 1 : 0,
                file_mask: fileMask.map { Int32(bitPattern: $0) } ?? -1))
          }
        }
      }
    }
  }
}

/// Lends a null-terminated array of C strings.
private func withCStrings(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Int32
) -> Int32 {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
  pointers.append(nil)
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}
