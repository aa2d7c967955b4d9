/// Scenarios a seed makes up: a few routers, then all kinds of faults with quiet times between them.
public struct RandomScenario: Sendable {
  /// The commands, one a line.
  public private(set) var lines: [String] = []
  private var generator: SplitMix64
  private var plan: RandomPlan
  private var elapsed: UInt64 = 0

  /// The scenario that `seed` names. It lasts `duration` nanoseconds at least; `defect` is a bug to plant in the first
  /// router.
  public init(seed: UInt64, duration: UInt64, defect: PlantedDefect? = nil) {
    generator = SplitMix64(seed: seed)
    plan = RandomPlan(&generator)
    lines = ["seed \(seed)"] + plan.setup(&generator)
    if let defect { lines.append("plant a \(defect.rawValue)") }
    while elapsed < duration {
      for _ in 0..<generator.within(1...6) {
        lines += plan.fault(&generator)
        // Half of all faults follow each other closely.
        pass(between: 0, and: generator.happens(permille: 500) ? 8_000_000_000 : 300_000_000)
      }
      lines += plan.mending
      pass(between: 15_000_000_000, and: 45_000_000_000)
    }
  }

  private mutating func pass(between low: UInt64, and high: UInt64) {
    // Whole milliseconds read better, and the phases of timers are hit as well.
    let time = generator.within(low / 1_000_000...high / 1_000_000)
    lines.append("run \(time)ms")
    elapsed += time * 1_000_000
  }
}

/// What the routers of a made-up scenario are like.
struct RandomPlan: Sendable {
  /// How the addresses are answered for.
  enum HardwareAddress: String, CaseIterable { case own = "", virtual = " vmac", virtualFromBase = " vmac-base" }

  let names: [String]
  private let isVersion3: Bool
  private let isIPv6: Bool
  private let isUnicast: Bool
  private let isSynchronized: Bool
  private let hardware: HardwareAddress
  /// VRIDs on every node.
  private let ids: [Int]
  private let interval: UInt64
  private let watchesClaims: Bool
  private let hasClient: Bool
  /// What each node tracks that a check finds out.
  private var tracked: [String: [String]] = [:]
  /// The nodes that track an interface beside their own.
  private var hasUplink: Set<String> = []

  init(_ generator: inout SplitMix64) {
    names = Array(["a", "b", "c", "d"].prefix(Int(generator.within(2...4))))
    isVersion3 = generator.happens(permille: 700)
    isIPv6 = isVersion3 && generator.happens(permille: 250)
    isUnicast = generator.happens(permille: 200)
    hardware = generator.happens(permille: 250) ? generator.pick([.virtual, .virtualFromBase]) : .own
    ids = generator.happens(permille: 300) ? [51, 52] : [51]
    isSynchronized = ids.count > 1 && generator.happens(permille: 600)
    interval =
      isVersion3
      ? generator.pick([1_000_000_000, 1_000_000_000, 300_000_000, 100_000_000, 2_000_000_000]) : 1_000_000_000
    watchesClaims = generator.happens(permille: 400)
    hasClient = generator.happens(permille: 700)
  }

  private func address(_ index: some BinaryInteger) -> String { isIPv6 ? "fe80::\(index)" : "10.0.0.\(index)" }

  private func virtualAddress(_ id: Int) -> String {
    guard isIPv6 else { return id == 51 ? "10.0.1.1" : "10.0.1.\(id)" }
    return id == 51 ? "fe80::100" : "fe80::" + String(0x100 + id, radix: 16)
  }

  // MARK: Routers

  mutating func setup(_ generator: inout SplitMix64) -> [String] {
    var lines: [String] = []
    let nopreempt = generator.happens(permille: 250)
    let delay = generator.happens(permille: 150)
    for (index, name) in names.enumerated() {
      for id in ids {
        var line = "router \(name)" + (id == ids[0] ? " \(address(index + 2))" : " vrid \(id)")
        line += " interval \(DurationText.text(interval))" + (isVersion3 ? "" : " version 2") + hardware.rawValue
        line += " priority \(generator.pick([100, 100, 101, 150, 200, 254, generator.within(1...254)]))"
        if nopreempt { line += " nopreempt" }
        if delay { line += " preempt-delay \(generator.within(1...12))s" }
        if !nopreempt, !delay, index == 0, generator.happens(permille: 80) { line += " priority 255" }
        line += tracking(of: name, &generator)
        if generator.happens(permille: 100) { line += " state master" }
        if isUnicast { line += names.indices.filter { $0 != index }.map { " peer \(address($0 + 2))" }.joined() }
        lines.append(line)
      }
      if isSynchronized { lines.append("sync \(name) " + ids.map { "V\($0)" }.joined(separator: " ")) }
    }
    for name in names where generator.happens(permille: 300) {
      lines.append("drift \(name) \(Int64(generator.within(0...600)) - 300)")
    }
    if watchesClaims { lines.append("watch-claims on") }
    if hasClient { lines.append("client h asks 500ms") }
    return lines
  }

  private mutating func tracking(of name: String, _ generator: inout SplitMix64) -> String {
    var text = ""
    if generator.happens(permille: 300) {
      text += " track uplink \(generator.pick(["-60", "30", "0", "-253"]))"
      hasUplink.insert(name)
    }
    if generator.happens(permille: 250) {
      let kind = generator.pick(["script", "file", "process", "bfd"])
      let object = kind + "1"
      if !tracked[name, default: []].contains(object) {
        text += " \(kind) \(object) \(generator.pick(["-60", "-60", "40", "0", "-253"]))"
        tracked[name, default: []].append(object)
      }
    }
    return text
  }

  // MARK: Faults

  /// Everything is well again.
  var mending: [String] {
    var lines = ["heal", "quality"]
    for name in names {
      lines += ["link \(name) up", "start \(name)"]
      if hasUplink.contains(name) { lines.append("link \(name) up uplink") }
      for object in tracked[name] ?? [] { lines.append("check \(name) \(object) up") }
    }
    return lines
  }

  func fault(_ generator: inout SplitMix64) -> [String] {
    let name = generator.pick(names)
    let everybody = names + (hasClient ? ["h"] : [])
    func some(_ most: ClosedRange<UInt64>) -> String { "\(generator.within(most))ms" }
    switch generator.below(28) {
    case 0: return ["partition " + everybody.filter { _ in generator.happens(permille: 500) }.joined(separator: " ")]
    case 1: return ["cut \(generator.pick(everybody)) -> \(generator.pick(everybody))"]
    case 2: return ["cut \(name) \(generator.pick(everybody))"]
    case 3: return ["heal"]
    case 4:
      return [
        "quality loss \(generator.within(0...30))% duplicates \(generator.within(0...10))% delay 1ms..\(generator.within(1...40))ms"
      ]
    case 5: return ["link \(name) down"]
    case 6: return ["link \(name) up"]
    case 7: return ["crash \(name)"]
    case 8: return ["respawn \(name)"]
    case 9: return ["poweroff \(name)"]
    case 10, 11: return ["start \(name)"]
    case 12: return ["stop \(name)"]
    case 13: return ["stall \(name) \(some(1...9000))"]
    case 14: return ["freeze \(name) \(some(1...9000))"]
    case 15: return ["suspend \(name) \(some(1...60_000))"]
    case 16: return hasUplink.contains(name) ? ["link \(name) \(generator.pick(["up", "down"])) uplink"] : []
    case 17: return ["kernel \(name) \(some(0...200))"]
    case 18: return ["netlink \(name) \(some(1...1500))"]
    case 19: return forgeries(flawed: true, &generator)
    case 20: return forgeries(flawed: generator.happens(permille: 700), &generator)
    case 21: return ["link \(name) down", "run \(some(1...400))", "link \(name) up"]
    case 22, 23: return check(name, &generator)
    case 24: return watchesClaims ? ["announce \(virtualAddress(generator.pick(ids)))"] : []
    default: return ["reload \(name) vrid \(generator.pick(ids)) " + setting(&generator)]
    }
  }

  private func check(_ name: String, _ generator: inout SplitMix64) -> [String] {
    guard let object = tracked[name]?.first else { return [] }
    return ["check \(name) \(object) \(generator.pick(["up", "down"]))"]
  }

  private func setting(_ generator: inout SplitMix64) -> String {
    switch generator.below(9) {
    case 0, 1, 2: "priority \(generator.within(1...254))"
    case 3: "nopreempt"
    case 4: "preempt"
    case 5: "preempt-delay \(generator.within(0...9))s"
    case 6 where isVersion3: "interval \(generator.pick(["100ms", "300ms", "1s", "2s", "4s"]))"
    case 7: "down-adverts \(generator.within(2...5))"
    default: generator.pick(["garp-delay 1s", "refresh 10s", "garp 1"])
    }
  }

  private func forgeries(flawed: Bool, _ generator: inout SplitMix64) -> [String] {
    var line = "forge from \(address(generator.within(2...99))) vrid \(generator.pick(ids))"
    line += " priority \(generator.within(0...255))"
    line += isVersion3 ? " interval \(generator.pick(["1s", "40950ms", "10ms", "3s"]))" : " version 2"
    if flawed { line += " flaw \(generator.pick(Forgery.Flaw.allCases).rawValue)" }
    return [String](repeating: line, count: Int(generator.within(1...4)))
  }
}
