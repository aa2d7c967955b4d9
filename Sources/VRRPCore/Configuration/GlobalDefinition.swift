/// `global_defs` as far as it concerns the virtual routers and the daemon itself.
public struct GlobalDefinition: Hashable, Sendable {
  /// `router_id`: the name of this node in mails and logs; `nil` for the host's.
  public var routerID: String?
  /// `script_user`: who runs scripts that name nobody.
  public var scriptUser: ScriptUser?
  /// `enable_script_security`: scripts of root that others may change are not run.
  public var enforcesScriptSecurity: Bool

  /// A user and a group to run a script as.
  public struct ScriptUser: Hashable, Sendable {
    public var user: String
    /// `nil` for the user's own group.
    public var group: String?

    /// The user `user`, in `group` or in its own.
    public init(user: String, group: String? = nil) {
      self.user = user
      self.group = group
    }
  }

  /// Nothing set.
  public init(routerID: String? = nil, scriptUser: ScriptUser? = nil, enforcesScriptSecurity: Bool = false) {
    self.routerID = routerID
    self.scriptUser = scriptUser
    self.enforcesScriptSecurity = enforcesScriptSecurity
  }
}
