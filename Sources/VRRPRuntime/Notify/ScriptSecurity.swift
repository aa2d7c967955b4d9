/// Whether a script may be run: judged on what is known of its file, without touching it.
///
/// A script that root runs must not be one that others can change, nor lie where others can put another in its place.
public enum ScriptSecurity {
  /// What the system says of one component of a script's resolved path: the root directory first, the file last.
  public struct Component: Hashable, Sendable {
    public var path: String
    /// Numbers of its owner and group.
    public var user: UInt32
    public var group: UInt32
    /// Permission bits, as in `st_mode & 07777`.
    public var mode: UInt16
    public var kind: Kind

    /// What it is.
    public enum Kind: Hashable, Sendable, BitwiseCopyable { case directory, regularFile, other }

    /// A component as the system describes it.
    public init(path: String, user: UInt32, group: UInt32, mode: UInt16, kind: Kind) {
      self.path = path
      self.user = user
      self.group = group
      self.mode = mode
      self.kind = kind
    }
  }

  /// Who would run the script.
  public struct Runner: Hashable, Sendable {
    public var user: UInt32
    public var group: UInt32
    public var supplementaryGroups: [UInt32]

    /// The user and group with these numbers.
    public init(user: UInt32, group: UInt32, supplementaryGroups: [UInt32] = []) {
      self.user = user
      self.group = group
      self.supplementaryGroups = supplementaryGroups
    }
  }

  /// What is wrong with a script.
  public enum Problem: Error, Hashable, Sendable {
    /// There is no such file.
    case notFound
    /// A directory, a device, a socket.
    case notRegularFile(path: String)
    /// The runner may not execute it.
    case notExecutable(path: String)
    /// Somebody other than root owns it.
    case foreignOwner(path: String, user: UInt32)
    /// A group other than root's may write to it.
    case groupWritable(path: String, group: UInt32)
    /// Everybody may write to it.
    case worldWritable(path: String)

    /// Whether the script cannot be run at all, `enable_script_security` or not.
    public var preventsRunning: Bool {
      switch self {
      case .notFound, .notRegularFile, .notExecutable: true
      case .foreignOwner, .groupWritable, .worldWritable: false
      }
    }
  }

  /// Everything that is wrong with the script whose resolved path has `components`, run by `runner`; empty when
  /// nothing is. A path that does not exist has no components.
  public static func problems(of components: [Component], runBy runner: Runner) -> [Problem] {
    guard let file = components.last else { return [.notFound] }
    guard file.kind == .regularFile else { return [.notRegularFile(path: file.path)] }
    var problems: [Problem] = []
    if !isExecutable(file, by: runner) { problems.append(.notExecutable(path: file.path)) }
    guard runsWithRootsRights(file, runner) else { return problems }
    for component in components { problems += doubts(about: component) }
    return problems
  }

  private static func isExecutable(_ file: Component, by runner: Runner) -> Bool {
    if runner.user == 0 { return file.mode & 0o111 != 0 }
    if runner.user == file.user { return file.mode & 0o100 != 0 }
    let groups = [runner.group] + runner.supplementaryGroups
    if groups.contains(file.group) { return file.mode & 0o010 != 0 }
    return file.mode & 0o001 != 0
  }

  private static func runsWithRootsRights(_ file: Component, _ runner: Runner) -> Bool {
    let becomesRoot = file.mode & 0o4000 != 0 && file.user == 0
    let becomesRootGroup = file.mode & 0o2000 != 0 && file.group == 0
    return runner.user == 0 || runner.group == 0 || runner.supplementaryGroups.contains(0) || becomesRoot
      || becomesRootGroup
  }

  private static func doubts(about component: Component) -> [Problem] {
    var problems: [Problem] = []
    if component.user != 0 { problems.append(.foreignOwner(path: component.path, user: component.user)) }
    // In a sticky directory others may add files, but not replace those of root.
    if component.kind == .directory && component.mode & 0o1000 != 0 { return problems }
    if component.mode & 0o020 != 0 && component.group != 0 {
      problems.append(.groupWritable(path: component.path, group: component.group))
    }
    if component.mode & 0o002 != 0 { problems.append(.worldWritable(path: component.path)) }
    return problems
  }
}

extension ScriptSecurity.Problem {
  /// What is wrong, in words.
  public var explanation: String {
    switch self {
    case .notFound: "there is no such file"
    case .notRegularFile(let path): "'\(path)' is not a regular file"
    case .notExecutable(let path): "'\(path)' is not executable for the user who is to run it"
    case .foreignOwner(let path, let user):
      "'\(path)' belongs to user \(user), who could change what root runs"
    case .groupWritable(let path, let group):
      "group \(group) may write to '\(path)' and so change what root runs"
    case .worldWritable(let path): "everybody may write to '\(path)' and so change what root runs"
    }
  }

  /// A command that mends it; `nil` when there is none.
  public var fixIt: String? {
    switch self {
    case .notFound, .notRegularFile: nil
    case .notExecutable(let path): "chmod a+x \(Self.quoted(path))"
    case .foreignOwner(let path, _): "chown root \(Self.quoted(path))"
    case .groupWritable(let path, _): "chmod g-w \(Self.quoted(path))"
    case .worldWritable(let path): "chmod o-w \(Self.quoted(path))"
    }
  }

  /// `path` as one word of a shell, whatever is in it.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard !isPlain else { return path }
    return "'" + path.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
