import Glibc
import NetPrimitives
import VRRPCore
import VRRPRuntime

/// Carrying out what plans want: rules, routes and addresses that are to go, in this order, then addresses, routes and
/// rules that are to come; all in as few system calls as the kernel takes.
extension LinuxWorld {
  static let repairDelayNanoseconds: UInt64 = 200_000_000
  /// Under the kernel's limit of one netlink datagram, with room to spare.
  private static let changesPerBatch = 1000
  private static let bytesPerBatch = 150_000

  /// One change to the kernel.
  private struct Change {
    var owner: Int
    var object: KernelObject
    var isRemoval: Bool
  }

  /// Tries again what the kernel refused, and puts back what somebody took away.
  public mutating func repair(now: MonotonicInstant) {
    guard let due = repairAt, due <= now else { return }
    repairAt = nil
    for owner in owners {
      let plan = objects(of: owner)
      guard plan.isWanted, !plan.isSettled, let retryAt = plan.retryAt else { continue }
      guard retryAt <= now else {
        repairAt = min(repairAt ?? retryAt, retryAt)
        continue
      }
      unsettled.append(owner)
      if plan.announces, owner != Self.staticOwner { announcements.append((owner, 1)) }
      modifyObjects(of: owner) {
        $0.retryAt = nil
        $0.announces = false
      }
    }
    flush(now: now)
  }

  mutating func settle(now: MonotonicInstant) {
    guard !unsettled.isEmpty || !dropped.isEmpty else { return }
    var removals = dropped.map { Change(owner: $0.owner, object: $0.object, isRemoval: true) }
    var additions: [Change] = []
    var tried: [Int] = []
    var leaving: [Int] = []
    var hidden: [InterfaceAddress] = []
    for owner in unsettled {
      let plan = objects(of: owner)
      guard !plan.isSettled else { continue }
      if plan.isWanted {
        tried.append(owner)
        let missing = (plan.pending ?? plan.objects).filter { !$0.isPrepared || !placed.contains(ObjectKey($0.object)) }
        additions += missing.map { Change(owner: owner, object: $0.object, isRemoval: false) }
      } else {
        leaving.append(owner)
        for wanted in plan.objects {
          guard wanted.isPrepared, case .address(let address) = wanted.object else {
            removals.append(Change(owner: owner, object: wanted.object, isRemoval: true))
            continue
          }
          if !placed.contains(ObjectKey(wanted.object)) {
            additions.append(Change(owner: owner, object: wanted.object, isRemoval: false))
          }
          hidden.append(address)
        }
      }
      modifyObjects(of: owner) {
        $0.isSettled = true
        $0.pending = nil
      }
    }
    dropped.removeAll(keepingCapacity: true)
    unsettled.removeAll(keepingCapacity: true)
    removals.removeAll { !isOursToRemove($0) }
    var changes: [Change] = []
    changes.reserveCapacity(removals.count + additions.count)
    for rank in [2, 1, 0] { changes += removals.filter { $0.object.rank == rank } }
    for rank in [0, 1, 2] { changes += additions.filter { $0.object.rank == rank } }
    // Static objects have no interfaces of their own, and nobody is kept from them.
    let (coming, going) = (tried.filter(plans.indices.contains), leaving.filter(plans.indices.contains))
    lowerLinks(of: going)
    // Nothing may reach an address before it is dropped, nor after.
    bar(coming, now: now)
    raiseLinks(of: coming)
    carryOut(changes)
    hide(hidden)
    admit(going.flatMap { plans[$0]?.filtered ?? [] })
    for owner in tried { noteOutcome(of: owner, now: now) }
  }

  /// Keeps prepared addresses from being addresses of this host: Linux has a local route to an address whose interface
  /// is down, so that what a backup sends there would never reach the active router (RFC 9568 §6.4.2). It comes back
  /// when the interface is brought up.
  private mutating func hide(_ addresses: [InterfaceAddress]) {
    for start in stride(from: 0, to: addresses.count, by: Self.changesPerBatch) {
      let some = addresses[start..<min(start + Self.changesPerBatch, addresses.count)]
      var batch = RouteBatch(capacity: some.count)
      for address in some { batch.remove(Route(localTo: address.prefix.address, on: address.interface)) }
      do {
        for failure in try routes.commit(batch) where failure.errno != ESRCH {
          fail("cannot hide a prepared address: \(failure)")
        }
      } catch {
        fail("cannot hide prepared addresses: \(error)")
      }
    }
  }

  /// Takes away what carries our mark and nobody wants.
  mutating func removeNow(_ objects: [KernelObject]) {
    var changes: [Change] = []
    for rank in [2, 1, 0] {
      changes += objects.filter { $0.rank == rank }.map { Change(owner: Self.nobody, object: $0, isRemoval: true) }
    }
    carryOut(changes)
  }

  private static let nobody = -2

  /// Nobody else wants it, and it was not there before us.
  private func isOursToRemove(_ change: Change) -> Bool {
    let key = ObjectKey(change.object)
    if foreign.contains(key) { return false }
    if !placed.contains(key) {
      // Never put there as far as we know: a router that never was active may share an address with its host.
      switch change.object {
      case .address(let address): guard table.find(address)?.isOurs == true else { return false }
      case .route, .rule: guard change.object.isOurs else { return false }
      }
    }
    return !index[key].contains { entry in
      guard entry.owner != change.owner else { return false }
      let plan = objects(of: entry.owner)
      return plan.isWanted && plan.objects.contains { $0.object == change.object }
    }
  }

  /// When the kernel refused something, the next attempt waits longer each time, up to 12.8 s.
  private mutating func noteOutcome(of owner: Int, now: MonotonicInstant) {
    let plan = objects(of: owner)
    guard !plan.isSettled else { return modifyObjects(of: owner) { $0.refusals = 0 } }
    let delay = Self.repairDelayNanoseconds << UInt64(min(plan.refusals, 6))
    modifyObjects(of: owner) { $0.refusals += 1 }
    retry(owner, at: now.advanced(byNanoseconds: delay))
  }

  private mutating func carryOut(_ changes: [Change]) {
    guard !changes.isEmpty else { return }
    var batch = RouteBatch(capacity: min(changes.count, Self.changesPerBatch))
    var first = 0
    for (place, change) in changes.enumerated() {
      batch.append(change.object, isRemoval: change.isRemoval)
      guard
        batch.count == Self.changesPerBatch || batch.byteCount > Self.bytesPerBatch || place == changes.count - 1
      else { continue }
      commit(batch, changes[first...place])
      batch.removeAll()
      first = place + 1
    }
  }

  private mutating func commit(_ batch: borrowing RouteBatch, _ changes: ArraySlice<Change>) {
    let failures: [RouteFailure]
    do {
      failures = try routes.commit(batch)
    } catch {
      fail("cannot change addresses: \(error)")
      for change in changes where !change.isRemoval { modifyObjects(of: change.owner) { $0.isSettled = false } }
      return
    }
    var refusals = failures[...]
    for (place, change) in changes.enumerated() {
      let failure = refusals.first?.index == place ? refusals.popFirst() : nil
      let key = ObjectKey(change.object)
      if change.isRemoval {
        placed.remove(key)
        if let failure {
          refusedRemoval(of: change, failure)
        } else {
          expectedRemovals[key, default: 0] += 1
        }
      } else if let failure {
        refused(change, key, failure)
      } else {
        placed.insert(key)
        foreign.remove(key)
      }
    }
  }

  private mutating func refusedRemoval(of change: Change, _ failure: RouteFailure) {
    // What is gone already is as wanted.
    switch failure.errno {
    case EADDRNOTAVAIL, ENODEV, ESRCH, ENOENT: break
    default: fail("cannot remove \(change.object.description): \(failure)")
    }
  }

  private mutating func refused(_ change: Change, _ key: ObjectKey, _ failure: RouteFailure) {
    if failure.errno == EEXIST {
      noteExisting(change.object, key)
      return
    }
    if objects(of: change.owner).refusals == 0 { fail("cannot add \(change.object.description): \(failure)") }
    modifyObjects(of: change.owner) {
      $0.isSettled = false
      if case .address = change.object { $0.announces = true }
    }
  }

  /// It was there already: left by a predecessor or put there by us before, or the host's own, as the address of an
  /// address owner is; then it is not ours to remove.
  private mutating func noteExisting(_ object: KernelObject, _ key: ObjectKey) {
    guard !placed.contains(key) else { return }
    let isOurs: Bool
    if case .address(let address) = object {
      isOurs = table.find(address)?.isOurs ?? false
    } else {
      isOurs = object.isOurs
    }
    if isOurs { placed.insert(key) } else { foreign.insert(key) }
  }
}

extension RouteBatch {
  /// Appends one change.
  fileprivate mutating func append(_ object: KernelObject, isRemoval: Bool) {
    switch (object, isRemoval) {
    case (.address(let address), false): add(address)
    case (.address(let address), true): remove(address)
    case (.route(let route, let insertion), false): add(route, insertion)
    case (.route(let route, _), true): remove(route)
    case (.rule(let rule), false): add(rule)
    case (.rule(let rule), true): remove(rule)
    }
  }
}
