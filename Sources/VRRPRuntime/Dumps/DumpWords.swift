import NetPrimitives
import VRRPCore

/// A command as dumps show it: every word in single quotes.
struct ScriptCommandText {
  var text: String

  init(_ command: ScriptCommand) {
    text = command.arguments.map { "'\($0)'" }.joined(separator: " ")
  }

  init?(_ command: ScriptCommand?) {
    guard let command else { return nil }
    self.init(command)
  }
}

/// Seconds as a number: whole when they are, with as many digits as it takes otherwise.
func decimalSeconds(_ nanoseconds: UInt64) -> String {
  let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
  guard rest > 0 else { return "\(seconds)" }
  var digits = Int64(rest).padded(to: 9)
  while digits.hasSuffix("0") { digits.removeLast() }
  return "\(seconds).\(digits)"
}

/// The words of rtnetlink for scopes.
func scopeName(_ scope: UInt8) -> String {
  switch scope {
  case 0: "global"
  case 200: "site"
  case 253: "link"
  case 254: "host"
  case 255: "nowhere"
  default: "\(scope)"
  }
}

extension NameOrNumber {
  var dumpText: String {
    switch self {
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }
}

extension IPPrefix {
  /// The prefix without its length when it is the address alone.
  var dumpText: String { length == address.family.maximumPrefixLength ? "\(address)" : "\(self)" }
}

extension VirtualAddress {
  /// The address as `.data` and JSON show it; `interface` is the router's own.
  func dumpText(on interface: String, isSet: Bool) -> String {
    var text = prefix.dumpText
    if let peer { text += " peer \(peer)" }
    if let broadcast = broadcastAddress { text += " brd \(broadcast)" }
    text += " dev \(self.interface ?? interface) scope \(scopeName(scope ?? 0))"
    if let label { text += " label \(label)" }
    if flags.contains(.home) { text += " home" }
    if detectsDuplicates { text += " -nodad" }
    if flags.contains(.managesTemporary) { text += " mngtmpaddr" }
    if flags.contains(.noPrefixRoute) { text += " noprefixroute" }
    if flags.contains(.autoJoin) { text += " autojoin" }
    if let lifetime = shownLifetime { text += " preferred_lft \(lifetime)" }
    if !isTracked { text += " no_track" }
    if isSet { text += " set" }
    return text
  }

  private var shownLifetime: String? {
    switch (preferredLifetime, prefix.address) {
    case (.seconds(let seconds), _): "\(seconds)"
    case (.forever, .v6): "forever"
    // A host address of IPv6 is deprecated, so that nobody chooses it as a source.
    case (nil, .v6): prefix.length == 128 ? "0" : "forever"
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
    var text = "prepend "
    switch type {
    case .unicast: break
    case .local, .broadcast, .multicast, .blackhole, .unreachable, .prohibit, .throw, .nat: text += "\(type.rawValue) "
    }
    text += destination?.dumpText ?? "default"
    if let source { text += " from \(source.dumpText)" }
    if let gateway { text += " via \(gateway.family.dumpText) \(gateway)" }
    if let interface { text += " dev \(interface)" }
    if let preferredSource { text += " src \(preferredSource)" }
    if let typeOfService { text += " tos \(typeOfService.dumpText)" }
    if let table { text += " table \(table.dumpText)" }
    text += " proto \(routingProtocol?.dumpText ?? "18")"
    if let scope { text += " scope \(scopeName(scope))" }
    if let metric { text += " metric \(metric)" }
    if isOnLink { text += " onlink" }
    for metric in metrics { text += " \(metric.kind.rawValue)\(metric.isLocked ? " lock" : "") \(metric.value)" }
    for attribute in attributes { text += " \(attribute.keyword) \(attribute.value)" }
    for hop in nextHops {
      text += " nexthop"
      if let gateway = hop.gateway { text += " via \(gateway.family.dumpText) \(gateway)" }
      if let interface = hop.interface { text += " dev \(interface)" }
      text += " weight \(hop.weight)"
      if hop.isOnLink { text += " onlink" }
    }
    if !isTracked { text += " no_track" }
    return text
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
    text += "from \(source?.dumpText ?? "all")"
    if let destination { text += " to \(destination.dumpText)" }
    if let preference { text += " priority \(preference)" }
    text += " tos \(typeOfService?.dumpText ?? "0x0")"
    if let mark = firewallMark {
      text += " fwmark 0x\(String(mark.value, radix: 16))"
      if mark.mask != .max { text += "/0x\(String(mark.mask, radix: 16))" }
    }
    if let inputInterface { text += " iif \(inputInterface)" }
    if let outputInterface { text += " oif \(outputInterface)" }
    if let users { text += " uidrange \(users.lowerBound)-\(users.upperBound)" }
    text += " protocol \(routingProtocol ?? 18)"
    if let transport { text += " ipproto \(transport.dumpText)" }
    if let ports = sourcePorts { text += " sport \(ports.lowerBound)-\(ports.upperBound)" }
    if let ports = destinationPorts { text += " dport \(ports.lowerBound)-\(ports.upperBound)" }
    if let tunnelID { text += " tunnel-id \(tunnelID)" }
    if let realms { text += " realms \(realms)" }
    if let length = suppressedPrefixLength { text += " suppress_prefixlength \(length)" }
    if let group = suppressedGroup { text += " suppress_ifgroup \(group.dumpText)" }
    switch action {
    case .lookUp(let table): text += " lookup \(table.dumpText)"
    case .lookUpMasterDevice: text += " l3mdev"
    case .goTo(let preference): text += " goto \(preference)"
    case .nop: text += " nop"
    case .blackhole: text += " blackhole"
    case .unreachable: text += " unreachable"
    case .prohibit: text += " prohibit"
    }
    if !isTracked { text += " no_track" }
    return text
  }
}
