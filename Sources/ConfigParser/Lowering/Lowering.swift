import HealthCheck
import LoadBalancing
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
  var names = TrackedNames()
  /// What must not be there twice.
  var virtualServerIDs: Set<VirtualServerID> = []
  var instanceNames: [String: SourceRange] = [:]
  var routerIdentities: [RouterIdentity: SourceRange] = [:]
  /// The next preference for rules that name none.
  var unnamedPreferences: [AddressFamily: UInt32] = [:]
  var serverGroups: [String: VirtualServerGroup] = [:]
  /// `SSL { … }`, for all checks over TLS.
  var tls = TLSDefinition()
  /// `checker_log_all_failures`.
  var logsEveryCheckFailure = false
  /// Where `lvs_sync_daemon` is, and whether it says its number.
  var syncDaemonPlace: (range: SourceRange, hasNumber: Bool)?
  /// Where `active_on` names which virtual router.
  var routerReferences: [(name: String, range: SourceRange)] = []
  /// The first script, for the question of its security.
  var firstScript: SourceRange?
  /// Keywords already reported as not implemented, by row.
  private var mentioned = [Bool](repeating: false, count: Schema.rows.count)

  init(tree: StatementTree, sources: SourceMap, diagnostics: DiagnosticList) {
    self.tree = tree
    self.sources = sources
    self.diagnostics = diagnostics
  }

  mutating func run() -> Configuration {
    // Defaults hold for the whole file wherever global_defs stands, so it goes first; then what others name.
    for index in tree.children(of: nil) where setting(of: index) == .root(.globalDefinitions) { lowerGlobals(index) }
    for index in tree.children(of: nil) { collectName(index) }
    let count = tree.children(of: nil).reduce(0) { $0 + (setting(of: $1) == .root(.instance) ? 1 : 0) }
    configuration.virtualRouters.reserveCapacity(count)
    var groups: [SyncGroupDraft] = []
    for index in tree.children(of: nil) {
      // Definitions were lowered with their names, global_defs before all.
      guard let keyword = tree.statements[index].keyword, !isLoweredFirst(Schema.setting(of: keyword)) else { continue }
      guard let (setting, value) = value(of: index) else { continue }
      if case .daemon(let setting) = setting { applyDaemon(setting, value, of: index) }
      if case .balancing(let setting) = setting { applyBalancing(setting, value, of: index) }
      guard case .root(let setting) = setting else { continue }
      switch setting {
      case .instance: if let draft = draftInstance(index) { finishInstance(draft) }
      case .syncGroup: if let draft = draftSyncGroup(index) { groups.append(draft) }
      case .staticAddresses: configuration.staticAddresses += lowerAddresses(index).map { $0.value }
      case .staticRoutes: configuration.staticRoutes += lowerRoutes(index)
      case .staticRules: configuration.staticRules += lowerRules(index)
      case .trackGroup: lowerTrackGroup(index)
      case .virtualServer: lowerVirtualServer(index)
      case .interfaceDelays: lowerInterfaceDelays(index)
      case .linkPolling: configuration.linkPolling.includesAll = true
      case .polledInterfaces: lowerPolledInterfaces(index)
      case .announcementGroup: lowerAnnouncementGroup(index)
      case .globalDefinitions, .script, .trackProcess, .trackFile, .serverGroup, .ssl, .bfd: break
      }
    }
    finishSyncGroups(groups)
    finishSyncDaemon()
    finishFollowedRouters()
    finishTrackGroups()
    finishProcessNames()
    reportScriptSecurity()
    return configuration
  }

  func isLoweredFirst(_ setting: Setting?) -> Bool {
    switch setting {
    case .root(.globalDefinitions), .root(.script), .root(.trackProcess), .root(.trackFile), .root(.serverGroup),
      .root(.ssl), .root(.bfd):
      true
    case .none, .some: false
    }
  }

  /// The setting of a statement, without looking at its arguments.
  func setting(of index: Int) -> Setting? {
    guard let keyword = tree.statements[index].keyword else { return nil }
    return Schema.setting(of: keyword)
  }

  /// Checks the arguments of a statement. `nil` when it is unknown or wrong, with the reason reported; also for a
  /// keyword that is only checked.
  mutating func value(of index: Int) -> (setting: Setting, value: Value)? {
    guard let keyword = tree.statements[index].keyword else { return nil }
    let statement = tree.statements[index]
    let value = checked(statement, keyword)
    if !Schema.isPlain(keyword) { mention(keyword, statement) }
    guard let setting = Schema.setting(of: keyword) else {
      // Only the block's own lines are left to be checked.
      if Schema.block(of: keyword) != nil { checkBlock(index) }
      return nil
    }
    guard let value else { return nil }
    return (setting, value)
  }

  private mutating func checkBlock(_ block: Int) {
    for index in tree.children(of: block) { _ = value(of: index) }
  }

  /// Says once what a keyword does not do, or what it is called now.
  private mutating func mention(_ keyword: KeywordIndex, _ statement: Statement) {
    guard !mentioned[Int(keyword.rawValue)] else { return }
    mentioned[Int(keyword.rawValue)] = true
    let row = Schema[keyword]
    let range = tree.words[statement.words.lowerBound].range
    if let replacement = row.replacement {
      let fixIts =
        replacement.isEmpty
        ? [] : [Diagnostic.FixIt("write '\(replacement)'", at: range, replacement: replacement)]
      report(.deprecatedKeyword, "'\(row.name)' is outdated", at: range, fixIts: fixIts)
    }
    switch row.status {
    case .works: break
    case .parsedOnly:
      report(.notImplemented, "'\(row.name)' is understood but not implemented yet; it has no effect", at: range)
    case .noEffect(let reason):
      report(.noEffect, "'\(row.name)' has no effect: \(reason)", at: range)
    }
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
