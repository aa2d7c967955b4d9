import Glibc
import VRRPRuntime

/// Turns a script somebody asks for into a program that may be run: found, executable, and safe to run as its user.
///
/// The parent's: what it looks at may be on a disk, or in a directory of users, that does not answer.
struct ScriptResolver {
  /// keepalived's custom: scripts run as `keepalived_script` where that user exists and nothing else is said.
  private let defaultUser: String?

  init() { defaultUser = UserIdentity(named: "keepalived_script") == nil ? nil : "keepalived_script" }

  /// Why a script is not run.
  struct Refusal: Error {
    let text: String
  }

  /// What to run, and as whom.
  struct Program: Hashable {
    var arguments: [String]
    var user: String?
    var group: String?
    var takesGroups: Bool
  }

  /// The program that `order` asks for.
  func resolve(_ order: ScriptOrder) throws(Refusal) -> Program {
    var program = Program(
      arguments: order.arguments, user: order.user ?? defaultUser, group: order.group, takesGroups: order.takesGroups)
    if let file = order.readsFile {
      program.arguments = ["/usr/bin/test", "-r", file]
      return program
    }
    guard let name = order.arguments.first else { throw Refusal(text: "it is empty") }
    let path = try find(name)
    // What was judged is what runs, unless links are to be left as they are.
    let real = Self.real(path)
    try check(path, real, program, order)
    program.arguments[0] = order.keepsSymbolicLinks ? path : real ?? path
    return program
  }

  private func find(_ name: String) throws(Refusal) -> String {
    if name.utf8.contains(UInt8(ascii: "/")) { return name }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    for directory in path.split(separator: ":") where access("\(directory)/\(name)", X_OK) == 0 {
      return "\(directory)/\(name)"
    }
    throw Refusal(text: "'\(name)' is not in PATH; give its whole path")
  }

  private func check(_ path: String, _ real: String?, _ program: Program, _ order: ScriptOrder) throws(Refusal) {
    var runner = ScriptSecurity.Runner(user: geteuid(), group: getegid())
    if let user = program.user {
      guard
        let identity = UserIdentity(named: user, group: program.group, withSupplementaryGroups: program.takesGroups)
      else {
        throw Refusal(text: "there is no user '\(user)'\(program.group.map { " or no group '\($0)'" } ?? "")")
      }
      runner = ScriptSecurity.Runner(
        user: identity.user, group: identity.group, supplementaryGroups: identity.supplementaryGroups)
    }
    var steps = real.map { components(of: $0) } ?? []
    // Whoever may replace the link decides what it leads to.
    if order.keepsSymbolicLinks, !steps.isEmpty, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) {
      steps = (Self.real(String(path[...slash])).map { components(of: $0) } ?? []) + steps
    }
    let problems = ScriptSecurity.problems(of: steps, runBy: runner)
    guard let problem = problems.first(where: { $0.preventsRunning || order.enforcesSecurity }) else { return }
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
