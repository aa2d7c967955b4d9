import ConfigParser
import Testing

@Suite struct DiagnosticPageTests {
  @Test func `every diagnostic has an example`() {
    let shown = Set(DiagnosticExample.all.map(\.code))
    // No keyword is without effect at the moment; its code waits for the next that is.
    #expect(DiagnosticCode.allCases.filter { !shown.contains($0) } == [.notImplemented])
  }

  @Test(arguments: DiagnosticExample.all)
  func `the example causes its diagnostic`(example: DiagnosticExample) { #expect(example.rendered() != "") }

  @Test func `the page shows what is really said`() throws {
    var page = """
      # Diagnostics

      Everything `vrrpd -t` and `vrrpctl check` say, with an example that causes it. The codes are stable. An *error*
      means that something written is not applied, a *warning* that it works, but hardly as meant; a *note* that nothing
      is wrong.

      This page is written by a test (`VRRPD_UPDATE_DOCS=1 swift test --filter ConfigParserTests`); do not edit it.


      """
    for example in DiagnosticExample.all.sorted(by: { $0.code.rawValue < $1.code.rawValue }) {
      page += "## \(example.code): \(example.title)\n\n"
      if !example.advice.isEmpty { page += example.advice + "\n\n" }
      page += "```\n\(example.rendered())```\n\n"
    }
    try GeneratedPage(path: "docs/diagnostics.md").expect(page)
  }
}
