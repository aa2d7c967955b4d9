import Glibc
import HealthCheck
import LoadBalancing
import NetPrimitives
import VRRPCore
import VRRPRuntime

/// The check process's dealings with its parent and with files: scripts that check, commands that are told, FIFOs,
/// dumps. It never forks and never waits.
struct CheckDesk: ~Copyable {
  private let channel: HookChannel?
  private var queue = HookQueue<VirtualServerID, HookCommand>()
  private var scripts: [UInt64: ScriptProbe] = [:]
  private var purposes: [UInt64: Purpose] = [:]
  /// What was asked for to be run, by number, until it has ended.
  private var programs: [UInt64: String] = [:]
  private var lastNumber: UInt64 = 0
  private var global = GlobalDefinition()
  private var pipes: [NotifyPipe] = []
  private var readers = FIFOReaders()
  private var buffer = [UInt8](repeating: 0, count: HookReply.byteLimit)
  private var findings: [(ProbeID, Finding)] = []
  private var news: [RouterNews] = []
  private var sessionNews: [SessionNews] = []
  private var lines: [LogLine] = []
  private var told: Set<String> = []

  /// A `MISC_CHECK` under way.
  private struct ScriptProbe {
    var id: ProbeID
    var check: MiscCheck
    var startedAt: MonotonicInstant
    /// When it has to have ended; `nil` once its finding is made.
    var deadline: MonotonicInstant?
    /// When it is ended with SIGKILL, having been asked to end.
    var killAt: MonotonicInstant?
  }

  private enum Purpose {
    case check
    case command(UInt64)
    /// Reads the FIFO at this path.
    case reader(String)
    case file(OpenFile, path: String)
  }

  /// Keeps a file open until its copy is made.
  private final class OpenFile {
    private let file: FileDescriptor
    init(_ file: consuming FileDescriptor) { self.file = file }
  }

  /// How long a script that was asked to end may take, in nanoseconds.
  private static var graceNanoseconds: UInt64 { 2_000_000_000 }

  /// - Parameter channel: To the parent; without one no script runs.
  init(channel: HookChannel?) { self.channel = channel }

  /// For the reactor.
  var channelDescriptor: Int32? { channel?.descriptor.rawValue }

  /// Whether no command of a notification runs or waits, and nobody reads the FIFOs any more.
  var isIdle: Bool { queue.isIdle && pipes.isEmpty && readers.isIdle }

  /// When to call ``advance(to:)``.
  var nextDeadline: MonotonicInstant? {
    scripts.values.reduce(.earlier(queue.nextDeadline, readers.nextDeadline)) { earliest, script in
      .earlier(earliest, script.deadline ?? script.killAt)
    }
  }

  /// Takes a configuration, the first or a new one.
  mutating func apply(_ configuration: CheckConfiguration, now: MonotonicInstant) {
    global = configuration.global
    told.removeAll()
    let wanted = [configuration.global.fifo, configuration.global.balancerFIFO].compactMap(\.self)
      .filter { !$0.path.isEmpty }
    for pipe in pipes where !wanted.contains(where: { $0.path == pipe.path }) { pipe.remove() }
    var kept = pipes.filter { pipe in wanted.contains { $0.path == pipe.path } }
    for definition in wanted where !kept.contains(where: { $0.path == definition.path }) {
      do { kept.append(try NotifyPipe(definition)) } catch {
        lines.append(LogLine(.error, "no notify FIFO: \(error)"))
      }
    }
    pipes = kept
    var commands: [String: ScriptCommand] = [:]
    for definition in wanted where pipes.contains(where: { $0.path == definition.path }) {
      if let reader = definition.reader { commands[definition.path] = reader }
    }
    readers.keep(commands, now: now)
    carryOut(now: now)
  }

  /// Tells the FIFOs.
  func writeLine(_ line: String) {
    for pipe in pipes { pipe.write(Array(line.utf8)) }
  }

  /// Has people told by the parent.
  mutating func mail(subject: String, body: String) {
    let routerID = global.routerID ?? HostName.whole
    guard
      let delivery = AlertDelivery(
        balancer: subject, body: body, routerID: routerID, time: SystemClock.wallClock().time, global: global)
    else { return }
    guard !send(.alert(delivery)) else { return }
    lines.append(LogLine(.error, "\(subject): nobody is told: the alert is too long or the parent busy"))
  }

  /// Runs a command for a service, after those it has been given before.
  mutating func run(_ command: HookCommand, for service: VirtualServerID, now: MonotonicInstant) {
    queue.add(command, for: service, now: now)
    carryOut(now: now)
  }

  /// Makes a `MISC_CHECK`.
  mutating func start(_ probe: ProbeStart, _ check: MiscCheck, now: MonotonicInstant) {
    lastNumber += 1
    scripts[lastNumber] = ScriptProbe(id: probe.id, check: check, startedAt: now, deadline: probe.deadline)
    request(check.command, number: lastNumber, for: .check, now: now)
  }

  /// Nobody wants the finding of this probe; the script is ended.
  mutating func cancel(_ id: ProbeID) {
    for (number, script) in scripts where script.id == id {
      scripts[number]?.deadline = nil
      scripts[number]?.killAt = nil
      signal(SIGKILL, number)
    }
  }

  /// Lets what is due happen.
  mutating func advance(to now: MonotonicInstant) {
    for (number, script) in scripts {
      if let deadline = script.deadline, deadline <= now {
        finish(number, .timedOut, now: now)
        scripts[number]?.killAt = now.advanced(byNanoseconds: Self.graceNanoseconds)
        signal(SIGTERM, number)
      } else if script.deadline == nil, let at = script.killAt, at <= now {
        scripts[number]?.killAt = nil
        signal(SIGKILL, number)
      }
    }
    queue.advance(to: now)
    readers.advance(to: now)
    carryOut(now: now)
  }

  /// The process stops: commands have a second more.
  mutating func stop(now: MonotonicInstant) { queue.stop(withinNanoseconds: 1_000_000_000, now: now) }

  /// The process ends once nobody is left to be told: then FIFOs that are ours go, and their readers come to the end.
  mutating func finish(now: MonotonicInstant) {
    guard queue.isIdle else { return }
    for pipe in pipes { pipe.remove() }
    pipes.removeAll()
    readers.stop(now: now)
    carryOut(now: now)
  }
}

// MARK: - The parent

extension CheckDesk {
  /// Reads what the parent says.
  mutating func takeMessages(now: MonotonicInstant) {
    while let bytes = channel?.receive(into: &buffer) {
      if let reply = try? HookReply(decoding: bytes) {
        ended(reply, now: now)
      } else if let item = try? RouterNews(decoding: bytes) {
        news.append(item)
      } else if let item = try? SessionNews(decoding: bytes) {
        sessionNews.append(item)
      }
    }
    carryOut(now: now)
  }

  /// Asks the parent for something that is not answered; false when it does not listen.
  func send(_ request: HookRequest) -> Bool { request.encoded.map { channel?.send($0) == true } ?? false }

  /// Has the parent write `text` to `path`.
  mutating func write(_ text: String, to path: String) {
    let file: FileDescriptor
    do { file = try FileDescriptor.inMemory(Array(text.utf8)) } catch {
      lines.append(LogLine(.error, "cannot write \(path): \(error)"))
      return
    }
    lastNumber += 1
    guard send(.copy(number: lastNumber, descriptor: file.rawValue, path: path)) else { return }
    purposes[lastNumber] = .file(OpenFile(file), path: path)
  }

  /// What scripts found since the last call.
  mutating func takeFindings() -> [(ProbeID, Finding)] {
    guard !findings.isEmpty else { return [] }
    defer { findings.removeAll() }
    return findings
  }

  /// What the VRRP process told since the last call.
  mutating func takeNews() -> [RouterNews] {
    guard !news.isEmpty else { return [] }
    defer { news.removeAll() }
    return news
  }

  /// What the BFD process told since the last call.
  mutating func takeSessionNews() -> [SessionNews] {
    guard !sessionNews.isEmpty else { return [] }
    defer { sessionNews.removeAll() }
    return sessionNews
  }

  /// Lines for the log since the last call.
  mutating func takeLines() -> [LogLine] {
    guard !lines.isEmpty else { return [] }
    defer { lines.removeAll() }
    return lines
  }

  private mutating func carryOut(now: MonotonicInstant) {
    // A command that cannot be started ends at once, and the next takes its turn: bounded by what may wait.
    for _ in 0...HookQueue<VirtualServerID, HookCommand>.waitingLimit {
      let effects = queue.takeEffects()
      let reading = readers.takeEffects()
      guard !effects.isEmpty || !reading.isEmpty else { return }
      for effect in reading { carryOut(effect, now: now) }
      for effect in effects {
        switch effect {
        case .run(let run, let command):
          lastNumber += 1
          request(command, number: lastNumber, for: .command(run), now: now)
        case .kill(let run):
          for case (let number, .command(run)) in purposes { signal(SIGKILL, number) }
        }
      }
    }
  }

  private mutating func carryOut(_ effect: FIFOReaders.Effect, now: MonotonicInstant) {
    switch effect {
    case .run(let path, let command):
      lastNumber += 1
      request(command, adding: [path], number: lastNumber, for: .reader(path), now: now)
    case .terminate(let path): for case (let number, .reader(path)) in purposes { signal(SIGTERM, number) }
    case .kill(let path): for case (let number, .reader(path)) in purposes { signal(SIGKILL, number) }
    }
  }

  private mutating func request(
    _ command: HookCommand, number: UInt64, for purpose: Purpose, now: MonotonicInstant
  ) {
    request(ScriptCommand(command), adding: [], number: number, for: purpose, now: now)
  }

  private mutating func request(
    _ command: ScriptCommand, adding arguments: [String], number: UInt64, for purpose: Purpose, now: MonotonicInstant
  ) {
    purposes[number] = purpose
    programs[number] = command.arguments.first ?? ""
    if send(.run(number: number, ScriptOrder(command, adding: arguments, as: global))) { return }
    ended(HookReply(number: number, end: .notStarted(errno: EAGAIN)), now: now)
  }

  private func signal(_ signal: Int32, _ number: UInt64) { _ = send(.signal(number: number, signal)) }

  private mutating func ended(_ reply: HookReply, now: MonotonicInstant) {
    let program = programs.removeValue(forKey: reply.number)
    // One that is refused is refused at every interval: once is enough to say so.
    if case .refused(let reason) = reply.end, let program, told.insert("\(program) \(reason)").inserted {
      lines.append(LogLine(.error, "\(program) is not run: \(reason)"))
    }
    switch purposes.removeValue(forKey: reply.number) {
    case .check:
      switch reply.end {
      case .exited(let status): finish(reply.number, .exited(status), now: now)
      case .signaled(let signal): finish(reply.number, .signalled(signal), now: now)
      case .notStarted(let errno): findNothing(reply.number, errno)
      case .refused: findNothing(reply.number, EACCES)
      }
      scripts[reply.number] = nil
    case .command(let run): queue.ended(run, now: now)
    case .reader(let path): readers.ended(path, now: now)
    case .file(_, let path):
      if reply.end != .exited(0) { lines.append(LogLine(.error, "cannot write \(path)")) }
    case nil: break
    }
  }

  /// A script that could not be run found nothing out.
  private mutating func findNothing(_ number: UInt64, _ errno: Int32) {
    guard let script = scripts[number], script.deadline != nil else { return }
    findings.append((script.id, Finding(.inconclusive(.system(errno: errno)))))
  }

  /// Makes the finding of a script, if it has not been made.
  private mutating func finish(_ number: UInt64, _ ending: MiscCheck.Ending, now: MonotonicInstant) {
    guard let script = scripts[number], script.deadline != nil else { return }
    scripts[number]?.deadline = nil
    findings.append(
      (script.id, script.check.finding(ending, latencyNanoseconds: now.nanoseconds(since: script.startedAt))))
  }
}

extension ScriptCommand {
  fileprivate init(_ command: HookCommand) {
    self.init(
      command.arguments,
      runAs: command.user.map { GlobalDefinition.ScriptUser(user: $0, group: command.group) })
  }
}
