public import NetPrimitives

/// What may follow a keyword on its line.
public enum ArgumentKind: Hashable, Sendable {
  /// Nothing; the keyword alone is the switch.
  case none
  /// `on`, `true`, `yes`, `off`, `false`, `no`; nothing means true.
  case boolean
  /// A whole number.
  case integer(ClosedRange<Int64>)
  /// A whole number, or nothing.
  case optionalInteger(ClosedRange<Int64>)
  /// Seconds with decimals; the range in nanoseconds, `places` digits after the point.
  case seconds(ClosedRange<UInt64>, places: Int = 6)
  /// Milliseconds with up to three decimals; the range in milliseconds.
  case milliseconds(ClosedRange<UInt64>)
  /// A weight and `reverse` or `noreverse`.
  case weight(ClosedRange<Int64>)
  /// The name a block is known by.
  case name
  /// One word.
  case text
  /// One word, or nothing.
  case optionalText
  /// A file or directory.
  case path
  /// A network interface: at most 15 bytes.
  case interface
  /// An address, of one family when that matters.
  case address(AddressFamily?)
  /// An address and a port.
  case endpoint
  /// One of these words.
  case choice([String])
  /// One of these words in any case.
  case anyCaseChoice([String])
  /// A command in quotes, then a user and a group.
  case script
  /// The same, or nothing.
  case optionalScript
  /// A user and a group.
  case user
  /// A path, then a user and a group.
  case fifo
  /// `NAT`, `DR` or `TUN` with the options of a tunnel.
  case forwarding
  /// An address and a port, `fwmark` and a mark, or `group` and a name.
  case virtualServer
  /// Words with a grammar of their own.
  case words
  /// The same, or nothing.
  case optionalWords
}

extension ArgumentKind {
  /// How many words belong to it; `nil` when that depends on them.
  var wordCount: Int? {
    switch self {
    case .none: 0
    case .boolean, .integer, .optionalInteger, .seconds, .milliseconds, .name, .text, .optionalText, .path, .interface,
      .address, .choice, .anyCaseChoice:
      1
    case .endpoint: 2
    case .weight, .script, .optionalScript, .user, .fifo, .forwarding, .virtualServer, .words, .optionalWords: nil
    }
  }
}
