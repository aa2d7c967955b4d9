import VRRPCore

extension Lowering {
  /// The words of a script line, the keyword left out.
  func commandWords(_ index: Int) -> [[UInt8]] {
    let statement = tree.statements[index]
    let keyword = tree.words[statement.words.lowerBound].range
    let end = max(statement.line.upperBound, keyword.upperBound)
    let start = min(keyword.upperBound, end)
    return CommandLineWords.split(
      sources.bytes(of: SourceRange(source: keyword.source, Int(start), Int(end)))[...])
  }

  /// `"CMD [ARGS]" [USER [[:]GROUP]]`; reports what is wrong with it.
  mutating func command(_ index: Int) -> ScriptCommand? {
    let statement = tree.statements[index]
    let words = commandWords(index)
    guard let first = words.first else { return nil }
    let arguments = CommandLineWords.arguments(first)
    guard let program = arguments.first, !program.isEmpty else {
      report(.missingArgument, "the command is empty", at: statement.line)
      return nil
    }
    let place = argumentRange(statement)
    firstScript = firstScript ?? place
    if program.hasPrefix("<") {
      let path = program.count > 1 ? String(program.dropFirst()) : arguments.count > 1 ? arguments[1] : ""
      return ScriptCommand(arguments, readsFile: path)
    }
    var command = ScriptCommand(arguments)
    if words.count > 1 {
      var group = words.count > 2 ? String(decoding: words[2], as: UTF8.self) : nil
      let takesOtherGroups = group?.hasPrefix(":") == true
      if takesOtherGroups { group = group.map { String($0.dropFirst()) } }
      if group?.isEmpty == true { group = nil }
      command.runAs = GlobalDefinition.ScriptUser(
        user: String(decoding: words[1], as: UTF8.self), group: group, takesOtherGroups: takesOtherGroups)
      reportUnquotedArguments(words, statement)
    }
    reportShellSyntax(first, program, at: place)
    return command
  }

  /// Takes a script; of several the first counts, as keepalived has it.
  mutating func setCommand(_ command: inout ScriptCommand?, _ index: Int) { command = first(command, index) }

  /// `old`, or else the script of this line.
  mutating func first(_ old: ScriptCommand?, _ index: Int) -> ScriptCommand? {
    guard let new = command(index) else { return old }
    guard let old else { return new }
    report(.duplicateSetting, "there is already such a script; this one is ignored", at: tree.statements[index].line)
    return old
  }

  /// The arguments of a statement as one range.
  func argumentRange(_ statement: Statement) -> SourceRange {
    guard let first = arguments(statement).first else { return statement.line }
    var range = tree.words[first].range
    range.upperBound = max(range.upperBound, statement.line.upperBound)
    return range
  }

  /// A word after the command that cannot be a user: arguments that were meant to be in quotes.
  private mutating func reportUnquotedArguments(_ words: [[UInt8]], _ statement: Statement) {
    guard let second = words.dropFirst().first, let byte = second.first else { return }
    let isUser = byte.isNameStart && !second.contains(UInt8(ascii: "/")) && words.count <= 3
    guard !isUser else { return }
    let range = argumentRange(statement)
    report(
      .unquotedCommand,
      "'\(String(decoding: second, as: UTF8.self))' is taken as the user who runs the command, not as an argument",
      at: range,
      fixIts: [
        Diagnostic.FixIt("put the whole command in quotes", at: range, replacement: "\"\(sources.text(of: range))\"")
      ])
  }

  private mutating func reportShellSyntax(_ command: [UInt8], _ program: String, at range: SourceRange) {
    let isShell = program.hasSuffix("sh")
    if !isShell, Self.hasShellSyntax(command) {
      report(
        .shellSyntax, "no shell reads this command: '|', ';', '&', '>', '$(' and '`' are plain characters in it",
        at: range, notes: [Diagnostic.Note("put it in a script file, or write /bin/sh -c '…'")])
    }
    guard !program.hasPrefix("/"), !program.hasPrefix("<") else { return }
    report(
      .relativeCommand,
      program.utf8.contains(UInt8(ascii: "/"))
        ? "'\(program)' is no absolute path: what runs depends on where the daemon was started"
        : "'\(program)' is no absolute path: which program runs depends on PATH", at: range)
  }

  private static func hasShellSyntax(_ command: [UInt8]) -> Bool {
    var quote: UInt8?
    for (index, byte) in command.enumerated() {
      switch byte {
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        if quote == byte { quote = nil } else if quote == nil { quote = byte }
      case UInt8(ascii: "|"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: ">"), UInt8(ascii: "`"):
        if quote == nil { return true }
      case UInt8(ascii: "$"):
        let next = index + 1
        if quote == nil, next < command.count, command[next] == UInt8(ascii: "(") { return true }
      default: break
      }
    }
    return false
  }

  /// Scripts without `enable_script_security`: said once.
  mutating func reportScriptSecurity() {
    guard let firstScript, !configuration.global.enforcesScriptSecurity else { return }
    report(
      .scriptSecurity, "scripts run without 'enable_script_security': whoever can change one acts as its user",
      at: firstScript, notes: [Diagnostic.Note("add 'enable_script_security' and a 'script_user' to global_defs")])
  }
}
