/// The diagnostics of one pass, bounded.
struct DiagnosticList: Sendable {
  private(set) var all: [Diagnostic] = []
  private(set) var dropped = 0
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func append(_ diagnostic: Diagnostic) {
    if all.count < limit { all.append(diagnostic) } else { dropped += 1 }
  }
}
