import NetPrimitives
import Testing
import VRRPCore

/// Every pair of state and event, once.
@Suite struct ElectionTableTests {
  struct Row: Sendable {
    var state: String
    var event: String
    var then: String
    var effects: [String]

    init(_ state: String, _ event: String, _ then: String, _ effects: String...) {
      self.state = state
      self.event = event
      self.then = then
      self.effects = effects
    }
  }

  static let events: [(name: String, event: @Sendable (Bench) -> VirtualRouter.Event)] = [
    ("startup", { _ in .startup(isEligible: true) }),
    ("startup, not eligible", { _ in .startup(isEligible: false) }),
    ("resume", { _ in .resume }),
    ("shutdown", { _ in .shutdown }),
    ("deadline, early", { _ in .deadlineReached }),
    ("advert 200", { .received($0.advertisement(200)) }),
    ("advert 50", { .received($0.advertisement(50)) }),
    ("advert 0", { .received($0.advertisement(0)) }),
    ("eligibility lost", { _ in .eligibilityLost(canServe: false) }),
    ("eligibility lost, serving", { _ in .eligibilityLost(canServe: true) }),
    ("eligibility gained", { _ in .eligibilityGained }),
    ("priority 90", { _ in .priorityChanged(90) }),
    ("contested", { _ in .contested }),
    ("clock jumped", { _ in .clockJumped }),
    ("address changed", { _ in .primaryAddressChanged(.v4(IPv4Address(10, 0, 0, 77))) }),
  ]

  static let rows: [Row] = [
    Row("initialize", "startup", "backup", "initialize>backup startup"),
    Row("initialize", "startup, not eligible", "fault", "initialize>fault ineligible"),
    Row("initialize", "resume", "active", "send 100", "acquire", "announce 5", "initialize>active startup"),
    Row("initialize", "shutdown", "initialize"),
    Row("initialize", "deadline, early", "initialize"),
    Row("initialize", "advert 200", "initialize"),
    Row("initialize", "advert 50", "initialize"),
    Row("initialize", "advert 0", "initialize"),
    Row("initialize", "eligibility lost", "initialize"),
    Row("initialize", "eligibility lost, serving", "initialize"),
    Row("initialize", "eligibility gained", "initialize"),
    Row("initialize", "priority 90", "initialize"),
    Row("initialize", "contested", "initialize"),
    Row("initialize", "clock jumped", "initialize"),
    Row("initialize", "address changed", "initialize"),

    Row("fault", "startup", "fault"),
    Row("fault", "startup, not eligible", "fault"),
    Row("fault", "resume", "fault"),
    Row("fault", "shutdown", "initialize", "fault>initialize shutdown"),
    Row("fault", "deadline, early", "fault"),
    Row("fault", "advert 200", "fault"),
    Row("fault", "advert 50", "fault"),
    Row("fault", "advert 0", "fault"),
    Row("fault", "eligibility lost", "fault"),
    Row("fault", "eligibility lost, serving", "fault"),
    Row("fault", "eligibility gained", "backup", "fault>backup startup"),
    Row("fault", "priority 90", "fault"),
    Row("fault", "contested", "fault"),
    Row("fault", "clock jumped", "fault"),
    Row("fault", "address changed", "fault"),

    Row("backup", "startup", "backup"),
    Row("backup", "startup, not eligible", "backup"),
    Row("backup", "resume", "backup"),
    Row("backup", "shutdown", "initialize", "backup>initialize shutdown"),
    Row("backup", "deadline, early", "backup"),
    Row("backup", "advert 200", "backup"),
    Row("backup", "advert 50", "backup"),
    Row("backup", "advert 0", "backup"),
    Row("backup", "eligibility lost", "fault", "backup>fault ineligible"),
    Row("backup", "eligibility lost, serving", "fault", "backup>fault ineligible"),
    Row("backup", "eligibility gained", "backup"),
    Row("backup", "priority 90", "backup"),
    Row("backup", "contested", "backup"),
    Row("backup", "clock jumped", "backup"),
    Row("backup", "address changed", "backup"),

    Row("active", "startup", "active"),
    Row("active", "startup, not eligible", "active"),
    Row("active", "resume", "active"),
    Row("active", "shutdown", "leaving", "send 0"),
    Row("active", "deadline, early", "active"),
    Row("active", "advert 200", "backup", "send 100", "release", "active>backup outranked"),
    Row("active", "advert 50", "active", "send 100", "announce 2", "contest 50"),
    Row("active", "advert 0", "active", "send 100", "announce 2"),
    Row("active", "eligibility lost", "fault", "send 0", "release", "active>fault ineligible"),
    Row("active", "eligibility lost, serving", "failing", "send 0"),
    Row("active", "eligibility gained", "active"),
    Row("active", "priority 90", "active"),
    Row("active", "contested", "active", "announce 2"),
    Row("active", "clock jumped", "backup", "release", "send 0", "active>backup clockGap"),
    Row("active", "address changed", "active"),

    Row("leaving", "startup", "leaving"),
    Row("leaving", "startup, not eligible", "leaving"),
    Row("leaving", "resume", "leaving"),
    Row("leaving", "shutdown", "initialize", "release", "active>initialize shutdown"),
    Row("leaving", "deadline, early", "leaving"),
    Row("leaving", "advert 200", "initialize", "release", "active>initialize shutdown"),
    Row("leaving", "advert 50", "initialize", "release", "active>initialize shutdown"),
    Row("leaving", "advert 0", "leaving"),
    Row("leaving", "eligibility lost", "initialize", "release", "active>initialize shutdown"),
    Row("leaving", "eligibility lost, serving", "initialize", "release", "active>initialize shutdown"),
    Row("leaving", "eligibility gained", "leaving"),
    Row("leaving", "priority 90", "leaving"),
    Row("leaving", "contested", "leaving"),
    Row("leaving", "clock jumped", "initialize", "release", "active>initialize shutdown"),
    Row("leaving", "address changed", "leaving"),

    Row("failing", "startup", "failing"),
    Row("failing", "startup, not eligible", "failing"),
    Row("failing", "resume", "failing"),
    Row("failing", "shutdown", "leaving"),
    Row("failing", "deadline, early", "failing"),
    Row("failing", "advert 200", "fault", "release", "active>fault ineligible"),
    Row("failing", "advert 50", "fault", "release", "active>fault ineligible"),
    Row("failing", "advert 0", "failing"),
    Row("failing", "eligibility lost", "fault", "release", "active>fault ineligible"),
    Row("failing", "eligibility lost, serving", "failing"),
    Row("failing", "eligibility gained", "yielding"),
    Row("failing", "priority 90", "failing"),
    Row("failing", "contested", "failing"),
    Row("failing", "clock jumped", "fault", "release", "active>fault ineligible"),
    Row("failing", "address changed", "failing"),

    Row("yielding", "startup", "yielding"),
    Row("yielding", "startup, not eligible", "yielding"),
    Row("yielding", "resume", "yielding"),
    Row("yielding", "shutdown", "leaving"),
    Row("yielding", "deadline, early", "yielding"),
    Row("yielding", "advert 200", "backup", "release", "active>backup groupYielded"),
    Row("yielding", "advert 50", "backup", "release", "active>backup groupYielded"),
    Row("yielding", "advert 0", "yielding"),
    Row("yielding", "eligibility lost", "fault", "release", "active>fault ineligible"),
    Row("yielding", "eligibility lost, serving", "failing"),
    Row("yielding", "eligibility gained", "yielding"),
    Row("yielding", "priority 90", "yielding"),
    Row("yielding", "contested", "yielding"),
    Row("yielding", "clock jumped", "backup", "release", "active>backup groupYielded"),
    Row("yielding", "address changed", "yielding"),
  ]

  static func bench(in state: String) -> Bench {
    switch state {
    case "fault": .fault()
    case "backup": .backup()
    case "active": .active()
    case "leaving": .leaving()
    case "failing": .leaving(after: .eligibilityLost(canServe: true))
    case "yielding": .leaving(after: .groupYields(canServe: true))
    default: Bench()
    }
  }

  @Test(arguments: rows)
  func `leads where the table says`(row: Row) throws {
    var bench = Self.bench(in: row.state)
    try #require(bench.state == row.state)
    bench.pass(10)
    let event = try #require(Self.events.first { $0.name == row.event }).event(bench)
    let effects = bench.give(event).words
    #expect(bench.state == row.then, "\(row.state), \(row.event)")
    #expect(effects == row.effects, "\(row.state), \(row.event)")
  }

  @Test func `no pair is missing`() {
    let states = ["initialize", "fault", "backup", "active", "leaving", "failing", "yielding"]
    let present = Set(Self.rows.map { "\($0.state), \($0.event)" })
    #expect(present.count == Self.rows.count)
    #expect(present == Set(states.flatMap { state in Self.events.map { "\(state), \($0.name)" } }))
  }
}
