/// `static_ipaddress`, `static_routes` and `static_rules`: there while the daemon runs, whatever the elections say.
public struct StaticDefinitions: Hashable, Sendable {
  public var addresses: [VirtualAddress] = []
  public var routes: [RouteDefinition] = []
  public var rules: [RuleDefinition] = []

  /// Nothing.
  public init() {}

  /// Whether there is nothing to keep.
  public var isEmpty: Bool { addresses.isEmpty && routes.isEmpty && rules.isEmpty }
}
