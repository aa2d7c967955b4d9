import Glibc
import NetPrimitives
public import VRRPCore
import VRRPRuntime

extension Supervisor {
  /// `startup_script` and `shutdown_script`: programs that everything else waits for.
  public struct LifeScripts {
    /// Run before the first process is started.
    public var startup: ScriptCommand?
    /// How long it may take, in seconds.
    public var startupSeconds: UInt16 = 10
    /// Run when the last process has ended.
    public var shutdown: ScriptCommand?
    /// How long it may take, in seconds.
    public var shutdownSeconds: UInt16 = 10
    /// Who runs scripts, and which are refused.
    public var global = GlobalDefinition()

    /// Those of a configuration.
    public init(_ global: GlobalDefinition = GlobalDefinition()) {
      startup = global.startupScript
      startupSeconds = global.startupTimeoutSeconds
      shutdown = global.shutdownScript
      shutdownSeconds = global.shutdownTimeoutSeconds
      self.global = global
    }
  }

  /// How far the daemon's life is.
  enum Stage {
    case startupScript(LifeScript)
    case running
    case shutdownScript(LifeScript)
    case over
  }

  /// A program that everything waits for.
  final class LifeScript {
    let name: String
    let process: ChildProcess
    var token: ReactorToken?
    var killAt: MonotonicInstant?

    init(_ name: String, _ process: consuming ChildProcess) {
      self.name = name
      self.process = process
    }
  }

  /// Begins: with the startup script if there is one.
  mutating func begin() throws(SystemCallError) {
    let now = SystemClock.monotonic()
    if let script = try start(
      settings.scripts.startup, "startup_script", seconds: settings.scripts.startupSeconds, now: now)
    {
      stage = .startupScript(script)
    } else {
      try startChildren()
    }
  }

  private mutating func startChildren() throws(SystemCallError) {
    stage = .running
    if !isStopping { for child in children where !child.isIdle { try start(child, resuming: false) } }
    whenStarted()
    settlesAt = SystemClock.monotonic().advanced(byNanoseconds: 1_000_000_000)
  }

  /// All children have ended and everybody was told: the shutdown script if there is one. True when that is over, too.
  mutating func end(now: MonotonicInstant) throws(SystemCallError) -> Bool {
    switch stage {
    case .startupScript, .shutdownScript: return false
    case .over: return true
    case .running:
      let script = try start(
        settings.scripts.shutdown, "shutdown_script", seconds: settings.scripts.shutdownSeconds, now: now)
      stage = script.map { .shutdownScript($0) } ?? .over
      return script == nil
    }
  }

  /// The script everything waits for may have ended.
  mutating func takeScriptEnd() throws(SystemCallError) {
    let script: LifeScript
    switch stage {
    case .startupScript(let running), .shutdownScript(let running): script = running
    case .running, .over: return
    }
    guard let status = try script.process.reap() else { return }
    if let token = script.token { reactor.remove(token) }
    log(LogLine(status == .exited(0) ? .info : .warning, "\(script.name) ended: \(status)"))
    if case .startupScript = stage { try startChildren() } else { stage = .over }
  }

  /// When the script everything waits for has had its time.
  var scriptDeadline: MonotonicInstant? {
    switch stage {
    case .startupScript(let script), .shutdownScript(let script): script.killAt
    case .running, .over: nil
    }
  }

  /// Ends a script that takes too long, or that is not wanted any more.
  mutating func advanceScript(to now: MonotonicInstant) {
    switch stage {
    case .startupScript(let script), .shutdownScript(let script):
      // Whoever stops the daemon does not want to wait for its start.
      var isUnwanted = false
      if case .startupScript = stage { isUnwanted = isStopping }
      guard let killAt = script.killAt, killAt <= now || isUnwanted else { return }
      script.killAt = nil
      log(LogLine(.error, "\(script.name) takes too long and is ended"))
      script.process.signalGroup(SIGKILL)
    case .running, .over: return
    }
  }

  private mutating func start(
    _ command: ScriptCommand?, _ name: String, seconds: UInt16, now: MonotonicInstant
  ) throws(SystemCallError) -> LifeScript? {
    guard let command else { return nil }
    let program: ScriptResolver.Program
    do { program = try hooks.resolve(ScriptOrder(command, as: settings.scripts.global)) } catch {
      log(LogLine(.error, "\(name) is not run: \(error.text)"))
      return nil
    }
    let process: ChildProcess
    do { process = try hooks.spawn(program) } catch {
      log(LogLine(.error, "\(name) cannot be run: \(error)"))
      return nil
    }
    let script = LifeScript(name, process)
    script.killAt = now.advanced(byNanoseconds: UInt64(seconds) * 1_000_000_000)
    script.token = try reactor.add(
      script.process.pid.descriptor.rawValue, interest: .readable, key: Key.lifeScript)
    return script
  }
}
