// The sentences about words, blocks and files; those about values are in Diagnostic+Values.
extension Diagnostic {
  static func unterminatedQuote(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unterminatedQuote, "this double quote is never closed; it takes in the rest of the line", at: range,
      fixIts: [FixIt("close the quote at the end of the line", at: range.end, replacement: "\"")])
  }

  static func nestedTooDeeply(_ brace: SourceRange, limit: Int) -> Diagnostic {
    Diagnostic(.nestedTooDeeply, "blocks are nested deeper than \(limit); this one is skipped", at: brace)
  }

  static func unexpectedBrace(_ brace: SourceRange, after keyword: String?) -> Diagnostic {
    if let keyword {
      return Diagnostic(
        .unexpectedOpeningBrace, "'\(keyword)' takes no block; everything in these braces is ignored", at: brace)
    }
    return Diagnostic(.unexpectedOpeningBrace, "this '{' belongs to no keyword", at: brace)
  }

  static func extraBrace(_ brace: SourceRange) -> Diagnostic {
    Diagnostic(
      .extraClosingBrace, "this '}' closes nothing: there is one too many here, or a '{' missing above", at: brace,
      fixIts: [FixIt("remove it", at: brace, replacement: "")])
  }

  static func missingOpeningBrace(
    _ statement: Statement, in tree: StatementTree, _ sources: SourceMap
  ) -> Diagnostic {
    let name = sources.text(of: tree.words[statement.words.lowerBound].range)
    return Diagnostic(
      .missingOpeningBrace, "'\(name)' must be followed by '{'", at: statement.line,
      fixIts: [FixIt("add ' {'", at: statement.line.end, replacement: " {")])
  }

  static func missingClosingBrace(
    of statement: Statement, openedAt brace: SourceRange?, before range: SourceRange, in tree: StatementTree,
    _ sources: SourceMap
  ) -> Diagnostic {
    let name = sources.text(of: tree.words[statement.words.lowerBound].range)
    return Diagnostic(
      .missingClosingBrace, "the block of '\(name)' is not closed before here", at: range,
      notes: [Note("it is opened here", at: brace ?? statement.line)],
      fixIts: [FixIt("add '}' before this line", at: range.start, replacement: "}\n")])
  }

  static func unknownKeyword(_ name: ArraySlice<UInt8>, at range: SourceRange, in context: Context) -> Diagnostic {
    let word = String(decoding: name, as: UTF8.self)
    if looksLikeComment(name) { return commentWithoutHash(at: range) }
    let elsewhere = Schema.contexts(knowing: name)
    if let home = elsewhere.first {
      let places = elsewhere.prefix(3).map { "'\($0.title)'" }.joined(separator: ", ")
      return Diagnostic(
        .misplacedKeyword, "'\(word)' does not belong in \(context.phrase); it is ignored", at: range,
        notes: [Note(home == .root ? "it stands outside of all blocks" : "it is a keyword of \(places)")])
    }
    var diagnostic = Diagnostic(
      .unknownKeyword, "unknown keyword '\(word)' in \(context.phrase); it is ignored", at: range)
    if let near = nearest(to: name, among: Schema.names(in: context)) {
      diagnostic.fixIts = [FixIt("did you mean '\(near)'?", at: range, replacement: near)]
    }
    return diagnostic
  }

  static func unreadable(_ path: String, _ error: SourceError, at range: SourceRange) -> Diagnostic {
    let reason =
      switch error {
      case .missing: "there is no such file"
      case .notRegular: "it is not a regular file without execute permission"
      case .permissionDenied: "permission denied"
      case .tooLarge: "it is too large"
      case .other(let text): text
      }
    return Diagnostic(.unreadableFile, "cannot read '\(path)': \(reason)", at: range)
  }

  static func limit(_ what: String, _ limit: Int, _ unit: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.limitReached, "\(what) stops at the limit of \(limit) \(unit)", at: range)
  }

  static func selfReference(_ range: SourceRange) -> Diagnostic {
    Diagnostic(.selfReference, "a definition on this line stands for itself; the line is ignored", at: range)
  }

  static func unbracedReference(_ name: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misusedDefinition, "'$\(name)' is not replaced here: only a blank, ',' or ')' may follow it", at: range,
      fixIts: [Diagnostic.FixIt("write '${\(name)}'", at: range, replacement: "${\(name)}")])
  }

  static func byteOrderMark(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .invisibleCharacter, "the file starts with a byte order mark, which is skipped", at: range,
      fixIts: [FixIt("save the file without it", at: range, replacement: "")])
  }

  static func invisibleCharacter(_ name: String, _ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .invisibleCharacter, "this is a \(name), not a blank; it becomes part of the word", at: range,
      fixIts: [FixIt("replace it with a blank", at: range, replacement: " ")])
  }

  /// Whether a word begins a comment in some other language.
  static func looksLikeComment(_ word: ArraySlice<UInt8>) -> Bool {
    ["//", "/*", "*/", "--", ";", "<!--"].contains { word.starts(with: $0.utf8) } || word.elementsEqual("*".utf8)
  }

  static func commentWithoutHash(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .commentWithoutHash, "comments start with '#' or '!'; this is read as words", at: range,
      fixIts: [FixIt("put '#' before it", at: range.start, replacement: "# ")])
  }

  static func undefinedDefinition(_ name: String, at range: SourceRange, near: String?) -> Diagnostic {
    Diagnostic(
      .undefinedDefinition, "'\(name)' is not defined above; the text stays as it is", at: range,
      fixIts: near.map { [FixIt("did you mean '\($0)'?", at: range, replacement: "${\($0)}")] } ?? [])
  }
}
