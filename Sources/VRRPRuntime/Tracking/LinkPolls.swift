public import NetPrimitives
public import VRRPCore

/// When which interface is asked for its link (`LinkPollingDefinition`), and what it answered last. A machine.
public struct LinkPolls: Sendable {
  private var definition = LinkPollingDefinition()
  private var answers: [String: Bool] = [:]
  /// When to ask next, by ``due(now:present:)``; `nil` while nobody is to be asked.
  public private(set) var nextDeadline: MonotonicInstant?

  /// From one question to the next, in nanoseconds: a second, as in keepalived.
  private static let periodNanoseconds: UInt64 = 1_000_000_000

  /// Asks nobody.
  public init() {}

  /// Asks as `definition` says, at once. Returns, in order, the names of which the kernel's word holds again.
  public mutating func apply(_ definition: LinkPollingDefinition, now: MonotonicInstant) -> [String] {
    guard definition != self.definition else { return [] }
    self.definition = definition
    nextDeadline = definition.isEmpty ? nil : now
    let released = answers.keys.filter { !asks($0) }.sorted()
    for name in released { answers[name] = nil }
    return released
  }

  /// Whom to ask now, of the interfaces that are `present`, in their order; nobody before ``nextDeadline``.
  public mutating func due(
    now: MonotonicInstant, present: @autoclosure () -> [String]
  ) -> [LinkPollingDefinition.Interface] {
    guard let due = nextDeadline, due <= now else { return [] }
    nextDeadline = now.advanced(byNanoseconds: Self.periodNanoseconds)
    return present().compactMap { name in
      definition.interfaces.first { $0.name == name } ?? (definition.includesAll ? .init(name) : nil)
    }
  }

  /// Takes an answer; `nil` when the driver gave none, and the kernel's word holds. Returns whether it is news.
  public mutating func answered(_ name: String, isUp: Bool?) -> Bool {
    guard answers[name] != isUp else { return false }
    answers[name] = isUp
    return true
  }

  /// What `name` answered last; `nil` when it is not asked or gave no answer.
  public func isUp(_ name: String) -> Bool? { answers[name] }

  private func asks(_ name: String) -> Bool {
    definition.includesAll || definition.interfaces.contains { $0.name == name }
  }
}
