/// A word of a statement, as it stands in its source; quotes are outside of the range.
public struct Word: Hashable, Sendable, BitwiseCopyable {
  public var range: SourceRange
  /// Whether it stood in double quotes.
  public var isQuoted: Bool
}

/// A keyword with its arguments and, when it has one, its block; or a line of values.
///
/// There is one for each line, so its places are held in 32 bits: no text comes near four billion words.
public struct Statement: Hashable, Sendable, BitwiseCopyable {
  private var firstWord: UInt32
  private var wordsEnd: UInt32
  /// From the first word to the last character before a brace, a comment or the end of the line.
  public var line: SourceRange
  private var blockEnd: UInt32
  /// The block it stands in.
  public var context: Context
  /// The row of the schema that describes it; `nil` for an unknown keyword and for a line of values.
  public var keyword: KeywordIndex?

  init(words: Range<Int>, line: SourceRange, context: Context, keyword: KeywordIndex?, end: Int) {
    firstWord = UInt32(truncatingIfNeeded: words.lowerBound)
    wordsEnd = UInt32(truncatingIfNeeded: words.upperBound)
    self.line = line
    blockEnd = UInt32(truncatingIfNeeded: end)
    self.context = context
    self.keyword = keyword
  }

  /// Its words in ``StatementTree/words``, the keyword first.
  public var words: Range<Int> { Int(firstWord)..<Int(wordsEnd) }

  /// One past the last statement of its block in ``StatementTree/statements``; the next index without a block.
  public internal(set) var end: Int {
    get { Int(blockEnd) }
    set { blockEnd = UInt32(truncatingIfNeeded: newValue) }
  }
}

/// What the texts say after includes, conditions and definitions: the statements in order, each followed by those of
/// its block. Flat, so that a million lines are four arrays and no recursion.
public struct StatementTree: Sendable {
  /// All statements, a parent before its children.
  public internal(set) var statements: [Statement] = []
  /// The words of all statements.
  public internal(set) var words: [Word] = []

  /// The indices of the statements directly inside `parent`, or of the outermost ones.
  public func children(of parent: Int?) -> Children {
    guard let parent else { return Children(tree: statements, position: 0, end: statements.count) }
    return Children(tree: statements, position: parent + 1, end: statements[parent].end)
  }

  /// Steps from sibling to sibling.
  public struct Children: Sequence, IteratorProtocol {
    let tree: [Statement]
    var position: Int
    let end: Int

    public mutating func next() -> Int? {
      guard position < end else { return nil }
      defer { position = tree[position].end }
      return position
    }
  }
}
