/// The diagnostics of one pass, bounded.
struct DiagnosticList: Sendable {
  private(set) var all: [Diagnostic] = []
  private(set) var dropped = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Whether another diagnostic would only be counted: a suggestion costs more than a line.
  var isFull: Bool { all.count >= limit }

  /// Adds a diagnostic while there is room. That a limit was hit is said even then: it is why the rest is missing.
  mutating func append(_ diagnostic: Diagnostic, isUrgent: Bool = false) {
    if all.count < (isUrgent ? limit + 100 : limit) { all.append(diagnostic) } else { dropped += 1 }
  }

  /// Counts a diagnostic that there was no room for.
  mutating func drop() { dropped += 1 }
}
