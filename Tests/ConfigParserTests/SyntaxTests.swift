import ConfigParser
import Testing

@Suite struct SyntaxTests {
  @Test func `a block on one line is three lines`() {
    let loaded = load("vrrp_instance A { state BACKUP } vrrp_instance B{state MASTER}")
    let outer = loaded.statements.children(of: nil).map { index in
      loaded.sources.text(of: loaded.statements.statements[index].line)
    }
    #expect(outer == ["vrrp_instance A", "vrrp_instance B"])
  }

  @Test func `quotes keep blanks, braces and comment signs`() {
    let loaded = load("global_defs {\n router_id \"a # {b} !\" # c\n}")
    #expect(loaded.configuration.global.routerID == "a # {b} !")
    #expect(loaded.problems.isEmpty)
  }

  @Test func `an unknown keyword is a warning that suggests the right one`() throws {
    let loaded = load(instance("virtual_ipadress {\n 192.0.2.1/24\n }\n"))
    let diagnostic = try #require(loaded.diagnostics.first { $0.code == .unknownKeyword })
    #expect(diagnostic.severity == .warning)
    #expect(diagnostic.fixIts.first?.replacement == "virtual_ipaddress")
    #expect(TextRenderer().headline(diagnostic, in: loaded.sources).hasPrefix("/etc/test.conf:4:1: warning: "))
  }

  @Test func `a missing closing brace is found where the next block starts`() {
    let loaded = load(
      "vrrp_instance A {\n interface eth0\n virtual_router_id 1\n virtual_ipaddress {\n 192.0.2.1/24\n }\n"
        + instance("virtual_ipaddress { 192.0.2.2/24 }", name: "B"))
    #expect(loaded.places.contains("7:1 VRC0105"))
    #expect(loaded.configuration.virtualRouters.map(\.name) == ["A", "B"])
  }

  @Test func `a missing opening brace is taken as written`() {
    let loaded = load(
      "vrrp_instance A\n interface eth0\n virtual_router_id 1\n virtual_ipaddress\n 192.0.2.1/24\n }\n}\n")
    #expect(loaded.problems == [.missingOpeningBrace, .missingOpeningBrace])
    #expect(loaded.configuration.virtualRouters.first?.addresses.count == 1)
  }

  @Test func `a closing brace too many is reported`() {
    #expect(load("global_defs {\n}\n}\n").places == ["3:1 VRC0106"])
  }

  @Test func `includes are read relative to the file that asks`() {
    let loaded = load(
      "include conf.d/*.conf\n",
      files: [
        "/etc/conf.d/b.conf": instance("virtual_ipaddress { 192.0.2.2/24 }", name: "B", id: 2),
        "/etc/conf.d/a.conf": "include parts/one\n",
        "/etc/conf.d/parts/one": instance("virtual_ipaddress { 192.0.2.1/24 }", name: "A", id: 1),
        "/etc/conf.d/c.txt": "nonsense",
      ])
    #expect(loaded.configuration.virtualRouters.map(\.name) == ["A", "B"])
    #expect(loaded.problems.isEmpty)
  }

  @Test func `a file that includes itself is reported, not followed`() {
    #expect(load("include test.conf\n").problems == [.includeLoop])
  }

  @Test func `lines for other nodes are dropped`() {
    let text = instance("@node priority 150\n@other priority 50\n@^other virtual_ipaddress { 192.0.2.1/24 }")
    let loaded = load(text)
    #expect(loaded.configuration.virtualRouters.first?.priority == 150)
    #expect(loaded.configuration.virtualRouters.first?.addresses.count == 1)
  }

  @Test func `a missing main file is an error`() {
    let loaded = loadConfiguration(from: "/nowhere", sources: MemorySources(), configID: "")
    #expect(!loaded.isReadable)
    #expect(loaded.hasErrors)
    #expect(loaded.places == ["1:1 VRC0201"])
  }
}
