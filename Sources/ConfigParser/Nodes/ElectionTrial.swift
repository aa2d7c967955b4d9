import NetPrimitives
import VRRPCore

/// The routers of one VRID on one segment that loses nothing, run by the real machine until nothing changes any more.
struct ElectionTrial {
  private var routers: [VirtualRouter]
  private var now = MonotonicInstant(nanoseconds: 0)
  private var effects = EffectBuffer()
  /// Adverts on their way: the sender, its priority, and when they arrive.
  private var inFlight: [(from: Int, priority: UInt8, at: MonotonicInstant)] = []
  /// The most events one question may take.
  private static let eventLimit = 100_000

  /// Starts all routers at once with these priorities.
  init(_ configurations: [VirtualRouter.Configuration], priorities: [UInt8]) {
    routers = configurations.map { VirtualRouter($0) }
    for index in routers.indices {
      deliver(.startup(isEligible: true), to: index)
      if priorities[index] != configurations[index].priority {
        deliver(.priorityChanged(priorities[index]), to: index)
      }
    }
  }

  /// The active router after twenty intervals of the slowest; `nil` when there is none, or several.
  mutating func settle() -> Int? {
    let slowest = routers.map { $0.configuration.interval.nanoseconds }.max() ?? 0
    let delay = routers.map { $0.configuration.preemptDelayNanoseconds }.max() ?? 0
    run(until: now.advanced(byNanoseconds: slowest &* 20).advanced(byNanoseconds: delay))
    let active = routers.indices.filter { routers[$0].role == .active }
    return active.count == 1 ? active[0] : nil
  }

  /// Changes what a router's trackers add up to; `nil` puts it at fault.
  mutating func setPriority(_ priority: UInt8?, of index: Int) {
    deliver(priority.map { .priorityChanged($0) } ?? .eligibilityLost(canServe: false), to: index)
  }

  private mutating func run(until end: MonotonicInstant) {
    for _ in 0..<Self.eventLimit {
      let arrival = inFlight.indices.min { inFlight[$0].at < inFlight[$1].at }
      var next: (at: MonotonicInstant, router: Int)?
      for index in routers.indices {
        guard let deadline = routers[index].nextDeadline else { continue }
        if next.map({ deadline < $0.at }) ?? true { next = (deadline, index) }
      }
      if let arrival, next.map({ inFlight[arrival].at <= $0.at }) ?? true {
        guard inFlight[arrival].at <= end else { break }
        let advert = inFlight.remove(at: arrival)
        now = max(now, advert.at)
        receive(advert.priority, from: advert.from)
      } else if let next, next.at <= end {
        now = max(now, next.at)
        deliver(.deadlineReached, to: next.router)
      } else {
        break
      }
    }
    now = max(now, end)
  }

  private mutating func receive(_ priority: UInt8, from sender: Int) {
    let configuration = routers[sender].configuration
    for index in routers.indices where index != sender {
      deliver(
        .received(
          VirtualRouter.Advertisement(
            source: configuration.primaryAddress, priority: priority, interval: configuration.interval,
            receivedAt: now)),
        to: index)
    }
  }

  private mutating func deliver(_ event: VirtualRouter.Event, to index: Int) {
    routers[index].handle(event, now: now, effects: &effects)
    for place in 0..<effects.count {
      if case .sendAdvertisement(let priority) = effects[place] {
        // A tenth of a millisecond on the wire: enough to order what happens at one instant.
        inFlight.append((index, priority, now.advanced(byNanoseconds: 100_000)))
      }
    }
  }
}
