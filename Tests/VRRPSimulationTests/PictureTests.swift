import Foundation
import FoundationXML
import Testing
import VRRPSimulation

@Suite struct PictureTests {
  private static func world() throws -> Simulation {
    var scenario = Scenario()
    for line in [
      "adverts on", "router a 10.0.0.2 priority 150", "router b 10.0.0.3 priority 100", "client h asks 100ms",
      "plant a keeps-addresses", "run 6s", "reload a priority 50", "run 6s",
    ] { try scenario.perform(line) }
    return scenario.simulation
  }

  @Test func `the picture is well-formed XML with a lane for each node`() throws {
    let svg = try Self.world().svg()
    let parser = XMLParser(data: Data(svg.utf8))
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    for words in [
      ">V51<", ">a<", ">b<", ">h<", ">owner<", ">active 150<", "addresses-disagree", "reload a priority 50",
      "answered by a", ">a and b<", "prefers-color-scheme: dark",
    ] { #expect(svg.contains(words), "\(words)") }
  }

  @Test func `a lane ends where its process dies`() throws {
    var scenario = Scenario()
    for line in ["router a 10.0.0.2 priority 150", "run 6s", "crash a", "run 6s"] { try scenario.perform(line) }
    #expect(scenario.simulation.svg().contains("<title>active, priority 150, 3.414 to 6.000 s</title>"))
  }

  @Test func `what an answer says is not drawn as an event`() throws {
    var scenario = Scenario()
    for line in ["router a 10.0.0.2", "run 6s", "show"] { try scenario.perform(line) }
    #expect(!scenario.simulation.svg().contains("a V51: active, priority 100, has the addresses"))
  }

  @Test func `the JSON is JSON and names the violation with its causes`() throws {
    let text = try Self.world().json(notes: ["\"said\" before"])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let violations = try #require(object["violations"] as? [[String: Any]])
    #expect(violations.first?["property"] as? String == "addresses-disagree")
    let causes = try #require(violations.first?["causes"] as? [[String: Any]])
    #expect(causes.contains { $0["text"] as? String == "reload a priority 50" && $0["time"] as? Double == 6 })
    #expect(object["notes"] as? [String] == ["\"said\" before"])
  }

  @Test func `the summary tells why`() throws {
    let summary = try Self.world().summary()
    #expect(summary.contains { $0.contains("VIOLATION addresses-disagree: a V51") })
    #expect(summary.contains { $0.contains("reload a priority 50") })
  }
}
