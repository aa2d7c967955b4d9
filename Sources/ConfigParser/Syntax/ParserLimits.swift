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
  /// Replacements while one line is worked out.
  public var replacements = 10_000
  /// Bytes all replaced lines may come to.
  public var expandedBytes = 64 << 20
  /// Diagnostics kept; the rest is only counted.
  public var diagnostics = 10_000

  /// The limits nobody should meet.
  public init() {}
}
