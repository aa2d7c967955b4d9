/// A word on a line of values, such as `dev` in `virtual_ipaddress`.
public struct LineOption: Hashable, Sendable {
  public let name: String
  /// Other spellings.
  public let aliases: [String]
  /// Whether a word follows it.
  public let takesValue: Bool
  /// What follows it, for people.
  public let value: String
  let setting: LineSetting

  init(_ name: String, _ aliases: [String] = [], _ value: String = "", _ setting: LineSetting) {
    self.name = name
    self.aliases = aliases
    self.value = value
    takesValue = !value.isEmpty
    self.setting = setting
  }
}

/// What a word on a line sets.
enum LineSetting: Hashable, Sendable, BitwiseCopyable {
  // Addresses.
  case device, broadcast, scope, label, peer, home, detectDuplicates, manageTemporary, noPrefixRoute, autoJoin
  case noTrack, preferredLifetime, trackGroup, useVirtualMAC

  // Routes.
  case family, source, gateway, from, typeOfService, table, routingProtocol, metric, onLink, encapsulation, expires
  case routeMetric, realms, features, congestionControl, preference, propagateTTL, insertion, otherGateway, nextHop
  case to, vrf

  // Rules.
  case not, order, mark, suppressLength, suppressGroup, outputInterface, tunnel, users, masterDevice, rulesProtocol
  case transport, sourcePorts, destinationPorts, goTo, action
}

extension Schema {
  /// The words a line of values in `context` may hold after its first.
  public static func options(in context: Context) -> [LineOption] {
    switch context {
    case .addresses: addressOptions
    case .routes: routeOptions
    case .rules: ruleOptions
    case .root, .globalDefinitions, .instance, .authentication, .hmac, .syncGroup, .trackGroup, .garpGroup, .script,
      .trackProcess, .trackFile, .bfd, .ssl, .virtualServer, .realServer, .miscCheck, .smtpCheck, .smtpHost, .tcpCheck,
      .pingCheck, .udpCheck, .httpGet, .httpURL, .sslGet, .sslURL, .dnsCheck, .fileCheck, .bfdCheck, .agentCheck,
      .grpcCheck, .peers, .trackedInterfaces, .trackedObjects, .names, .mailAddresses, .linkbeatInterfaces,
      .interfaceDelays, .serverGroup,
      .skipped:
      []
    }
  }

  static let addressOptions: [LineOption] = [
    LineOption("dev", [], "IFNAME", .device),
    LineOption("brd", ["broadcast"], "ADDRESS, + or -", .broadcast),
    LineOption("scope", [], "NAME or NUMBER", .scope),
    LineOption("label", [], "TEXT", .label),
    LineOption("peer", [], "ADDRESS", .peer),
    LineOption("preferred_lft", [], "SECONDS or forever", .preferredLifetime),
    LineOption("track_group", [], "NAME", .trackGroup),
    LineOption("home", .home), LineOption("-nodad", .detectDuplicates), LineOption("mngtmpaddr", .manageTemporary),
    LineOption("noprefixroute", .noPrefixRoute), LineOption("autojoin", .autoJoin),
    LineOption("no_track", .noTrack), LineOption("use_vmac", .useVirtualMAC),
  ]

  static let routeOptions: [LineOption] = [
    LineOption("inet", .family), LineOption("inet6", .family), LineOption("src", [], "ADDRESS", .source),
    LineOption("via", ["gw"], "ADDRESS", .gateway), LineOption("or", [], "ADDRESS", .otherGateway),
    LineOption("from", [], "PREFIX", .from), LineOption("to", [], "PREFIX", .to),
    LineOption("tos", ["dsfield"], "NAME or NUMBER", .typeOfService),
    LineOption("table", [], "NAME or NUMBER", .table),
    LineOption("protocol", [], "NAME or NUMBER", .routingProtocol), LineOption("scope", [], "NAME or NUMBER", .scope),
    LineOption("metric", ["priority", "preference"], "NUMBER", .metric),
    LineOption("dev", ["oif"], "IFNAME", .device), LineOption("onlink", .onLink),
    LineOption("encap", [], "KIND and its words", .encapsulation), LineOption("expires", [], "SECONDS", .expires),
    LineOption("mtu", [], "[lock] BYTES", .routeMetric), LineOption("hoplimit", [], "NUMBER", .routeMetric),
    LineOption("advmss", [], "[lock] BYTES", .routeMetric), LineOption("rtt", [], "[lock] TIME", .routeMetric),
    LineOption("rttvar", [], "[lock] TIME", .routeMetric), LineOption("reordering", [], "[lock] NUMBER", .routeMetric),
    LineOption("window", [], "BYTES", .routeMetric), LineOption("cwnd", [], "[lock] NUMBER", .routeMetric),
    LineOption("ssthresh", [], "[lock] NUMBER", .routeMetric), LineOption("rto_min", [], "[lock] TIME", .routeMetric),
    LineOption("initcwnd", [], "NUMBER", .routeMetric), LineOption("initrwnd", [], "NUMBER", .routeMetric),
    LineOption("quickack", [], "0 or 1", .routeMetric), LineOption("fastopen_no_cookie", [], "0 or 1", .routeMetric),
    LineOption("realms", [], "[FROM/]TO", .realms), LineOption("features", [], "ecn", .features),
    LineOption("congctl", [], "[lock] NAME", .congestionControl),
    LineOption("pref", [], "low, medium or high", .preference),
    LineOption("ttl-propagate", [], "enabled or disabled", .propagateTTL),
    LineOption("add", .insertion), LineOption("prepend", .insertion), LineOption("append", .insertion),
    LineOption("nexthop", .nextHop), LineOption("no_track", .noTrack), LineOption("vrf", [], "NAME", .vrf),
    LineOption("track_group", [], "NAME", .trackGroup),
  ]

  static let ruleOptions: [LineOption] = [
    LineOption("inet", .family), LineOption("inet6", .family), LineOption("from", [], "PREFIX", .from),
    LineOption("to", [], "PREFIX", .to), LineOption("table", ["lookup"], "NAME or NUMBER", .table),
    LineOption("not", .not), LineOption("preference", ["order", "priority"], "NUMBER", .order),
    LineOption("tos", ["dsfield"], "NAME or NUMBER", .typeOfService), LineOption("fwmark", [], "MARK[/MASK]", .mark),
    LineOption("realms", [], "[FROM/]TO", .realms),
    LineOption("suppress_prefixlength", ["sup_pl"], "NUMBER", .suppressLength),
    LineOption("suppress_ifgroup", ["sup_group"], "GROUP", .suppressGroup),
    LineOption("dev", ["iif"], "IFNAME", .device), LineOption("oif", [], "IFNAME", .outputInterface),
    LineOption("tunnel-id", [], "NUMBER", .tunnel), LineOption("uidrange", [], "FIRST-LAST", .users),
    LineOption("l3mdev", .masterDevice), LineOption("protocol", [], "0 to 255", .rulesProtocol),
    LineOption("ipproto", [], "NAME or NUMBER", .transport), LineOption("sport", [], "FIRST-LAST", .sourcePorts),
    LineOption("dport", [], "FIRST-LAST", .destinationPorts), LineOption("goto", [], "PREFERENCE", .goTo),
    LineOption("nop", .action), LineOption("blackhole", .action), LineOption("unreachable", .action),
    LineOption("prohibit", .action), LineOption("type", [], "ACTION", .action), LineOption("no_track", .noTrack),
    LineOption("track_group", [], "NAME", .trackGroup),
  ]
}

extension LineOption {
  init(_ name: String, _ setting: LineSetting) { self.init(name, [], "", setting) }
}
