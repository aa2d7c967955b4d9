import NetPrimitives

/// Why a line of a scenario could not be carried out.
public struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line as written.
  public var line: String
  public var cause: Cause

  public enum Cause: Hashable, Sendable {
    case unknownCommand(String)
    case unknownName(String)
    case unknownSetting(String)
    case missingArgument(String)
    case badValue(String, wanted: String)
  }

  /// What to mend, in one line.
  public var description: String {
    let problem =
      switch cause {
      case .unknownCommand(let word): "there is no command '\(word)'"
      case .unknownName(let word): "no router or client is called '\(word)'"
      case .unknownSetting(let word): "there is no setting '\(word)'"
      case .missingArgument(let word): "'\(word)' is missing"
      case .badValue(let word, let wanted): "'\(word)' is not \(wanted)"
      }
    return "\(line): \(problem)"
  }
}

/// The words of one line, taken one after the other.
struct ScenarioWords {
  let line: String
  private var words: [Substring]
  private var place = 0

  init(_ line: String) {
    self.line = line
    words = line.split(separator: " ", omittingEmptySubsequences: true)
  }

  var isAtEnd: Bool { place == words.count }

  mutating func next() -> Substring? {
    guard place < words.count else { return nil }
    defer { place += 1 }
    return words[place]
  }

  mutating func rest() -> [Substring] {
    defer { place = words.count }
    return Array(words[place...])
  }

  func failure(_ cause: ScenarioError.Cause) -> ScenarioError { ScenarioError(line: line, cause: cause) }

  mutating func word(_ meaning: String) throws(ScenarioError) -> Substring {
    guard let word = next() else { throw failure(.missingArgument(meaning)) }
    return word
  }

  mutating func number<Number: FixedWidthInteger>(
    _ meaning: String, in range: ClosedRange<Number>
  ) throws(ScenarioError) -> Number {
    let word = try word(meaning)
    guard let number = Number(word), range.contains(number) else {
      throw failure(.badValue(String(word), wanted: "\(meaning), \(range.lowerBound) to \(range.upperBound)"))
    }
    return number
  }

  mutating func duration(_ meaning: String) throws(ScenarioError) -> UInt64 {
    let word = try word(meaning)
    guard let duration = DurationText.parse(word) else {
      throw failure(.badValue(String(word), wanted: "a time such as 1.5s or 20ms"))
    }
    return duration
  }

  mutating func address(_ meaning: String) throws(ScenarioError) -> IPAddress {
    let word = try word(meaning)
    guard let address = IPAddress(word) else { throw failure(.badValue(String(word), wanted: "an IP address")) }
    return address
  }

  /// `on` or `off`, `up` or `down`.
  mutating func isOn(_ meaning: String) throws(ScenarioError) -> Bool {
    let word = try word(meaning)
    if word == "on" || word == "up" { return true }
    guard word == "off" || word == "down" else { throw failure(.badValue(String(word), wanted: meaning)) }
    return false
  }
}
