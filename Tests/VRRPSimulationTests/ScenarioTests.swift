import Foundation
import Testing
import VRRPSimulation

/// Runs every file of `Scenarios`. `REWRITE=1 swift test --filter ScenarioTests` writes the transcripts anew; read the
/// difference before you commit it.
@Suite struct ScenarioTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios")
  static let names: [String] = {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return all.filter { $0.hasSuffix(".scenario") }.sorted()
  }()

  @Test(arguments: names)
  func `gives the transcript it says`(name: String) throws {
    let url = Self.folder.appending(path: name)
    let file = ScenarioFile(try String(contentsOf: url, encoding: .utf8))
    var scenario = Scenario()
    let outcome = try file.run(in: &scenario)
    if ProcessInfo.processInfo.environment["REWRITE"] != nil {
      try outcome.text.write(to: url, atomically: true, encoding: .utf8)
      return
    }
    #expect(outcome.text == file.text)
    // A scenario that shows a violation says so in its name.
    #expect(scenario.simulation.violations.isEmpty != name.contains("violation"))
  }

  @Test func `there are scenarios`() { #expect(Self.names.count >= 40) }

  @Test func `a wrong line says what is wrong with it`() {
    for (line, words) in [
      ("explode a", "there is no command 'explode'"), ("stop nobody", "no router or client is called 'nobody'"),
      ("router a 10.0.0.2 speed 9", "there is no setting 'speed'"), ("run fast", "'fast' is not a time such as"),
      ("router a", "'an address' is missing"), ("router a 10.0.0.2 priority 256", "'256' is not a priority"),
    ] {
      var scenario = Scenario()
      let error = #expect(throws: ScenarioError.self) { try scenario.perform(line) }
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }
}
