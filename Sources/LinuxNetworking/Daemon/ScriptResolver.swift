import Glibc
import VRRPCore
import VRRPRuntime

/// Turns a configured command into one that may be run: found, executable, and safe to run as its user.
struct ScriptResolver {
  private let global: GlobalDefinition
  /// keepalived's custom: scripts run as `keepalived_script` where that user exists and nothing else is said.
  private let defaultUser: GlobalDefinition.ScriptUser?

  init(_ global: GlobalDefinition) {
    self.global = global
    defaultUser =
      global.scriptUser
      ?? (UserIdentity(named: "keepalived_script") == nil
        ? nil : GlobalDefinition.ScriptUser(user: "keepalived_script"))
  }

  /// Whether a script has all groups of whoever runs it.
  private func takesGroups(_ user: GlobalDefinition.ScriptUser?) -> Bool {
    global.setsSupplementaryGroups || user?.takesOtherGroups == true
  }

  /// Why a script is not run.
  struct Refusal: Error {
    let text: String
  }

  /// The request that runs `command` with `arguments` after its own.
  func request(
    _ command: ScriptCommand, adding arguments: [String], number: UInt64
  ) throws(Refusal) -> HookRequest {
    let user = command.runAs ?? defaultUser
    if let file = command.readsFile {
      return .run(
        number: number, arguments: ["/usr/bin/test", "-r", file], user: user?.user, group: user?.group,
        takesGroups: takesGroups(user))
    }
    guard let name = command.arguments.first else { throw Refusal(text: "it is empty") }
    let path = try find(name)
    // What was judged is what runs, unless links are to be left as they are.
    let real = Self.real(path)
    try check(path, real, user: user)
    let run = global.keepsSymbolicLinks ? path : real ?? path
    return .run(
      number: number, arguments: [run] + command.arguments.dropFirst() + arguments, user: user?.user,
      group: user?.group, takesGroups: takesGroups(user))
  }

  private func find(_ name: String) throws(Refusal) -> String {
    if name.utf8.contains(UInt8(ascii: "/")) { return name }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    for directory in path.split(separator: ":") where access("\(directory)/\(name)", X_OK) == 0 {
      return "\(directory)/\(name)"
    }
    throw Refusal(text: "'\(name)' is not in PATH; give its whole path")
  }

  private func check(_ path: String, _ real: String?, user: GlobalDefinition.ScriptUser?) throws(Refusal) {
    var runner = ScriptSecurity.Runner(user: geteuid(), group: getegid())
    if let user {
      guard
        let identity = UserIdentity(
          named: user.user, group: user.group, withSupplementaryGroups: takesGroups(user))
      else {
        throw Refusal(text: "there is no user '\(user.user)'\(user.group.map { " or no group '\($0)'" } ?? "")")
      }
      runner = ScriptSecurity.Runner(
        user: identity.user, group: identity.group, supplementaryGroups: identity.supplementaryGroups)
    }
    var steps = real.map { components(of: $0) } ?? []
    // Whoever may replace the link decides what it leads to.
    if global.keepsSymbolicLinks, !steps.isEmpty, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      steps = (Self.real(String(path[...slash])).map { components(of: $0) } ?? []) + steps
    }
    let problems = ScriptSecurity.problems(of: steps, runBy: runner)
    guard let problem = problems.first(where: { $0.preventsRunning || global.enforcesScriptSecurity }) else { return }
    let cure = problem.fixIt.map { "; try: \($0)" } ?? ""
    throw Refusal(text: problem.explanation + cure)
  }

  /// The path without links; `nil` when it leads nowhere.
  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The facts of every step of the way to a file, by a path without links.
  private func components(of whole: String) -> [ScriptSecurity.Component] {
    var result: [ScriptSecurity.Component] = []
    var prefix = ""
    for part in [""] + whole.split(separator: "/").map(String.init) {
      prefix = part.isEmpty ? "/" : prefix == "/" ? "/\(part)" : "\(prefix)/\(part)"
      var status = stat()
      guard stat(prefix, &status) == 0 else { return [] }
      let kind: ScriptSecurity.Component.Kind =
        switch status.st_mode & S_IFMT {
        case S_IFDIR: .directory
        case S_IFREG: .regularFile
        default: .other
        }
      result.append(
        ScriptSecurity.Component(
          path: prefix, user: status.st_uid, group: status.st_gid, mode: UInt16(status.st_mode & 0o7777), kind: kind))
    }
    return result
  }
}
