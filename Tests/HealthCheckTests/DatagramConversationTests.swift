import HealthCheck
import Testing

@Suite struct `A UDP conversation` {
  func outcome(_ reply: UDPCheck.Reply?, _ bytes: [UInt8]) -> Finding.Outcome? {
    talk(UDPConversation(UDPCheck(connection: somewhere, reply: reply)), bytes, closes: false).outcome
  }

  @Test func `takes silence for an answer unless one is required`() {
    var silent = UDPConversation(UDPCheck(connection: somewhere))
    #expect(silent.timedOut(.timedOut) == fine)
    var strict = UDPConversation(UDPCheck(connection: somewhere, reply: .init()))
    #expect(strict.timedOut(.timedOut) == fault(.reply, .timedOut))
  }

  @Test func `sends its payload`() {
    #expect(talk(UDPConversation(UDPCheck(connection: somewhere, payload: [1, 2])), []).sent == [1, 2])
  }

  @Test func `compares over the shorter length, without the bits masked out`() {
    let pattern: [UDPCheck.PatternByte] = [.init(value: 0xab), .init(value: 0xc0, mask: 0xf0), .init(value: 1)]
    let reply = UDPCheck.Reply(pattern: pattern)
    #expect(outcome(reply, [0xab, 0xcf, 1]) == fine)
    #expect(outcome(reply, [0xab, 0xcf]) == fine)
    #expect(outcome(reply, [0xab, 0xcf, 1, 99]) == fine)
    #expect(outcome(reply, [0xab, 0xdf, 1]) == fault(.reply, .unexpectedContent))
    #expect(outcome(reply, [0xaa]) == fault(.reply, .unexpectedContent))
  }

  @Test func `wants a length within its limits`() {
    #expect(outcome(.init(minimumLength: 3), [1, 2]) == fault(.reply, .unexpectedLength(2)))
    #expect(outcome(.init(minimumLength: 2), [1, 2]) == fine)
    #expect(outcome(.init(maximumLength: 1), [1, 2]) == fault(.reply, .unexpectedLength(2)))
    #expect(outcome(.init(), [UInt8](repeating: 0, count: 3000)) == fine)
    let patterned = UDPCheck.Reply(pattern: [.init(value: 0)])
    #expect(outcome(patterned, [UInt8](repeating: 0, count: 256)) == fault(.reply, .unexpectedLength(256)))
    #expect(outcome(.init(minimumLength: 9, maximumLength: 3), [1]) == fault(.reply, .unexpectedLength(1)))
  }
}

@Suite struct `A ping` {
  func reply(to request: [UInt8], type: UInt8 = 0) -> [UInt8] {
    var reply = request
    reply[0] = type
    return reply
  }

  @Test func `sends an echo request with a good checksum`() {
    let sent = talk(PingConversation(.ipv4, sequence: 0x0102, token: 0x0304_0506_0708_090a), []).sent
    #expect(sent.count == 32)
    #expect(sent[0] == 8 && sent[1] == 0 && Array(sent[6..<8]) == [1, 2])
    #expect(Array(sent[8..<16]) == [3, 4, 5, 6, 7, 8, 9, 10])
    var sum = InternetChecksum()
    sum.add(sent.span.bytes)
    #expect(sum.value == 0)
  }

  @Test func `takes its own reply and no other`() {
    let ping = PingConversation(.ipv4, sequence: 7, token: 99)
    let request = talk(ping, []).sent
    #expect(talk(ping, reply(to: request), closes: false).outcome == fine)
    #expect(talk(ping, request, closes: false).outcome == nil)
    #expect(talk(ping, Array(reply(to: request).prefix(15)), closes: false).outcome == nil)
    for index in [6, 7, 8, 15] {
      var wrong = reply(to: request)
      wrong[index] ^= 1
      #expect(talk(ping, wrong, closes: false).outcome == nil, "byte \(index)")
    }
  }

  @Test func `speaks ICMPv6`() {
    let ping = PingConversation(.ipv6, sequence: 7, token: 99)
    let request = talk(ping, []).sent
    #expect(request[0] == 128)
    #expect(talk(ping, reply(to: request, type: 129), closes: false).outcome == fine)
    #expect(talk(ping, reply(to: request, type: 0), closes: false).outcome == nil)
  }
}
