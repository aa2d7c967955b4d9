/// One row of the schema: a keyword in the block it belongs to.
public struct Keyword: Hashable, Sendable {
  public let name: String
  /// What may follow it.
  public let argument: ArgumentKind
  /// The kind of block it opens.
  public let block: Context?
  /// What holds without it, in the file's own terms; `nil` when nothing does or it is off.
  public let defaultValue: String?
  /// The version of keepalived that brought it.
  public let since: String?
  /// For an outdated keyword, the one to use; empty when there is none.
  public let replacement: String?
  /// The value it sets; `nil` when nothing acts on it yet.
  let setting: Setting?

  init(
    _ name: String, _ argument: ArgumentKind, block: Context? = nil, default defaultValue: String? = nil,
    since: String? = nil, replacedBy replacement: String? = nil, _ setting: Setting? = nil
  ) {
    self.name = name
    self.argument = argument
    self.block = block
    self.defaultValue = defaultValue
    self.since = since
    self.replacement = replacement
    self.setting = setting
  }
}

/// The keywords of one block.
struct KeywordTable: Sendable {
  let context: Context
  let keywords: [Keyword]

  init(_ context: Context, _ keywords: [Keyword]) {
    self.context = context
    self.keywords = keywords
  }
}

/// A keyword's place in the schema.
public struct KeywordIndex: Hashable, Sendable, BitwiseCopyable {
  let rawValue: UInt16
}
