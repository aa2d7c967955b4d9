import NetPrimitives
import VRRPCore

/// Turns routes and rules as configured into what the kernel is told: names into numbers, interfaces into indices.
struct ObjectResolver {
  let table: InterfaceTable
  var names: RoutingNames
  /// What could not be understood, one line each.
  private(set) var complaints: [String] = []

  init(table: InterfaceTable, names: RoutingNames) {
    self.table = table
    self.names = names
  }

  /// Why a line cannot be carried out now.
  private enum Obstacle: Error {
    /// It waits for an interface; that is no error.
    case missingInterface
    case unknown(String)
  }

  /// Routes and rules as the kernel is to have them.
  mutating func objects(_ routes: [RouteDefinition], _ rules: [RuleDefinition]) -> [WantedObject] {
    var objects: [WantedObject] = []
    for definition in routes {
      guard let (route, insertion) = route(definition) else { continue }
      objects.append(WantedObject(object: .route(route, insertion), isTracked: definition.isTracked))
    }
    for definition in rules {
      guard let rule = rule(definition) else { continue }
      objects.append(WantedObject(object: .rule(rule), isTracked: definition.isTracked))
    }
    return objects
  }

  /// The route as the kernel is to have it; `nil` while it names an interface that does not exist, and, with a
  /// complaint, when it cannot be understood.
  private mutating func route(_ definition: RouteDefinition) -> (Route, RouteBatch.RouteInsertion)? {
    do {
      return try resolve(definition)
    } catch {
      if case .unknown(let what) = error {
        complaints.append("route to \(definition.destination.map { "\($0)" } ?? "default"): \(what)")
      }
      return nil
    }
  }

  /// The rule as the kernel is to have it; `nil`, with a complaint, when it cannot be understood.
  private mutating func rule(_ definition: RuleDefinition) -> RoutingRule? {
    do {
      return try resolve(definition)
    } catch {
      if case .unknown(let what) = error {
        complaints.append("rule with preference \(definition.preference ?? 0): \(what)")
      }
      return nil
    }
  }

  // MARK: Routes

  private mutating func resolve(
    _ definition: RouteDefinition
  ) throws(Obstacle) -> (Route, RouteBatch.RouteInsertion) {
    let everywhere = IPAddress.any(definition.family)
    var route = Route(to: definition.destination ?? IPPrefix(everywhere, length: 0) ?? IPPrefix(host: everywhere))
    route.kind = Route.Kind(definition.type)
    route.source = definition.source
    route.preferredSource = definition.preferredSource
    route.metric = definition.metric
    // ip(8) would choose link without a gateway; keepalived does not.
    route.scope = definition.scope ?? (definition.type == .unicast ? 0 : nil)
    route.preference = definition.preference
    route.lifetimeSeconds = definition.expiresSeconds
    if let table = definition.table { route.table = try number(.table, table) }
    if let vrf = definition.vrf { route.table = try tableOfVRF(vrf) }
    if let owner = definition.routingProtocol { route.owner = UInt8(truncatingIfNeeded: try number(.owner, owner)) }
    if let service = definition.typeOfService {
      route.typeOfService = UInt8(truncatingIfNeeded: try number(.typeOfService, service))
    }
    for metric in definition.metrics {
      let kind = Route.Metric(metric.kind)
      route.metrics[kind] = metric.value
      if metric.isLocked { route.lockedMetrics.insert(kind) }
    }
    var hop = Route.NextHop(gateway: definition.gateway)
    hop.isOnLink = definition.isOnLink
    if let name = definition.interface { hop.interface = try interface(name) }
    let insertion = try apply(definition.attributes, to: &route, &hop)
    if hop.gateway != nil || hop.interface != nil { route.nextHops = [hop] }
    for definition in definition.nextHops {
      var hop = Route.NextHop(gateway: definition.gateway)
      hop.weight = definition.weight
      hop.isOnLink = definition.isOnLink
      if let name = definition.interface { hop.interface = try interface(name) }
      for attribute in definition.attributes { try apply(attribute, to: &hop) }
      route.nextHops.append(hop)
    }
    return (route, insertion)
  }

  /// The words that keep their text.
  private mutating func apply(
    _ attributes: [RouteDefinition.Attribute], to route: inout Route, _ hop: inout Route.NextHop
  ) throws(Obstacle) -> RouteBatch.RouteInsertion {
    var insertion = RouteBatch.RouteInsertion.before
    for attribute in attributes {
      switch attribute.keyword {
      case "add": insertion = .exclusive
      case "append": insertion = .after
      case "prepend": insertion = .before
      case "realms": route.realms = try realms(attribute.value)
      case "features":
        guard attribute.value == "ecn" else { throw .unknown("unknown feature '\(attribute.value)'") }
        route.metrics[.features] = 1
      case "congctl":
        route.locksCongestionControl = attribute.value.hasPrefix("lock ")
        route.congestionControl = String(attribute.value.dropFirst(route.locksCongestionControl ? 5 : 0))
      case "ttl-propagate":
        guard ["enabled", "disabled"].contains(attribute.value) else {
          throw .unknown("'ttl-propagate' is enabled or disabled")
        }
        route.propagatesHopLimit = attribute.value == "enabled"
      default: try apply(attribute, to: &hop)
      }
    }
    return insertion
  }

  private mutating func apply(_ attribute: RouteDefinition.Attribute, to hop: inout Route.NextHop) throws(Obstacle) {
    switch attribute.keyword {
    case "realms": hop.realms = try realms(attribute.value)
    case "encap":
      guard let encapsulation = Encapsulation(words: attribute.value) else {
        throw .unknown("'encap \(attribute.value)' is not understood")
      }
      hop.encapsulation = encapsulation
    default: throw .unknown("'\(attribute.keyword)' is not understood")
    }
  }

  /// `[FROM/]TO` by number or name.
  private mutating func realms(_ text: String) throws(Obstacle) -> UInt32 {
    var realms: UInt32 = 0
    for part in text.split(separator: "/", omittingEmptySubsequences: false) {
      realms = realms << 16 | (try number(.realm, NameOrNumber(String(part))) & 0xffff)
    }
    return realms
  }

  // MARK: Rules

  private mutating func resolve(_ definition: RuleDefinition) throws(Obstacle) -> RoutingRule {
    var rule = RoutingRule(definition.family, try action(definition.action))
    rule.priority = definition.preference
    rule.source = definition.source
    rule.destination = definition.destination
    rule.inputInterface = definition.inputInterface
    rule.outputInterface = definition.outputInterface
    rule.mark = definition.firewallMark.map { RoutingRule.Mark($0.value, mask: $0.mask) }
    rule.isInverted = definition.isInverted
    if let service = definition.typeOfService {
      rule.typeOfService = UInt8(truncatingIfNeeded: try number(.typeOfService, service))
    }
    rule.suppressedPrefixLength = definition.suppressedPrefixLength
    if let group = definition.suppressedGroup {
      rule.suppressedInterfaceGroup = try number(.interfaceGroup, group)
    }
    if let realms = definition.realms { rule.realms = try self.realms(realms) }
    rule.tunnelID = definition.tunnelID
    rule.users = definition.users
    if let transport = definition.transport {
      rule.ipProtocol = UInt8(truncatingIfNeeded: try number(.transport, transport))
    }
    rule.sourcePorts = definition.sourcePorts
    rule.destinationPorts = definition.destinationPorts
    if let owner = definition.routingProtocol { rule.owner = owner }
    return rule
  }

  private mutating func action(_ action: RuleDefinition.Action) throws(Obstacle) -> RoutingRule.Action {
    switch action {
    case .lookUp(let table): .lookUp(table: try number(.table, table))
    case .lookUpMasterDevice: .lookUpVRF
    case .goTo(let priority): .goto(priority: priority)
    case .nop: .nothing
    case .blackhole: .blackhole
    case .unreachable: .unreachable
    case .prohibit: .prohibit
    }
  }

  // MARK: Names

  private func interface(_ name: String) throws(Obstacle) -> InterfaceIndex {
    guard let link = table.link(named: name) else { throw .missingInterface }
    return link.index
  }

  private func tableOfVRF(_ name: String) throws(Obstacle) -> UInt32 {
    guard let link = table.link(named: name) else { throw .missingInterface }
    guard let table = link.vrfTable else { throw .unknown("\(name) is no VRF device") }
    return table
  }

  private mutating func number(_ kind: RoutingNames.Kind, _ name: NameOrNumber) throws(Obstacle) -> UInt32 {
    if let number = names.number(kind, name) { return number }
    throw .unknown("no number is known for '\(name)' (\(kind.rawValue))")
  }
}
