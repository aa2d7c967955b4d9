/// Looks for scenarios in which a property does not hold, and makes what it finds short.
public struct Search: Sendable {
  /// A scenario that breaks a property.
  public struct Finding: Sendable {
    public var seed: UInt64
    public var violation: Violation
    /// The commands that lead there.
    public var lines: [String]
  }

  /// The first violation of `lines`, and how many of them it took; `nil` when all properties hold, or when a line is
  /// wrong, as the shrunk ones may be.
  public static func violation(of lines: [String]) -> (violation: Violation, lineCount: Int)? {
    do throws(ScenarioError) { return try firstViolation(of: lines) } catch { return nil }
  }

  private static func firstViolation(
    of lines: [String]
  ) throws(ScenarioError) -> (violation: Violation, lineCount: Int)? {
    var scenario = Scenario()
    scenario.simulation.detail = .none
    for (index, line) in lines.enumerated() {
      try scenario.perform(line)
      if let first = scenario.simulation.violations.first { return (first, index + 1) }
    }
    return nil
  }

  /// What `seed` finds in `duration` nanoseconds.
  public static func finding(
    seed: UInt64, duration: UInt64, defect: PlantedDefect? = nil
  ) -> Finding? {
    let lines = RandomScenario(seed: seed, duration: duration, defect: defect).lines
    do throws(ScenarioError) {
      guard let found = try firstViolation(of: lines) else { return nil }
      return Finding(seed: seed, violation: found.violation, lines: Array(lines[..<found.lineCount]))
    } catch { preconditionFailure("a made-up scenario has a line that is wrong") }
  }

  /// A shorter way to break the same property: no command of it can be left out, no time halved, unless the `budget` of
  /// scenarios to try ran out before.
  public static func shrink(_ finding: Finding, budget: Int = 3000) -> Finding {
    var shrinker = Shrinker(best: finding, budget: budget)
    shrinker.run()
    return shrinker.best
  }
}

private struct Shrinker {
  var best: Search.Finding
  var budget: Int

  mutating func run() {
    var before: [String]
    repeat {
      before = best.lines
      removeChunks()
      shortenRuns()
    } while best.lines != before && budget > 0
  }

  private mutating func attempt(_ lines: [String]) -> Bool {
    // Strangers' claims are no fault of routers that do not listen for them.
    guard budget > 0, lines.contains("watch-claims on") || !lines.contains(where: { $0.hasPrefix("announce ") }) else {
      return false
    }
    budget -= 1
    guard let found = Search.violation(of: lines), found.violation.property == best.violation.property else {
      return false
    }
    best.lines = Array(lines[..<found.lineCount])
    best.violation = found.violation
    return true
  }

  private mutating func removeChunks() {
    var size = best.lines.count / 2
    while size > 0 {
      var start = 0
      while start < best.lines.count {
        var lines = best.lines
        lines.removeSubrange(start..<min(start + size, lines.count))
        if !attempt(lines) { start += size }
      }
      size /= 2
    }
  }

  private mutating func shortenRuns() {
    for index in best.lines.indices {
      guard index < best.lines.count else { return }
      let words = best.lines[index].split(separator: " ")
      guard words.count == 2, words[0] == "run", let time = DurationText.parse(words[1]) else { continue }
      for shorter in [time / 10, time / 2, time / 1_000_000_000 * 1_000_000_000] where shorter > 0 && shorter < time {
        var lines = best.lines
        lines[index] = "run \(DurationText.text(shorter / 1_000_000 * 1_000_000))"
        if attempt(lines) { break }
      }
    }
  }
}
