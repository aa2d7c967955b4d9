public import NetPrimitives
import VRRPCore
import VRRPRuntime

extension LinuxWorld {
  /// Whether there is anything to carry out; a turn without does not touch the kernel.
  var isIdle: Bool {
    adverts.isEmpty && unsettled.isEmpty && dropped.isEmpty && announcements.isEmpty && extraAnnouncements.isEmpty
  }

  /// When to call ``flush(now:)`` and ``repair(now:)`` next; `nil` while all is as wanted.
  public var nextDeadline: MonotonicInstant? {
    .earlier(pacing.nextDeadline, repairAt)
  }

  /// Carries out what the engine asked for since the last time.
  public mutating func flush(now: MonotonicInstant) {
    if areParametersStale { settleParameters() }
    guard !isIdle else { return announcePaced(now: now) }
    sendAdverts()
    settle(now: now)
    announce()
    announcePaced(now: now)
    watchClaims(now: now)
  }

  private mutating func announce() {
    guard !(announcements.isEmpty && extraAnnouncements.isEmpty) else { return }
    for (router, repeats) in announcements {
      guard let plan = plans[router], plan.objects.isWanted else { continue }
      for _ in 0..<repeats {
        for frame in plan.frameEnds.indices { announce(plan, router, frame) }
      }
    }
    for router in extraAnnouncements {
      guard let plan = plans[router], plan.objects.isWanted else { continue }
      let isEverywhere = plan.definition.extraAnnouncementsEverywhere
      for frame in plan.frameEnds.indices
      where isEverywhere || plan.frameEnds[frame].interface != plan.ownInterface {
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
      guard let plan = plans[entry.router], plan.objects.isWanted, plan.frameEnds.indices.contains(entry.frame) else {
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
