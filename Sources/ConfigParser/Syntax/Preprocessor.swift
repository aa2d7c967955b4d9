/// Turns files into logical lines: follows includes, drops lines of other nodes, replaces definitions, repeats
/// sequences, and hands what is left to the ``StatementBuilder``.
///
/// A line passes the stages in keepalived's order: comment, condition, definition, sequence, replacement (which starts
/// over with the result), include, words.
struct Preprocessor<Provider: SourceProvider> {
  let provider: Provider
  let configID: String
  let limits: ParserLimits
  var sources = SourceMap()
  var diagnostics: DiagnosticList
  var builder: StatementBuilder
  var definitions: [String: Definition] = [:]
  /// The multi-line definition being collected.
  var collecting: Collecting?
  /// Whether the comment of the line of a file being read ends in a backslash.
  var commentContinues = false
  /// Paths of the files being read, outermost first.
  var including: [String] = []
  var filesRead = 0
  var expandedBytes = 0
  var expandedLines = 0
  /// Set when a limit on all expansions was hit: nothing is expanded from then on.
  var isExhausted = false
  /// How many lines are being worked out inside one another.
  var depth = 0
  /// `include_check` and its errors.
  var includeCheck = IncludeCheck()
  var hasIncludeError = false

  init(provider: Provider, configID: String, limits: ParserLimits) {
    self.provider = provider
    self.configID = configID
    self.limits = limits
    diagnostics = DiagnosticList(limit: limits.diagnostics)
    builder = StatementBuilder(depthLimit: limits.blockDepth)
  }

  /// Reads the main file and all it includes. False when the main file cannot be read.
  mutating func run(_ path: String) -> Bool {
    let bytes: [UInt8]
    do throws(SourceError) {
      bytes = try provider.read(path)
      guard bytes.count <= limits.fileBytes else { throw .tooLarge }
    } catch {
      let source = sources.append(SourceText(path: path, bytes: []))
      diagnostics.append(.unreadable(path, error, at: SourceRange(source: source, 0, 0)))
      return false
    }
    let source = read(SourceText(path: path, bytes: bytes))
    finishCollecting()
    let end = sources.texts[Int(source)].bytes.count
    builder.finishInput(at: SourceRange(source: source, end, end), in: sources, to: &diagnostics)
    return true
  }

  mutating func read(_ text: SourceText) -> UInt32 {
    let source = sources.append(text)
    including.append(text.path)
    filesRead += 1
    let bytes = text.bytes
    builder.reserve(lines: text.lineStarts.count)
    var start = 0
    if bytes.starts(with: InvisibleCharacter.byteOrderMark) {
      start = InvisibleCharacter.byteOrderMark.count
      diagnostics.append(.byteOrderMark(SourceRange(source: source, 0, start)))
    }
    while start < bytes.count {
      var end = start
      var traits = LineTraits()
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") {
        traits.note(bytes[end])
        end += 1
      }
      physicalLine(bytes, SourceRange(source: source, start, end), traits)
      start = end + 1
    }
    including.removeLast()
    return source
  }

  /// One line of a file.
  private mutating func physicalLine(_ bytes: [UInt8], _ range: SourceRange, _ traits: LineTraits) {
    if traits.hasNull {
      diagnostics.append(
        Diagnostic(.embeddedNull, "a line with a NUL byte is ignored: this is no text file", at: range))
      return
    }
    if traits.hasHighBytes { reportInvisible(bytes, range) }
    if collecting != nil {
      collect(bytes, range)
      return
    }
    commentContinues = false
    guard traits.needsRewriting else {
      line(bytes, range, mayHoldReferences: false)
      return
    }
    // Comments go first, so that a definition in a comment means nothing and `\#` is a plain character.
    let content = Comment.strip(bytes, range.offsets)
    commentContinues = Comment.endsInBackslash(bytes, content.end..<Int(range.upperBound))
    if content.isRewritten {
      let pieces = [SourceText.Piece(offset: 0, origin: range, isVerbatim: false)]
      guard let rewritten = appendExpansion(content.bytes, pieces, of: range) else { return }
      line(sources.texts[Int(rewritten.source)].bytes, rewritten, mayHoldReferences: true)
    } else {
      let end = content.end
      line(bytes, SourceRange(source: range.source, Int(range.lowerBound), end), mayHoldReferences: true)
    }
  }

  /// One line, from a file or after replacement.
  mutating func line(_ bytes: [UInt8], _ range: SourceRange, mayHoldReferences: Bool) {
    var start = Int(range.lowerBound)
    let end = Int(range.upperBound)
    while start < end, bytes[start].isBlank { start += 1 }
    guard start < end else { return }
    let range = SourceRange(source: range.source, start, end)
    switch bytes[start] {
    case UInt8(ascii: "!"), UInt8(ascii: "#"):
      return
    case UInt8(ascii: "@"):
      conditional(bytes, range, mayHoldReferences: mayHoldReferences)
    case UInt8(ascii: "$") where Definition.isStart(bytes, range.offsets):
      define(bytes, range)
    case UInt8(ascii: "~") where LineSequence.isStart(bytes, range.offsets):
      sequence(bytes, range)
    default:
      if mayHoldReferences, bytes[range.offsets].contains(UInt8(ascii: "$")), expand(bytes, range) { return }
      if mayHoldReferences { reportUndefined(bytes, range) }
      if bytes[start] == UInt8(ascii: "i"), include(bytes, range) { return }
      append(bytes, range)
    }
  }

  private mutating func append(_ bytes: [UInt8], _ range: SourceRange) {
    let before = builder.tree.statements.count
    builder.append(bytes, range, in: sources, to: &diagnostics)
    if builder.tree.statements.count > before { noteIncludeCheck(bytes, since: before) }
  }

  /// `@ID rest` and `@^ID rest`: a line for one node, or for all others.
  private mutating func conditional(_ bytes: [UInt8], _ range: SourceRange, mayHoldReferences: Bool) {
    var index = Int(range.lowerBound) + 1
    let end = Int(range.upperBound)
    let isNegated = index < end && bytes[index] == UInt8(ascii: "^")
    if isNegated { index += 1 }
    let name = index
    while index < end, !bytes[index].isBlank { index += 1 }
    // The name may be a definition; the line comes back with its value.
    if mayHoldReferences, bytes[name..<index].contains(UInt8(ascii: "$")), expand(bytes, range) { return }
    let matches = bytes[name..<index].elementsEqual(configID.utf8)
    guard matches != isNegated else { return }
    line(bytes, SourceRange(source: range.source, index, end), mayHoldReferences: mayHoldReferences)
  }

  private mutating func reportInvisible(_ bytes: [UInt8], _ range: SourceRange) {
    let content = Comment.strip(bytes, range.offsets)
    for found in InvisibleCharacter.find(in: bytes, range.offsets.lowerBound..<content.end) {
      diagnostics.append(
        .invisibleCharacter(found.name, SourceRange(source: range.source, found.offset, found.offset + found.count)))
    }
  }
}

/// What is special in a line, found while looking for its end.
private struct LineTraits {
  private var seen: UInt8 = 0

  mutating func note(_ byte: UInt8) {
    // One comparison lets almost every byte of almost every file pass.
    if byte == UInt8(ascii: "$") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "~") {
      seen |= 1
    } else if byte >= 0x80 {
      seen |= 2
    } else if byte == 0 {
      seen |= 4
    }
  }

  /// Holds `$`, `~` or a backslash.
  var needsRewriting: Bool { seen & 1 != 0 }
  var hasHighBytes: Bool { seen & 2 != 0 }
  var hasNull: Bool { seen & 4 != 0 }
}

extension UInt8 {
  /// Blank, tab, line feed, vertical tab, form feed or carriage return.
  var isBlank: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}
