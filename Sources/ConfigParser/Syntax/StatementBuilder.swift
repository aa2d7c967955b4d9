/// Makes the tree from logical lines: splits them into words and braces and finds each keyword in its block's table.
///
/// Knowing the tables is what makes recovery possible: a missing brace is noticed where it is missing, not at the end
/// of the file.
struct StatementBuilder: Sendable {
  var tree = StatementTree()
  private var frames: [Frame] = []
  /// Where the words of the unfinished statement begin.
  private var wordStart = 0
  /// The statement just finished, to which a brace would belong.
  private var awaiting: Int?
  private let depthLimit: Int

  private struct Frame: Sendable {
    /// The statement that opened the block; `nil` for a brace of nobody.
    var statement: Int?
    var context: Context
    /// `nil` when it is missing.
    var brace: SourceRange?
  }

  init(depthLimit: Int) { self.depthLimit = depthLimit }

  private var context: Context { frames.last?.context ?? .root }

  /// Makes room for a file: about a statement a line, of two words.
  mutating func reserve(lines: Int) {
    // Growing by doubling stays linear; only a first guess that is most of the file is worth taking.
    guard lines > tree.statements.count else { return }
    tree.statements.reserveCapacity(tree.statements.count + lines)
    tree.words.reserveCapacity(tree.words.count + lines * 2)
  }

  /// Takes in one line. `bytes` are those of the source that `range` is in.
  mutating func append(_ bytes: [UInt8], _ range: SourceRange, in sources: SourceMap, to list: inout DiagnosticList) {
    let end = Int(range.upperBound)
    var index = Int(range.lowerBound)
    while index < end {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: " "), 0x09...0x0d:
        index += 1
      case UInt8(ascii: "!"), UInt8(ascii: "#"):
        index = end
      case UInt8(ascii: "{"):
        finish(in: sources, bytes: bytes, to: &list)
        open(SourceRange(source: range.source, index, index + 1), bytes: bytes, to: &list)
        index += 1
      case UInt8(ascii: "}"):
        finish(in: sources, bytes: bytes, to: &list)
        close(SourceRange(source: range.source, index, index + 1), bytes: bytes, in: sources, to: &list)
        index += 1
      case UInt8(ascii: "\""):
        let start = index + 1
        index = start
        while index < end, bytes[index] != UInt8(ascii: "\"") { index += 1 }
        if index == end, !isScript(bytes) {
          list.append(.unterminatedQuote(SourceRange(source: range.source, start - 1, end)))
        }
        tree.words.append(Word(range: SourceRange(source: range.source, start, index), isQuoted: true))
        index = min(index + 1, end)
      default:
        let start = index
        index = SyntaxTree.wordEnd(bytes, start, end)
        tree.words.append(Word(range: SourceRange(source: range.source, start, index), isQuoted: false))
      }
    }
    finish(in: sources, bytes: bytes, to: &list)
  }

  /// Whether the unfinished statement is a script, which has quotes of its own.
  private func isScript(_ bytes: [UInt8]) -> Bool {
    guard tree.words.count > wordStart,
      let keyword = Schema.find(bytes[tree.words[wordStart].range.offsets], in: context)
    else { return false }
    let argument = Schema.argument(of: keyword)
    return argument == .script || argument == .optionalScript || argument == .words
  }

  static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), 0x09...0x0d, UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "!"),
      UInt8(ascii: "#"):
      true
    default: false
    }
  }

  /// Ends the logical line: its words become a statement.
  private mutating func finish(in sources: SourceMap, bytes: [UInt8], to list: inout DiagnosticList) {
    guard tree.words.count > wordStart else { return }
    let first = tree.words[wordStart]
    let name = bytes[first.range.offsets]
    resolveMissingBrace(before: name, at: first.range, in: sources, to: &list)
    var keyword: KeywordIndex?
    if context.hasKeywords {
      keyword = Schema.find(name, in: context)
      if keyword == nil { keyword = recover(name, at: first.range, in: sources, to: &list) }
    } else if context != .skipped, let block = Self.rootBlock(name) {
      // A value that reads like the start of the next block: the closing brace is what is missing.
      closeUnclosed(downTo: 0, before: first.range, in: sources, to: &list)
      keyword = block
    }
    let last = tree.words[tree.words.count - 1].range
    let lastEnd = tree.words[tree.words.count - 1].isQuoted ? Int(last.upperBound) + 1 : Int(last.upperBound)
    let firstStart = first.isQuoted ? Int(first.range.lowerBound) - 1 : Int(first.range.lowerBound)
    let index = tree.statements.count
    tree.statements.append(
      Statement(
        words: wordStart..<tree.words.count,
        line: SourceRange(source: first.range.source, firstStart, min(lastEnd, bytes.count)), context: context,
        keyword: keyword, end: index + 1))
    wordStart = tree.words.count
    awaiting = index
  }

  // MARK: Braces

  private mutating func open(_ brace: SourceRange, bytes: [UInt8], to list: inout DiagnosticList) {
    guard frames.count < depthLimit else {
      list.append(.nestedTooDeeply(brace, limit: depthLimit))
      frames.append(Frame(statement: nil, context: .skipped))
      awaiting = nil
      return
    }
    guard let statement = awaiting else {
      list.append(.unexpectedBrace(brace, after: nil))
      frames.append(Frame(statement: nil, context: context))
      return
    }
    awaiting = nil
    var inner = Context.skipped
    if let keyword = tree.statements[statement].keyword {
      if let block = Schema.block(of: keyword) {
        inner = block
      } else {
        list.append(.unexpectedBrace(brace, after: Schema[keyword].name))
      }
    } else if tree.statements[statement].context == .skipped || tree.statements[statement].context.hasKeywords {
      inner = .skipped
    } else {
      list.append(.unexpectedBrace(brace, after: nil))
    }
    frames.append(Frame(statement: statement, context: inner, brace: brace))
  }

  private mutating func close(
    _ brace: SourceRange, bytes: [UInt8], in sources: SourceMap, to list: inout DiagnosticList
  ) {
    if let statement = awaiting, needsBlock(statement) {
      list.append(.missingOpeningBrace(tree.statements[statement], in: tree, sources))
    }
    awaiting = nil
    guard let frame = frames.popLast() else {
      list.append(.extraBrace(brace))
      return
    }
    if let statement = frame.statement {
      tree.statements[statement].end = tree.statements.count
    }
  }

  private func needsBlock(_ statement: Int) -> Bool {
    guard let keyword = tree.statements[statement].keyword else { return false }
    return Schema.block(of: keyword) != nil
  }

  /// The statement before should have opened a block and did not; takes the words that follow into the block when they
  /// belong there.
  private mutating func resolveMissingBrace(
    before name: ArraySlice<UInt8>, at range: SourceRange, in sources: SourceMap, to list: inout DiagnosticList
  ) {
    guard let statement = awaiting else { return }
    awaiting = nil
    guard let keyword = tree.statements[statement].keyword, let inner = Schema.block(of: keyword) else { return }
    list.append(.missingOpeningBrace(tree.statements[statement], in: tree, sources))
    let belongsHere = Schema.find(name, in: context) != nil
    let belongsInside = inner.hasKeywords ? Schema.find(name, in: inner) != nil : !belongsHere
    guard belongsInside || !belongsHere, frames.count < depthLimit else { return }
    frames.append(Frame(statement: statement, context: inner))
  }

  /// A word the block does not know: the end of an unclosed block, or a mistake.
  private mutating func recover(
    _ name: ArraySlice<UInt8>, at range: SourceRange, in sources: SourceMap, to list: inout DiagnosticList
  ) -> KeywordIndex? {
    // Only a keyword that opens a block says that the blocks around it should have ended.
    for depth in stride(from: frames.count - 1, through: 0, by: -1) {
      let outer = depth == 0 ? Context.root : frames[depth - 1].context
      guard outer.hasKeywords, let keyword = Schema.find(name, in: outer), Schema.block(of: keyword) != nil else {
        continue
      }
      closeUnclosed(downTo: depth, before: range, in: sources, to: &list)
      return keyword
    }
    if list.isFull { list.drop() } else { list.append(.unknownKeyword(name, at: range, in: context)) }
    return nil
  }

  private static func rootBlock(_ name: ArraySlice<UInt8>) -> KeywordIndex? {
    guard let first = name.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
      let keyword = Schema.find(name, in: .root), Schema.block(of: keyword) != nil
    else { return nil }
    return keyword
  }

  private mutating func closeUnclosed(
    downTo depth: Int, before range: SourceRange, in sources: SourceMap, to list: inout DiagnosticList
  ) {
    while frames.count > depth, let frame = frames.popLast() {
      guard let statement = frame.statement else { continue }
      tree.statements[statement].end = tree.statements.count
      list.append(
        .missingClosingBrace(
          of: tree.statements[statement], openedAt: frame.brace, before: range, in: tree, sources))
    }
  }

  /// Ends the input: what is still open is missing its brace.
  mutating func finishInput(at end: SourceRange, in sources: SourceMap, to list: inout DiagnosticList) {
    if let statement = awaiting, needsBlock(statement) {
      list.append(.missingOpeningBrace(tree.statements[statement], in: tree, sources))
    }
    awaiting = nil
    closeUnclosed(downTo: 0, before: end, in: sources, to: &list)
  }
}
