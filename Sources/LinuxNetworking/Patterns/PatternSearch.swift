public import HealthCheck
import NetPrimitives

/// A search for a pattern in content that arrives piecewise: what cannot be part of a match any more is dropped.
public struct PatternSearch: ContentMatcher {
  /// Bytes a match may span. A match that is still incomplete then is given up.
  public static let longestMatch = 1 << 20

  private let pattern: CompiledPattern
  private let minimumOffset: UInt64
  private let maximumOffset: UInt64
  /// The content still looked at, and where in the whole it begins.
  private var window: [UInt8] = []
  private var base: UInt64 = 0
  /// In the window: no match begins before it.
  private var start = 0
  private var hasFound = false
  /// Nothing that comes can make a match.
  private var isOver = false

  init(_ pattern: CompiledPattern, _ definition: PatternDefinition) {
    self.pattern = pattern
    minimumOffset = definition.minimumOffset
    maximumOffset = definition.maximumOffset ?? .max
  }

  public mutating func update(_ bytes: borrowing RawSpan) {
    guard !hasFound, !isOver else { return }
    bytes.withUnsafeBytes { window.append(contentsOf: $0) }
    search()
    trim()
  }

  public var hasMatch: Bool {
    if hasFound { return true }
    guard !isOver, let first = firstStart, first <= window.count else { return false }
    // The end of the content, so that `$` and greedy ends are decided.
    guard case .match(let place) = pattern.search(window, from: first, mayGrow: false) else { return false }
    return isWanted(place)
  }

  private mutating func search() {
    guard let first = firstStart else {
      isOver = true
      return
    }
    // Everything that has come is before the first place that counts.
    guard first <= window.count else {
      start = window.count
      return
    }
    switch pattern.search(window, from: first, mayGrow: true) {
    case .match(let place):
      hasFound = isWanted(place)
      isOver = !hasFound
    case .partial(let place):
      start = max(place, first)
      if window.count - start > Self.longestMatch { isOver = true }
    case .none(let end):
      start = max(start, end)
    case .tooDear:
      isOver = true
    }
  }

  /// Where in the window a match may begin at the earliest; `nil` when that is beyond the last place allowed.
  private var firstStart: Int? {
    let ahead = minimumOffset > base ? Int(clamping: minimumOffset - base) : 0
    let first = max(start, ahead)
    return base + UInt64(first) > maximumOffset ? nil : first
  }

  /// The search begins at the least offset; matches are found in order, so that one beyond the greatest ends it.
  private func isWanted(_ place: Int) -> Bool { base + UInt64(place) <= maximumOffset }

  private mutating func trim() {
    guard !hasFound, !isOver else {
      window = []
      return
    }
    let cut = start - pattern.lookBehind
    guard cut > 0 else { return }
    window.removeFirst(cut)
    base += UInt64(cut)
    start -= cut
  }
}
