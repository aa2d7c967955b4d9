/// A piece of a written file.
public struct SyntaxToken: Hashable, Sendable {
  public var kind: Kind
  /// Its bytes in the file.
  public var range: Range<Int>

  /// What a piece is.
  public enum Kind: Hashable, Sendable, BitwiseCopyable {
    /// Blanks inside a line.
    case blank
    /// The end of a line, with the carriage returns before it.
    case newline
    /// A comment with its sign.
    case comment
    /// A word without quotes.
    case word
    /// A word with its double quotes.
    case quoted
    case openBrace
    case closeBrace
    /// A line the preprocessor reads: an include, a definition with all its lines, a condition, a sequence.
    case directive
  }
}

/// A part of a written file: some tokens, and how deep in blocks they stand.
public struct SyntaxNode: Hashable, Sendable {
  public var kind: Kind
  /// Its tokens in ``SyntaxTree/tokens``.
  public var tokens: Range<Int>
  /// How many blocks it stands in.
  public var depth: Int
  /// The node that opened the block it stands in, by index.
  public var parent: Int?

  /// What a part is.
  public enum Kind: Hashable, Sendable, BitwiseCopyable {
    /// A keyword and its arguments, or values.
    case statement
    case openBrace
    case closeBrace
    case comment
    case directive
    /// Blanks and ends of lines.
    case space
  }
}

/// One file as it was written, before anything is replaced: every byte is in exactly one token.
///
/// For tools that change files. What a file means with its includes and definitions is in ``StatementTree``.
public struct SyntaxTree: Sendable {
  /// The file.
  public let bytes: [UInt8]
  /// All of it, in order, without gaps.
  public private(set) var tokens: [SyntaxToken] = []
  /// All tokens, in order, without gaps.
  public private(set) var nodes: [SyntaxNode] = []
  private var openNodes: [Int] = []

  /// Reads a file. Nothing is an error: braces that do not match only leave depths as they are.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var index = 0
    while index < bytes.count { index = addLine(index) }
  }

  /// The file again, from the tokens.
  public var text: [UInt8] { tokens.flatMap { Array(bytes[$0.range]) } }

  /// The bytes of a token.
  public func bytes(of token: SyntaxToken) -> ArraySlice<UInt8> { bytes[token.range] }

  // MARK: Lines

  /// Takes in the line at `start`; where the next one starts.
  private mutating func addLine(_ start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index].isBlank, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    let end = lineEnd(index)
    if index < end { add(.blank, start..<min(index, contentEnd(start, end)), .space) }
    if isDirective(index, contentEnd(index, end)) { return addDirective(index, end) }
    index = index < end ? index : start
    let content = contentEnd(start, end)
    if index > content { index = content }
    addTokens(max(index, start), content)
    return addNewline(content, end)
  }

  /// One past the last byte of the line without its newline.
  private func lineEnd(_ start: Int) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    return index
  }

  /// The end of the line without its carriage returns.
  private func contentEnd(_ start: Int, _ end: Int) -> Int {
    var content = end
    while content > start, bytes[content - 1] == UInt8(ascii: "\r") { content -= 1 }
    return content
  }

  private mutating func addNewline(_ content: Int, _ end: Int) -> Int {
    let next = end < bytes.count ? end + 1 : end
    if content < next { add(.newline, content..<next, .space) }
    return next
  }

  private func isDirective(_ start: Int, _ end: Int) -> Bool {
    guard start < end else { return false }
    switch bytes[start] {
    case UInt8(ascii: "@"): return true
    case UInt8(ascii: "$"): return true
    case UInt8(ascii: "~"): return LineSequence.isStart(bytes, start..<end)
    case UInt8(ascii: "i"): return Include.parse(bytes, start..<end, IncludeCheck()) != nil
    default: return false
    }
  }

  /// A directive takes its whole line; a definition whose lines end in a backslash takes them all.
  private mutating func addDirective(_ start: Int, _ end: Int) -> Int {
    var end = end
    let isDefinition = Definition.isStart(bytes, start..<end)
    if Definition.mayContinue(bytes, start..<end) {
      while end < bytes.count, continues(start, end) { end = lineEnd(end + 1) }
    }
    let content = contentEnd(start, end)
    add(.directive, start..<content, .directive)
    // A condition or a sequence may stand before a brace; the blocks it opens count for what follows.
    if !isDefinition { countBraces(start, content) }
    return addNewline(content, end)
  }

  /// Whether the line that ends at `end` asks for another.
  private func continues(_ start: Int, _ end: Int) -> Bool {
    var lineStart = end
    while lineStart > start, bytes[lineStart - 1] != UInt8(ascii: "\n") { lineStart -= 1 }
    return Comment.asksForAnotherLine(bytes, lineStart..<end)
  }

  private mutating func countBraces(_ start: Int, _ end: Int) {
    let content = Comment.strip(bytes, start..<end).end
    var index = start
    if let sequence = LineSequence.parse(bytes, start..<end) { index = sequence.rest.lowerBound }
    var isQuoted = false
    while index < content {
      if bytes[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, bytes[index] == UInt8(ascii: "$"), let close = Self.bracedName(bytes, index, content) {
        index = close
        continue
      }
      if !isQuoted, bytes[index] == UInt8(ascii: "{") { openNodes.append(nodes.count - 1) }
      if !isQuoted, bytes[index] == UInt8(ascii: "}") { _ = openNodes.popLast() }
      index += 1
    }
  }

  /// Where `${NAME …}` at `start` ends.
  static func bracedName(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
    let name = start + 2
    guard name < end, bytes[start + 1] == UInt8(ascii: "{"), bytes[name].isNameStart else { return nil }
    guard let close = bytes[name..<end].firstIndex(of: UInt8(ascii: "}")) else { return nil }
    return close + 1
  }

  // MARK: Words

  private mutating func addTokens(_ start: Int, _ end: Int) {
    var index = start
    while index < end {
      let first = index
      switch bytes[index] {
      case UInt8(ascii: "!"), UInt8(ascii: "#"):
        index = end
        add(.comment, first..<index, .comment)
      case UInt8(ascii: "{"):
        index += 1
        add(.openBrace, first..<index, .openBrace)
        openNodes.append(nodes.count - 1)
      case UInt8(ascii: "}"):
        index += 1
        _ = openNodes.popLast()
        add(.closeBrace, first..<index, .closeBrace)
      case UInt8(ascii: "\""):
        index += 1
        while index < end, bytes[index] != UInt8(ascii: "\"") { index += 1 }
        index = min(index + 1, end)
        add(.quoted, first..<index, .statement)
      case let byte where byte.isBlank:
        while index < end, bytes[index].isBlank { index += 1 }
        add(.blank, first..<index, .space)
      default:
        index = Self.wordEnd(bytes, index, end)
        add(.word, first..<index, .statement)
      }
    }
  }

  /// Where the word at `start` ends: `${NAME}` and an escaped comment sign are part of it.
  static func wordEnd(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    var index = start
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "$"):
        index = bracedName(bytes, index, end) ?? index + 1
      case UInt8(ascii: "\\")
      where index + 1 < end
        && (bytes[index + 1] == UInt8(ascii: "#") || bytes[index + 1] == UInt8(ascii: "!")):
        index += 2
      case let byte where StatementBuilder.endsWord(byte):
        return index
      default:
        index += 1
      }
    }
    return index
  }

  private mutating func add(_ kind: SyntaxToken.Kind, _ range: Range<Int>, _ node: SyntaxNode.Kind) {
    guard !range.isEmpty else { return }
    tokens.append(SyntaxToken(kind: kind, range: range))
    let count = tokens.count
    if node == .space, nodes.last?.kind == .space {
      nodes[nodes.count - 1].tokens = nodes[nodes.count - 1].tokens.lowerBound..<count
      return
    }
    if node == .statement, joinsStatement() {
      // The blank between two words is part of the statement.
      nodes.removeLast()
      nodes[nodes.count - 1].tokens = nodes[nodes.count - 1].tokens.lowerBound..<count
      return
    }
    if node == .statement, nodes.last?.kind == .statement {
      nodes[nodes.count - 1].tokens = nodes[nodes.count - 1].tokens.lowerBound..<count
      return
    }
    nodes.append(SyntaxNode(kind: node, tokens: (count - 1)..<count, depth: openNodes.count, parent: openNodes.last))
  }

  /// Whether only a blank lies between the token just added and a statement.
  private func joinsStatement() -> Bool {
    guard nodes.count > 1, let space = nodes.last, space.kind == .space, space.tokens.count == 1,
      tokens[space.tokens.lowerBound].kind == .blank
    else { return false }
    return nodes[nodes.count - 2].kind == .statement
  }
}
