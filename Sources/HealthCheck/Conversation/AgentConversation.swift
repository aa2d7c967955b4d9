import NetPrimitives

/// `AGENT_CHECK`: the server says in one line how it is and how much it wants, as agents for HAProxy do.
///
/// The words of a line may come in any order, separated by blanks, commas or tabs: `75%` is the share of the configured
/// weight, `up` and `ready` are good, `drain` is a weight of 0, and `down`, `failed`, `stopped` and `maint` are bad.
/// `#` begins a remark. What we have no word for, `maxconn:30` among it, is passed over.
public struct AgentConversation: Conversation, Hashable, Sendable {
  /// Bytes of the line.
  public static let lineLimit = 1024

  private let greeting: [UInt8]
  private var line: [UInt8] = []

  /// A conversation that begins with `greeting`, or without one.
  public init(greeting: [UInt8] = []) { self.greeting = greeting }

  public var step: ProbeStep { .reply }

  public mutating func begin(output: inout [UInt8]) -> Finding.Outcome? {
    output.append(contentsOf: greeting)
    return nil
  }

  public mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    for offset in 0..<bytes.byteCount {
      let byte = bytes.byte(at: offset)
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return verdict }
      guard line.count < Self.lineLimit else { return failed(.tooLong) }
      line.append(byte)
    }
    return nil
  }

  /// A line may end with the connection.
  public mutating func peerClosed() -> Finding.Outcome { line.isEmpty ? failed(.closedEarly) : verdict }

  private var verdict: Finding.Outcome {
    var advice: WeightAdvice?
    var isDrained = false
    var isWell = false
    let said = line.prefix { $0 != UInt8(ascii: "#") }
    for word in said.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") || $0 == 9 }) {
      if let share = Self.share(word) {
        advice = .percentage(share)
        continue
      }
      switch Self.lowercase(word) {
      case Array("up".utf8), Array("ready".utf8): isWell = true
      case Array("drain".utf8): isDrained = true
      case Array("down".utf8): return failed(.agent(.down))
      case Array("failed".utf8): return failed(.agent(.failed))
      case Array("stopped".utf8): return failed(.agent(.stopped))
      case Array("maint".utf8): return failed(.agent(.maintenance))
      default: break
      }
    }
    if isDrained { return .success(.percentage(0)) }
    guard isWell || advice != nil else { return failed(.malformed) }
    return .success(advice ?? .unchanged)
  }

  /// `75%`, up to four digits.
  private static func share(_ word: ArraySlice<UInt8>) -> UInt16? {
    guard word.last == UInt8(ascii: "%"), (2...5).contains(word.count) else { return nil }
    var value: UInt16 = 0
    for byte in word.dropLast() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + UInt16(byte - UInt8(ascii: "0"))
    }
    return value
  }

  private static func lowercase(_ word: ArraySlice<UInt8>) -> [UInt8] {
    word.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
  }
}
