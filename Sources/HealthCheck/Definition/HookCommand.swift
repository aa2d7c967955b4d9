/// A program to run: a script check or a notification.
public struct HookCommand: Hashable, Sendable {
  /// The program and its arguments, as `execve` gets them; never empty.
  public var arguments: [String]
  /// Whom to run as; `nil` is the daemon's `script_user`.
  public var user: String?
  /// The group; `nil` is the user's own.
  public var group: String?
  /// `:GROUP`: the user's supplementary groups are set as well.
  public var setsSupplementaryGroups: Bool

  /// A command. Traps when `arguments` is empty.
  public init(
    _ arguments: [String], user: String? = nil, group: String? = nil, setsSupplementaryGroups: Bool = false
  ) {
    precondition(!arguments.isEmpty, "a command names at least its program")
    self.arguments = arguments
    self.user = user
    self.group = group
    self.setsSupplementaryGroups = setsSupplementaryGroups
  }
}
