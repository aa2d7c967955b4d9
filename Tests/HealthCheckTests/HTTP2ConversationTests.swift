import HealthCheck
import Testing

@Suite struct `An HTTP/2 conversation` {
  static func frame(_ type: UInt8, _ flags: UInt8 = 0, stream: UInt8 = 1, _ payload: [UInt8] = []) -> [UInt8] {
    let count = payload.count
    return [UInt8(count >> 16), UInt8(count >> 8 & 0xff), UInt8(count & 0xff), type, flags, 0, 0, 0, stream] + payload
  }

  static func field(_ name: String, _ value: String) -> [UInt8] {
    [0, UInt8(name.utf8.count)] + Array(name.utf8) + [UInt8(value.utf8.count)] + Array(value.utf8)
  }

  static let settings = frame(4, stream: 0, [0, 3, 0, 0, 0, 100])
  static let ok: [UInt8] = [0x88]

  func get(_ url: HTTPCheck.URL = .init(path: "/x")) -> HTTP2Conversation<TestToolbox> {
    HTTP2Conversation(
      HTTPCheck(connection: somewhere, urls: [url], version: .http2), url: 0, toolbox: TestToolbox())
  }

  func health(_ service: String = "") -> HTTP2Conversation<TestToolbox> {
    HTTP2Conversation(GRPCCheck(connection: somewhere, service: service), toolbox: TestToolbox())
  }

  func outcome(_ frames: [UInt8]..., closes: Bool = true) -> Finding.Outcome? {
    let input = frames.flatMap { $0 }
    let whole = talk(get(), input, closes: closes).outcome
    for size in [1, 7] { #expect(talk(get(), input, pieces: size, closes: closes).outcome == whole) }
    return whole
  }

  typealias Suite = `An HTTP/2 conversation`

  @Test func `sends preface, settings and one request`() throws {
    let sent = talk(get(), [UInt8]()).sent
    let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Suite.frame(4, stream: 0, [0, 2, 0, 0, 0, 0])
    #expect(sent.starts(with: preface))
    let headers = Array(sent.dropFirst(preface.count))
    #expect(Array(headers[3..<9]) == [1, 5, 0, 0, 0, 1])
    var decoder = HPACKDecoder()
    #expect(
      try decoder.decode(Array(headers.dropFirst(9))) == [
        HeaderField(":method", "GET"), HeaderField(":scheme", "http"), HeaderField(":path", "/x"),
        HeaderField(":authority", "10.0.0.1:80"), HeaderField("user-agent", "KeepAliveClient"),
      ])
  }

  @Test func `judges the status`() {
    #expect(outcome(Suite.settings, Suite.frame(1, 5, Suite.ok), closes: false) == fine)
    #expect(outcome(Suite.settings, Suite.frame(1, 5, [0x8d])) == fault(.statusLine, .unexpectedStatus(404)))
    #expect(outcome(Suite.settings, Suite.frame(1, 4, Suite.ok), Suite.frame(0, 1, [1, 2]), closes: false) == fine)
    #expect(outcome(Suite.settings, Suite.frame(1, 4, Suite.ok)) == fault(.body, .closedEarly))
    #expect(outcome(Suite.settings) == fault(.header, .closedEarly))
    #expect(outcome() == fault(.frame, .closedEarly))
  }

  @Test func `waits for the response behind an interim one`() {
    let interim = Suite.frame(1, 4, Suite.field(":status", "103"))
    #expect(outcome(Suite.settings, interim, Suite.frame(1, 5, Suite.ok), closes: false) == fine)
    #expect(outcome(Suite.settings, interim) == fault(.header, .closedEarly))
  }

  @Test func `takes off padding and priority, and puts continuations together`() {
    let padded = Suite.frame(1, 0x2d, [2, 0, 0, 0, 0, 9, 0x88, 0, 0])
    #expect(outcome(Suite.settings, padded, closes: false) == fine)
    let cut = Suite.field(":status", "200")
    let pieces = Suite.frame(1, 1, Array(cut.prefix(3))) + Suite.frame(9, 0, [cut[3]])
    #expect(outcome(Suite.settings, pieces, Suite.frame(9, 4, Array(cut.dropFirst(4))), closes: false) == fine)
    #expect(outcome(Suite.settings, Suite.frame(1, 0x0d, [9, 0x88])) == fault(.frame, .malformed))
  }

  @Test func `answers settings and pings, and opens the window again`() {
    let ping = Suite.frame(6, stream: 0, [1, 2, 3, 4, 5, 6, 7, 8])
    let sent = talk(get(), Suite.settings + ping, closes: false).sent
    let answers = Suite.frame(4, 1, stream: 0) + Suite.frame(6, 1, stream: 0, [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(Array(sent.suffix(answers.count)) == answers)
    let quiet = talk(get(), Suite.settings + Suite.frame(4, 1, stream: 0), closes: false).sent
    #expect(quiet.count == sent.count - 17, "acknowledgements are not acknowledged")

    let digest = HTTPCheck.URL(path: "/", digest: [0])
    let body = Suite.frame(0, 0, [UInt8](repeating: 0, count: 16_384))
    let opened = talk(get(digest), Suite.settings + Suite.frame(1, 4, Suite.ok) + body, closes: false).sent
    let updates = Suite.frame(8, stream: 0, [0, 0, 0x40, 0]) + Suite.frame(8, stream: 1, [0, 0, 0x40, 0])
    #expect(Array(opened.suffix(updates.count)) == updates)
    let twice = talk(get(digest), Suite.settings + Suite.frame(1, 4, Suite.ok) + body + body, closes: false).sent
    #expect(twice == opened + updates)
  }

  @Test func `checks digest and pattern as over HTTP/1`() {
    let hello =
      Suite.settings + Suite.frame(1, 4, Suite.ok) + Suite.frame(0, 0, Array("hel".utf8))
      + Suite.frame(0, 9, [1, 0x6c, 0x6f, 0])
    let digest = HTTPCheck.URL(path: "/", digest: hex("5d41402abc4b2a76b9719d911017c592"))
    #expect(talk(get(digest), hello, closes: false).outcome == fine)
    let pattern = HTTPCheck.URL(path: "/", pattern: PatternDefinition("hell", mustNotMatch: true))
    #expect(talk(get(pattern), hello, closes: false).outcome == fault(.content, .patternPresent))
  }

  @Test func `refuses what breaks the protocol`() {
    let malformed = fault(.frame, .malformed)
    #expect(outcome(Suite.frame(1, 5, Suite.ok)) == malformed, "no settings first")
    #expect(outcome(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)) == malformed, "another version")
    #expect(outcome(Suite.settings, [0xff, 0, 0, 0, 0, 0, 0, 0, 1]) == fault(.frame, .tooLong))
    #expect(outcome(Suite.settings, Suite.frame(1, 5, stream: 3, Suite.ok)) == malformed)
    #expect(outcome(Suite.settings, Suite.frame(5, 4, [0, 0, 0, 2])) == malformed, "push")
    #expect(outcome(Suite.settings, Suite.frame(0, 1, [1])) == malformed, "data first")
    #expect(outcome(Suite.settings, Suite.frame(9, 4, Suite.ok)) == malformed, "continuation of nothing")
    #expect(outcome(Suite.settings, Suite.frame(1, 0, Suite.ok), Suite.settings) == malformed, "interrupted")
    #expect(outcome(Suite.frame(4, stream: 0, [1])) == malformed)
    #expect(outcome(Suite.settings, Suite.frame(6, stream: 0, [1])) == malformed)
    #expect(outcome(Suite.settings, Suite.frame(1, 5, [0x80])) == fault(.header, .malformed))
    #expect(outcome(Suite.settings, Suite.frame(1, 5, [])) == fault(.header, .malformed), "no status")
    #expect(outcome(Suite.settings, Suite.frame(1, 5, Suite.field(":status", "2x0"))) == fault(.header, .malformed))
  }

  @Test func `hears that it is not welcome`() {
    #expect(outcome(Suite.settings, Suite.frame(3, 0, [0, 0, 0, 7])) == fault(.header, .reset))
    #expect(outcome(Suite.settings, Suite.frame(7, stream: 0, [0, 0, 0, 0, 0, 0, 0, 0])) == fault(.header, .reset))
    let graceful = Suite.frame(7, stream: 0, [0, 0, 0, 1, 0, 0, 0, 0])
    #expect(outcome(Suite.settings, graceful, Suite.frame(1, 5, Suite.ok), closes: false) == fine)
  }

  @Test func `gives up on floods`() {
    func flood(_ frame: [UInt8], _ count: Int = 1100) -> Finding.Outcome? {
      talk(get(), Suite.settings + (0..<count).flatMap { _ in frame }, closes: false).outcome
    }
    #expect(flood(Suite.frame(6, stream: 0, [0, 0, 0, 0, 0, 0, 0, 0])) == fault(.frame, .tooLong))
    #expect(flood(Suite.settings) == fault(.frame, .tooLong))
    #expect(flood(Suite.frame(0xbb, stream: 9, [1])) == fault(.frame, .tooLong), "frames nobody knows")
    #expect(flood(Suite.frame(1, 4, Suite.field(":status", "103"))) == fault(.frame, .tooLong))
    let continuation = Suite.frame(1, 0, Suite.ok) + (0..<1100).flatMap { _ in Suite.frame(9) }
    #expect(outcome(Suite.settings, continuation) == fault(.frame, .tooLong))
    let big =
      Suite.frame(1, 0, Suite.ok) + (0..<5).flatMap { _ in Suite.frame(9, 0, [UInt8](repeating: 0, count: 16_384)) }
    #expect(talk(get(), Suite.settings + big, closes: false).outcome == fault(.header, .tooLong))
    let empty = Suite.frame(1, 4, Suite.ok) + (0..<1100).flatMap { _ in Suite.frame(0) }
    #expect(talk(get(), Suite.settings + empty, closes: false).outcome == fault(.frame, .tooLong))
  }

  // MARK: gRPC

  func answer(_ message: [UInt8], status: String = "0") -> [UInt8] {
    Suite.settings + Suite.frame(1, 4, Suite.ok) + Suite.frame(0, 0, [0, 0, 0, 0, UInt8(message.count)] + message)
      + Suite.frame(1, 5, Suite.field("grpc-status", status))
  }

  @Test func `asks gRPC's health service`() {
    let sent = talk(health("web"), [UInt8]()).sent
    let message: [UInt8] = [0, 0, 0, 0, 5, 0x0a, 3] + Array("web".utf8)
    #expect(Array(sent.suffix(19)) == Suite.frame(0, 1, message))
    #expect(Array(talk(health(), [UInt8]()).sent.suffix(14)) == Suite.frame(0, 1, [0, 0, 0, 0, 0]))
  }

  @Test func `understands what gRPC says`() {
    func outcome(_ input: [UInt8]) -> Finding.Outcome? { talk(health(), input, pieces: 3, closes: false).outcome }
    #expect(outcome(answer([8, 1])) == fine)
    #expect(outcome(answer([0x12, 1, 9, 8, 1])) == fine, "fields we do not know")
    #expect(outcome(answer([8, 2])) == fault(.reply, .notServing(2)))
    #expect(outcome(answer([])) == fault(.reply, .notServing(0)))
    #expect(outcome(answer([8])) == fault(.body, .malformed))
    #expect(outcome(answer([8, 1], status: "14")) == fault(.reply, .callStatus(14)))
    let only = Suite.frame(1, 5, Suite.ok + Suite.field("grpc-status", "12"))
    #expect(outcome(Suite.settings + only) == fault(.reply, .callStatus(12)))
    #expect(outcome(Suite.settings + Suite.frame(1, 5, [0x8e])) == fault(.statusLine, .unexpectedStatus(500)))
    #expect(outcome(Suite.settings + Suite.frame(1, 5, Suite.ok)) == fault(.header, .malformed), "no grpc-status")
    let endless = Suite.frame(1, 4, Suite.ok) + Suite.frame(0, 0, [UInt8](repeating: 0, count: 5000))
    #expect(outcome(Suite.settings + endless) == fault(.body, .tooLong))
  }
}
