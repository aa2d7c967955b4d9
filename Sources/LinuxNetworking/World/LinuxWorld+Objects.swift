public import NetPrimitives
public import VRRPCore
public import VRRPRuntime

/// Plans by their owners: virtual routers by their place, the static configuration by a number of its own.
extension LinuxWorld {
  static let staticOwner = -1

  /// Everybody who may want something.
  var owners: [Int] { [Self.staticOwner] + plans.indices }

  /// What `owner` wants; nothing for a place not in use.
  func objects(of owner: Int) -> ObjectPlan {
    if owner == Self.staticOwner { return statics }
    return plans.indices.contains(owner) ? plans[owner]?.objects ?? ObjectPlan() : ObjectPlan()
  }

  mutating func modifyObjects(of owner: Int, _ body: (inout ObjectPlan) -> Void) {
    if owner == Self.staticOwner { return statics.modify(body) }
    if plans.indices.contains(owner) { plans[owner]?.objects.modify(body) }
  }

  /// Runs `body` with what it takes to understand definitions, and tells what it could not.
  mutating func resolving<Result>(_ body: (inout ObjectResolver) -> Result) -> Result {
    var resolver = ObjectResolver(table: table, names: names)
    let result = body(&resolver)
    names = resolver.names
    for complaint in resolver.complaints { fail(complaint) }
    return result
  }

  /// Puts a plan in the place of `old`. Where the old one is in force, only what differs is changed.
  mutating func replacePlan(_ old: ObjectPlan, with plan: ObjectPlan, of owner: Int) {
    var plan = plan
    plan.isWanted = old.isWanted
    plan.isSettled = old.isSettled
    plan.pending = old.pending
    (plan.refusals, plan.retryAt, plan.announces) = (old.refusals, old.retryAt, old.announces)
    if old.objects != plan.objects {
      index.remove(old.objects, of: owner)
      index.insert(plan.objects, of: owner)
      if old.isWanted {
        let changes = plan.changes(from: old)
        for object in changes.removed { dropped.append((owner, object)) }
        if plan.isSettled, !changes.added.isEmpty {
          plan.isSettled = false
          plan.pending = changes.added
          unsettled.append(owner)
        } else if !plan.isSettled {
          plan.pending = nil
          unsettled.append(owner)
        }
      } else {
        let prepared = Set(plan.objects.filter(\.isPrepared).map(\.object))
        for wanted in old.objects where wanted.isPrepared && !prepared.contains(wanted.object) {
          dropped.append((owner, wanted.object))
        }
        if !prepared.isEmpty {
          plan.isSettled = false
          unsettled.append(owner)
        }
      }
    }
    if plan.hasMoreThanAddresses { routeOwners.insert(owner) } else { routeOwners.remove(owner) }
    modifyObjects(of: owner) { $0 = plan }
  }

  // MARK: Static objects

  /// Makes `definitions` what is there whatever the elections say; what is no longer among them goes.
  ///
  /// - Parameters:
  ///   - definitions: Addresses without an interface go on that of `global`.
  ///   - global: Where names are looked up, too.
  public mutating func keep(_ definitions: StaticDefinitions, _ global: GlobalDefinition) {
    names = RoutingNames(directory: global.namesDirectory, vendorDirectory: global.namesVendorDirectory)
    staticDefinitions = definitions
    for index in definitions.addresses.indices where definitions.addresses[index].interface == nil {
      staticDefinitions.addresses[index].interface = global.defaultInterface ?? "eth0"
    }
    placeStatics()
  }

  /// Whether the kernel has to tell us of routes and rules.
  public var hasRoutes: Bool {
    !routeOwners.isEmpty
  }

  /// Takes the static objects away: the daemon stops.
  public mutating func releaseStatics(now: MonotonicInstant) {
    guard !keepsAddresses, statics.isWanted else { return }
    statics.isWanted = false
    unsettle(Self.staticOwner)
    flush(now: now)
  }

  /// Works the static objects out anew: interfaces may have come.
  mutating func placeStatics() {
    let plan = resolvedStatics(staticDefinitions)
    replacePlan(statics, with: plan, of: Self.staticOwner)
    guard !statics.isWanted, !plan.objects.isEmpty else { return }
    statics.isWanted = true
    unsettle(Self.staticOwner)
  }

  private mutating func resolvedStatics(_ definitions: StaticDefinitions) -> ObjectPlan {
    resolving { resolver in
      var objects: [WantedObject] = []
      for virtual in definitions.addresses {
        guard let link = virtual.interface.flatMap({ resolver.table.link(named: $0) }) else { continue }
        objects.append(
          WantedObject(object: .address(InterfaceAddress(virtual, on: link.index)), isTracked: virtual.isTracked))
      }
      return ObjectPlan(objects + resolver.objects(definitions.routes, definitions.rules))
    }
  }

  // MARK: Losses

  /// Somebody took something away, or it went by itself, or we did it ourselves.
  mutating func noticeLoss(of key: ObjectKey, now: MonotonicInstant) {
    if let count = expectedRemovals[key] {
      expectedRemovals[key] = count > 1 ? count - 1 : nil
      return
    }
    placed.remove(key)
    foreign.remove(key)
    for entry in index[key] where entry.isTracked && objects(of: entry.owner).isWanted {
      noticeLoss(of: key, by: entry.owner, now: now)
    }
  }

  private mutating func noticeLoss(of key: ObjectKey, by owner: Int, now: MonotonicInstant) {
    let name = owner == Self.staticOwner ? "static" : plans[owner]?.definition.name ?? ""
    if owner != Self.staticOwner, plans[owner]?.definition.externalRemoval == .stepDown {
      let router = RouterHandle(rawValue: owner)
      guard !deposed.contains(router) else { return }
      fail("(\(name)) \(key) was taken away by somebody else; giving way")
      deposed.append(router)
      return
    }
    fail("(\(name)) \(key) was taken away by somebody else; putting it back")
    retry(owner, at: now.advanced(byNanoseconds: Self.repairDelayNanoseconds))
    if case .address = key { modifyObjects(of: owner) { $0.announces = true } }
  }

  /// Routers that are to give way since the last call: somebody took something of theirs away, and that is their
  /// policy.
  public mutating func takeDeposed() -> [RouterHandle] {
    guard !deposed.isEmpty else { return [] }
    defer { deposed.removeAll() }
    return deposed
  }

  /// Routes go with their link without a word, so they are put back when it returns.
  mutating func noticeLink(_ link: Link, wentDown: Bool) {
    guard link.isRunning, wentDown || table.link(link.index)?.isRunning != true else { return }
    for owner in owners where objects(of: owner).isWanted && objects(of: owner).hasRoutes { unsettle(owner) }
  }

  /// Has another attempt made for `owner` at `instant`.
  mutating func retry(_ owner: Int, at instant: MonotonicInstant) {
    modifyObjects(of: owner) {
      $0.isSettled = false
      $0.pending = nil
      $0.retryAt = min($0.retryAt ?? instant, instant)
    }
    repairAt = min(repairAt ?? instant, instant)
  }
}

extension RouteMonitor.Event {
  /// Whether links came, went or changed.
  var concernsLinks: Bool {
    switch self {
    case .linkChanged, .linkRemoved: true
    case .addressChanged, .addressRemoved, .routeRemoved, .ruleRemoved, .overrun: false
    }
  }
}

extension ObjectKey: CustomStringConvertible {
  /// In the words of log lines.
  var description: String {
    switch self {
    case .address(_, let prefix): "\(prefix.address)"
    case .route(let route): "route to \(route.destination)"
    case .rule(_, let priority): "rule with preference \(priority)"
    }
  }
}
