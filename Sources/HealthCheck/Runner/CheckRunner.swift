#if !hasFeature(Embedded)
  public import NetPrimitives

  /// The world a ``CheckRunner`` lives in: a clock, and somebody who makes probes.
  public protocol ProbeWorld: Sendable {
    /// The monotonic time.
    var now: MonotonicInstant { get }

    /// Returns at an instant, or throws when cancelled.
    @concurrent func sleep(until instant: MonotonicInstant) async throws

    /// Makes one probe and tells what came of it, no later than its deadline. Cancellation means that nobody wants to
    /// know any more. A ``ProbeSession`` does all but the sockets.
    @concurrent func probe(_ start: ProbeStart) async -> Finding
  }

  /// Checks for other programs: `for await report in runner.findings(of: definition)`.
  ///
  /// A thin shell around a ``CheckScheduler``: everything it knows of time and network is its ``ProbeWorld``. Streams
  /// of the same definition share their probes; a check runs as long as somebody listens.
  public actor CheckRunner<World: ProbeWorld> {
    private let world: World
    private var scheduler: CheckScheduler<UInt64>
    private var wanted: [UInt64: CheckDefinition] = [:]
    private var listeners: [UInt64: AsyncStream<CheckReport>.Continuation] = [:]
    private var probes: [ProbeID: Task<Void, Never>] = [:]
    private var alarm: Task<Void, Never>?
    private var armedFor: MonotonicInstant?
    private var lastListener: UInt64 = 0

    /// Reports a slow listener may leave unread; older ones are dropped.
    public static var backlog: Int { 64 }

    /// A runner without checks. The seed spreads starts; take it from the system's generator.
    public init(in world: World, seed: UInt64) {
      self.world = world
      scheduler = CheckScheduler(seed: seed)
    }

    /// The reports of a check, which begins to run if it does not yet. A verdict that is known already comes at once.
    public nonisolated func findings(of definition: CheckDefinition) -> AsyncStream<CheckReport> {
      AsyncStream(bufferingPolicy: .bufferingNewest(Self.backlog)) { continuation in
        Task { await self.listen(to: definition, continuation) }
      }
    }

    /// Nanoseconds since each running check last made a finding, by definition: a watchdog's figure.
    public var probeAges: [CheckDefinition: UInt64] {
      var ages: [CheckDefinition: UInt64] = [:]
      for (listener, definition) in wanted { ages[definition] = scheduler.probeAge(of: listener, now: world.now) }
      return ages
    }

    private func listen(to definition: CheckDefinition, _ continuation: AsyncStream<CheckReport>.Continuation) {
      lastListener += 1
      let listener = lastListener
      wanted[listener] = definition
      listeners[listener] = continuation
      continuation.onTermination = { [weak self] _ in
        Task { await self?.leave(listener) }
      }
      resubscribe()
    }

    private func leave(_ listener: UInt64) {
      wanted[listener] = nil
      listeners[listener] = nil
      resubscribe()
    }

    private func resubscribe() {
      let subscriptions = wanted.keys.sorted().compactMap { listener in
        wanted[listener].map { (subscriber: listener, definition: $0) }
      }
      advance { $0.setSubscriptions(subscriptions, now: $1, effects: &$2) }
    }

    private func probeEnded(_ id: ProbeID, _ finding: Finding) {
      probes[id] = nil
      advance { $0.probeEnded(id, finding: finding, now: $1, effects: &$2) }
    }

    private func wake() {
      armedFor = nil
      advance { $0.deadlineReached(now: $1, effects: &$2) }
    }

    private func advance(
      _ body: (inout CheckScheduler<UInt64>, MonotonicInstant, inout [CheckScheduler<UInt64>.Effect]) -> Void
    ) {
      var effects: [CheckScheduler<UInt64>.Effect] = []
      body(&scheduler, world.now, &effects)
      for effect in effects {
        switch effect {
        case .start(let start):
          probes[start.id] = Task { [world] in
            let finding = await world.probe(start)
            self.probeEnded(start.id, finding)
          }
        case .cancel(let id):
          probes.removeValue(forKey: id)?.cancel()
        case .report(let report, let listener):
          listeners[listener]?.yield(report)
        }
      }
      setAlarm()
    }

    private func setAlarm() {
      guard scheduler.nextDeadline != armedFor else { return }
      alarm?.cancel()
      alarm = nil
      armedFor = scheduler.nextDeadline
      guard let next = armedFor else { return }
      alarm = Task { [world] in
        guard (try? await world.sleep(until: next)) != nil, !Task.isCancelled else { return }
        self.wake()
      }
    }
  }
#endif
