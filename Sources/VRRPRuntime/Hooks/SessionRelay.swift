public import NetPrimitives

/// The parent's view of BFD sessions: who is to be told what, and what counts while the BFD process is not there.
///
/// States, not edges: news that cannot be sent waits, and is replaced by what is newer. After the BFD process died,
/// what was up stays up for ``holdNanoseconds``: its successor begins with every session down, and that says nothing
/// about the path (`docs/decisions/0035`).
public struct SessionRelay: Sendable {
  /// Who listens.
  public enum Listener: Hashable, Sendable, BitwiseCopyable, CaseIterable {
    /// The VRRP process.
    case routers
    /// The check process.
    case checks
  }

  /// How long what was up counts as up after the BFD process died, in nanoseconds: two slow exchanges of a second each
  /// bring a session up again, and there is room for one that gets lost.
  public static let holdNanoseconds: UInt64 = 5_000_000_000
  /// How soon a message that could not be sent is tried again, in nanoseconds.
  public static let retryNanoseconds: UInt64 = 50_000_000
  /// More sessions than this are not remembered.
  public static let sessionLimit = 4096

  private struct Session {
    /// What those who listen are told.
    var believed: SessionNews
    /// It was up when the BFD process died, and has not been up since: until when it counts as up all the same.
    var heldUntil: MonotonicInstant?
  }

  private var sessions: [String: Session] = [:]
  private var pending: [Listener: Set<String>] = [.routers: [], .checks: []]
  private var retryAt: MonotonicInstant?

  /// A relay that has heard nothing.
  public init() {}

  /// When to call ``advance(to:)`` and ``flush(_:now:_:)``; `nil` while nothing is pending.
  public var nextDeadline: MonotonicInstant? {
    sessions.values.reduce(retryAt) { .earlier($0, $1.heldUntil) }
  }

  /// The BFD process tells of a session.
  public mutating func reported(_ news: SessionNews) {
    var session = sessions[news.name] ?? Session(believed: SessionNews(name: news.name, isUp: false))
    guard sessions[news.name] != nil || sessions.count < Self.sessionLimit else { return }
    let before = sessions[news.name]?.believed
    session.believed.informsRouters = news.informsRouters
    session.believed.informsChecks = news.informsChecks
    if news.isUp { session.heldUntil = nil }
    if session.heldUntil == nil { session.believed.isUp = news.isUp }
    sessions[news.name] = session
    if before != session.believed { tell(news.name) }
  }

  /// The BFD process died. What has been waited for since it died before is not waited for any longer.
  public mutating func processDied(now: MonotonicInstant) {
    for name in sessions.keys where sessions[name]?.believed.isUp == true && sessions[name]?.heldUntil == nil {
      sessions[name]?.heldUntil = now.advanced(byNanoseconds: Self.holdNanoseconds)
    }
  }

  /// The BFD process ended because it has nothing to do: there are no sessions.
  public mutating func processRetired() {
    for name in sessions.keys { lose(name) }
  }

  /// Lets what was held for long enough count as down.
  public mutating func advance(to now: MonotonicInstant) {
    for (name, session) in sessions {
      if let until = session.heldUntil, until <= now { lose(name) }
    }
  }

  /// What a listener that is about to start has to know.
  public mutating func greeting(for listener: Listener) -> [SessionNews] {
    pending[listener] = []
    return sessions.keys.sorted().compactMap { name in
      guard let news = sessions[name]?.believed, news.informs(listener) else { return nil }
      return news
    }
  }

  /// Hands what a listener is to be told to `send`, until it refuses.
  public mutating func flush(_ listener: Listener, now: MonotonicInstant, _ send: (SessionNews) -> Bool) {
    if let retryAt, retryAt <= now { self.retryAt = nil }
    while let name = pending[listener]?.first {
      if let news = sessions[name]?.believed, news.informs(listener), !send(news) {
        retryAt = .earlier(retryAt, now.advanced(byNanoseconds: Self.retryNanoseconds))
        return
      }
      pending[listener]?.remove(name)
    }
  }

  private mutating func lose(_ name: String) {
    sessions[name]?.heldUntil = nil
    guard sessions[name]?.believed.isUp == true else { return }
    sessions[name]?.believed.isUp = false
    tell(name)
  }

  private mutating func tell(_ name: String) {
    for listener in Listener.allCases { pending[listener]?.insert(name) }
  }
}

extension SessionNews {
  fileprivate func informs(_ listener: SessionRelay.Listener) -> Bool {
    switch listener {
    case .routers: informsRouters
    case .checks: informsChecks
    }
  }
}
