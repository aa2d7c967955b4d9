import ConfigParser
import Foundation
import Testing

@Suite struct NodeTests {
  private func codes(_ a: String, _ b: String) -> [DiagnosticCode] {
    var nodes = [a, b].map { load(instance($0 + "\nvirtual_ipaddress { 192.0.2.1/24 }")) }
    compareNodes(&nodes, names: ["a", "b"])
    return nodes.flatMap(\.problems)
  }

  @Test func `a pair that fits together has nothing to say but who wins`() {
    #expect(codes("priority 150", "priority 100") == [])
  }

  @Test(arguments: [
    ("priority 150\nadvert_int 2", "priority 100", [DiagnosticCode.nodesDiffer]),
    ("priority 150\nversion 3", "priority 100", [.nodesDiffer]),
    ("priority 150\nvirtual_ipaddress { 192.0.2.2/24 }", "priority 100", [.nodesDiffer]),
    ("priority 100", "priority 100", [.nodesTie]),
    ("priority 150\nstate MASTER", "priority 100\nstate MASTER", [.bothMaster]),
    ("priority 150\ntrack_interface { eth1 weight -49 }", "priority 100", [.weightNeverMoves]),
    ("priority 150\ntrack_interface { eth1 weight -51 }", "priority 100", []),
    ("priority 150\ntrack_interface { eth1 }", "priority 100", []),
    // The other must not preempt, so even a lower priority keeps the addresses.
    ("priority 150\ntrack_interface { eth1 weight -100 }", "priority 100\nnopreempt", [.weightNeverMoves]),
    // A positive weight counts while its object is up.
    ("priority 90\ntrack_interface { eth1 weight 20 }", "priority 100", []),
    ("priority 90\ntrack_interface { eth1 weight 5 }", "priority 100", []),
  ])
  func `says what keeps a pair from working`(a: String, b: String, expected: [DiagnosticCode]) {
    #expect(codes(a, b) == expected)
  }

  @Test func `names the winner the election names`() throws {
    var nodes = [
      load(instance("priority 90\ntrack_interface { eth1 weight 20 }\nvirtual_ipaddress { 192.0.2.1/24 }")),
      load(instance("priority 100\nvirtual_ipaddress { 192.0.2.1/24 }")),
    ]
    compareNodes(&nodes, names: ["left", "right"])
    let summary = try #require(nodes[0].diagnostics.first { $0.code == .nodesSummary })
    #expect(summary.message == "'A' of left wins with priority 110, before 'A' of right with 100")
  }

  @Test func `programs can read what is found`() throws {
    let loaded = load("global_defs {\n router_id \"a\\b\n}\n\u{1}x\n")
    let json = try JSONSerialization.jsonObject(with: Data(JSONRenderer().render([loaded]).utf8)) as? [String: Any]
    let items = try #require(json?["diagnostics"] as? [[String: Any]])
    #expect(items.count == loaded.diagnostics.count && !items.isEmpty)
    #expect(items.first?["line"] as? Int == 2 && items.first?["code"] as? String == "VRC0001")
    let sarif = try JSONSerialization.jsonObject(with: Data(JSONRenderer().renderSARIF([loaded]).utf8))
    #expect((sarif as? [String: Any])?["version"] as? String == "2.1.0")
  }
}
