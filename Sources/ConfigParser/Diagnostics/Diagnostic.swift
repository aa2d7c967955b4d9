/// Something to tell the person who wrote the file, with where it is and, when we know it, the cure.
public struct Diagnostic: Hashable, Sendable {
  public var code: DiagnosticCode
  public var severity: Severity
  /// One sentence without a full stop.
  public var message: String
  /// What to underline.
  public var range: SourceRange
  /// Other places that matter.
  public var notes: [Note]
  /// Edits that would cure it.
  public var fixIts: [FixIt]

  /// How bad it is.
  public enum Severity: UInt8, Hashable, Comparable, Sendable, BitwiseCopyable {
    /// Nothing is wrong.
    case note
    /// It works, but hardly as meant.
    case warning
    /// Something written here is not applied.
    case error

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// A second place, with what it has to do with the first.
  public struct Note: Hashable, Sendable {
    public var message: String
    /// `nil` when the note is about no place of its own.
    public var range: SourceRange?

    /// A note.
    public init(_ message: String, at range: SourceRange? = nil) {
      self.message = message
      self.range = range
    }
  }

  /// An edit.
  public struct FixIt: Hashable, Sendable {
    /// What the edit does, as an imperative.
    public var message: String
    public var range: SourceRange
    public var replacement: String

    /// An edit that puts `replacement` in the place of `range`.
    public init(_ message: String, at range: SourceRange, replacement: String) {
      self.message = message
      self.range = range
      self.replacement = replacement
    }
  }

  /// A diagnostic with its code's usual severity.
  public init(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, severity: Severity? = nil, notes: [Note] = [],
    fixIts: [FixIt] = []
  ) {
    self.code = code
    self.severity = severity ?? code.severity
    self.message = message
    self.range = range
    self.notes = notes
    self.fixIts = fixIts
  }
}
