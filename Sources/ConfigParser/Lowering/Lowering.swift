import NetPrimitives
import VRRPCore

/// Turns the tree into values, checking every argument on the way. Nothing stops it: what cannot be applied is
/// reported and left at its default.
struct Lowering: ~Copyable {
  let tree: StatementTree
  let sources: SourceMap
  var diagnostics: DiagnosticList
  var configuration = Configuration()
  var defaults = InstanceDefaults()
  /// Keywords already reported as not implemented, by row.
  private var mentioned: Set<KeywordIndex> = []

  init(tree: StatementTree, sources: SourceMap, diagnostics: DiagnosticList) {
    self.tree = tree
    self.sources = sources
    self.diagnostics = diagnostics
  }

  mutating func run() -> Configuration {
    // Defaults hold for the whole file wherever global_defs stands, so it goes first.
    for index in tree.children(of: nil) where setting(of: index) == .root(.globalDefinitions) {
      lowerGlobals(index)
    }
    var instances: [InstanceDraft] = []
    for index in tree.children(of: nil) {
      guard case .root(let setting) = value(of: index)?.setting else { continue }
      switch setting {
      case .globalDefinitions: break
      case .instance: if let draft = draftInstance(index) { instances.append(draft) }
      }
    }
    finishInstances(instances)
    return configuration
  }

  /// The setting of a statement, without looking at its arguments.
  func setting(of index: Int) -> Setting? {
    guard let keyword = tree.statements[index].keyword else { return nil }
    return Schema[keyword].setting
  }

  /// Checks the arguments of a statement. `nil` when it is unknown or wrong, with the reason reported; also for a
  /// keyword nothing acts on, which is reported once.
  mutating func value(of index: Int) -> (setting: Setting, value: Value)? {
    guard let keyword = tree.statements[index].keyword else { return nil }
    let row = Schema[keyword]
    let value = checked(tree.statements[index], row)
    guard let setting = row.setting else {
      mention(row, keyword, tree.statements[index])
      return nil
    }
    guard let value else { return nil }
    return (setting, value)
  }

  private mutating func mention(_ row: Keyword, _ keyword: KeywordIndex, _ statement: Statement) {
    guard mentioned.insert(keyword).inserted else { return }
    diagnostics.append(
      Diagnostic(
        .notImplemented, "'\(row.name)' is understood but not implemented yet; it has no effect",
        at: tree.words[statement.words.lowerBound].range))
  }

  // MARK: Words

  func bytes(_ word: Word) -> ArraySlice<UInt8> { sources.bytes(of: word.range) }

  func text(_ word: Word) -> String { sources.text(of: word.range) }

  /// The arguments: all words but the keyword.
  func arguments(_ statement: Statement) -> Range<Int> {
    (statement.words.lowerBound + 1)..<statement.words.upperBound
  }

  func isWord(_ index: Int, _ text: StaticString) -> Bool { isWord(tree.words[index], text) }

  func isWord(_ word: Word, _ text: StaticString) -> Bool {
    text.description.utf8.elementsEqual(bytes(word))
  }

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, notes: [Diagnostic.Note] = [],
    fixIts: [Diagnostic.FixIt] = []
  ) {
    diagnostics.append(Diagnostic(code, message, at: range, notes: notes, fixIts: fixIts))
  }
}
