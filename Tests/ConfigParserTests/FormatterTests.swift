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
    ("$A=b # \\\n c {\n}\nd", "$A=b # \\\n c {\n}\nd\n"), ("$A=b # \\  \n c {\n}", "$A=b # \\ \nc {\n}\n"),
    ("$B=x\na $B{\nc $B}\nd $B}\n", "$B=x\na $B{\n    c $B}\nd $B}\n"), ("a ${B}{\n}", "a ${B} {\n}\n"),
    ("$A=b \\\n\nc {\n}", "$A=b \\\n\nc {\n}\n"), ("$A=b # \\\nc\n", "$A=b # \\\nc\n"),
    ("a ${B}/24 {\n}", "a ${B}/24 {\n}\n"),
    ("~SEQ(I, 2) a $I {}\nb", "~SEQ(I, 2) a $I {}\nb\n"),
    ("a \"b\n{", "a \"b\n{\n"), ("a {\n}$B=c {\n}", "a {\n} $B=c {\n}\n"),
    ("a\n\n{\n}", "a {\n}\n"), ("a $B\n{\n}", "a $B\n{\n}\n"),
    ("include \n{", "include\n{\n"), ("include{", "include\n{\n"),
    ("~SEQ(I\n{,2) a", "~SEQ(I\n{\n    ,2) a\n"), ("@x a=b {\nc\n}", "@x a=b {\n    c\n}\n"),
    ("~SEQ(I, 2) $A$I=b \\\n  c { d }\ne", "~SEQ(I, 2) $A$I=b \\\n  c { d }\ne\n"),
    ("\u{feff}a", "a\n"), ("\n\u{feff}\u{a0}a", "\u{feff}\u{feff}\u{a0}a\n"),
    ("", ""), ("\n\n", ""), ("}\na", "}\na\n"),
  ])
  func `writes one style`(text: String, expected: String) {
    #expect(format(text) == expected)
    #expect(format(expected) == expected)
  }

  /// What ends a line goes, all of it and nothing else.
  @Test(arguments: [
    ("includea\rb {\r\r\n c\r\n", "includea\rb {\n    c\n"),
    ("$A=b \\\r\r\n  c\rd\r\n\r\ne", "$A=b \\\n  c\rd\n\ne\n"),
    ("$A=\"b \\\r\n c\r\n", "$A=\"b \\\n c\n"),
    ("a \"b \r\r\n", "a \"b \n"), ("include \"b \r\r\n", "include \"b \n"),
    ("include  \"\r\r\n", "include \"\n"),
    ("# a \r\r\n", "# a\n"), ("a\r{\r}\r\r", "a {\n}\n"),
  ])
  func `takes carriage returns from the ends of lines`(text: String, expected: String) {
    #expect(format(text) == expected)
    #expect(format(expected) == expected)
  }

  /// A line with a NUL is ignored: a brace that joins it would be lost.
  @Test func `leaves a file that is no text`() {
    #expect(format("a\0\n{ b }\n") == "a\0\n{ b }\n")
  }

  /// All texts of three pieces that have a meaning of their own, alone and amid others.
  @Test(arguments: [("", ""), ("a $A", "\n{ b\n}"), ("$B=c \\\n", "\n d {")])
  func `formatting twice changes nothing more`(before: String, after: String) {
    let pieces = [
      "a", " ", "\n", "\r", "{", "}", "\"", "#", "\\", "$", "A=", "${A}", "@x ", "~SEQ(I,2)", "include ", "\u{a0}",
      "\u{feff}", "'",
    ]
    for first in pieces {
      for second in pieces {
        for third in pieces {
          let text = before + first + second + third + after
          let once = format(text)
          if format(once) != once { Issue.record("\(text.debugDescription) becomes \(once.debugDescription)") }
        }
      }
    }
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
