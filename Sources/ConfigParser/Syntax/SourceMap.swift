/// One text that was read: a file, or what a line became when its definitions were replaced.
public struct SourceText: Sendable {
  /// The path as it was asked for; for an expansion that of the file it stands in.
  public let path: String
  /// The bytes as read, UTF-8 or not.
  public let bytes: [UInt8]
  /// For an expansion, where its pieces come from, in ascending order of offset; empty for a file.
  public let pieces: [Piece]
  let lineStarts: [UInt32]

  /// A stretch of an expansion and what was typed to get it.
  public struct Piece: Hashable, Sendable, BitwiseCopyable {
    /// Where the stretch begins in the expansion.
    public var offset: UInt32
    /// What it came from.
    public var origin: SourceRange
    /// Whether the bytes were copied one to one, or stand for all of `origin`.
    public var isVerbatim: Bool
  }

  /// A file.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    pieces = []
    var starts: [UInt32] = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(UInt32(truncatingIfNeeded: offset + 1))
    }
    lineStarts = starts
  }

  /// The text a line became.
  init(path: String, expansion bytes: [UInt8], pieces: [Piece]) {
    self.path = path
    self.bytes = bytes
    self.pieces = pieces
    lineStarts = [0]
  }

  /// The line, from zero, that holds `offset`.
  func line(holding offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The bytes of a line without its end.
  func content(ofLine line: Int) -> Range<Int> {
    let start = Int(lineStarts[line])
    var end = line + 1 < lineStarts.count ? Int(lineStarts[line + 1]) : bytes.count
    while end > start, bytes[end - 1] == UInt8(ascii: "\n") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }
}

/// Every text of one configuration; a ``SourceRange`` is an index into it.
public struct SourceMap: Sendable {
  /// In the order they were read.
  public private(set) var texts: [SourceText] = []

  /// A map of nothing.
  public init() {}

  mutating func append(_ text: SourceText) -> UInt32 {
    texts.append(text)
    return UInt32(truncatingIfNeeded: texts.count - 1)
  }

  /// The bytes of `range`.
  public func bytes(of range: SourceRange) -> ArraySlice<UInt8> {
    texts[Int(range.source)].bytes[range.offsets]
  }

  /// The text of `range`; bytes that are no UTF-8 become replacement characters.
  public func text(of range: SourceRange) -> String {
    String(decoding: bytes(of: range), as: UTF8.self)
  }

  /// What was typed to get `range`: itself in a file, the line's own words in an expansion.
  public func written(_ range: SourceRange) -> SourceRange {
    var range = range
    // An expansion's origin is an earlier text, so this ends.
    while !texts[Int(range.source)].pieces.isEmpty {
      let pieces = texts[Int(range.source)].pieces
      let first = Self.piece(in: pieces, at: range.lowerBound)
      let last = Self.piece(in: pieces, at: max(range.lowerBound, range.upperBound &- 1))
      let lower =
        first.isVerbatim
        ? first.origin.lowerBound &+ (range.lowerBound &- first.offset) : first.origin.lowerBound
      let upper =
        last.isVerbatim
        ? last.origin.lowerBound &+ (range.upperBound &- last.offset) : last.origin.upperBound
      if first.origin.source == last.origin.source, lower <= upper {
        range = SourceRange(source: first.origin.source, Int(lower), Int(upper))
      } else {
        range = first.origin
      }
    }
    return range
  }

  private static func piece(in pieces: [SourceText.Piece], at offset: UInt32) -> SourceText.Piece {
    var low = 0
    var high = pieces.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].offset <= offset { low = middle } else { high = middle }
    }
    return pieces[low]
  }

  /// Where `range` starts, for people.
  public func location(of range: SourceRange) -> SourceLocation {
    let range = written(range)
    let text = texts[Int(range.source)]
    let line = text.line(holding: Int(range.lowerBound))
    return SourceLocation(
      path: text.path, line: line + 1, column: Int(range.lowerBound) - Int(text.lineStarts[line]) + 1)
  }

  /// Diagnostics in the order of what was typed.
  func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let keyed = diagnostics.enumerated().map { index, diagnostic in
      (place: written(diagnostic.range), index: index)
    }
    let order = keyed.sorted { left, right in
      (left.place.source, left.place.lowerBound, left.index) < (right.place.source, right.place.lowerBound, right.index)
    }
    return order.map { diagnostics[$0.index] }
  }
}
