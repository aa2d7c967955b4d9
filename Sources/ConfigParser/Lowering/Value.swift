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
  case weight(Weight)
  /// One word.
  case word(Word)
  case address(IPAddress)
  /// Which of the row's choices.
  case choice(Int)

  /// A number and which way it counts.
  struct Weight: Hashable, Sendable {
    var value: Int64
    var isReversed: Bool
  }

  // The row's kind decides which of these has a value; asking for another gives nothing.

  var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  var nanoseconds: UInt64? { if case .nanoseconds(let value) = self { value } else { nil } }
  var weight: Weight? { if case .weight(let value) = self { value } else { nil } }
  var word: Word? { if case .word(let value) = self { value } else { nil } }
  var address: IPAddress? { if case .address(let value) = self { value } else { nil } }
  var choice: Int? { if case .choice(let value) = self { value } else { nil } }
}
