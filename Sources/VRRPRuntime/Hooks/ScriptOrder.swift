public import VRRPCore

/// A script to be run and what holds for it: whoever asks looks at no file and no list of users, its parent does.
public struct ScriptOrder: Hashable, Sendable {
  /// The program and its arguments.
  public var arguments: [String]
  /// The file whose opening is the test; then nothing else is run.
  public var readsFile: String?
  /// Who is to run it; `nil` for `keepalived_script`, where that user exists, or whoever runs the daemon.
  public var user: String?
  /// In place of the user's own group.
  public var group: String?
  /// With all groups of the user, or only with its own.
  public var takesGroups: Bool
  /// `enable_script_security`: a script that others could change is not run.
  public var enforcesSecurity: Bool
  /// `use_symlink_paths`: a link is run as it is, not what it leads to.
  public var keepsSymbolicLinks: Bool

  /// Asks for `command` with `arguments` after its own, as `global` has it.
  public init(
    _ command: ScriptCommand, adding arguments: [String] = [], as global: GlobalDefinition
  ) {
    let runner = command.runAs ?? global.scriptUser
    // Without a program there is nothing that arguments could follow.
    self.arguments = command.arguments.isEmpty ? [] : command.arguments + arguments
    readsFile = command.readsFile
    user = runner?.user
    group = runner?.group
    takesGroups = global.setsSupplementaryGroups || runner?.takesOtherGroups == true
    enforcesSecurity = global.enforcesScriptSecurity
    keepsSymbolicLinks = global.keepsSymbolicLinks
  }
}

extension ScriptOrder {
  private static let argumentLimit = 256

  /// As part of a message; `nil` when there are too many arguments.
  var encoded: [UInt8]? {
    guard arguments.count <= Self.argumentLimit else { return nil }
    let flags = [takesGroups, enforcesSecurity, keepsSymbolicLinks, readsFile != nil]
    var bytes = UInt64(arguments.count).bigEndianBytes
    bytes.append(flags.enumerated().reduce(0) { $0 | ($1.element ? 1 << UInt8($1.offset) : 0) })
    for text in [user ?? "", group ?? "", readsFile ?? ""] + arguments {
      let content = Array(text.utf8)
      bytes.append(contentsOf: UInt64(content.count).bigEndianBytes)
      bytes.append(contentsOf: content)
    }
    return bytes
  }

  /// Reads what ``encoded`` made.
  init(decoding rest: inout ArraySlice<UInt8>) throws(HookMessageError) {
    let count = try rest.takeNumber()
    guard count <= UInt64(Self.argumentLimit) else { throw .tooManyArguments(Int(clamping: count)) }
    guard let flags = rest.popFirst() else { throw .truncated }
    (takesGroups, enforcesSecurity, keepsSymbolicLinks) = (
      flags & 1 != 0, flags & 2 != 0, flags & 4 != 0
    )
    let user = try rest.takeText()
    let group = try rest.takeText()
    let file = try rest.takeText()
    self.user = user.isEmpty ? nil : user
    self.group = group.isEmpty ? nil : group
    readsFile = flags & 8 != 0 ? file : nil
    arguments = []
    for _ in 0..<count { arguments.append(try rest.takeText()) }
  }
}
