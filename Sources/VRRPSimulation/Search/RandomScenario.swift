/// Scenarios a seed makes up: a few routers, then all kinds of faults with quiet times between them.
public struct RandomScenario: Sendable {
  /// The commands, one a line.
  public private(set) var lines: [String] = []
  private var generator: SplitMix64
  private var names: [String] = []
  private var isVersion3 = true
  private var interval: UInt64 = 1_000_000_000
  private var elapsed: UInt64 = 0

  /// The scenario that `seed` names. It lasts `duration` nanoseconds at least; `defect` is a bug to plant in the first
  /// router.
  public init(seed: UInt64, duration: UInt64, defect: PlantedDefect? = nil) {
    generator = SplitMix64(seed: seed)
    lines.append("seed \(seed)")
    addRouters()
    if generator.happens(permille: 700) { lines.append("client h asks 500ms") }
    if let defect { lines.append("plant a \(defect.rawValue)") }
    while elapsed < duration {
      for _ in 0..<generator.within(1...6) {
        fault()
        pass(upTo: 8_000_000_000)
      }
      mend()
      pass(between: 15_000_000_000, and: 45_000_000_000)
    }
  }

  private mutating func addRouters() {
    let count = Int(generator.within(2...4))
    names = Array(["a", "b", "c", "d"].prefix(count))
    isVersion3 = generator.happens(permille: 700)
    if isVersion3 {
      interval = generator.pick([1_000_000_000, 1_000_000_000, 300_000_000, 100_000_000, 2_000_000_000])
    }
    let nopreempt = generator.happens(permille: 250)
    let delay = generator.happens(permille: 150)
    for (index, name) in names.enumerated() {
      var line = "router \(name) 10.0.0.\(index + 2) interval \(DurationText.text(interval))"
      if !isVersion3 { line += " version 2" }
      line += " priority \(generator.pick([100, 100, 101, 150, 200, 254, generator.within(1...254)]))"
      if nopreempt { line += " nopreempt" }
      if delay { line += " preempt-delay \(generator.within(1...12))s" }
      if !nopreempt, !delay, index == 0, generator.happens(permille: 80) { line += " priority 255" }
      if generator.happens(permille: 300) { line += " track uplink \(generator.pick(["-60", "30", "0", "-253"]))" }
      if generator.happens(permille: 100) { line += " state master" }
      lines.append(line)
    }
    for name in names where generator.happens(permille: 300) {
      lines.append("drift \(name) \(Int64(generator.within(0...600)) - 300)")
    }
  }

  private mutating func pass(upTo limit: UInt64) { pass(between: 0, and: limit) }

  private mutating func pass(between low: UInt64, and high: UInt64) {
    // Whole milliseconds read better, and the phases of timers are hit as well.
    let time = generator.within(low / 1_000_000...high / 1_000_000)
    lines.append("run \(time)ms")
    elapsed += time * 1_000_000
  }

  private mutating func mend() {
    lines.append("heal")
    lines.append("quality")
    for name in names {
      lines.append("link \(name) up")
      lines.append("start \(name)")
    }
  }

  private mutating func fault() {
    let name = generator.pick(names)
    switch generator.below(22) {
    case 0: lines.append("partition " + names.filter { _ in generator.happens(permille: 500) }.joined(separator: " "))
    case 1: lines.append("cut \(name) -> \(generator.pick(names))")
    case 2: lines.append("cut \(name) \(generator.pick(names))")
    case 3: lines.append("heal")
    case 4:
      lines.append(
        "quality loss \(generator.within(0...30))% duplicates \(generator.within(0...10))% delay 1ms..\(generator.within(1...40))ms"
      )
    case 5: lines.append("link \(name) down")
    case 6: lines.append("link \(name) up")
    case 7: lines.append("crash \(name)")
    case 8: lines.append("respawn \(name)")
    case 9: lines.append("poweroff \(name)")
    case 10, 11: lines.append("start \(name)")
    case 12: lines.append("stop \(name)")
    case 13: lines.append("stall \(name) \(generator.within(1...9000))ms")
    case 14: lines.append("freeze \(name) \(generator.within(1...9000))ms")
    case 15: lines.append("suspend \(name) \(generator.within(1...60_000))ms")
    case 16: if hasUplink(name) { lines.append("link \(name) \(generator.pick(["up", "down"])) uplink") }
    case 17: lines.append("reload \(name) priority \(generator.within(1...254))")
    case 18: lines.append("kernel \(name) \(generator.within(0...200))ms")
    case 19: forge(flawed: true)
    case 20: forge(flawed: generator.happens(permille: 700))
    default: lines.append("reload \(name) \(generator.pick(["garp-delay 1s", "refresh 10s", "down-adverts 4"]))")
    }
  }

  private func hasUplink(_ name: String) -> Bool {
    lines.contains { $0.hasPrefix("router \(name) ") && $0.contains("uplink") }
  }

  private mutating func forge(flawed: Bool) {
    var line = "forge from 10.0.0.\(generator.within(2...250)) priority \(generator.within(0...255))"
    line += isVersion3 ? " interval \(generator.pick(["1s", "40950ms", "10ms", "3s"]))" : " version 2"
    if flawed { line += " flaw \(generator.pick(Forgery.Flaw.allCases).rawValue)" }
    for _ in 0..<generator.within(1...4) { lines.append(line) }
  }
}
