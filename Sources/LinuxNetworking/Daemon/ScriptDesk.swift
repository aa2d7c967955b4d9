import Glibc
import NetPrimitives
import VRRPCore
import VRRPRuntime

/// The VRRP process's dealings with scripts, FIFOs and tracked files: runs the machines that decide, and passes on what
/// they want. It never forks and never waits.
struct ScriptDesk: ~Copyable {
  private var notify = NotifyQueue()
  private var board = TrackingBoard()
  private var global = GlobalDefinition()
  private var reporter = RouterReporter()
  private var pipes: [NotifyPipe] = []
  private var readers = FIFOReaders()
  private let channel: HookChannel?
  let watcher: FileWatcher?
  private var processes = ProcessDesk()
  private var purposes: [UInt64: Purpose] = [:]
  private var nextNumber: UInt64 = 1
  private var buffer = [UInt8](repeating: 0, count: HookReply.byteLimit)
  private(set) var lines: [LogLine] = []
  private var told: Set<String> = []
  private var followers = SessionFollowers(VRRPConfiguration())
  /// What the engine is to be told of, since the last ``takeFindings()``.
  private var findings: [Finding] = []

  /// Something the engine is to be told of.
  enum Finding {
    case tracked(TrackedKey, TrackedState)
    /// `interface_up_down_delays` are over.
    case interface(String, isUp: Bool)
  }

  private enum Purpose {
    case tracking(TrackingBoard.Run)
    case notify(UInt64, of: String)
    /// Reads the FIFO at this path.
    case reader(String)
    /// A text the parent is copying to a file.
    case file(OpenFile, path: String)
  }

  /// Keeps a file open until its copy is made.
  private final class OpenFile {
    private let file: FileDescriptor
    init(_ file: consuming FileDescriptor) { self.file = file }
  }

  /// - Parameter channel: To the parent; without one no script runs.
  init(channel: HookChannel?) {
    self.channel = channel
    watcher = try? FileWatcher()
  }

  /// For the reactor.
  var channelDescriptor: Int32? { channel?.descriptor.rawValue }

  /// When to call ``advance(to:)``.
  var nextDeadline: MonotonicInstant? {
    .earlier(
      .earlier(notify.nextDeadline, board.nextDeadline), .earlier(processes.nextDeadline, readers.nextDeadline))
  }

  /// For the reactor: where the kernel tells of processes; `nil` while nobody tracks any.
  var processDescriptor: Int32? { processes.descriptor }

  /// Closes what the reactor no longer watches.
  mutating func closeRetired() { processes.closeRetired() }

  /// Reads what became of processes.
  mutating func takeProcessEvents(now: MonotonicInstant) {
    processes.takeEvents(into: &board, now: now)
    carryOut(now: now)
  }

  /// Whether no notification waits or runs, and nobody reads the FIFOs any more.
  var isIdle: Bool { notify.isIdle && readers.isIdle }

  /// Takes a configuration, the first or a new one.
  mutating func apply(_ configuration: VRRPConfiguration, isReload: Bool, now: MonotonicInstant) {
    global = configuration.global
    told.removeAll()
    followers = SessionFollowers(configuration)
    for index in configuration.routers.indices {
      notify.define(.instance(configuration.routers[index].name), as: configuration.routers[index].notify)
    }
    for group in configuration.groups { notify.define(.group(group.name), as: group.notify) }
    openPipes(configuration.global, now: now)
    reporter.follow(configuration.followedRouters)
    report()
    board.apply(configuration.tracking, isReload: isReload, now: now)
    if let failure = processes.follow(configuration, &board, now: now) { lines.append(LogLine(.warning, failure)) }
    carryOut(now: now)
  }

  /// Tells of what happened to a router or a group.
  mutating func take(_ notice: Notice, name: String, now: MonotonicInstant) {
    switch notice {
    case .transition(_, let transition, let priority):
      reporter.changed(name, isActive: transition.to == .active)
      report()
      notify.changed(.instance(name), to: NotifyState(transition.to), priority: priority, now: now)
    case .groupTransition(let group, _, let role):
      notify.changed(.group(group), to: NotifyState(role), priority: 0, now: now)
    case .contest(_, _, let priority):
      notify.lowerPriorityReceived(.instance(name), priority: priority, now: now)
    case .priorityChange(_, _, let priority):
      notify.priorityChanged(.instance(name), to: priority)
    case .rejection, .clockSkew, .addressConflict, .addressListMismatch, .eligibilityChange, .unknownRouter,
      .interfaceChange:
      return
    }
    carryOut(now: now)
  }

  /// Tells the parent of routers that others follow.
  private mutating func report() { reporter.flush { channel?.send($0.encoded) ?? true } }

  /// A reload takes this instance or group out.
  mutating func remove(_ subject: NotifySubject, priority: UInt8, now: MonotonicInstant) {
    notify.removed(subject, priority: priority, now: now)
    carryOut(now: now)
  }

  /// Writes to the FIFOs once more what state an instance or group is in.
  mutating func repeatState(of subject: NotifySubject, priority: UInt8, now: MonotonicInstant) {
    notify.repeatState(of: subject, priority: priority)
    carryOut(now: now)
  }

  /// The last script told of an instance or group, and how it ended.
  func lastResult(of subject: NotifySubject) -> NotifyResult? { notify.lastResult(of: subject) }

  /// Reads what the parent answered.
  mutating func takeReplies(now: MonotonicInstant) {
    report()
    while let bytes = channel?.receive(into: &buffer) {
      if let reply = try? HookReply(decoding: bytes) {
        if case .refused(let reason) = reply.end { tellRefusal(of: reply.number, reason) }
        ended(reply.number, reply.outcome, now: now)
      } else if let news = try? SessionNews(decoding: bytes) {
        board.sessionChanged(news.name, isUp: news.isUp)
      }
    }
    carryOut(now: now)
  }

  /// Reads tracked files that changed.
  mutating func takeFileChanges(now: MonotonicInstant) {
    for file in watcher?.changes() ?? [] { read(file) }
    carryOut(now: now)
  }

  /// Lets timers that are due fire.
  mutating func advance(to now: MonotonicInstant) {
    report()
    guard let deadline = nextDeadline, deadline <= now else { return }
    processes.advance(to: now, &board)
    board.advance(to: now)
    notify.advance(to: now)
    readers.advance(to: now)
    carryOut(now: now)
  }

  /// What became known since the last call.
  mutating func takeFindings() -> [Finding] {
    guard !findings.isEmpty else { return [] }
    defer { findings.removeAll() }
    return findings
  }

  /// What to make of a link that is seen up or down: `interface_up_down_delays` may hold the news back.
  mutating func believes(_ interface: String, isUp: Bool, now: MonotonicInstant) -> Bool {
    board.linkObserved(interface, isUp: isUp, now: now)
    carryOut(now: now)
    return board.isUp(interface: interface)
  }

  /// Adds what is tracked to a snapshot.
  func complete(_ snapshot: inout VRRPSnapshot) { snapshot.add(board) }

  /// Has the parent write `text` to `path`; a slow disk is not for the process that sends adverts to wait for.
  mutating func write(_ text: String, to path: String) {
    let file: FileDescriptor
    do { file = try FileDescriptor.inMemory(Array(text.utf8)) } catch {
      lines.append(LogLine(.error, "cannot write \(path): \(error)"))
      return
    }
    let number = nextNumber
    nextNumber += 1
    let request = HookRequest.copy(number: number, descriptor: file.rawValue, path: path)
    guard let bytes = request.encoded, channel?.send(bytes) == true else { return }
    purposes[number] = .file(OpenFile(file), path: path)
  }

  /// Tells the parent that the configuration has been read.
  func tellRead() { if let bytes = HookRequest.configurationRead.encoded { _ = channel?.send(bytes) } }

  /// Lines for the log since the last call.
  mutating func takeLines() -> [LogLine] {
    guard !lines.isEmpty else { return [] }
    defer { lines.removeAll() }
    return lines
  }

  /// The process ends once nobody is left to be told: then FIFOs that are ours go, and their readers come to the end.
  mutating func finish(now: MonotonicInstant) {
    guard notify.isIdle else { return }
    for pipe in pipes { pipe.remove() }
    pipes.removeAll()
    readers.stop(now: now)
  }
}

// MARK: - Carrying out

extension ScriptDesk {
  private mutating func carryOut(now: MonotonicInstant) {
    // A script that cannot be started ends at once, which may ask for the next: bounded, since each comes from an
    // event.
    for _ in 0..<8 {
      let wanted = board.takeEffects()
      let notifications = notify.takeEffects()
      let reading = readers.takeEffects()
      guard !(wanted.isEmpty && notifications.isEmpty && reading.isEmpty) else { return }
      for effect in reading { carryOut(effect, now: now) }
      for effect in wanted { carryOut(effect, now: now) }
      for effect in notifications { carryOut(effect, now: now) }
    }
  }

  private mutating func carryOut(_ effect: TrackingBoard.Effect, now: MonotonicInstant) {
    switch effect {
    case .run(let run, let command): start(command, [], for: .tracking(run), now: now)
    case .terminate(let run): signal(SIGTERM) { if case .tracking(run) = $0 { true } else { false } }
    case .kill(let run): signal(SIGKILL) { if case .tracking(run) = $0 { true } else { false } }
    case .watch(let file, let path, let content): watch(file, at: path, content)
    case .unwatch(let file): watcher?.unwatch(file)
    case .reportOutcome(let script, let outcome):
      lines.append(LogLine(.info, "Script `\(script)` \(outcome.explanation)"))
    case .track(let key, let state):
      if case .script(let name) = key, case .verdict(let verdict) = state {
        lines.append(LogLine(.info, "VRRP_Script(\(name)) \(verdict == .up ? "succeeded" : "failed")"))
      }
      if case .bfd(let name) = key { lines += followers.lines(name, isUp: state == .verdict(.up)) }
      findings.append(.tracked(key, state))
    case .believe(let interface, let isUp):
      findings.append(.interface(interface, isUp: isUp))
    }
  }

  private mutating func carryOut(_ effect: FIFOReaders.Effect, now: MonotonicInstant) {
    switch effect {
    case .run(let path, let command):
      start(command, [path], for: .reader(path), now: now)
    case .terminate(let path): signal(SIGTERM) { if case .reader(path) = $0 { true } else { false } }
    case .kill(let path): signal(SIGKILL) { if case .reader(path) = $0 { true } else { false } }
    }
  }

  private mutating func carryOut(_ effect: NotifyQueue.Effect, now: MonotonicInstant) {
    switch effect {
    case .run(let run):
      start(run.command, run.arguments, for: .notify(run.number, of: run.subject.name), now: now)
    case .kill(let number):
      signal(SIGKILL) { if case .notify(number, _) = $0 { true } else { false } }
    case .writeLine(let line):
      for pipe in pipes { pipe.write(line.bytes) }
    case .alert(let subject, let state, let priority, let isMailed):
      tell(subject, state, priority: priority, isMailed: isMailed)
    }
  }

  /// Has people told by the parent.
  private mutating func tell(_ subject: NotifySubject, _ state: NotifyState, priority: UInt8, isMailed: Bool) {
    guard global.alerts.webhook != nil || isMailed else { return }
    let alert = Alert(
      subject, state, priority: priority, routerID: global.routerID ?? HostName.whole,
      time: SystemClock.wallClock().time)
    guard let delivery = AlertDelivery(alert, global: global, isMailed: isMailed) else { return }
    guard let bytes = HookRequest.alert(delivery).encoded, channel?.send(bytes) == true else {
      lines.append(LogLine(.error, "\(delivery.title): nobody is told: the alert is too long or the parent busy"))
      return
    }
  }

  private mutating func start(
    _ command: ScriptCommand, _ arguments: [String], for purpose: Purpose, now: MonotonicInstant
  ) {
    let number = nextNumber
    nextNumber += 1
    purposes[number] = purpose
    let request = HookRequest.run(number: number, ScriptOrder(command, adding: arguments, as: global))
    if let bytes = request.encoded, channel?.send(bytes) == true { return }
    ended(number, .notStarted(errorNumber: EAGAIN), now: now)
  }

  /// One that is refused is refused at every interval: once is enough to say so.
  private mutating func tellRefusal(of number: UInt64, _ reason: String) {
    let name: String
    switch purposes[number] {
    case .tracking(let run): name = run.script
    case .notify(_, let subject): name = subject
    case .reader(let path): name = "the FIFO \(path)"
    case .file, nil: return
    }
    guard told.insert("\(name) \(reason)").inserted else { return }
    lines.append(LogLine(.error, "a script of \(name) is not run: \(reason)"))
  }

  private mutating func ended(_ number: UInt64, _ outcome: ScriptMonitor.Outcome, now: MonotonicInstant) {
    switch purposes.removeValue(forKey: number) {
    case .tracking(let run): board.runEnded(run, outcome, now: now)
    case .notify(let run, _): notify.runEnded(run, outcome, now: now)
    case .reader(let path): readers.ended(path, now: now)
    case .file(_, let path):
      if !outcome.isSuccess { lines.append(LogLine(.error, "cannot write \(path): \(outcome.explanation)")) }
    case nil: break
    }
  }

  private func signal(_ signal: Int32, where matches: (Purpose) -> Bool) {
    for (number, purpose) in purposes where matches(purpose) {
      if let bytes = HookRequest.signal(number: number, signal).encoded { _ = channel?.send(bytes) }
    }
  }

  private mutating func watch(_ file: String, at path: String, _ content: TrackingBoard.Effect.Content?) {
    if let content { FileWatcher.write(content.text, to: path, overwriting: content.overwrites) }
    do { try watcher?.watch(file, path: path) } catch {
      lines.append(LogLine(.warning, "cannot watch \(path): \(error)"))
    }
    read(file)
  }

  private mutating func read(_ file: String) {
    guard let path = watcher?.path(of: file) else { return }
    let content = try? FileReader.read(path, limit: 4096)
    board.fileChanged(file, content: content)
  }

  private mutating func openPipes(_ global: GlobalDefinition, now: MonotonicInstant) {
    let wanted = [global.fifo, global.vrrpFIFO].compactMap(\.self).filter { !$0.path.isEmpty }
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
  }
}

extension HookReply {
  fileprivate var outcome: ScriptMonitor.Outcome {
    switch end {
    case .exited(let status): .exited(status)
    case .signaled(let signal): .signaled(signal)
    case .notStarted(let errno): .notStarted(errorNumber: errno)
    case .refused: .notStarted(errorNumber: EACCES)
    }
  }
}

extension ScriptMonitor.Outcome {
  fileprivate var explanation: String {
    switch self {
    case .exited(let status): "now returning \(status)"
    case .signaled(let signal): "was ended by signal \(signal)"
    case .timedOut(let limit): "timed out after \(limit / 1_000_000) ms"
    case .notStarted(let number): "could not be started: \(ErrorNumber.text(number))"
    }
  }
}
