import NetPrimitives
import VRRPCore

/// A command as dumps show it: every word in single quotes.
struct ScriptCommandText {
  var text: String

  init(_ command: ScriptCommand) {
    text = command.arguments.map { "'\($0)'" }.joined(separator: " ")
  }

  init?(_ command: ScriptCommand?) {
    guard let command else { return nil }
    self.init(command)
  }
}

/// Seconds as a number: whole when they are, with as many digits as it takes otherwise.
func decimalSeconds(_ nanoseconds: UInt64) -> String {
  let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
  guard rest > 0 else { return "\(seconds)" }
  var digits = Int64(rest).padded(to: 9)
  while digits.hasSuffix("0") { digits.removeLast() }
  return "\(seconds).\(digits)"
}

/// The words of rtnetlink for scopes.
func scopeName(_ scope: UInt8) -> String {
  switch scope {
  case 0: "global"
  case 200: "site"
  case 253: "link"
  case 254: "host"
  case 255: "nowhere"
  default: "\(scope)"
  }
}

extension IPPrefix {
  /// The prefix without its length when it is the address alone.
  var dumpText: String { length == address.family.maximumPrefixLength ? "\(address)" : "\(self)" }
}
