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
  /// Whether this program acts on it.
  public let status: Status
  /// The value it sets; `nil` for a keyword that is only checked.
  let setting: Setting?

  /// What a keyword comes to here.
  public enum Status: Hashable, Sendable {
    /// It does what it says.
    case works
    /// It is read and checked, and has no effect yet.
    case parsedOnly
    /// It is read and never has an effect, for a reason.
    case noEffect(String)
  }

  init(
    _ name: String, _ argument: ArgumentKind, block: Context? = nil, default defaultValue: String? = nil,
    since: String? = nil, replacedBy replacement: String? = nil, noEffect reason: String? = nil, works: Bool = false,
    _ setting: Setting? = nil
  ) {
    self.name = name
    self.argument = argument
    self.block = block
    self.defaultValue = defaultValue
    self.since = since
    self.replacement = replacement
    if let reason {
      status = .noEffect(reason)
    } else {
      status = works ? .works : .parsedOnly
    }
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
