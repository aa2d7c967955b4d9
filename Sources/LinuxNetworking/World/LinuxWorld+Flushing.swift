public import NetPrimitives
import VRRPCore
import VRRPRuntime

extension LinuxWorld {
  /// Whether there is anything to carry out; a turn without does not touch the kernel.
  var isIdle: Bool {
    adverts.isEmpty && unsettled.isEmpty && dropped.isEmpty && announcements.isEmpty
  }

  /// When to call ``repair(now:)``; `nil` while all is as wanted.
  public var nextDeadline: MonotonicInstant? { repairAt }

  /// Carries out what the engine asked for since the last time.
  public mutating func flush(now: MonotonicInstant) {
    guard !isIdle else { return }
    sendAdverts()
    settle(now: now)
    announce()
  }

  private mutating func announce() {
    guard !announcements.isEmpty else { return }
    for (router, repeats) in announcements {
      guard let plan = plans[router], plan.objects.isWanted else { continue }
      for _ in 0..<repeats { append(plan) }
    }
    announcements.removeAll(keepingCapacity: true)
    sendFrames()
  }

  private mutating func append(_ plan: RouterPlan) {
    var start = 0
    for (end, interface) in plan.frameEnds {
      let range = start..<end
      start = end
      let write: (inout OutputSpan<UInt8>) -> Void = { output in
        for index in range { output.append(plan.frames[index]) }
      }
      guard !frames.appendFrame(on: interface, byteCount: range.count, write) else { continue }
      sendFrames()
      _ = frames.appendFrame(on: interface, byteCount: range.count, write)
    }
  }

  private mutating func sendFrames() {
    defer { frames.removeAll() }
    guard !frames.isEmpty else { return }
    var refused: SystemCallError?
    packets.send(frames) { refused = $1 }
    if let refused { fail("cannot announce addresses: \(refused)") }
  }
}
