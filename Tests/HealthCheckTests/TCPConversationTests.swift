import HealthCheck
import Testing

@Suite struct `A TCP conversation` {
  func conversation(_ script: TCPCheck.Step...) -> TCPConversation<TestToolbox> {
    TCPConversation(script: script, toolbox: TestToolbox())
  }

  @Test func `is over when connected, without a script`() {
    #expect(talk(conversation(), "", closes: false).outcome == fine)
  }

  @Test func `sends and expects in turn`() {
    let redis = conversation(
      .send(Array("PING\r\n".utf8)), .expect(Array("+PONG".utf8)), .send(Array("QUIT\r\n".utf8)),
      .expect(Array("+OK".utf8)))
    for size in [1, 4, .max] {
      let (outcome, sent) = talk(redis, "noise+PO+PONG\r\n+OK\r\n", pieces: size, closes: false)
      #expect(outcome == fine)
      #expect(String(decoding: sent, as: UTF8.self) == "PING\r\nQUIT\r\n")
    }
    #expect(talk(redis, "+PONG").outcome == fault(.script(3), .closedEarly))
    #expect(talk(redis, "-ERR").outcome == fault(.script(1), .closedEarly))
  }

  @Test func `finds what overlaps itself`() {
    for size in [1, 2, 3, .max] {
      #expect(
        talk(conversation(.expect(Array("aabaab".utf8))), "aabaaabaab", pieces: size, closes: false).outcome == fine)
    }
  }

  @Test func `reads no more than its limit`() {
    let endless = [UInt8](repeating: UInt8(ascii: "x"), count: 70_000)
    #expect(
      talk(conversation(.expect([1])), endless, pieces: 999, closes: false).outcome == fault(.script(0), .tooLong))
    let pattern = TCPCheck.Step.expectPattern(PatternDefinition("y"))
    #expect(talk(conversation(pattern), endless, pieces: 999, closes: false).outcome == fault(.script(0), .tooLong))
    let last = endless.dropLast(70_000 - 65_536) + []
    #expect(talk(conversation(.expect([1])), Array(last.dropLast()), closes: false).outcome == nil)
    #expect(talk(conversation(.expect([1])), last.dropLast() + [1], closes: false).outcome == fine)
  }

  @Test func `matches patterns, and their absence`() {
    let wanted = TCPCheck.Step.expectPattern(PatternDefinition("ready"))
    #expect(talk(conversation(wanted), "al\nready", pieces: 2, closes: false).outcome == fine)
    let unwanted = TCPCheck.Step.expectPattern(PatternDefinition("error", mustNotMatch: true))
    #expect(talk(conversation(unwanted), "an error").outcome == fault(.script(0), .patternPresent))
    #expect(talk(conversation(unwanted), "all well").outcome == fine)
    let broken = TCPCheck.Step.expectPattern(PatternDefinition("("))
    #expect(talk(conversation(broken), "x").outcome == .inconclusive(.unusableDefinition))
  }
}
