import Glibc
import NetPrimitives
import VRRPRuntime

/// The parent's side of scripts: starts what the VRRP process asks for, and tells how it ended.
///
/// Whether, when and for how long something may run is decided by the asking side's machines; here is only the doing.
struct HookRunner: ~Copyable {
  /// More at once is a defect or an attack, not an operation.
  private static let runningLimit = 256

  private let environment: [String]
  /// Made when a script is first asked for: to ask the host for a user takes longer than to start a process.
  private var resolver: ScriptResolver?
  private var running: [UInt32: Running] = [:]
  private var nextKey: UInt32

  private final class Running {
    /// Which child asked for it.
    let owner: UInt32
    let number: UInt64
    let process: ChildProcess
    var token: ReactorToken?
    /// Whoever asked for it is gone; it is only waited for.
    var isOrphan = false

    init(owner: UInt32, number: UInt64, process: consuming ChildProcess) {
      self.owner = owner
      self.number = number
      self.process = process
    }
  }

  /// The reactor keys from `firstKey` on are this runner's.
  init(environment: [String], firstKey: UInt32) {
    // What a loader would obey must not come from whoever started the daemon.
    let refused = ["IFS=", "LD_PRELOAD=", "LD_LIBRARY_PATH="]
    self.environment = environment.filter { entry in !refused.contains { entry.hasPrefix($0) } }
    nextKey = firstKey
  }

  /// Carries out one request of the child `owner`, whose process is `process`; a reply that is due at once is returned.
  mutating func handle(
    _ request: HookRequest, of process: Int32, owner: UInt32, reactor: inout EpollReactor
  ) -> HookReply? {
    switch request {
    case .run(let number, let order):
      let program: ScriptResolver.Program
      do { program = try resolve(order) } catch {
        return HookReply(number: number, end: .refused(error.text))
      }
      do {
        try start(number, program, owner: owner, reactor: &reactor)
        return nil
      } catch {
        return HookReply(number: number, end: .notStarted(errno: error.errno))
      }
    case .copy(let number, let descriptor, let path):
      do {
        try FileCopy.replace(path, with: "/proc/\(process)/fd/\(descriptor)")
        return HookReply(number: number, end: .exited(0))
      } catch {
        return HookReply(number: number, end: .notStarted(errno: error.errno))
      }
    case .signal(let number, let signal):
      for entry in running.values where entry.number == number && entry.owner == owner {
        entry.process.signalGroup(signal)
      }
      return nil
    case .routerNews, .sessionNews, .alert, .configurationRead:
      return nil
    }
  }

  /// A configuration was read: users may be others now.
  mutating func renewUsers() { resolver = nil }

  private mutating func start(
    _ number: UInt64, _ program: ScriptResolver.Program, owner: UInt32, reactor: inout EpollReactor
  ) throws(SystemCallError) {
    guard running.count < Self.runningLimit else {
      throw SystemCallError(call: "start a script", errno: EAGAIN)
    }
    let process = try spawn(program)
    let entry = Running(owner: owner, number: number, process: process)
    let key = nextKey
    nextKey &+= 1
    entry.token = try reactor.add(entry.process.pid.descriptor.rawValue, interest: .readable, key: key)
    running[key] = entry
  }

  /// What `order` asks for, if it may be run.
  mutating func resolve(_ order: ScriptOrder) throws(ScriptResolver.Refusal) -> ScriptResolver.Program {
    let present = resolver ?? ScriptResolver()
    resolver = present
    return try present.resolve(order)
  }

  /// Starts a program with the environment of all scripts.
  func spawn(_ program: ScriptResolver.Program) throws(SystemCallError) -> ChildProcess {
    guard let path = program.arguments.first else { throw SystemCallError(call: "start a script", errno: ENOENT) }
    var command = ChildProcess.Command(path: path, arguments: program.arguments)
    command.environment = environment
    if let user = program.user {
      guard
        let identity = UserIdentity(named: user, group: program.group, withSupplementaryGroups: program.takesGroups)
      else {
        throw SystemCallError(call: "look up user \(user)", errno: ESRCH)
      }
      command.identity = identity
    }
    return try ChildProcess.spawn(command)
  }

  /// A process of ours may have ended: the reply and whose it is, if one of this key has.
  mutating func reap(
    _ key: UInt32, reactor: inout EpollReactor
  ) throws(SystemCallError) -> (owner: UInt32, reply: HookReply)? {
    guard let entry = running[key], let status = try entry.process.reap() else { return nil }
    if let token = entry.token { reactor.remove(token) }
    running[key] = nil
    guard !entry.isOrphan else { return nil }
    let end: HookReply.End =
      switch status {
      case .exited(let code): .exited(UInt8(truncatingIfNeeded: code))
      case .killed(let signal): .signaled(UInt8(truncatingIfNeeded: signal))
      }
    return (entry.owner, HookReply(number: entry.number, end: end))
  }

  /// This child waits for results no more: what still runs for it is ended.
  mutating func killAll(of owner: UInt32) {
    for entry in running.values where entry.owner == owner {
      entry.isOrphan = true
      entry.process.signalGroup(SIGKILL)
    }
  }
}
