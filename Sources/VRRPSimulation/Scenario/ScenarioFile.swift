/// A scenario with the transcript it is expected to give: commands, a line `----`, the transcript, an empty line, and
/// so on. Comments stand among the commands.
public struct ScenarioFile: Hashable, Sendable {
  /// Some commands and what they are expected to give.
  public struct Step: Hashable, Sendable {
    public var commands: [String]
    /// `nil` when the file asks for nothing.
    public var expected: [String]?
  }

  /// In the order of the file.
  public var steps: [Step]

  private static let rule = "----"

  /// Reads a scenario. Every text is one.
  public init(_ text: String) {
    steps = []
    var commands: [String] = []
    var expected: [String]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if expected != nil, line.isEmpty {
        steps.append(Step(commands: commands, expected: expected))
        commands = []
        expected = nil
      } else if line == Self.rule {
        expected = []
      } else if expected != nil {
        expected?.append(String(line))
      } else {
        commands.append(String(line))
      }
    }
    if expected != nil || commands.contains(where: { !$0.isEmpty }) {
      steps.append(Step(commands: commands, expected: expected))
    }
  }

  /// The file's text. A line that is empty ends a transcript, so transcripts have none.
  public var text: String {
    var lines: [String] = []
    for step in steps {
      lines += step.commands
      if let expected = step.expected { lines += [Self.rule] + expected + [""] }
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Runs the scenario.
  ///
  /// - Parameter scenario: The world to begin with; it holds the outcome afterwards.
  /// - Returns: The same steps with the transcript they gave.
  /// - Throws: The first line that is wrong.
  public func run(in scenario: inout Scenario) throws(ScenarioError) -> ScenarioFile {
    var result = self
    for index in steps.indices {
      let start = scenario.simulation.timeline.count
      for command in steps[index].commands { try scenario.perform(command) }
      let news = scenario.simulation.timeline[start...]
      result.steps[index].expected = news.map { scenario.simulation.text(of: $0) }
    }
    return result
  }
}
