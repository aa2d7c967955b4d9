import NetPrimitives

/// Something we put into the kernel and take away again.
enum KernelObject: Hashable {
  case address(InterfaceAddress)
  indirect case route(Route, RouteBatch.RouteInsertion)
  indirect case rule(RoutingRule)
}

/// One thing a virtual router, or the static configuration, wants in the kernel.
struct WantedObject: Hashable {
  var object: KernelObject
  /// False with `no_track`: when somebody takes it away it stays away until it is wanted anew.
  var isTracked = true
  /// Put there before it is wanted and left there after, out of reach on an interface of the router's that is down.
  var isPrepared = false
}

/// By what an object of the kernel's is found again when the kernel tells of it. Routes that differ by their gateways
/// only share one.
enum ObjectKey: Hashable {
  case address(InterfaceIndex, IPPrefix)
  /// On the heap, or there would be room for one in the key of every address.
  indirect case route(RouteKey)
  case rule(AddressFamily, priority: UInt32)

  struct RouteKey: Hashable {
    var destination: IPPrefix
    var source: IPPrefix?
    var table: UInt32
    var typeOfService: UInt8
    var metric: UInt32
    var owner: UInt8
  }

  init(_ address: InterfaceAddress) { self = .address(address.interface, address.prefix) }

  init(_ route: Route) {
    let isIPv6 = route.destination.address.family == .ipv6
    self = .route(
      RouteKey(
        destination: route.destination.network, source: route.source.map(\.network), table: route.table,
        typeOfService: route.typeOfService,
        // The kernel's own default is told, not ours.
        metric: isIPv6 ? (route.metric ?? 0) == 0 ? 1024 : route.metric ?? 1024 : route.metric ?? 0,
        owner: route.owner))
  }

  init(_ rule: RoutingRule) { self = .rule(rule.family, priority: rule.priority ?? 0) }

  init(_ object: KernelObject) {
    switch object {
    case .address(let address): self.init(address)
    case .route(let route, _): self.init(route)
    case .rule(let rule): self.init(rule)
    }
  }
}

extension KernelObject {
  /// Addresses go before routes, and routes before rules: each may need those before it.
  var rank: Int {
    switch self {
    case .address: 0
    case .route: 1
    case .rule: 2
    }
  }

  /// Whether it carries our mark, so that one like it can only be ours.
  var isOurs: Bool {
    switch self {
    case .address(let address): address.isOurs
    case .route(let route, _): route.isOurs
    case .rule(let rule): rule.isOurs
    }
  }

  /// In the words of log lines.
  var description: String {
    switch self {
    case .address(let address): "\(address.prefix.address)"
    case .route(let route, _): "route to \(route.destination)"
    case .rule(let rule): "rule with preference \(rule.priority ?? 0)"
    }
  }
}

extension Route {
  /// Whether the kernel's `other` is this route: the way there is the same, as far as we said which it is.
  func isSame(as other: Route) -> Bool {
    guard ObjectKey(self) == ObjectKey(other), kind == other.kind else { return false }
    // Without a way of ours the kernel may name one, the loopback for unreachable IPv6 routes.
    guard !nextHops.isEmpty else { return true }
    return nextHops.count == other.nextHops.count
      && zip(nextHops, other.nextHops).allSatisfy { ours, theirs in
        ours.gateway == theirs.gateway && (ours.interface == nil || ours.interface == theirs.interface)
      }
  }
}

extension RoutingRule {
  /// Whether the kernel's `other` is this rule.
  func isSame(as other: RoutingRule) -> Bool {
    ObjectKey(self) == ObjectKey(other) && action == other.action && source == other.source
      && destination == other.destination && isInverted == other.isInverted
      && inputInterface == other.inputInterface && outputInterface == other.outputInterface
  }
}

extension IPPrefix {
  /// Without host bits, as the kernel tells of routes.
  var network: IPPrefix {
    let address: IPAddress =
      switch self.address {
      case .v4(let address):
        .v4(IPv4Address(rawValue: length == 0 ? 0 : address.rawValue & (UInt32.max << (32 - UInt32(length)))))
      case .v6(let address):
        .v6(
          IPv6Address(
            high: length == 0 ? 0 : address.high & (length >= 64 ? .max : UInt64.max << (64 - UInt64(length))),
            low: length <= 64 ? 0 : address.low & (UInt64.max << (128 - UInt64(length)))))
      }
    return IPPrefix(address, length: length) ?? self
  }
}
