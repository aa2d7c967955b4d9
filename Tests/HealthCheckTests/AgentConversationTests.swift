import HealthCheck
import Testing

@Suite struct AgentConversationTests {
  @Test(arguments: [
    ("up\n", fine), ("ready\r\n", fine), ("UP\n", fine), ("up 75%\n", .success(.percentage(75))),
    ("75%\n", .success(.percentage(75))), ("100%", .success(.percentage(100))), ("0%\n", .success(.percentage(0))),
    ("drain\n", .success(.percentage(0))), ("ready,maxconn:30\t50%\n", .success(.percentage(50))),
    ("down\n", fault(.reply, .agent(.down))), ("failed#disk full\n", fault(.reply, .agent(.failed))),
    ("stopped # 75%\n", fault(.reply, .agent(.stopped))), ("75% maint\n", fault(.reply, .agent(.maintenance))),
    ("\n", fault(.reply, .malformed)), ("", fault(.reply, .closedEarly)), ("hello\n", fault(.reply, .malformed)),
    ("99999%\n", fault(.reply, .malformed)), ("-5%\n", fault(.reply, .malformed)), ("%\n", fault(.reply, .malformed)),
  ])
  func `a line says how the server is`(line: String, wanted: Finding.Outcome) {
    for size in [1, 3, 1000] {
      #expect(talk(AgentConversation(), line, pieces: size).outcome == wanted, "\(line) in pieces of \(size)")
    }
  }

  @Test func `it may be greeted, and a line has an end`() {
    #expect(talk(AgentConversation(greeting: Array("hi\n".utf8)), "up\n").sent == Array("hi\n".utf8))
    let endless = String(repeating: "up ", count: 1000)
    #expect(talk(AgentConversation(), endless).outcome == fault(.reply, .tooLong))
  }
}
