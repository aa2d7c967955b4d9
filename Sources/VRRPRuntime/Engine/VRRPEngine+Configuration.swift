public import NetPrimitives
public import VRRPCore

/// What a reload changed, for the log and for people who ask before they reload.
public struct ReloadSummary: Hashable, Sendable {
  /// Routers that were not there before.
  public var added = 0
  /// Routers that are gone.
  public var removed = 0
  /// Routers that are the same virtual router with other settings.
  public var changed = 0
  /// Routers that are as they were: nothing was done about them.
  public var unchanged = 0
}

extension VRRPEngine where World: ~Copyable {
  /// Makes `definitions` the configuration: routers that are new start, routers that are gone leave, routers that
  /// changed go on with their new settings, and routers that did not change are not touched at all.
  ///
  /// - Parameters:
  ///   - definitions: All routers there are to be.
  ///   - wantedGroups: All sync groups there are to be.
  ///   - now: The time.
  ///   - resuming: Whether a predecessor of this process left its addresses in place for a definition; asked once for
  ///     each router that starts.
  /// - Returns: How many routers came, went, changed and stayed.
  @discardableResult
  public mutating func apply(
    _ definitions: [VirtualRouterDefinition], groups wantedGroups: [SyncGroupDefinition] = [], now: MonotonicInstant,
    resuming: (VirtualRouterDefinition) -> Bool = { _ in false }
  ) -> ReloadSummary {
    var summary = ReloadSummary()
    regroup(wantedGroups)
    isSettlingGroup = true
    var old: [VirtualRouterDefinition.Identity?] = []
    old.reserveCapacity(records.count)
    for place in records.indices { old.append(records[place]?.configuredIdentity()) }
    let matching = RouterMatching(old, definitions) { records[$0]?.definition.name }
    for (place, new) in matching.kept {
      let group = groupPlace(of: definitions[new].name)
      let isSameGroup = !(group.map { groups[$0].isChanged } ?? false)
      if isSameGroup, records[place]?.stays(definitions[new], in: group) == true {
        summary.unchanged += 1
      } else {
        change(place, to: definitions[new], now: now)
        summary.changed += 1
      }
    }
    for place in matching.removed {
      records[place]?.isRemoved = true
      handle(.shutdown, of: place, now: now)
      summary.removed += 1
    }
    records.reserveCapacity(records.count + matching.added.count)
    for new in matching.added {
      add(definitions[new], resuming: resuming(definitions[new]), now: now)
      summary.added += 1
    }
    isSettlingGroup = false
    needsWallClock = false
    for place in records.indices where records[place]?.needsWallClock() == true { needsWallClock = true }
    completeGroups(now: now)
    return summary
  }

  private mutating func add(_ definition: VirtualRouterDefinition, resuming: Bool, now: MonotonicInstant) {
    let place = records.firstIndex { $0 == nil } ?? records.count
    let interface = interfaces[definition.interface]
    let source = interface?.primaryAddress(for: definition) ?? .any(definition.family)
    var record = RouterRecord(definition, primaryAddress: source, group: groupPlace(of: definition.name), now: now)
    record.security.header?.resume(after: world.rememberedSequence(of: definition))
    if place == records.count { records.append(record) } else { records[place] = record }
    follow(place, as: definition)
    world.define(RouterHandle(rawValue: place), as: definition, on: interface)
    let reasons = judge(place)
    records[place]?.ownIneligibility = reasons
    records[place]?.ineligibility = reasons
    if let interface { route(key(of: definition, on: interface), to: place) }
    settlePriority(of: place, now: now)
    let isEligible = reasons.isEmpty
    // A router at fault owns nothing, whatever its predecessor left.
    if resuming, !isEligible { world.setOwnership(of: RouterHandle(rawValue: place), false) }
    if !isEligible { world.report(.eligibilityChange(RouterHandle(rawValue: place), reasons)) }
    if startsAt != nil, !(isEligible && resuming) {
      records[place]?.isHeld = true
      return
    }
    handle(isEligible && resuming ? .resume : .startup(isEligible: isEligible), of: place, now: now)
  }

  /// Routers that are added from now on do not start before `instant` (`vrrp_startup_delay`,
  /// `vrrp_delay_after_boot`). Those that go on with the addresses of a predecessor do.
  public mutating func hold(until instant: MonotonicInstant) { startsAt = instant }

  /// The wait is over.
  mutating func startHeld(now: MonotonicInstant) {
    startsAt = nil
    isSettlingGroup = true
    for place in records.indices where records[place]?.isHeld == true {
      records[place]?.isHeld = false
      guard records[place]?.isRemoved == false, let reasons = records[place]?.ineligibility else { continue }
      handle(.startup(isEligible: reasons.isEmpty), of: place, now: now)
    }
    isSettlingGroup = false
    completeGroups(now: now)
  }

  private mutating func change(_ place: Int, to definition: VirtualRouterDefinition, now: MonotonicInstant) {
    let interface = interfaces[definition.interface]
    guard let machine = records[place]?.machine else { return }
    let source = interface?.primaryAddress(for: definition) ?? machine.configuration.primaryAddress
    records[place]?.definition = definition
    records[place]?.checksumKind = definition.initialChecksumKind
    world.define(RouterHandle(rawValue: place), as: definition, on: interface)
    let group = groupPlace(of: definition.name)
    records[place]?.group = group
    records[place]?.security.follow(definition)
    follow(place, as: definition)
    reconfigure(
      definition.configuration(primaryAddress: source, isGrouped: group != nil), of: place, now: now)
    reassess(place, now: now)
  }

  /// The world lost, or can now have, something that `router` needs: it is told of it once more, and the router is
  /// judged by what came of that.
  public mutating func redefine(_ router: RouterHandle, now: MonotonicInstant) {
    guard records.indices.contains(router.rawValue), records[router.rawValue]?.isRemoved == false,
      let definition = records[router.rawValue]?.definition
    else { return }
    world.define(router, as: definition, on: interfaces[definition.interface])
    reassess(router.rawValue, now: now)
    handle(.contested, of: router.rawValue, now: now)
  }

  mutating func forget(_ place: Int) {
    unroute(place)
    records[place] = nil
    deadlines.set(nil, of: place)
    world.forget(RouterHandle(rawValue: place))
  }
}
