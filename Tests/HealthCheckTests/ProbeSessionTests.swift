import HealthCheck
import Testing

@Suite struct `A probe session` {
  let start = MonotonicInstant(nanoseconds: 100 * Timeline.second)

  func session(_ probe: CheckDefinition.Probe, deadline: UInt64 = 15) throws -> ProbeSession<TestToolbox> {
    let request = ProbeStart(
      id: ProbeID(rawValue: 1), definition: CheckDefinition(probe, timing: timing(connect: 5)),
      deadline: after(deadline), nonce: 42)
    return try #require(ProbeSession(request, toolbox: TestToolbox(), now: start))
  }

  func after(_ seconds: UInt64) -> MonotonicInstant { start.advanced(byNanoseconds: seconds * Timeline.second) }

  func http(tls: TLSDefinition? = nil) -> CheckDefinition.Probe {
    .http(HTTPCheck(connection: somewhere, urls: [.init(path: "/")], tls: tls))
  }

  @Test func `of TCP is over when connected, and tells how long it took`() throws {
    var check = TCPCheck(connection: somewhere)
    var knocking = try session(.tcp(check))
    #expect(knocking.transport == .knock)
    #expect(knocking.connected(now: after(2)) == .success(latencyNanoseconds: 2 * Timeline.second))
    check.completesHandshake = true
    var completing = try session(.tcp(check))
    #expect(completing.transport == .stream(tls: nil, offersHTTP2: false))
    #expect(completing.connected(now: after(2)) == .success(latencyNanoseconds: 2 * Timeline.second))
    check.completesHandshake = false
    check.script = [.send([1])]
    #expect(try session(.tcp(check)).transport == .stream(tls: nil, offersHTTP2: false))
    check.script = []
    check.tls = TLSDefinition()
    #expect(try session(.tcp(check)).transport == .stream(tls: TLSDefinition(), offersHTTP2: false))
  }

  @Test func `of TCP that is not answered has timed out`() throws {
    var knocking = try session(.tcp(TCPCheck(connection: somewhere)))
    #expect(knocking.deadlineReached(now: after(5))?.outcome == fault(.connect, .timedOut))
    var refused = try session(.tcp(TCPCheck(connection: somewhere)))
    #expect(refused.failed(.refused, now: after(1))?.outcome == fault(.connect, .refused))
  }

  @Test func `books a silence under the step it fell in`() throws {
    var session = try session(http(tls: TLSDefinition()))
    #expect(session.nextDeadline == after(5))
    #expect(session.deadlineReached(now: after(4)) == nil)
    var connecting = session
    #expect(
      connecting.deadlineReached(now: after(5))
        == .failure(.connect, .timedOut, latencyNanoseconds: 5 * Timeline.second))
    #expect(session.connected(now: after(1)) == nil)
    #expect(session.takeOutput().isEmpty, "nothing is said before the handshake")
    var shaking = session
    #expect(shaking.nextDeadline == after(6))
    #expect(shaking.deadlineReached(now: after(6))?.outcome == fault(.tlsHandshake, .timedOut))
    #expect(session.handshakeCompleted(now: after(2)) == nil)
    #expect(!session.takeOutput().isEmpty)
    #expect(session.takeOutput().isEmpty)
    #expect(session.deadlineReached(now: after(7))?.outcome == fault(.statusLine, .timedOut))
  }

  @Test func `ends a peer that says one byte at a time`() throws {
    var session = try session(http())
    _ = session.connected(now: after(0))
    var finding: Finding?
    var seconds: UInt64 = 0
    let response = Array("HTTP/1.1 200 OK and nothing more for a very long time".utf8)
    while finding == nil, seconds < 60 {
      seconds += 1
      finding = session.deadlineReached(now: after(seconds))
      if finding == nil { finding = session.received([response[Int(seconds)]].span.bytes, now: after(seconds)) }
      if seconds == 1 { #expect(finding?.outcome == fault(.statusLine, .malformed) || finding == nil) }
    }
    #expect(seconds <= 15)
    #expect(finding != nil)
  }

  @Test func `names the deadline when the peer keeps talking`() throws {
    var session = try session(http())
    _ = session.connected(now: after(0))
    let response = Array("HTTP/1.1 200 OK\r\nX: yyyyyyyyyyyyyyyyyyyyy".utf8)
    for (index, byte) in response.prefix(14).enumerated() {
      #expect(session.received([byte].span.bytes, now: after(UInt64(index) + 1)) == nil)
    }
    #expect(session.nextDeadline == after(15))
    #expect(session.deadlineReached(now: after(15))?.outcome == fault(.statusLine, .deadlinePassed))
  }

  @Test func `books what the transport says under the step`() throws {
    var session = try session(http(tls: TLSDefinition()))
    var refused = session
    #expect(refused.failed(.refused, now: after(0))?.outcome == fault(.connect, .refused))
    _ = session.connected(now: after(0))
    var rejected = session
    #expect(
      rejected.failed(.certificate(.expired), now: after(1))?.outcome == fault(.tlsHandshake, .certificate(.expired)))
    var closed = session
    #expect(closed.peerClosed(now: after(1))?.outcome == fault(.tlsHandshake, .closedEarly))
    _ = session.handshakeCompleted(now: after(1))
    #expect(session.failed(.reset, now: after(1))?.outcome == fault(.statusLine, .reset))
  }

  @Test func `takes silence on UDP for a success at the end of the time to connect`() throws {
    var session = try session(.udp(UDPCheck(connection: somewhere)))
    #expect(session.transport == .datagram)
    #expect(session.connected(now: after(0)) == nil)
    #expect(session.takeOutput() == UDPCheck.defaultPayload)
    var refused = session
    #expect(refused.failed(.refused, now: after(0))?.outcome == fault(.reply, .refused))
    #expect(session.deadlineReached(now: after(5))?.outcome == fine)
  }

  @Test func `does not wait longer for a flood of wrong datagrams`() throws {
    var session = try session(.dns(DNSCheck(connection: somewhere)))
    _ = session.connected(now: after(0))
    for second in 1...4 as ClosedRange<UInt64> {
      #expect(session.received([1, 2, 3].span.bytes, now: after(second)) == nil)
    }
    #expect(session.nextDeadline == after(5))
    #expect(session.deadlineReached(now: after(5))?.outcome == fault(.reply, .timedOut))
  }

  @Test func `is not for what is not on the network`() {
    for probe in [CheckDefinition.Probe.bfd(BFDCheck(session: "x")), .misc(MiscCheck(command: HookCommand(["x"])))] {
      let request = ProbeStart(
        id: ProbeID(rawValue: 1), definition: CheckDefinition(probe), deadline: after(1), nonce: 0)
      #expect(ProbeSession(request, toolbox: EmptyToolbox(), now: start) == nil)
    }
    let none = ProbeStart(
      id: ProbeID(rawValue: 1), definition: CheckDefinition(.http(HTTPCheck(connection: somewhere, urls: []))),
      deadline: after(1), nonce: 0)
    #expect(ProbeSession(none, toolbox: EmptyToolbox(), now: start) == nil, "no URL")
  }
}
