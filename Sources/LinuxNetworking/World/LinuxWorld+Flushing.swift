import Glibc
public import NetPrimitives
import VRRPCore
import VRRPRuntime

extension LinuxWorld {
  private static let repairDelayNanoseconds: UInt64 = 200_000_000
  /// Under the kernel's limit of one netlink message batch, with room to spare.
  private static let addressesPerBatch = 1000

  /// Whether there is anything to carry out; a turn without does not touch the kernel.
  var isIdle: Bool {
    adverts.isEmpty && unsettled.isEmpty && announcements.isEmpty && extraAnnouncements.isEmpty
  }

  /// When to call ``flush(now:)`` and ``repair(now:)`` next; `nil` while all is as wanted.
  public var nextDeadline: MonotonicInstant? {
    guard let paced = pacing.nextDeadline else { return repairAt }
    return repairAt.map { min($0, paced) } ?? paced
  }

  /// Carries out what the engine asked for since the last time.
  public mutating func flush(now: MonotonicInstant) {
    guard !isIdle else { return announcePaced(now: now) }
    sendAdverts()
    settle(now: now)
    announce()
    announcePaced(now: now)
    watchClaims()
  }

  /// Tries again what the kernel refused, and puts back what somebody took away.
  public mutating func repair(now: MonotonicInstant) {
    guard let due = repairAt, due <= now else { return }
    repairAt = nil
    for router in plans.indices {
      guard let plan = plans[router], plan.wantsAddresses, !plan.isSettled else { continue }
      unsettled.append(router)
      announcements.append((router, 1))
    }
    flush(now: now)
  }

  mutating func noticeLoss(of address: InterfaceAddress, now: MonotonicInstant) {
    for router in plans.indices {
      guard let plan = plans[router], plan.wantsAddresses, plan.isSettled else { continue }
      guard plan.addresses.contains(where: { $0.isSame(as: address) }) else { continue }
      fail("(\(plan.definition.name)) \(address.prefix.address) was taken away by somebody else; putting it back")
      plans[router]?.isSettled = false
      repairAt = min(repairAt ?? .init(nanoseconds: .max), now.advanced(byNanoseconds: Self.repairDelayNanoseconds))
    }
  }

  private mutating func settle(now: MonotonicInstant) {
    guard !unsettled.isEmpty else { return }
    var removals: [InterfaceAddress] = []
    var additions: [(router: Int, address: InterfaceAddress)] = []
    for router in unsettled {
      guard let plan = plans[router], !plan.isSettled else { continue }
      plans[router]?.isSettled = true
      if plan.wantsAddresses {
        for address in plan.addresses { additions.append((router, address)) }
      } else {
        removals += plan.addresses
      }
    }
    unsettled.removeAll(keepingCapacity: true)
    remove(removals)
    add(additions, now: now)
  }

  /// Removes addresses that we put there. One that is gone already is as wanted.
  mutating func remove(_ addresses: [InterfaceAddress]) {
    let ours = addresses.filter { foreign.remove($0) == nil }
    for start in stride(from: 0, to: ours.count, by: Self.addressesPerBatch) {
      let slice = ours[start..<min(start + Self.addressesPerBatch, ours.count)]
      var batch = RouteBatch(capacity: slice.count)
      for address in slice { batch.remove(address) }
      for failure in commit(batch) where failure.errno != EADDRNOTAVAIL && failure.errno != ENODEV {
        fail("cannot remove \(slice[start + failure.index].prefix): \(failure)")
      }
    }
  }

  private mutating func add(_ wanted: [(router: Int, address: InterfaceAddress)], now: MonotonicInstant) {
    for start in stride(from: 0, to: wanted.count, by: Self.addressesPerBatch) {
      let slice = wanted[start..<min(start + Self.addressesPerBatch, wanted.count)]
      var batch = RouteBatch(capacity: slice.count)
      for (_, address) in slice { batch.add(address) }
      for failure in commit(batch) { refused(slice[start + failure.index], failure, now: now) }
    }
  }

  private mutating func refused(
    _ wanted: (router: Int, address: InterfaceAddress), _ failure: RouteFailure, now: MonotonicInstant
  ) {
    if failure.errno == EEXIST {
      // Left by a predecessor, or configured by the host for an address owner: then it is not ours to remove.
      if let existing = table.find(wanted.address), !existing.isOurs { foreign.insert(wanted.address) }
      return
    }
    fail("cannot add \(wanted.address.prefix): \(failure)")
    plans[wanted.router]?.isSettled = false
    repairAt = min(repairAt ?? .init(nanoseconds: .max), now.advanced(byNanoseconds: Self.repairDelayNanoseconds))
  }

  private mutating func commit(_ batch: borrowing RouteBatch) -> [RouteFailure] {
    do {
      return try routes.commit(batch)
    } catch {
      fail("cannot change addresses: \(error)")
      return []
    }
  }

  private mutating func announce() {
    guard !(announcements.isEmpty && extraAnnouncements.isEmpty) else { return }
    for (router, repeats) in announcements {
      guard let plan = plans[router], plan.wantsAddresses else { continue }
      for _ in 0..<repeats {
        for frame in plan.frameEnds.indices { announce(plan, router, frame) }
      }
    }
    for router in extraAnnouncements {
      guard let plan = plans[router], plan.wantsAddresses else { continue }
      let isEverywhere = plan.definition.extraAnnouncementsEverywhere
      for frame in plan.frameEnds.indices
      where isEverywhere || plan.frameEnds[frame].interface != plan.interface?.index {
        announce(plan, router, frame)
      }
    }
    announcements.removeAll(keepingCapacity: true)
    extraAnnouncements.removeAll(keepingCapacity: true)
    sendFrames()
  }

  /// Announces one address now, or when the one before is long enough ago.
  private mutating func announce(_ plan: RouterPlan, _ router: Int, _ frame: Int) {
    if pacing.isNeeded, let name = table.name(of: plan.frameEnds[frame].interface) {
      let entry = AnnouncementPacing.Entry(router: router, frame: frame)
      if pacing.take(entry, on: name, plan.family(ofFrame: frame)) { return }
    }
    append(plan, frame)
  }

  private mutating func announcePaced(now: MonotonicInstant) {
    guard let deadline = pacing.nextDeadline, deadline <= now else { return }
    var due: [AnnouncementPacing.Entry] = []
    pacing.advance(to: now) { entry in
      guard let plan = plans[entry.router], plan.wantsAddresses, plan.frameEnds.indices.contains(entry.frame) else {
        return false
      }
      due.append(entry)
      return true
    }
    for entry in due { if let plan = plans[entry.router] { append(plan, entry.frame) } }
    sendFrames()
  }

  private mutating func append(_ plan: RouterPlan, _ frame: Int) {
    let (end, interface) = plan.frameEnds[frame]
    let range = (frame == 0 ? 0 : plan.frameEnds[frame - 1].end)..<end
    let write: (inout OutputSpan<UInt8>) -> Void = { output in
      for index in range { output.append(plan.frames[index]) }
    }
    guard !frames.appendFrame(on: interface, byteCount: range.count, write) else { return }
    sendFrames()
    _ = frames.appendFrame(on: interface, byteCount: range.count, write)
  }

  private mutating func sendFrames() {
    defer { frames.removeAll() }
    guard !frames.isEmpty else { return }
    var refused: SystemCallError?
    packets.send(frames) { refused = $1 }
    if let refused { fail("cannot announce addresses: \(refused)") }
  }
}
