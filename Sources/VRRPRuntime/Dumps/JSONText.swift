/// JSON, written piece by piece without white space (RFC 8259).
///
/// The slash is escaped, as the library does that keepalived uses: readers that compare texts see the same bytes.
struct JSONText {
  private(set) var text = ""
  /// Whether something stands before the next member or element.
  private var needsComma = false

  mutating func object(_ body: (inout JSONText) -> Void) { nested("{", "}", body) }
  mutating func array(_ body: (inout JSONText) -> Void) { nested("[", "]", body) }

  /// The name of the member that is written next.
  mutating func name(_ name: String) {
    value(quoted(name))
    text += ":"
    needsComma = false
  }

  mutating func string(_ string: String) { value(quoted(string)) }
  mutating func bool(_ bool: Bool) { value(bool ? "true" : "false") }
  mutating func integer(_ integer: some BinaryInteger) { value(String(integer)) }

  /// A number that is written already, such as one with a fraction.
  mutating func number(_ digits: String) { value(digits) }

  private mutating func nested(_ open: String, _ close: String, _ body: (inout JSONText) -> Void) {
    value(open)
    needsComma = false
    body(&self)
    text += close
    needsComma = true
  }

  private mutating func value(_ piece: String) {
    if needsComma { text += "," }
    text += piece
    needsComma = true
  }

  private func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "/": result += "\\/"
      case "\u{8}": result += "\\b"
      case "\u{c}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension JSONText {
  mutating func member(_ name: String, _ string: String) {
    self.name(name)
    self.string(string)
  }

  mutating func member(_ name: String, _ bool: Bool) {
    self.name(name)
    self.bool(bool)
  }

  mutating func member(_ name: String, _ integer: some BinaryInteger) {
    self.name(name)
    self.integer(integer)
  }

  /// The number 1 or 0, where keepalived has no truth values.
  mutating func flag(_ name: String, _ isOn: Bool) { member(name, isOn ? 1 : 0) }

  mutating func number(_ name: String, _ digits: String) {
    self.name(name)
    number(digits)
  }

  /// Left out when there is nothing in it.
  mutating func strings(_ name: String, _ strings: [String]) {
    guard !strings.isEmpty else { return }
    self.name(name)
    array { json in for string in strings { json.string(string) } }
  }

  /// Left out when there is none.
  mutating func script(_ name: String, _ command: ScriptCommandText?) {
    if let command { member(name, command.text) }
  }
}
