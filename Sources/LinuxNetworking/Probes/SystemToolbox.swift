public import HealthCheck
public import VRRPRuntime

/// What the host offers to conversations: an MD5 of our own, and PCRE2 and OpenSSL, each loaded when the first probe
/// needs it.
///
/// Copies share what is compiled and loaded, and belong to one thread.
public struct SystemToolbox: ProbeToolbox {
  let cache = ToolCache()

  /// The host's tools.
  public init() {}

  public func makeDigest() -> MD5Sum? { MD5Sum() }

  public func makeMatcher(for pattern: PatternDefinition) -> PatternSearch? {
    cache.pattern(pattern).map { PatternSearch($0, pattern) }
  }

  /// What kept probes from being made and an operator can mend, since the last call: patterns that do not compile,
  /// files that cannot be read, libraries that are not there. Each is told once, and no more than 64 at a time.
  public func takeProblems() -> [String] { cache.takeProblems() }

  /// Makes anew what was made of files, and tells problems again: after a reload.
  public func forget() { cache.forget() }
}

extension MD5Sum: HealthCheck.MessageDigest {}

/// What is made once and used by many probes. What could not be made is remembered too, until a reload.
final class ToolCache {
  /// Patterns and contexts kept, of each kind; more are made anew for each probe.
  static let limit = 1024
  private var patterns: [PatternDefinition: CompiledPattern?] = [:]
  private var contexts: [TLSContext.Key: TLSContext?] = [:]
  private(set) var problems: [String] = []

  func pattern(_ definition: PatternDefinition) -> CompiledPattern? {
    if let known = patterns[definition] { return known }
    var compiled: CompiledPattern?
    do { compiled = try CompiledPattern(definition) } catch { report(error.description) }
    if patterns.count < Self.limit { patterns.updateValue(compiled, forKey: definition) }
    return compiled
  }

  func context(_ definition: TLSDefinition) -> TLSContext? {
    let key = TLSContext.Key(definition)
    if let known = contexts[key] { return known }
    var context: TLSContext?
    do { context = try TLSContext(key) } catch { report(error.description) }
    if contexts.count < Self.limit { contexts.updateValue(context, forKey: key) }
    return context
  }

  /// Notes what an operator must mend; some of it is enough.
  func report(_ problem: String) {
    if problems.count < 64, !problems.contains(problem) { problems.append(problem) }
  }

  func takeProblems() -> [String] {
    defer { problems.removeAll() }
    return problems
  }

  /// Files may have changed: what was made of them is made anew.
  func forget() {
    patterns.removeAll()
    contexts.removeAll()
  }
}
