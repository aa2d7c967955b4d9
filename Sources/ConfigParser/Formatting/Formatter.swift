/// Writes a file in one style: four blanks for each block, a brace at the end of its line, one blank between words,
/// comments kept where they are. What the file means does not change, and formatting twice changes nothing more.
public struct Formatter: Sendable {
  private let tree: SyntaxTree
  private var output: [UInt8] = []
  /// The line being written, without its indentation.
  private var line: [UInt8] = []
  private var lineDepth = 0
  /// Whether the line ends in a brace, so that only a comment may follow on it.
  private var isClosed = false
  /// Whether that brace opens a block.
  private var opensBlock = false
  /// Whether a brace on the next line may not join the line.
  private var keepsLine = false
  /// Whether the line that was read has anything on it.
  private var hasContent = false
  private var hasBlankLine = false
  /// Whether a block was just opened, or nothing is written yet: no blank line follows.
  private var isAtStart = true

  private init(_ tree: SyntaxTree) { self.tree = tree }

  /// The file in the canonical style. A file with a NUL byte is no text and stays as it is.
  public static func format(_ bytes: [UInt8]) -> [UInt8] {
    // A line with a NUL is ignored when the file is read: what joins or leaves that line would change its meaning.
    guard !bytes.contains(0) else { return bytes }
    let mark = InvisibleCharacter.byteOrderMark
    var formatter = Formatter(SyntaxTree(Array(bytes[(bytes.starts(with: mark) ? mark.count : 0)...])))
    formatter.run()
    // The first word may begin with such a mark itself, and would lose it without one to be skipped.
    return formatter.output.starts(with: mark) ? mark + formatter.output : formatter.output
  }

  private mutating func run() {
    for (index, node) in tree.nodes.enumerated() {
      switch node.kind {
      case .space: endLines(node, followedBy: index + 1 < tree.nodes.count ? tree.nodes[index + 1].kind : .space)
      case .comment:
        let text = trimmed(tree.bytes(of: tree.tokens[node.tokens.lowerBound]))
        if line.isEmpty { begin(node) } else { line += "  ".utf8 }
        line += text
        flush()
      case .statement:
        if isClosed, !readsAsDirective(tree.bytes(of: tree.tokens[node.tokens.lowerBound])) { flush() }
        isClosed = false
        if line.isEmpty { begin(node) } else { line.append(UInt8(ascii: " ")) }
        line += words(node)
        keepsLine = mustEndLine(tree.tokens[node.tokens.upperBound - 1])
      case .openBrace:
        // An include without a path would take the brace for one, a sequence without an end what follows the brace.
        if isClosed || readsAsDirective(line[...]) { flush() }
        if line.isEmpty {
          begin(node)
        } else if !isGluedToReference(index) {
          line.append(UInt8(ascii: " "))
        }
        line.append(UInt8(ascii: "{"))
        isClosed = true
        opensBlock = true
      case .closeBrace:
        if !isGluedToReference(index) {
          flush()
          hasBlankLine = false
          begin(node)
        }
        line.append(UInt8(ascii: "}"))
        isClosed = true
      case .directive:
        flush()
        begin(node)
        let text = directive(node)
        line += text
        flush()
        // The empty line that ends a definition must stay, or what follows would be part of it.
        if asksForAnotherLine(text) { output.append(UInt8(ascii: "\n")) }
      }
      if node.kind != .space { hasContent = true }
    }
    flush()
  }

  /// Whether the brace at `index` stands right behind a `$NAME`, which is replaced only before a blank.
  private func isGluedToReference(_ index: Int) -> Bool {
    guard index > 0, tree.nodes[index - 1].kind == .statement else { return false }
    let word = tree.bytes(of: tree.tokens[tree.nodes[index - 1].tokens.upperBound - 1])
    guard let sign = word.lastIndex(of: UInt8(ascii: "$")), sign + 1 < word.endIndex else { return false }
    return word[(sign + 1)...].allSatisfy { $0.isNameStart || $0.isDigit }
  }

  /// Whether nothing may follow on the line of a token: whatever joins a quote that is never closed becomes part of it,
  /// and a definition of several lines is replaced only where its line ends.
  private func mustEndLine(_ token: SyntaxToken) -> Bool {
    let bytes = tree.bytes(of: token)
    guard token.kind == .quoted else { return bytes.contains(UInt8(ascii: "$")) }
    return bytes.count < 2 || bytes.last != UInt8(ascii: "\"")
  }

  /// The lines of a directive without what they end in: a blank or carriage return elsewhere separates words, and in a
  /// quote that is never closed a blank is part of the value. At most one empty line is at the end, and it goes.
  private func directive(_ node: SyntaxNode) -> [UInt8] {
    let text = tree.bytes(of: tree.tokens[node.tokens.lowerBound])
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      var line = line
      while line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      guard line.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else { return line }
      let short = trimmed(line)
      // Behind a comment's backslash a blank means that no other line is asked for.
      let isComment = Comment.strip(Array(line), 0..<line.count).end < short.count
      return isComment && short.last == UInt8(ascii: "\\") && short.count < line.count
        ? line[..<(short.endIndex + 1)] : short
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// Whether a directive is a definition whose last line ends in a backslash.
  private func asksForAnotherLine(_ text: [UInt8]) -> Bool {
    let first = text.prefix { $0 != UInt8(ascii: "\n") }
    guard Definition.mayContinue(text, 0..<first.count) else { return false }
    let start = (text.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    return Comment.asksForAnotherLine(text, start..<text.count)
  }

  /// Whether words may be a definition, a condition, a sequence or an include when they begin a line, or when more
  /// follows on it.
  private func readsAsDirective(_ words: ArraySlice<UInt8>) -> Bool {
    guard let first = words.first else { return false }
    return first == UInt8(ascii: "$") || first == UInt8(ascii: "@") || first == UInt8(ascii: "~")
      || words.starts(with: "include".utf8)
  }

  private mutating func begin(_ node: SyntaxNode) { lineDepth = node.depth }

  /// The words with one blank between them. A line with single quotes keeps its blanks: they may belong to a word.
  private func words(_ node: SyntaxNode) -> [UInt8] {
    let tokens = tree.tokens[node.tokens]
    let keepsBlanks = tokens.contains { $0.kind != .blank && tree.bytes(of: $0).contains(UInt8(ascii: "'")) }
    return tokens.flatMap { token in
      token.kind == .blank && !keepsBlanks ? [UInt8(ascii: " ")] : Array(tree.bytes(of: token))
    }
  }

  private func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let last = text.last, last.isBlank { text = text.dropLast() }
    return text
  }

  /// Blanks and ends of lines: a brace that stands alone on the next line joins the keyword before it.
  private mutating func endLines(_ node: SyntaxNode, followedBy next: SyntaxNode.Kind) {
    for token in tree.tokens[node.tokens] where token.kind == .newline {
      // What waits for its brace has been read before the blank line.
      if !hasContent, line.isEmpty { hasBlankLine = true }
      hasContent = false
      if next != .openBrace || isClosed || keepsLine { flush() }
    }
  }

  private mutating func flush() {
    guard !line.isEmpty else { return }
    if hasBlankLine, !isAtStart { output.append(UInt8(ascii: "\n")) }
    output += [UInt8](repeating: UInt8(ascii: " "), count: lineDepth * 4)
    output += line
    output.append(UInt8(ascii: "\n"))
    isAtStart = opensBlock
    opensBlock = false
    keepsLine = false
    hasBlankLine = false
    isClosed = false
    line = []
  }
}
