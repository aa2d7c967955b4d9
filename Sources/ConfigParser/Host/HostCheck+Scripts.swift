import VRRPCore

// Scripts, and the users who run them. keepalived drops what does not pass, so these are errors.
extension HostCheck {
  mutating func checkScript(_ index: Int) {
    guard let command = reader.command(index) else { return }
    let range = reader.argumentRange(tree.statements[index])
    if let path = command.readsFile {
      if host.file(path) == nil { report(.scriptMissing, "there is no file '\(path)'", at: range) }
      return
    }
    if let user = command.runAs { checkUser(user, at: range) }
    guard let program = command.arguments.first, let path = locate(program) else {
      report(
        .scriptMissing, "there is no '\(command.arguments.first ?? "")' on this host: the script is never run",
        at: range)
      return
    }
    guard let user = runner(command, of: index) else { return }
    guard let file = host.file(path), file.kind == .regular, file.isExecutable(by: user) else {
      report(
        .scriptNotExecutable,
        host.file(path)?.kind == .regular
          ? "user \(user.id) may not execute '\(path)'" : "'\(path)' is not a file that could be run", at: range)
      return
    }
    let runsAsRoot = user.id == 0 || user.group == 0 || (file.mode & 0o4000 != 0 && file.owner == 0)
    if runsAsRoot { checkSafety(of: path, at: range) }
  }

  /// The file a command word means: itself, or the first of that name in the search path.
  private func locate(_ program: String) -> String? {
    if program.utf8.contains(UInt8(ascii: "/")) { return host.file(program) == nil ? nil : program }
    return host.searchPath.map { "\($0)/\(program)" }.first { host.file($0)?.kind == .regular }
  }

  /// Who runs a script: its own user, its block's, `script_user`, `keepalived_script` where there is such a user, root.
  /// `nil` for a user that does not exist, which has been reported.
  private mutating func runner(_ command: ScriptCommand, of index: Int) -> HostUser? {
    if let user = command.runAs ?? blockUser(of: index) ?? configuration.global.scriptUser { return resolve(user) }
    return host.user("keepalived_script") ?? HostUser(id: 0, group: 0)
  }

  /// `user` in the `vrrp_script` or `MISC_CHECK` that `index` stands in.
  private mutating func blockUser(of index: Int) -> GlobalDefinition.ScriptUser? {
    let context = tree.statements[index].context
    guard context == .script || context == .miscCheck else { return nil }
    // The block's lines are neighbours: back to its first, then on to its last.
    var first = index
    while first > 0, tree.statements[first - 1].context == context { first -= 1 }
    var place = first
    while place < tree.statements.count, tree.statements[place].context == context {
      let setting = reader.setting(of: place)
      if setting == .script(.user) || setting == .check(.user) { return reader.scriptUser(place) }
      place += 1
    }
    return nil
  }

  private func resolve(_ user: GlobalDefinition.ScriptUser) -> HostUser? {
    guard var found = host.user(user.user) else { return nil }
    if let name = user.group {
      guard let group = host.group(name) else { return nil }
      found.group = group
    }
    return found
  }

  mutating func checkUser(_ user: GlobalDefinition.ScriptUser, at range: SourceRange) {
    if host.user(user.user) == nil, missing.insert("user \(user.user)").inserted {
      report(.userNotOnHost, "there is no user '\(user.user)' on this host", at: range)
    }
    if let group = user.group, host.group(group) == nil, missing.insert("group \(group)").inserted {
      report(.userNotOnHost, "there is no group '\(group)' on this host", at: range)
    }
  }

  /// What runs as root must be root's, with every directory on the way: whoever can change one acts as root.
  private mutating func checkSafety(of path: String, at range: SourceRange) {
    guard let path = host.realPath(path) else { return }
    for part in Self.ancestors(of: path) {
      guard let file = host.file(part), file.isChangeableByOthers else { continue }
      let isEnforced = configuration.global.enforcesScriptSecurity
      report(
        .insecureScript,
        "'\(part)' can be changed by others than root, and the script runs as root"
          + (isEnforced ? ": it is not run" : ""), at: range,
        notes: [Diagnostic.Note("give '\(part)' to root and take the write permission from group and others")],
        severity: isEnforced ? .error : nil)
      return
    }
  }

  /// `/`, `/usr`, `/usr/bin`, `/usr/bin/true`.
  static func ancestors(of path: String) -> [String] {
    var result = ["/"]
    var current = ""
    for part in path.split(separator: "/") {
      current += "/\(part)"
      result.append(current)
    }
    return result
  }
}
