public import NetPrimitives
public import VRRPCore

extension TrackingBoard {
  /// Lets every timer that is due by `now` fire.
  public mutating func advance(to now: MonotonicInstant) {
    guard let nextDeadline, nextDeadline <= now else { return }
    defer { findDeadline() }
    for name in scripts.keys.sorted() { drive(script: name, .deadlineReached, now: now) }
    for name in processes.keys.sorted() { drive(process: name, .deadlineReached, now: now) }
    for name in links.keys.sorted() where links[name]?.advance(to: now) == true { tellLink(name) }
  }

  /// A run has ended, or could not be started. Runs that were given up with their script are ignored.
  public mutating func runEnded(_ run: Run, _ outcome: ScriptMonitor.Outcome, now: MonotonicInstant) {
    defer { findDeadline() }
    guard scripts[run.script]?.lastRun == run else { return }
    drive(script: run.script, .ended(outcome), now: now)
  }

  /// The file was read; `nil` when it does not exist.
  public mutating func fileChanged(_ file: String, content: [UInt8]?) {
    let bytes = content ?? []
    let value = TrackedFileContent.value(of: bytes.span)
    guard files[file] != nil, files[file]?.value != value else { return }
    files[file]?.value = value
    ask(.track(.file(file), .value(value)))
  }

  /// All processes there are, by their identifiers: at start, after a reload, and after events were lost.
  public mutating func processesScanned(_ found: [Int32: ProcessPattern.Candidate], now: MonotonicInstant) {
    defer { findDeadline() }
    for name in processes.keys.sorted() {
      guard let pattern = processes[name]?.pattern else { continue }
      let matching = found.filter { pattern.matches($0.value) }.keys
      drive(process: name, .scanned(Set(matching)), now: now)
    }
  }

  /// A process started or became another program.
  public mutating func processStarted(_ process: Int32, _ candidate: ProcessPattern.Candidate, now: MonotonicInstant) {
    defer { findDeadline() }
    for name in processes.keys.sorted() {
      let counts = processes[name]?.pattern.matches(candidate) ?? false
      drive(process: name, counts ? .started(process) : .ended(process), now: now)
    }
  }

  /// A process ended.
  public mutating func processEnded(_ process: Int32, now: MonotonicInstant) {
    defer { findDeadline() }
    for name in processes.keys.sorted() { drive(process: name, .ended(process), now: now) }
  }

  /// The state of a BFD session.
  public mutating func sessionChanged(_ session: String, isUp: Bool) {
    let verdict: TrackedVerdict = isUp ? .up : .down
    guard let old = sessions[session]?.verdict else {
      if !isUp { strangersUp.remove(session) } else if strangersUp.count < 4096 { strangersUp.insert(session) }
      return
    }
    guard old != verdict else { return }
    sessions[session]?.verdict = verdict
    ask(.track(.bfd(session), .verdict(verdict)))
  }

  /// An interface was seen up or down; ``isUp(interface:)`` tells when to believe it.
  public mutating func linkObserved(_ interface: String, isUp: Bool, now: MonotonicInstant) {
    defer { findDeadline() }
    guard links[interface] != nil else {
      links[interface] = LinkMonitor(
        isUp: isUp, downDelayNanoseconds: delays[interface]?.downNanoseconds ?? 0,
        upDelayNanoseconds: delays[interface]?.upNanoseconds ?? 0)
      tellLink(interface)
      return
    }
    if links[interface]?.observe(isUp: isUp, now: now) == true { tellLink(interface) }
  }

  /// Whether the interface counts as up; false for one never seen.
  public func isUp(interface: String) -> Bool { links[interface]?.isUp ?? false }

  private mutating func tellLink(_ name: String) { ask(.believe(interface: name, isUp: isUp(interface: name))) }

  mutating func drive(script name: String, _ event: ScriptMonitor.Event, now: MonotonicInstant) {
    guard var script = scripts[name] else { return }
    let step = script.monitor.handle(event, now: now)
    if let outcome = step.outcome { ask(.reportOutcome(script: name, outcome)) }
    if let verdict = step.verdict { ask(.track(.script(name), .verdict(verdict))) }
    switch step.command {
    case .run:
      let run = nextRun(of: name)
      script.lastRun = run
      ask(.run(run, script.definition.command))
    case .terminate: if let run = script.lastRun { ask(.terminate(run)) }
    case .kill: if let run = script.lastRun { ask(.kill(run)) }
    case nil: break
    }
    scripts[name] = script
  }

  private mutating func drive(process name: String, _ event: ProcessMonitor.Event, now: MonotonicInstant) {
    guard let verdict = processes[name]?.monitor.handle(event, now: now) else { return }
    ask(.track(.process(name), .verdict(verdict)))
  }
}
