/// A stretch of one source, in byte offsets. Lines and columns are worked out only when somebody asks.
public struct SourceRange: Hashable, Sendable, BitwiseCopyable {
  /// The index of the source in its ``SourceMap``.
  public var source: UInt32
  /// The first byte.
  public var lowerBound: UInt32
  /// One past the last byte.
  public var upperBound: UInt32

  /// The bytes `lowerBound..<upperBound` of a source.
  @inlinable
  public init(source: UInt32, _ lowerBound: Int, _ upperBound: Int) {
    self.source = source
    self.lowerBound = UInt32(truncatingIfNeeded: lowerBound)
    self.upperBound = UInt32(truncatingIfNeeded: upperBound)
  }

  /// The offsets as array indices.
  @inlinable
  public var offsets: Range<Int> { Int(lowerBound)..<Int(upperBound) }

  /// The empty range at the start of this one.
  @inlinable
  public var start: SourceRange { SourceRange(source: source, Int(lowerBound), Int(lowerBound)) }

  /// The empty range at the end of this one.
  @inlinable
  public var end: SourceRange { SourceRange(source: source, Int(upperBound), Int(upperBound)) }
}

/// A place for people: path, line and column, counted from one. Columns count bytes, as editors' jump commands do.
public struct SourceLocation: Hashable, Sendable {
  public var path: String
  public var line: Int
  public var column: Int
}
