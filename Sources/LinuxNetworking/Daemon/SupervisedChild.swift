import VRRPRuntime

/// One of the parent's children: the process, its channel, and its record of deaths. What happens to one leaves the
/// others alone.
final class SupervisedChild {
  let kind: Supervisor.Child.Kind
  /// What it does; see ``Supervisor/Child/run``.
  let body: (_ resumes: Bool) -> Int32
  var process: ChildProcess?
  /// The number of the process, or of the last there was; 0 before the first.
  private(set) var processNumber: Int32 = 0
  var processToken: ReactorToken?
  var channel: HookChannel?
  var channelToken: ReactorToken?
  var deaths = RecentDeaths()
  var restartAt: MonotonicInstant?
  var killAt: MonotonicInstant?
  /// Has been sent SIGTERM.
  var isToldToStop = false
  /// Had nothing to do with the configuration it read; the next one may be another matter.
  var isIdle = false

  init(_ child: Supervisor.Child) {
    kind = child.kind
    body = child.run
    isIdle = child.startsIdle
  }

  /// Whether there is a process, or one is going to be started.
  var isPresent: Bool { process != nil || restartAt != nil }

  var nextDeadline: MonotonicInstant? {
    switch (restartAt, killAt) {
    case (let left?, let right?): min(left, right)
    case (let deadline, nil), (nil, let deadline): deadline
    }
  }

  /// Sends a signal to the process and what it has started, if it lives.
  func signal(_ number: Int32) { process?.signalGroup(number) }

  /// Starts the process and watches it and its channel under these keys. The messages of `greeting` wait for it there.
  func start(
    resuming: Bool, greeting: [[UInt8]], in reactor: inout EpollReactor, processKey: UInt32, channelKey: UInt32
  ) throws(SystemCallError) {
    let (ours, theirs) = try HookChannel.pair()
    for message in greeting { _ = ours.send(message) }
    let body = body
    let started = try ChildProcess.fork(standardInput: theirs.descriptor) { body(resuming) }
    processNumber = started.pid.processID
    channelToken = try reactor.add(ours.descriptor.rawValue, interest: .readable, key: channelKey)
    channel = ours
    processToken = try reactor.add(started.pid.descriptor.rawValue, interest: .readable, key: processKey)
    process = consume started
    isIdle = false
    restartAt = nil
  }

  /// The process has ended; its channel may hold what it asked for last.
  func forgetProcess(in reactor: inout EpollReactor) {
    if let processToken { reactor.remove(processToken) }
    processToken = nil
    process = nil
    killAt = nil
  }

  /// Nobody is at the other end any more.
  func closeChannel(in reactor: inout EpollReactor) {
    if let channelToken { reactor.remove(channelToken) }
    channelToken = nil
    channel = nil
  }
}
