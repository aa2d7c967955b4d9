public import LoadBalancing
public import VRRPCore

/// A whole configuration as values: what the daemon runs.
public struct Configuration: Hashable, Sendable {
  /// `global_defs`.
  public var global = GlobalDefinition()
  /// The `vrrp_instance` blocks, in the order of the file.
  public var virtualRouters: [VirtualRouterDefinition] = []
  /// The `vrrp_sync_group` blocks; their members are among the virtual routers.
  public var syncGroups: [SyncGroupDefinition] = []
  /// The `vrrp_script` blocks.
  public var trackScripts: [TrackScriptDefinition] = []
  /// The `track_file` blocks.
  public var trackFiles: [TrackFileDefinition] = []
  /// The `vrrp_track_process` blocks.
  public var trackProcesses: [TrackProcessDefinition] = []
  /// The `track_group` blocks: the names of instances by the name of the group.
  public var trackGroups: [String: [String]] = [:]
  /// `static_ipaddress`.
  public var staticAddresses: [VirtualAddress] = []
  /// `static_routes`.
  public var staticRoutes: [RouteDefinition] = []
  /// `static_rules`.
  public var staticRules: [RuleDefinition] = []
  /// `interface_up_down_delays`.
  public var interfaceDelays: [InterfaceDelayDefinition] = []
  /// `linkbeat_use_polling` and `linkbeat_interfaces`.
  public var linkPolling = LinkPollingDefinition()
  /// The `bfd_instance` blocks.
  public var bfdSessions: [TrackBFDDefinition] = []
  /// `instance` and its relatives.
  public var daemon = DaemonDefinition()
  /// `state_dump_file` and its relatives.
  public var dumps = DumpDefinition()
  /// The `virtual_server` blocks.
  public var virtualServers: [VirtualServerDefinition] = []
  /// What all virtual servers share.
  public var balancing = BalancingPolicy()
  /// What concerns IPVS as a whole.
  public var kernel = KernelDefinition()
  /// `checker_priority` and its relatives.
  public var checkProcess = ProcessDefinition()
  /// `bfd_priority` and its relatives.
  public var bfdProcess = ProcessDefinition()

  /// Nothing configured.
  public init() {}
}

/// What came of reading a configuration: as much of it as makes sense, and everything there is to say about the rest.
public struct LoadedConfiguration: Sendable {
  /// The best that could be made of the files.
  public var configuration: Configuration
  /// File by file in the order they were read, each from its first line to its last.
  public var diagnostics: [Diagnostic]
  /// Diagnostics beyond ``ParserLimits/diagnostics``.
  public var droppedDiagnostics: Int
  /// The texts that were read; diagnostics point into them.
  public var sources: SourceMap
  /// The statements the configuration was made from.
  public var statements: StatementTree
  /// Whether the main file could be read at all.
  public var isReadable: Bool
  /// Whether an include failed that must not (`includem`, `include_check` …): keepalived refuses to start then.
  public var hasIncludeError: Bool

  /// Whether anything written is not applied.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads the configuration at `path` with everything it includes.
///
/// `configID` is what `@ID` lines are compared with; the daemon takes the host's name up to the first dot.
public func loadConfiguration(
  from path: String, sources: some SourceProvider, configID: String, checksIncludes: Bool = false,
  limits: ParserLimits = ParserLimits()
) -> LoadedConfiguration {
  var reader = Preprocessor(provider: sources, configID: configID, limits: limits)
  if checksIncludes { reader.includeCheck.apply([]) }
  let isReadable = reader.run(path)
  var lowering = Lowering(tree: reader.builder.tree, sources: reader.sources, diagnostics: reader.diagnostics)
  let configuration = lowering.run()
  return LoadedConfiguration(
    configuration: configuration, diagnostics: reader.sources.sorted(lowering.diagnostics.all),
    droppedDiagnostics: lowering.diagnostics.dropped, sources: reader.sources, statements: reader.builder.tree,
    isReadable: isReadable, hasIncludeError: reader.hasIncludeError)
}
