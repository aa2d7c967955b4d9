public import NetPrimitives

/// Waits for descriptors and one deadline on behalf of a loop that its caller owns.
///
/// ```
/// while running {
///   let turn = try reactor.wait(until: nextDeadline)
///   while let event = reactor.nextReady() { … }   // drain what arrived before any timer fires
///   if turn.deadlinePassed { … }
/// }
/// ```
/// A turn is bounded: at most ``maximumEventsPerTurn`` descriptors, the rest come with the next turn. Single-threaded.
public protocol Reactor: ~Copyable {
  /// What goes wrong in the operating system, or in its simulation.
  associatedtype Failure: Error

  /// The most descriptors one turn reports.
  var maximumEventsPerTurn: Int { get }

  /// Watches `descriptor`. `key` is the caller's own small number, handed back with each event.
  /// The descriptor stays the caller's: remove it here before closing it.
  mutating func add(_ descriptor: Int32, interest: Interest, key: UInt32) throws(Failure) -> ReactorToken

  /// Changes what is waited for. Traps on a token that was removed.
  mutating func modify(_ token: ReactorToken, interest: Interest) throws(Failure)

  /// Stops watching. Events of this token that the current turn has not delivered yet never are.
  /// Does nothing for a token already removed.
  mutating func remove(_ token: ReactorToken)

  /// Sleeps until a watched descriptor is ready or `deadline` has come; without a deadline, until one is ready.
  /// Undelivered events of the turn before are dropped: level-triggered, they come again.
  mutating func wait(until deadline: MonotonicInstant?) throws(Failure) -> ReactorTurn

  /// The next event of this turn, or `nil` at its end. Skips descriptors removed since ``wait(until:)`` returned.
  mutating func nextReady() -> ReadyEvent?
}

/// What ended a wait.
public struct ReactorTurn: Hashable, Sendable, BitwiseCopyable {
  /// The clock when the wait ended; one reading serves the whole turn.
  public var now: MonotonicInstant
  /// Whether the deadline given to the wait is at or before ``now``.
  public var deadlinePassed: Bool
  /// How many descriptors were ready.
  public var readyCount: Int
  /// More may be ready than one turn reports: drain with another wait before trusting silence on a socket.
  public var isFull: Bool

  /// A turn as a reactor reports it.
  public init(now: MonotonicInstant, deadlinePassed: Bool, readyCount: Int, isFull: Bool) {
    self.now = now
    self.deadlinePassed = deadlinePassed
    self.readyCount = readyCount
    self.isFull = isFull
  }
}
