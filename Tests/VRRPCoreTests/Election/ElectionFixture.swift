import NetPrimitives
import VRRPCore

/// A machine with a clock in milliseconds and effects that can be compared.
struct Bench {
  var router: VirtualRouter
  var now = MonotonicInstant(nanoseconds: 1_000_000_000_000)
  private var buffer = EffectBuffer()

  init(
    priority: UInt8 = 100, version: ProtocolVersion = .v3,
    change: (inout VirtualRouter.Configuration) -> Void = { _ in }
  ) {
    var configuration = VirtualRouter.Configuration(
      id: 51, version: version, priority: priority, primaryAddress: .v4(IPv4Address(10, 0, 0, 5)))
    change(&configuration)
    router = VirtualRouter(configuration)
  }

  /// A machine brought to a state by legal events.
  static func backup(
    priority: UInt8 = 100, version: ProtocolVersion = .v3,
    change: (inout VirtualRouter.Configuration) -> Void = { _ in }
  ) -> Bench {
    var bench = Bench(priority: priority, version: version, change: change)
    bench.give(.startup(isEligible: true))
    return bench
  }

  static func active(
    priority: UInt8 = 100, version: ProtocolVersion = .v3,
    change: (inout VirtualRouter.Configuration) -> Void = { _ in }
  ) -> Bench {
    var bench = backup(priority: priority, version: version, change: change)
    bench.expire()
    return bench
  }

  static func leaving(priority: UInt8 = 100, after event: VirtualRouter.Event = .shutdown) -> Bench {
    var bench = active(priority: priority)
    bench.give(event)
    return bench
  }

  static func fault() -> Bench {
    var bench = Bench()
    bench.give(.startup(isEligible: false))
    return bench
  }

  @discardableResult
  mutating func give(_ event: VirtualRouter.Event) -> [VirtualRouter.Effect] {
    router.handle(event, now: now, effects: &buffer)
    return effects
  }

  @discardableResult
  mutating func reload(_ change: (inout VirtualRouter.Configuration) -> Void) -> [VirtualRouter.Effect] {
    var configuration = router.configuration
    change(&configuration)
    router.reconfigure(configuration, now: now, effects: &buffer)
    return effects
  }

  private var effects: [VirtualRouter.Effect] { (0..<buffer.count).map { buffer[$0] } }

  mutating func pass(_ milliseconds: UInt64) { now = now.advanced(byNanoseconds: milliseconds * 1_000_000) }

  /// Waits for the next deadline and lets it fire.
  @discardableResult
  mutating func expire() -> [VirtualRouter.Effect] {
    if let deadline = router.nextDeadline { now = max(now, deadline) }
    return give(.deadlineReached)
  }

  /// An advert of another router, received now.
  @discardableResult
  mutating func hear(
    _ priority: UInt8, from host: UInt8 = 9, centiseconds: UInt16 = 100, late: UInt64 = 0
  ) -> [VirtualRouter.Effect] {
    give(.received(advertisement(priority, from: host, centiseconds: centiseconds, late: late)))
  }

  func advertisement(
    _ priority: UInt8, from host: UInt8 = 9, centiseconds: UInt16 = 100, late: UInt64 = 0
  ) -> VirtualRouter.Advertisement {
    VirtualRouter.Advertisement(
      source: .v4(IPv4Address(10, 0, 0, host)), priority: priority,
      interval: AdvertisementInterval(centiseconds: centiseconds) ?? .second,
      receivedAt: MonotonicInstant(nanoseconds: now.nanoseconds - late * 1_000_000))
  }

  /// Nanoseconds until the next deadline; the end of time when nothing is pending. Not optional: the address sanitizer
  /// trips over what the compiler makes of comparing optional numbers in an expectation.
  var wait: UInt64 { router.nextDeadline?.nanoseconds(since: now) ?? .max }

  /// The state's name.
  var state: String {
    switch router.state {
    case .initialize: "initialize"
    case .fault: "fault"
    case .backup: "backup"
    case .active: "active"
    case .leaving(let leaving):
      switch leaving.to {
      case .initialize: "leaving"
      case .fault: "failing"
      case .backup: "yielding"
      }
    }
  }
}

extension [VirtualRouter.Effect] {
  /// The effects in few words: `send 100`, `acquire`, `backup>active activeDown`.
  var words: [String] {
    map { effect in
      switch effect {
      case .sendAdvertisement(let priority): "send \(priority)"
      case .acquireAddresses: "acquire"
      case .releaseAddresses: "release"
      case .announceAddresses(let repeats): "announce \(repeats)"
      case .announceElsewhere: "announce elsewhere"
      case .report(let transition): "\(transition.from)>\(transition.to) \(transition.cause)"
      case .reportContest(_, let priority): "contest \(priority)"
      }
    }
  }
}
