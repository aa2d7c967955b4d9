/// A command the daemon runs for somebody: an argument vector, never a shell line.
public struct ScriptCommand: Hashable, Sendable {
  /// The program and its arguments; at least one.
  public var arguments: [String]
  /// Who runs it; `nil` for `script_user` of `global_defs`.
  public var runAs: GlobalDefinition.ScriptUser?
  /// For a first word that starts with `<`: the file whose opening is the test; nothing is run.
  public var readsFile: String?

  /// A command.
  public init(_ arguments: [String], runAs: GlobalDefinition.ScriptUser? = nil, readsFile: String? = nil) {
    self.arguments = arguments
    self.runAs = runAs
    self.readsFile = readsFile
  }
}
