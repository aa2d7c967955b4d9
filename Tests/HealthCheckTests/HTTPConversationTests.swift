import HealthCheck
import Testing

@Suite struct `An HTTP conversation` {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var response: String
    var outcome: Finding.Outcome
    var closes = true
    var framing = HTTPCheck.Framing.standard
    var codes = StatusCodeSet.success

    init(
      _ description: String, _ response: String, _ outcome: Finding.Outcome, closes: Bool = true,
      framing: HTTPCheck.Framing = .standard, codes: StatusCodeSet = .success
    ) {
      testDescription = description
      self.response = response
      self.outcome = outcome
      self.closes = closes
      self.framing = framing
      self.codes = codes
    }
  }

  static let cases: [Case] = [
    Case("length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", fine, closes: false),
    Case("length in another case", "HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh:5 \r\n\r\nhello", fine, closes: false),
    Case("length 0", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", fine, closes: false),
    Case("more than the length", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nhello", fine, closes: false),
    Case(
      "same length twice", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", fine, closes: false),
    Case("chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", fine, closes: false),
    Case(
      "chunks with extensions and trailers",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\nA;x=y\r\n0123456789\r\n0\r\nX: y\r\n\r\n", fine,
      closes: false),
    Case("close", "HTTP/1.0 200 OK\r\n\r\nhello", fine),
    Case("no reason", "HTTP/1.1 204\r\n\r\n", fine, closes: false),
    Case("bare line feeds", "HTTP/1.0 200 OK\nServer: x\n\nhello", fine),
    Case("204 with a length", "HTTP/1.1 204 No\r\nContent-Length: 99\r\n\r\n", fine, closes: false),
    Case(
      "interim response", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", fine,
      closes: false),
    Case("folded line", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n", fine, closes: false),
    Case("redirect", "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", fault(.statusLine, .unexpectedStatus(302))),
    Case(
      "redirect wanted", "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", fine,
      codes: StatusCodeSet([200...299, 302...302])),
    Case("server error", "HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\n", fault(.statusLine, .unexpectedStatus(503))),
    Case("nothing", "", fault(.statusLine, .closedEarly)),
    Case("half a status line", "HTTP/1.1 20", fault(.statusLine, .closedEarly)),
    Case("half a header", "HTTP/1.1 200 OK\r\nServer", fault(.header, .closedEarly)),
    Case("half a body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", fault(.body, .closedEarly)),
    Case("half a body, as keepalived", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", fine, framing: .untilClose),
    Case("half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello", fault(.body, .closedEarly)),
    Case(
      "no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", fault(.body, .closedEarly)
    ),
    Case(
      "chunks, as keepalived", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz", fine, framing: .untilClose),
    Case("garbage", "\u{0}\u{1}\u{2}garbage\r\n", fault(.statusLine, .malformed)),
    Case("another protocol", "SSH-2.0-OpenSSH_9.2\r\n", fault(.statusLine, .malformed)),
    Case("two digits", "HTTP/1.1 20 OK\r\n\r\n", fault(.statusLine, .malformed)),
    Case("four digits", "HTTP/1.1 2000 OK\r\n\r\n", fault(.statusLine, .malformed)),
    Case("status 099", "HTTP/1.1 099 OK\r\n\r\n", fault(.statusLine, .malformed)),
    Case("header without colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", fault(.header, .malformed)),
    Case("negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", fault(.header, .malformed)),
    Case(
      "two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", fault(.header, .malformed)),
    Case(
      "a length beyond 64 bits", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      fault(.header, .malformed)),
    Case("bad chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", fault(.body, .malformed)),
    Case(
      "a chunk size beyond 64 bits",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", fault(.body, .malformed)),
    Case(
      "no end of chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n", fault(.body, .malformed)),
    Case("endless status line", "HTTP/1.1 200 " + String(repeating: "x", count: 9000), fault(.statusLine, .tooLong)),
    Case(
      "endless header line", "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 9000), fault(.header, .tooLong)),
    Case(
      "endless header", "HTTP/1.1 200 OK\r\n" + String(repeating: "X: yyyyyyyyyyyyyyy\r\n", count: 5000),
      fault(.header, .tooLong)),
    Case(
      "endless interim responses", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 100),
      fault(.statusLine, .tooLong)),
    Case(
      "endless trailer",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        + String(repeating: "X: yyyyyyyyyyyy\r\n", count: 6000),
      fault(.body, .tooLong)),
    Case(
      "many small chunks",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        + String(repeating: "1\r\nx\r\n", count: 40_000) + "0\r\n\r\n", fine, closes: false),
  ]

  func conversation(_ url: HTTPCheck.URL, framing: HTTPCheck.Framing = .standard) -> HTTPConversation<TestToolbox> {
    HTTPConversation(HTTPCheck(connection: somewhere, urls: [url], framing: framing), url: 0, toolbox: TestToolbox())
  }

  @Test(arguments: cases) func ends(_ example: Case) {
    let conversation = conversation(.init(path: "/", statusCodes: example.codes), framing: example.framing)
    #expect(talk(conversation, example.response, closes: example.closes).outcome == example.outcome)
    for size in [1, 2, 3, 7, 64] {
      let outcome = talk(conversation, example.response, pieces: size, closes: example.closes).outcome
      #expect(outcome == example.outcome, "in pieces of \(size)")
    }
  }

  @Test func `sends what keepalived sends`() {
    func request(_ version: HTTPCheck.Version, _ virtualHost: String?, of url: String? = nil) -> String {
      let check = HTTPCheck(
        connection: ProbeConnection(to: .v6(IPv6Address(high: 0x2001_0db8 << 32, low: 1)), port: 8080),
        urls: [.init(path: "/x?y", virtualHost: url)], version: version, virtualHost: virtualHost)
      let sent = talk(HTTPConversation(check, url: 0, toolbox: TestToolbox()), "").sent
      return String(decoding: sent, as: UTF8.self)
    }
    #expect(
      request(.http1_0, nil)
        == "GET /x?y HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: [2001:db8::1]:8080\r\n\r\n")
    #expect(
      request(.http1_0Closing, "a")
        == "GET /x?y HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: a\r\n\r\n")
    #expect(
      request(.http1_1, "a", of: "b")
        == "GET /x?y HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: b\r\n\r\n")
  }

  @Test(arguments: ["/a b", "/a\r\nX: y", ""]) func `sends no request that says more than it should`(path: String) {
    let (outcome, sent) = talk(conversation(.init(path: path)), "HTTP/1.0 200 OK\r\n\r\n")
    #expect(outcome == .inconclusive(.unusableDefinition))
    #expect(sent.isEmpty)
  }

  @Test func `compares the digest of the decoded body`() {
    // md5 of "hello", from md5sum.
    let digest = hex("5d41402abc4b2a76b9719d911017c592")
    let url = HTTPCheck.URL(path: "/", digest: digest)
    #expect(talk(conversation(url), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloworld").outcome == fine)
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    for size in [1, 5, .max] { #expect(talk(conversation(url), chunked, pieces: size).outcome == fine) }
    #expect(talk(conversation(url), "HTTP/1.0 200 OK\r\n\r\nhelloo").outcome == fault(.digest, .digestMismatch))
    let raw = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhello"
    #expect(talk(conversation(url, framing: .untilClose), raw).outcome == fine)
  }

  @Test func `matches patterns within their offsets`() {
    let response = "HTTP/1.0 200 OK\r\n\r\nall is well"
    func outcome(_ pattern: PatternDefinition) -> Finding.Outcome? {
      talk(conversation(.init(path: "/", pattern: pattern)), response).outcome
    }
    #expect(outcome(PatternDefinition("well")) == fine)
    #expect(outcome(PatternDefinition("ill")) == fault(.content, .patternMissing))
    #expect(outcome(PatternDefinition("well", mustNotMatch: true)) == fault(.content, .patternPresent))
    #expect(outcome(PatternDefinition("ill", mustNotMatch: true)) == fine)
    #expect(outcome(PatternDefinition("is", minimumOffset: 5)) == fault(.content, .patternMissing))
    #expect(outcome(PatternDefinition("is", maximumOffset: 3)) == fault(.content, .patternMissing))
    #expect(outcome(PatternDefinition("(")) == .inconclusive(.unusableDefinition))
  }

  @Test func `without its tools finds nothing out`() {
    let check = HTTPCheck(connection: somewhere, urls: [.init(path: "/", digest: hex("00"))])
    let outcome = talk(HTTPConversation(check, url: 0, toolbox: EmptyToolbox()), "HTTP/1.0 200 OK\r\n\r\n").outcome
    #expect(outcome == .inconclusive(.unusableDefinition))
  }

  @Test func `is content with a little of a body it need not read`() {
    var conversation = conversation(.init(path: "/"))
    var output: [UInt8] = []
    #expect(conversation.begin(output: &output) == nil)
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".utf8)
    #expect(conversation.receive(head.span.bytes, output: &output) == nil)
    let piece = [UInt8](repeating: 7, count: 16_384)
    var rounds = 0
    while rounds < 100 {
      rounds += 1
      if let outcome = conversation.receive(piece.span.bytes, output: &output) {
        #expect(outcome == fine)
        break
      }
    }
    #expect(rounds == 5)
  }

  @Test func `gives up on a body of a gigabyte it would have to read`() {
    struct Counter: ProbeToolbox, MessageDigest, ContentMatcher {
      mutating func update(_ bytes: borrowing RawSpan) {}
      mutating func finish() -> [UInt8] { [] }
      var hasMatch: Bool { false }
      func makeDigest() -> Counter? { self }
      func makeMatcher(for pattern: PatternDefinition) -> Counter? { self }
    }
    let check = HTTPCheck(connection: somewhere, urls: [.init(path: "/", digest: [])])
    var conversation = HTTPConversation(check, url: 0, toolbox: Counter())
    var output: [UInt8] = []
    _ = conversation.begin(output: &output)
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n".utf8)
    _ = conversation.receive(head.span.bytes, output: &output)
    let piece = [UInt8](repeating: 7, count: 1 << 20)
    var outcome: Finding.Outcome?
    var megabytes = 0
    while outcome == nil, megabytes < 1000 {
      outcome = conversation.receive(piece.span.bytes, output: &output)
      megabytes += 1
    }
    #expect(outcome == fault(.body, .tooLong))
    #expect(megabytes == 65)
  }

  @Test(arguments: 0..<300) func `ends the same however the bytes are cut`(seed: UInt64) throws {
    var random = Random(seed: seed)
    var response = Array(try #require(Self.cases.randomElement(using: &random)).response.utf8.prefix(2000))
    for _ in 0..<Int.random(in: 0...3, using: &random) where !response.isEmpty {
      response[Int.random(in: 0..<response.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
    }
    let url = HTTPCheck.URL(path: "/", digest: hex("5d41402abc4b2a76b9719d911017c592"))
    let whole = talk(conversation(url), response).outcome
    #expect(talk(conversation(url), response, pieces: Int.random(in: 1...20, using: &random)).outcome == whole)
  }
}

func hex(_ text: String) -> [UInt8] {
  let digits = text.compactMap { $0.hexDigitValue }
  return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}
