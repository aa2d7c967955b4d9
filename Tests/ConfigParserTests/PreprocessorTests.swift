import ConfigParser
import Testing

@Suite struct PreprocessorTests {
  /// The lines that reach the tables.
  private func lines(_ text: String, configID: String = "node", variables: [String: String] = [:]) -> [String] {
    var sources = MemorySources(["/etc/a.conf": text], variables: variables)
    sources.randomNumber = 3
    let loaded = loadConfiguration(from: "/etc/a.conf", sources: sources, configID: configID)
    return loaded.statements.statements.map { statement in
      statement.words.map { loaded.sources.text(of: loaded.statements.words[$0].range) }.joined(separator: "|")
    }
  }

  private func codes(_ text: String) -> [DiagnosticCode] { load(text).problems.filter { $0 != .unknownKeyword } }

  @Test(arguments: [
    ("$A=x\nfoo $A bar", ["foo|x|bar"]),
    ("$A=x\nfoo a${A}b", ["foo|axb"]),
    ("$A=x\nfoo $A, $A) $A", ["foo|x,|x)|x"]),
    ("$A=x\nfoo $A/24", ["foo|$A/24"]),
    ("$A=$B\n$B=x\nfoo $A", ["foo|x"]),
    ("$N=1\n$IP1=x\nfoo ${IP${N}}", ["foo|x"]),
    ("$A=x\n$A=y\nfoo $A", ["foo|y"]),
    ("$A=  x y  # comment\nfoo \"$A\" $A", ["foo|$A|x|y"]),
    ("$A=x\nfoo \"a ${A} b\"", ["foo|a x b"]),
    ("foo $UNDEFINED", ["foo|$UNDEFINED"]),
    ("$A=one \\\n two # c\\\n\nfoo $A", ["foo|one", "two"]),
    ("$A=one # c \\\n two # c \\\r\n# c \\\nthree # c \\ \nfoo $A", ["foo|one", "two", "three"]),
    ("$A=one \\ # c\n two\nfoo $A # c \\\nbar", ["foo|one", "two", "bar"]),
    ("$A=one \\\n  two \\\n  three\nfoo $A", ["foo|one", "two", "three"]),
    ("$A=one \\\r\n t\\#wo \\\r\n  three\r\nfoo $A", ["foo|one", "t#wo", "three"]),
    ("$A=x {\nfoo $A\n}", ["foo|x"]),
    ("foo ${_INSTANCE} ${_PWD} ${_ENV NAME} ${_RANDOM 5 9}", ["foo|node|/etc|value|8"]),
    ("foo ${_HASH} bar", ["foo"]),
    ("foo a\\#b \\!", ["foo|a#b|!"]),
    ("@node a\n@other b\n@^node c\n@^other d\n@node", ["a", "d"]),
    ("$ID=node\n@$ID a", ["a"]),
  ])
  func `replaces definitions and keeps the lines of this node`(text: String, expected: [String]) {
    #expect(lines(text, variables: ["NAME": "value"]) == expected)
  }

  @Test func `the directory of a file is absolute, so that an include may use it`() {
    let sources = MemorySources(
      ["site/main.conf": "include ${_PWD}/part.conf\n", "/srv/site/part.conf": "foo\n"], variables: ["PWD": "/srv"])
    #expect(loadConfiguration(from: "site/main.conf", sources: sources, configID: "node").problems == [.unknownKeyword])
  }

  @Test(arguments: [
    ("~SEQ(I, 3) a $I", ["a|1", "a|2", "a|3"]),
    ("~SEQ(I, -2) a $I", ["a|-1", "a|-2"]),
    ("~SEQ(I, 0) a $I", ["a|1", "a|0"]),
    ("~SEQ(I, 3, 1) a $I", ["a|3", "a|2", "a|1"]),
    ("~SEQ(I, 0, 5, 12) a $I", ["a|0", "a|5", "a|10"]),
    ("~SEQx(I, 0x9, 11) a$I b", ["a9|b", "aa|b", "ab|b"]),
    ("~SEQx(I, 0x9, 11) a${I}", ["a9", "aa", "ab"]),
    ("~SEQ(I, 2) ~SEQ(J, 2) a $I $J", ["a|1|1", "a|1|2", "a|2|1", "a|2|2"]),
    ("$END=2\n~SEQ(I, $END) a $I", ["a|1", "a|2"]),
    ("$BLOCK=a ${I} { \\\n b ${I} \\\n}\n~SEQ(I, 2) $BLOCK", ["a|1", "b|1", "a|2", "b|2"]),
    ("~LST(V, x, y) a $V", ["a|x", "a|y"]),
    ("~LST({V,W}, {x,1}, {y}) a ${V}-${W}", ["a|x-1", "a|y-"]),
    ("$I=kept\n~SEQ(I, 1) a $I\nb $I", ["a|1", "b|kept"]),
  ])
  func `repeats lines for each value`(text: String, expected: [String]) { #expect(lines(text) == expected) }

  @Test(arguments: [
    ("$A=$A\nfoo $A", DiagnosticCode.selfReference),
    ("$A=x$A\nfoo ${A}", .limitReached),
    ("$A=x ${A}\nfoo ${A}", .limitReached),
    ("$A=$B\n$B=$A\nfoo $A", .limitReached),
    ("$A=${B}${B}\n$B=${C}${C}\n$C=${A}${A}x\nfoo $A", .limitReached),
    ("$A=a\\\n$A\n$A", .limitReached),
    ("~SEQ(I, 100000000) a", .limitReached),
    ("~SEQ(A,9999) ~SEQ(B,9999) ~SEQ(C,9999) x ${A}${B}${C}", .limitReached),
    ("~SEQ(I, 1, -1, 3) a", .invalidSequence),
    ("~SEQ(I, 1, 0, 3) a", .invalidSequence),
    ("~SEQ(1, 3) a", .invalidSequence),
    ("~LST({A}, {1,2}) a", .invalidSequence),
    ("$A=one\\\ntwo\nfoo $A bar", .misusedDefinition),
    ("\u{feff}global_defs {\n}", .invisibleCharacter),
    ("global_defs\u{a0}{\n}", .invisibleCharacter),
  ])
  func `what cannot be replaced is reported once and bounded`(text: String, code: DiagnosticCode) {
    // Without bounds some of these would not end for hours.
    #expect(codes(text).filter { $0 == code }.count == 1)
  }

  @Test func `a mistake in replaced text is shown where it was typed`() throws {
    let loaded = load("$PRIO=300\n" + instance("  priority $PRIO\nvirtual_ipaddress { 192.0.2.1/24 }"))
    #expect(loaded.places == ["5:12 VRC0304"])
    let text = TextRenderer().render(try #require(loaded.diagnostics.first), in: loaded.sources)
    #expect(text.contains("  priority $PRIO\n"))
    #expect(text.contains("priority 300"))
  }

  @Test(arguments: [
    ("include none.conf", false, DiagnosticCode.unreadableFile),
    ("includem none.conf", true, .unreadableFile),
    ("include *.none", false, .includeWithoutMatch),
    ("includem *.none", false, .includeWithoutMatch),
    ("includew *.none", true, .includeWithoutMatch),
    ("includeb {one,none}.inc", true, .unreadableFile),
    ("global_defs {\n include_check\n}\ninclude none.conf", true, .unreadableFile),
    ("global_defs {\n include_check read\n}\ninclude none.conf", false, .unreadableFile),
  ])
  func `an include that fails counts as its variant says`(text: String, counts: Bool, code: DiagnosticCode) {
    let loaded = load(text, files: ["/etc/one.inc": ""])
    #expect(loaded.problems == [code])
    #expect(loaded.hasIncludeError == counts)
  }
}
