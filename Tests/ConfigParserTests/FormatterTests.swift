import ConfigParser
import Testing

@Suite struct FormatterTests {
  private func format(_ text: String) -> String {
    String(decoding: Formatter.format(Array(text.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    ("a { b   c } d", "a {\n    b c\n}\nd\n"),
    ("a\n{\nb\n}", "a {\n    b\n}\n"),
    ("a { # why\n\n\nb\n\n\n! note\nc # here\n\n}\n\n", "a {  # why\n    b\n\n    ! note\n    c  # here\n}\n"),
    ("a\r\n{\r\n b \r\n}\r\n", "a {\n    b\n}\n"),
    ("a \"x   y\"  'p   q'  z", "a \"x   y\"  'p   q'  z\n"),
    ("\t$A=1 \n @x  a {\nb\n}\n", "$A=1\n@x  a {\n    b\n}\n"),
    ("$A= \\\n  b { \\\n}\nc", "$A= \\\n  b { \\\n}\nc\n"),
    ("$A=b \\\n\nc {\n}", "$A=b \\\n\nc {\n}\n"), ("$A=b # \\\nc\n", "$A=b # \\\nc\n"),
    ("a ${B}/24 {\n}", "a ${B}/24 {\n}\n"),
    ("~SEQ(I, 2) a $I {}\nb", "~SEQ(I, 2) a $I {}\nb\n"),
    ("a \"b\n{", "a \"b\n{\n"), ("a {\n}$B=c {\n}", "a {\n} $B=c {\n}\n"),
    ("\u{feff}a", "a\n"), ("", ""), ("\n\n", ""), ("}\na", "}\na\n"),
  ])
  func `writes one style`(text: String, expected: String) {
    #expect(format(text) == expected)
    #expect(format(expected) == expected)
  }

  @Test(arguments: ["", "a", "a {", "}", "a \"b", "\n\n a\t{ # x\r\n}", "$A=\\\n\\\n", "@x $A=b \\\n c", "\u{0}\u{ff}"])
  func `the written tree gives the file back`(text: String) {
    #expect(SyntaxTree(Array(text.utf8)).text == Array(text.utf8))
  }

  @Test func `the written tree knows what stands in what`() throws {
    let tree = SyntaxTree(Array("a {\n b c {\n d\n }\n}\n".utf8))
    let statements = tree.nodes.filter { $0.kind == .statement }
    #expect(statements.map(\.depth) == [0, 1, 2])
    let parent = try #require(statements[2].parent)
    #expect(tree.nodes[parent].kind == .openBrace)
  }
}
