import NetPrimitives
public import VRRPCore

extension LinuxWorld {
  /// Removes every address, route and rule that carries our mark and belongs to none of `kept` nor to the static
  /// configuration: a crashed predecessor must not take part in an election through its addresses. Call before the
  /// engine starts, after ``keep(_:_:)``.
  public mutating func removeLeftovers(keeping kept: [VirtualRouterDefinition]) {
    var wanted: [ObjectKey: [KernelObject]] = [:]
    for object in kept.flatMap({ resolved($0).objects }) + statics.objects {
      wanted[ObjectKey(object.object), default: []].append(object.object)
    }
    var leftovers: [KernelObject] = []
    for object in ourObjects() {
      let key = ObjectKey(object)
      if wanted[key]?.contains(where: { $0.isSame(as: object) }) == true {
        placed.insert(key)
      } else {
        leftovers.append(object)
      }
    }
    removeNow(leftovers)
    // Whoever was killed while it dropped packets left an address, too.
    if !leftovers.isEmpty || !wanted.isEmpty, !kept.contains(where: \.filtersAddresses) { removeLeftoverFirewall() }
    removeLeftoverLinks(keeping: kept)
  }

  /// Takes away what is ours but no object of a plan: the daemon ends. Nothing when addresses are to stay.
  public mutating func dismantle() {
    guard !keepsAddresses else { return }
    for case let plan? in plans { removeLinks(plan.links) }
    dismantleFirewall()
    parameters.restore()
  }

  /// Whether every address of `definition` is in place with our mark, as an active router that crashed leaves it.
  public mutating func hasAddresses(of definition: VirtualRouterDefinition) -> Bool {
    // A backup has prepared addresses, too, on an interface that is down.
    guard existingLinks(of: definition).allSatisfy(\.isUp) else { return false }
    let addresses = resolved(definition).addresses
    return !addresses.isEmpty && addresses.allSatisfy { table.find($0)?.isOurs ?? false }
  }

  /// Everything in the kernel that carries our mark.
  private mutating func ourObjects() -> [KernelObject] {
    var objects = table.ourAddresses.map { KernelObject.address($0) }
    do {
      for family in [AddressFamily.ipv4, .ipv6] {
        objects += try routes.routes(family).map { .route($0, .before) }
        objects += try routes.rules(family).filter(\.isOurs).map { .rule($0) }
      }
    } catch {
      fail("cannot list routes and rules: \(error)")
    }
    return objects
  }

  private mutating func resolved(_ definition: VirtualRouterDefinition) -> ObjectPlan {
    let interface = table.interface(named: definition.interface)
    let requests = VirtualLinkRequest.all(for: definition, prefixes: prefixes)
    let links = existingLinks(of: definition)
    let plan = resolving { RouterPlan(definition, on: interface, requests: requests, links: links, &$0) }
    // Short of one address it is not whole.
    return plan.isObstructed ? ObjectPlan() : plan.objects
  }
}

extension KernelObject {
  /// Whether the kernel's `other` is this object.
  fileprivate func isSame(as other: KernelObject) -> Bool {
    switch (self, other) {
    case (.address, .address): true
    case (.route(let ours, _), .route(let theirs, _)): ours.isSame(as: theirs)
    case (.rule(let ours), .rule(let theirs)): ours.isSame(as: theirs)
    case (.address, _), (.route, _), (.rule, _): false
    }
  }
}
