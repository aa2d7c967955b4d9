import NetPrimitives
import VRRPCore

// Addresses, routes and rules as `.data` and JSON show them, in keepalived's order of words.

extension VirtualAddress {
  /// The address as `.data` and JSON show it; `interface` is the router's own.
  func dumpText(on interface: String, isSet: Bool) -> String {
    var text = prefix.dumpText
    if let broadcast = broadcastAddress { text += " brd \(broadcast)" }
    text += " dev \(self.interface ?? interface) scope \(scopeName(scope ?? 0))"
    if let label { text += " label \(label)" }
    if let peer { text += " peer \(peer)/\(peer.family.maximumPrefixLength)" }
    if flags.contains(.home) { text += " home" }
    if detectsDuplicates { text += " -nodad" }
    if flags.contains(.managesTemporary) { text += " mngtmpaddr" }
    if flags.contains(.noPrefixRoute) { text += " noprefixroute" }
    if flags.contains(.autoJoin) { text += " autojoin" }
    if isDeprecated { text += " deprecated" }
    if let lifetime = shownLifetime { text += " preferred_lft \(lifetime)" }
    if !isTracked { text += " no_track" }
    if isSet { text += " set" }
    return text
  }

  /// A host address of IPv6, so that nobody chooses it as a source.
  private var isDeprecated: Bool {
    preferredLifetime == nil && prefix.address.family == .ipv6 && prefix.length == 128
  }

  private var shownLifetime: String? {
    switch (preferredLifetime, prefix.address) {
    case (.seconds(let seconds), _): "\(seconds)"
    case (.forever, .v6): "forever"
    case (nil, .v6): prefix.length == 128 ? nil : "forever"
    case (.forever, .v4), (nil, .v4): nil
    }
  }

  private var broadcastAddress: IPv4Address? {
    guard case .v4(let address) = prefix.address else { return nil }
    let hosts = UInt32.max >> UInt32(prefix.length)
    return switch broadcast {
    case .address(let broadcast): broadcast
    case .lastOfPrefix: IPv4Address(rawValue: address.rawValue | hosts)
    case .firstOfPrefix: IPv4Address(rawValue: address.rawValue & ~hosts)
    case nil: nil
    }
  }
}

extension RouteDefinition {
  /// The route as `.data` and JSON show it.
  var dumpText: String {
    var text = insertionText
    if type != .unicast { text += " \(type.rawValue)" }
    text += " " + (destination?.dumpText ?? (family == .ipv4 ? "0.0.0.0/0" : "::/0"))
    if let source { text += " from \(source.dumpText)" }
    if let preferredSource { text += " src \(preferredSource)" }
    if let typeOfService { text += " tos \(typeOfService)" }
    text += attributeText("encap")
    if let gateway { text += " via \(gateway.family.dumpText) \(gateway)" }
    if let interface { text += " dev \(interface)" }
    if let table { text += " table \(table)" }
    if let vrf { text += " vrf \(vrf)" }
    text += " proto \(routingProtocol?.description ?? "18")"
    if let scope { text += " scope \(scope)" }
    if let metric { text += " metric \(metric)" }
    text += attributeText("realms")
    if let expiresSeconds { text += " expires \(expiresSeconds)sec" }
    if let preference { text += " pref \(preference == 1 ? "high" : preference == 3 ? "low" : "medium")" }
    if isOnLink { text += " onlink" }
    text += attributeText("congctl") + metricText + attributeText("ttl-propagate")
    for hop in nextHops { text += " nexthop" + hop.dumpText }
    // Without an interface of its own there is nothing of a route that keepalived could follow.
    if !isTracked || interface == nil { text += " no_track" }
    return text
  }

  private var insertionText: String {
    for word in ["add", "append", "prepend"] where attributes.contains(where: { $0.keyword == word }) { return word }
    return type == .unicast ? "prepend" : "add"
  }

  private func attributeText(_ keyword: String) -> String {
    attributes.filter { $0.keyword == keyword }.map { " \(keyword) \($0.value)" }.joined()
  }

  private var metricText: String {
    let order: [RouteMetric.Kind] = [
      .rtt, .rttvar, .retransmissionMinimum, .mtu, .window, .ssthresh, .cwnd, .advmss, .reordering, .hoplimit,
      .initcwnd, .initrwnd, .quickack, .fastOpenNoCookie,
    ]
    var text = ""
    for kind in order {
      for metric in metrics where metric.kind == kind {
        text += " \(kind.rawValue)\(metric.isLocked ? " lock" : "") \(metric.shownValue)"
      }
      if kind == .retransmissionMinimum { text += attributeText("features") }
    }
    return text
  }
}

extension RouteDefinition.NextHop {
  fileprivate var dumpText: String {
    var text = attributes.filter { $0.keyword == "encap" }.map { " encap \($0.value)" }.joined()
    if let gateway { text += " via \(gateway.family.dumpText) \(gateway)" }
    if let interface { text += " dev \(interface)" }
    if weight != 1 { text += " weight \(weight)" }
    if isOnLink { text += " onlink" }
    return text
  }
}

extension RouteMetric {
  /// Times in milliseconds, other numbers as they are.
  fileprivate var shownValue: String {
    switch kind {
    case .rtt: "\(value / 8)ms"
    case .rttvar: "\(value / 4)ms"
    case .retransmissionMinimum: "\(value)ms"
    case .mtu, .hoplimit, .advmss, .reordering, .window, .cwnd, .ssthresh, .initcwnd, .initrwnd, .quickack,
      .fastOpenNoCookie:
      "\(value)"
    }
  }
}

extension AddressFamily {
  fileprivate var dumpText: String {
    switch self {
    case .ipv4: "inet"
    case .ipv6: "inet6"
    }
  }
}

extension RuleDefinition {
  /// The rule as `.data` and JSON show it.
  var dumpText: String {
    var text = isInverted ? "not " : ""
    let everywhere = family == .ipv4 ? "0.0.0.0/0" : "::/0"
    text += "from \(source?.dumpText ?? (destination == nil ? everywhere : "all"))"
    if let destination { text += " to \(destination.dumpText)" }
    if let preference { text += " priority \(preference)" }
    text += " tos \(typeOfService.map { $0.hexText } ?? "0x0")"
    if let mark = firewallMark {
      text += " fwmark 0x\(String(mark.value, radix: 16))"
      if mark.mask != .max { text += "/0x\(String(mark.mask, radix: 16))" }
    }
    if let inputInterface { text += " iif \(inputInterface)" }
    if let outputInterface { text += " oif \(outputInterface)" }
    if let length = suppressedPrefixLength { text += " suppress_prefixlen \(length)" }
    if let group = suppressedGroup { text += " suppress_ifgroup \(group)" }
    if let tunnelID { text += " tunnel-id \(tunnelID)" }
    if let users { text += " uidrange \(users.lowerBound)-\(users.upperBound)" }
    if action == .lookUpMasterDevice { text += " l3mdev" }
    text += " protocol \(routingProtocol ?? 18)"
    if let transport { text += " ipproto \(transport)" }
    if let ports = sourcePorts { text += " sport \(ports.lowerBound)-\(ports.upperBound)" }
    if let ports = destinationPorts { text += " dport \(ports.lowerBound)-\(ports.upperBound)" }
    if let realms { text += " realms \(realms)" }
    text += " \(actionText)"
    if !isTracked { text += " no_track" }
    return text
  }

  private var actionText: String {
    switch action {
    case .lookUp(let table): "lookup \(table)"
    case .lookUpMasterDevice: "lookup 0"
    case .goTo(let preference): "goto \(preference)"
    case .nop: "nop"
    case .blackhole: "type blackhole"
    case .unreachable: "type unreachable"
    case .prohibit: "type prohibit"
    }
  }
}

extension NameOrNumber {
  fileprivate var hexText: String {
    switch self {
    case .number(let number): "0x\(String(number, radix: 16))"
    case .name(let name): name
    }
  }
}
