/// What the parser accepts at most. Every limit that is hit is reported by name; nothing grows without one.
public struct ParserLimits: Hashable, Sendable, BitwiseCopyable {
  /// Bytes of one file.
  public var fileBytes = 256 << 20
  /// Files in all, each counted as often as it is included.
  public var files = 4096
  /// Files that include one another.
  public var includeDepth = 32
  /// Blocks inside blocks.
  public var blockDepth = 64
  /// Bytes of one line after its definitions were replaced.
  public var lineBytes = 65_536
  /// Rounds of replacement, and repetitions inside one another, for one line.
  public var expansionDepth = 64
  /// Bytes all replaced lines may come to.
  public var expandedBytes = 32 << 20
  /// Lines that replacement and repetition may come to.
  public var expandedLines = 250_000
  /// Diagnostics kept; the rest is only counted.
  public var diagnostics = 1000

  /// The limits nobody should meet.
  public init() {}
}
