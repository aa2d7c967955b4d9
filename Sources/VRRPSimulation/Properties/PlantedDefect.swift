/// A bug between a node's engine and its world, to see whether the properties notice.
///
/// The engine itself stays as it is in production: what it hears, what it asks for, or the time it is told is
/// falsified.
public enum PlantedDefect: String, Hashable, Sendable, CaseIterable, BitwiseCopyable {
  /// A packet that must be discarded counts as another copy of the last good one.
  case obeysDiscarded = "obeys-discarded"
  /// Good-byes are not sent.
  case losesFarewell = "loses-farewell"
  /// Of two equals both believe that they have won.
  case wrongTieBreak = "wrong-tie-break"
  /// A contest is won without announcing again.
  case forgetsContest = "forgets-contest"
  /// The weight of a tracked interface is not undone when it is up again.
  case keepsWeight = "keeps-weight"
  /// The addresses stay when another router takes over.
  case keepsAddresses = "keeps-addresses"
  /// Every third advert is skipped.
  case skipsAdverts = "skips-adverts"
  /// Timers fire one second early.
  case hastyTimers = "hasty-timers"
  /// Timers fire before what arrived is read.
  case timersFirst = "timers-first"
  /// `nopreempt` is ignored.
  case ignoresNoPreempt = "ignores-nopreempt"
  /// Adverts carry the configured priority whatever is tracked.
  case advertisesBase = "advertises-base"

  /// How early ``hastyTimers`` fires, in nanoseconds.
  static let haste: UInt64 = 1_000_000_000
}
