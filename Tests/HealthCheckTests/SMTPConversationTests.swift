import HealthCheck
import Testing

@Suite struct `An SMTP conversation` {
  static let dialogue = "HELO smtpchecker.keepalived.org\r\nQUIT\r\n"

  @Test(arguments: [
    "220 hi\r\n250 ok\r\n221 bye\r\n", "220\r\n250\r\n221\r\n", "220 hi\n250 ok\n221 bye\n",
    "220-first\r\n220-second\r\n220 last\r\n250-a\r\n250 b\r\n221 bye\r\n", "220 hi\r\n250 ok\r\nanything\n",
    "220 hi\r\n250 ok\r\n500 no\r\n", "220-\r\n220 \r\n250 ok\r\n\r\n",
  ])
  func `goes through`(script: String) {
    for size in [1, 3, .max] {
      let (outcome, sent) = talk(SMTPConversation(), script, pieces: size, closes: false)
      #expect(outcome == fine)
      #expect(String(decoding: sent, as: UTF8.self) == Self.dialogue)
    }
  }

  @Test(
    arguments: [
      ("", fault(.banner, .closedEarly)), ("220 hi", fault(.banner, .closedEarly)),
      ("220 hi\r\n", fault(.hello, .closedEarly)), ("220-hi\r\n", fault(.banner, .closedEarly)),
      ("554 go away\r\n", fault(.banner, .unexpectedReplyCode(554))),
      ("220-hi\r\n554 go away\r\n", fault(.banner, .unexpectedReplyCode(554))),
      ("220 hi\r\n550 who\r\n", fault(.hello, .unexpectedReplyCode(550))), ("hello\r\n", fault(.banner, .malformed)),
      ("22\r\n", fault(.banner, .malformed)), ("2200 x\r\n", fault(.banner, .malformed)),
      ("\r\n", fault(.banner, .malformed)), ("220 " + String(repeating: "x", count: 3000), fault(.banner, .tooLong)),
      (String(repeating: "220-x\r\n", count: 100), fault(.banner, .tooLong)),
      ("220 a\r\n250 b\r\n" + String(repeating: "x", count: 3000), fault(.quit, .tooLong)),
      ("220 a\r\n250 b\r\n", fine), ("220 a\r\n250 b\r\n22", fault(.quit, .closedEarly)),
    ] as [(String, Finding.Outcome)])
  func `ends at a step for a reason`(script: String, outcome: Finding.Outcome) {
    for size in [1, 5, .max] { #expect(talk(SMTPConversation(), script, pieces: size).outcome == outcome) }
  }

  @Test func `says no name that would be a command`() {
    let (outcome, sent) = talk(SMTPConversation(heloName: "x\r\nMAIL FROM:<>"), "220 hi\r\n")
    #expect(outcome == .inconclusive(.unusableDefinition))
    #expect(sent.isEmpty)
  }
}
