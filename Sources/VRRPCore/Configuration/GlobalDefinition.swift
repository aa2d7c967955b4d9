/// `global_defs` as far as it concerns the virtual routers and the daemon itself.
public struct GlobalDefinition: Hashable, Sendable {
  /// `router_id`: the name of this node in mails and logs; `nil` for the host's.
  public var routerID: String?
  /// `script_user`: who runs scripts that name nobody.
  public var scriptUser: ScriptUser?
  /// `enable_script_security`: scripts of root that others may change are not run.
  public var enforcesScriptSecurity: Bool
  /// `startup_script`: run, and waited for, before anything else.
  public var startupScript: ScriptCommand?
  /// `startup_script_timeout` in seconds, 1…1000.
  public var startupTimeoutSeconds: UInt16 = 10
  /// `shutdown_script`: run when all else has ended.
  public var shutdownScript: ScriptCommand?
  /// `shutdown_script_timeout` in seconds, 1…1000.
  public var shutdownTimeoutSeconds: UInt16 = 10
  /// `notify_fifo`: all events.
  public var fifo: NotifyFIFO?
  /// `vrrp_notify_fifo`: events of virtual routers.
  public var vrrpFIFO: NotifyFIFO?
  /// `lvs_notify_fifo`: events of virtual servers.
  public var balancerFIFO: NotifyFIFO?
  /// `fifo_write_vrrp_states_on_reload`.
  public var repeatsStatesOnReload = false
  /// Where mail goes and comes from.
  public var mail = MailDefinition()
  /// How mail is protected, and who else is told.
  public var alerts = AlertDefinition()
  /// `vrrp_garp_interval` in nanoseconds: the space between announcements on one interface; 0 for none.
  public var announcementSpacingNanoseconds: UInt64 = 0
  /// `vrrp_gna_interval`: the same for neighbour advertisements.
  public var neighborSpacingNanoseconds: UInt64 = 0
  /// The `garp_group` blocks.
  public var announcementGroups: [AnnouncementGroupDefinition] = []
  /// `process_monitor_rcv_bufs`: room for news of processes.
  public var processEventBuffer = ReceiveBufferDefinition()
  /// `vrrp_netlink_…_rcv_bufs`: room for what the kernel tells the VRRP process.
  public var routerBuffers = NetlinkBufferDefinition()
  /// `lvs_netlink_…_rcv_bufs`: the same for the check process.
  public var checkBuffers = NetlinkBufferDefinition()
  /// `max_auto_priority`: what a process does that is woken too late.
  public var automaticPriority = AutomaticPriorityDefinition()
  /// How the configuration is read again.
  public var reload = ReloadDefinition()
  /// `use_symlink_paths`: scripts are run by the paths that were configured, links included.
  public var keepsSymbolicLinks = false
  /// `set_supplementary_groups`: scripts have all groups of their users.
  public var setsSupplementaryGroups = false
  /// `vrrp_startup_delay` in nanoseconds.
  public var startupDelayNanoseconds: UInt64 = 0
  /// `vrrp_delay_after_boot` in nanoseconds since the system started.
  public var bootDelayNanoseconds: UInt64 = 0
  /// `default_interface`, for static addresses without `dev`; `nil` for `eth0`.
  public var defaultInterface: String?
  /// `iproute_usr_dir`: the vendor's names of tables, protocols, scopes, realms, TOS and groups.
  public var namesVendorDirectory = "/usr/share/iproute2"
  /// `iproute_etc_dir`: the administrator's; they go before the vendor's.
  public var namesDirectory = "/etc/iproute2"
  /// `dynamic_interfaces`: interfaces may come and go.
  public var allowsMissingInterfaces = false
  /// `log_unknown_vrids`.
  public var logsUnknownRouterIDs = false
  /// `vrrp_rt_priority`, 1…99.
  public var realTimePriority: UInt8?
  /// `vrrp_priority`, -20…19.
  public var niceness: Int8?
  /// `vrrp_cpu_affinity`.
  public var processors: [UInt16] = []
  /// `vrrp_rlimit_rttime` in microseconds.
  public var realTimeLimitMicroseconds: UInt64?
  /// `vrrp_no_swap`.
  public var locksMemory = false
  /// `nftables`: the table of our rules; `nil` for `keepalived`.
  public var firewallTable: String?
  /// `nftables_priority`, of our chains.
  public var firewallPriority: Int32 = -1
  /// `nftables_ifindex`: interfaces are matched by number.
  public var firewallMatchesIndex = false
  /// `nftables_counters`: dropped packets are counted.
  public var firewallCounts = false
  /// `vmac_prefix`: what made-up names of virtual routers' interfaces begin with; `nil` for `vrrp`.
  public var virtualMACPrefix: String?
  /// `vmac_addr_prefix`: the same for those that only hold addresses; `nil` for that of the others.
  public var virtualAddressMACPrefix: String?
  /// `disable_local_igmp`: the kernel reports no groups of 224.0.0.0/24.
  public var silencesLocalGroups = false

  /// A named pipe that gets a line per event, and who reads it.
  public struct NotifyFIFO: Hashable, Sendable {
    public var path: String
    /// The owner of the pipe; `nil` for the script user.
    public var owner: ScriptUser?
    /// `…_fifo_script`: a program started with the path as last argument.
    public var reader: ScriptCommand?

    /// The pipe at `path`.
    public init(path: String, owner: ScriptUser? = nil, reader: ScriptCommand? = nil) {
      self.path = path
      self.owner = owner
      self.reader = reader
    }
  }

  /// `notification_email` and what belongs to it.
  public struct MailDefinition: Hashable, Sendable {
    public var recipients: [String] = []
    /// `notification_email_from`; `nil` for the user at the host's name.
    public var sender: String?
    /// `smtp_server`: a name or an address; `nil` sends no mail.
    public var server: String?
    public var port: UInt16 = 25
    /// `smtp_helo_name`; `nil` for the host's name.
    public var heloName: String?
    /// `smtp_connect_timeout` in seconds.
    public var timeoutSeconds: UInt32 = 30
    /// `no_email_faults`: faults are not mailed.
    public var omitsFaults = false

    /// No mail.
    public init() {}
  }

  /// A user and a group to run a script as.
  public struct ScriptUser: Hashable, Sendable {
    public var user: String
    /// `nil` for the user's own group.
    public var group: String?
    /// `:` before the group: the user's other groups, too.
    public var takesOtherGroups = false

    /// The user `user`, in `group` or in its own.
    public init(user: String, group: String? = nil, takesOtherGroups: Bool = false) {
      self.user = user
      self.group = group
      self.takesOtherGroups = takesOtherGroups
    }
  }

  /// Nothing set.
  public init(routerID: String? = nil, scriptUser: ScriptUser? = nil, enforcesScriptSecurity: Bool = false) {
    self.routerID = routerID
    self.scriptUser = scriptUser
    self.enforcesScriptSecurity = enforcesScriptSecurity
  }
}
