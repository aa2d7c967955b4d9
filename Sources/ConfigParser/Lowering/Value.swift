import NetPrimitives

/// What the arguments of a keyword came to.
enum Value: Hashable, Sendable {
  /// The keyword takes none, or those it takes have a grammar of their own.
  case none
  case boolean(Bool)
  /// `nil` when it was left out.
  case integer(Int64?)
  /// Milliseconds are seconds here, too.
  case nanoseconds(UInt64)
  case weight(Int64, isReversed: Bool)
  /// One word.
  case word(Word)
  case address(IPAddress)
  /// Which of the row's choices.
  case choice(Int)
}
