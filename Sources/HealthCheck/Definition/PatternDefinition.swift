/// A regular expression over content, in the syntax of the matcher the embedder hands in (PCRE2 in the daemon).
public struct PatternDefinition: Hashable, Sendable {
  /// `regex`.
  public var pattern: String
  /// `regex_options`.
  public var options: PatternOptions
  /// `regex_no_match`: the content must not match.
  public var mustNotMatch: Bool
  /// `regex_min_offset`: the first byte a match may start at.
  public var minimumOffset: UInt64
  /// `regex_max_offset`: the last byte a match may start at; `nil` for no limit.
  public var maximumOffset: UInt64?
  /// `regex_stack`: bytes of the JIT stack at start and at most; `nil` leaves it to the matcher.
  public var stack: Stack?

  /// The matcher's stack in bytes.
  public struct Stack: Hashable, Sendable, BitwiseCopyable {
    /// Bytes to begin with.
    public var initial: UInt64
    /// Bytes at most.
    public var maximum: UInt64

    /// A stack of these sizes.
    public init(initial: UInt64, maximum: UInt64) {
      self.initial = initial
      self.maximum = maximum
    }
  }

  /// A pattern that must match anywhere.
  public init(
    _ pattern: String, options: PatternOptions = [], mustNotMatch: Bool = false, minimumOffset: UInt64 = 0,
    maximumOffset: UInt64? = nil, stack: Stack? = nil
  ) {
    self.pattern = pattern
    self.options = options
    self.mustNotMatch = mustNotMatch
    self.minimumOffset = minimumOffset
    self.maximumOffset = maximumOffset
    self.stack = stack
  }
}

/// `regex_options`, named as PCRE2's compile options are. The bits are ours, not PCRE2's.
public struct PatternOptions: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32

  /// The options of these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// keepalived's words for the options; an option's bit is its place in this list.
  public static let keywords: [String] = [
    "allow_empty_class", "alt_bsux", "auto_callout", "caseless", "dollar_endonly", "dotall", "dupnames", "extended",
    "firstline", "match_unset_backref", "multiline", "never_ucp", "never_utf", "no_auto_capture", "no_auto_possess",
    "no_dotstar_anchor", "no_start_optimize", "ucp", "ungreedy", "utf", "never_backslash_c", "alt_circumflex",
    "alt_verbnames", "use_offset_limit",
  ]

  /// The option keepalived calls `keyword`; `nil` when there is none, which keepalived ignores.
  public init?(keyword: String) {
    guard let place = Self.keywords.firstIndex(of: keyword) else { return nil }
    rawValue = 1 << UInt32(place)
  }

  /// Letters match in either case.
  public static let caseless = PatternOptions(rawValue: 1 << 3)
  /// A dot matches line ends too.
  public static let dotAll = PatternOptions(rawValue: 1 << 5)
  /// `^` and `$` match at line ends too.
  public static let multiline = PatternOptions(rawValue: 1 << 10)
}
