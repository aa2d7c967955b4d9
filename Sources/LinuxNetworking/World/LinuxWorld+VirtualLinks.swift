import Glibc
import NetPrimitives
import VRRPCore
public import VRRPRuntime

extension LinuxWorld {
  /// The name of the interface with the virtual MAC of `router`; `nil` without one.
  func virtualInterface(of router: RouterHandle) -> String? {
    plans[router.rawValue]?.links.first { $0.request.isPrimary }?.name
  }

  /// The interfaces of its own that `definition` needs, taken over or made. Those that cannot be had are left out, with
  /// the reason among the failures.
  mutating func provideLinks(_ requests: [VirtualLinkRequest], having old: [VirtualLink]) -> [VirtualLink] {
    requests.compactMap { request in
      guard let parent = table.link(named: request.parent) else { return nil }
      setParameters(below: request, parent.name)
      if let found = find(request, on: parent, among: old) { return found }
      removeOutdated(request)
      return make(request, on: parent)
    }
  }

  /// The interfaces that serve `definition` already; makes none.
  func existingLinks(of definition: VirtualRouterDefinition) -> [VirtualLink] {
    VirtualLinkRequest.all(for: definition, prefixes: prefixes).compactMap { request in
      table.link(named: request.parent).flatMap { find(request, on: $0, among: []) }
    }
  }

  private func find(_ request: VirtualLinkRequest, on parent: Link, among old: [VirtualLink]) -> VirtualLink? {
    let known = old.first { $0.request == request && table.link($0.index)?.parent == parent.index }
    if let known { return known }
    let mark = request.mark
    return table.firstLink { $0.serves(request, marked: mark, on: parent.index) }.map { VirtualLink($0, for: request) }
  }

  /// What a predecessor made for the same purpose and in another way, another MAC for instance.
  private mutating func removeOutdated(_ request: VirtualLinkRequest) {
    let mark = request.mark
    while let link = table.firstLink(where: { $0.isVirtualRouters && $0.aliasMark == mark }) { remove(link.index) }
  }

  private mutating func make(_ request: VirtualLinkRequest, on parent: Link) -> VirtualLink? {
    guard let name = request.candidateNames.first(where: { table.link(named: $0) == nil }) else {
      fail(
        "(\(request.router)) an interface '\(request.name ?? request.namePrefix)' that is not ours exists already; "
          + "remove it, or give use_vmac another name")
      return nil
    }
    var batch = RouteBatch()
    batch.add(request.specification(named: name, on: parent.index))
    var change = LinkChange()
    // An address made from the virtual MAC would be on every router of the segment.
    change.makesLinkLocalAddress = false
    change.alias = SavedParameters.alias(request.mark, parameters.originals)
    batch.change(named: name, change)
    do {
      if let refusal = try routes.commit(batch).first { throw SystemCallError(refusal, making: name) }
      guard let link = try routes.link(named: name) else { throw SystemCallError(call: "RTM_GETLINK", errno: ENODEV) }
      table.enter(virtual: link)
      setParameters(of: request, name)
      if let source = request.source {
        try routes.perform("add \(source) to \(name)") { $0.add(InterfaceAddress(source, on: link.index)) }
      }
      return VirtualLink(link, for: request)
    } catch {
      fail("(\(request.router)) cannot make interface \(name) on \(parent.name): \(error)")
      return nil
    }
  }

  /// Removes links of a router that it has no more use for.
  mutating func removeLinks(_ links: [VirtualLink]) {
    for link in links {
      remove(link.index)
      parents[link.index.rawValue] = nil
    }
    if !links.isEmpty { areParametersStale = true }
  }

  private mutating func remove(_ index: InterfaceIndex) {
    let name = table.link(index)?.name ?? "\(index)"
    do {
      try routes.perform("remove interface") { $0.remove(index) }
    } catch  where error.errno == ENODEV {
    } catch {
      fail("cannot remove interface \(name): \(error)")
    }
    if let link = table.link(index) { _ = table.enter([.linkRemoved(link)]) }
  }

  /// Removes the interfaces a predecessor left and `kept` has no use for; remembers what it changed in the kernel.
  mutating func removeLeftoverLinks(keeping kept: [VirtualRouterDefinition]) {
    let links = table.allLinks.filter(\.isVirtualRouters)
    guard !links.isEmpty else { return }
    for link in links { parameters.adopt(SavedParameters.decode(link.alias)) }
    let wanted = Set(kept.flatMap { existingLinks(of: $0).map(\.index) })
    for link in links where !wanted.contains(link.index) { remove(link.index) }
    areParametersStale = true
  }

  // MARK: - Up and down

  /// Brings up the interfaces adverts are about to leave by.
  mutating func raiseLinks() {
    guard !rising.isEmpty else { return }
    var batch = RouteBatch()
    for router in rising { appendRaise(router, to: &batch) }
    let risen = rising
    rising.removeAll(keepingCapacity: true)
    change(batch, "bring up")
    hearAnew(risen)
  }

  /// Brings up the interfaces of routers about to get their addresses.
  mutating func raiseLinks(of routers: [Int]) {
    var batch = RouteBatch()
    for router in routers { appendRaise(router, to: &batch) }
    guard !batch.isEmpty else { return }
    change(batch, "bring up")
    hearAnew(routers)
  }

  private mutating func appendRaise(_ router: Int, to batch: inout RouteBatch) {
    for place in plans[router]?.links.indices ?? 0..<0 {
      guard let link = plans[router]?.links[place], !link.isUp else { continue }
      plans[router]?.links[place].isUp = true
      batch.change(link.index, LinkChange(isUp: true))
    }
  }

  /// Silences the interfaces of routers that are no longer active. Before their addresses go: the kernel would tell
  /// the neighbours with the virtual MAC that it leaves groups, and switches would send the successor's packets here.
  mutating func lowerLinks(of routers: [Int]) {
    var batch = RouteBatch()
    var lowered: [Int] = []
    for router in routers {
      for place in plans[router]?.links.indices ?? 0..<0 {
        guard let link = plans[router]?.links[place], link.isUp else { continue }
        plans[router]?.links[place].isUp = false
        lowered.append(router)
        batch.change(link.index, LinkChange(isUp: false))
      }
    }
    guard !batch.isEmpty else { return }
    // Before the links go: what arrives in between is heard twice at worst.
    hearAnew(lowered)
    change(batch, "take down")
  }

  private mutating func change(_ batch: borrowing RouteBatch, _ verb: String) {
    guard !batch.isEmpty else { return }
    do {
      for failure in try routes.commit(batch) where failure.errno != ENODEV {
        fail("cannot \(verb) an interface of a virtual router: \(failure)")
      }
    } catch {
      fail("cannot \(verb) interfaces: \(error)")
    }
  }

  // MARK: - What others do to them

  /// Somebody removed an interface of ours, or took it down while it is in use.
  mutating func noticeLink(_ link: Link, isGone: Bool, now: MonotonicInstant) {
    for router in plans.indices {
      guard let plan = plans[router], let place = plan.links.firstIndex(where: { $0.index == link.index }) else {
        continue
      }
      if isGone {
        // Gone with the interface below it: then there is nothing to repair until that comes back.
        guard table.link(named: plan.links[place].request.parent) != nil else { return }
        disturbed.append(RouterHandle(rawValue: router))
        fail("(\(plan.definition.name)) interface \(link.name) was removed by somebody else; making it anew")
      } else if plan.objects.isWanted, plan.links[place].isUp, !link.flags.contains(.up) {
        plans[router]?.links[place].isUp = false
        retry(router, at: now.advanced(byNanoseconds: Self.repairDelayNanoseconds))
      }
    }
  }

  /// Routers whose interface was taken from them, or could not be made: to be defined again.
  public mutating func takeDisturbed() -> [RouterHandle] {
    defer { if !disturbed.isEmpty { disturbed.removeAll() } }
    return disturbed
  }
}

extension VirtualLink {
  init(_ link: Link, for request: VirtualLinkRequest) {
    self.init(
      request: request, index: link.index, name: link.name, hardwareAddress: link.hardwareAddress,
      isUp: link.flags.contains(.up))
  }
}

extension SystemCallError {
  /// Why a link could not be made.
  fileprivate init(_ failure: RouteFailure, making name: String) {
    self.init(call: "RTM_NEWLINK \(name)", errno: failure.errno, needs: .netAdmin, detail: failure.detail)
  }
}
