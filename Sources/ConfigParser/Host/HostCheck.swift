import NetPrimitives
import VRRPCore

extension LoadedConfiguration {
  /// Checks the configuration against a machine: interfaces, addresses, users, scripts, files, kernel settings. Adds
  /// what does not fit to the diagnostics.
  ///
  /// `writtenPaths` are files the daemon will write besides those of the configuration, such as its pid file.
  public mutating func check(against host: some HostProvider, writtenPaths: [String] = []) {
    var check = HostCheck(self, host)
    check.run(writtenPaths)
    diagnostics = sources.sorted(diagnostics + check.found.all)
    droppedDiagnostics += check.found.dropped
  }
}

/// One pass over the statements, and one over the routers that came of them.
struct HostCheck<Host: HostProvider>: ~Copyable {
  let configuration: Configuration
  let tree: StatementTree
  let sources: SourceMap
  let host: Host
  let interfaces: [String: HostInterface]
  /// Interfaces the daemon makes itself.
  let ownInterfaces: Set<String>
  /// Names of routing tables.
  let tables: Set<String>
  var found = DiagnosticList(limit: ParserLimits().diagnostics)
  /// Reads what statements say; what it complains about has been said before.
  var reader: Lowering
  /// What was reported as missing, once for all lines that name it.
  var missing: Set<String> = []

  init(_ loaded: LoadedConfiguration, _ host: Host) {
    configuration = loaded.configuration
    tree = loaded.statements
    sources = loaded.sources
    self.host = host
    interfaces = Dictionary(host.interfaces.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    ownInterfaces = Set(loaded.configuration.virtualRouters.compactMap { $0.virtualMAC?.name })
    tables = Self.tables(loaded.configuration, host)
    reader = Lowering(tree: loaded.statements, sources: loaded.sources, diagnostics: DiagnosticList(limit: 0))
  }

  mutating func run(_ writtenPaths: [String]) {
    for index in tree.statements.indices { checkStatement(index) }
    for index in tree.children(of: nil) where reader.setting(of: index) == .root(.instance) { checkInstance(index) }
    checkBalancing()
    for path in writtenPaths { checkDirectory(of: path, at: SourceRange(source: 0, 0, 0)) }
  }

  private mutating func checkStatement(_ index: Int) {
    let statement = tree.statements[index]
    guard let keyword = statement.keyword else {
      checkLine(statement)
      return
    }
    guard let word = reader.arguments(statement).first.map({ tree.words[$0] }) else { return }
    switch Schema.argument(of: keyword) {
    case .interface: checkInterface(word)
    case .script, .optionalScript: checkScript(index)
    case .user: if let user = reader.scriptUser(index) { checkUser(user, at: reader.argumentRange(statement)) }
    case .fifo: checkPipe(index, word)
    case .path: checkPath(word, Schema.setting(of: keyword))
    case .address:
      if Schema.setting(of: keyword) == .check(.bindAddress) { checkBindAddress(word) }
    case .none, .boolean, .integer, .optionalInteger, .seconds, .milliseconds, .weight, .name, .text, .optionalText,
      .endpoint, .choice, .anyCaseChoice, .forwarding, .virtualServer, .words, .optionalWords:
      break
    }
  }

  /// A line of values: an interface comes first in some blocks, and after `dev` and its like in others.
  private mutating func checkLine(_ statement: Statement) {
    switch statement.context {
    case .trackedInterfaces, .interfaceDelays, .linkbeatInterfaces:
      if let first = statement.words.first { checkInterface(tree.words[first]) }
    case .addresses, .routes, .rules:
      if statement.context != .addresses { checkTables(statement) }
      for place in statement.words.dropLast() where namesInterface(place) { checkInterface(tree.words[place + 1]) }
    default: break
    }
  }

  private func namesInterface(_ place: Int) -> Bool {
    reader.isWord(place, "dev") || reader.isWord(place, "iif") || reader.isWord(place, "oif")
  }

  mutating func report(
    _ code: DiagnosticCode, _ message: String, at range: SourceRange, notes: [Diagnostic.Note] = [],
    fixIts: [Diagnostic.FixIt] = [], severity: Diagnostic.Severity? = nil
  ) {
    found.append(Diagnostic(code, message, at: range, severity: severity, notes: notes, fixIts: fixIts))
  }
}
