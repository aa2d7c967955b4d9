import Foundation
import HealthCheck
import LinuxNetworking
import NetPrimitives
import Testing

@Suite struct ProbeTableTests {
  @Test func `a listener is up, a closed port is refused`() throws {
    let server = try StreamServer { _ in }
    #expect(try outcome(of: .tcp(TCPCheck(connection: loopback(server.port)))) == fine)
    let closed = try unusedPort()
    #expect(try outcome(of: .tcp(TCPCheck(connection: loopback(closed)))) == fault(.connect, .refused))
  }

  @Test(arguments: [false, true]) func `a server hears of a check only if it is to be completed`(completes: Bool) throws
  {
    let (listener, port) = try quietListener()
    defer { close(listener) }
    var check = TCPCheck(connection: loopback(port))
    check.completesHandshake = completes
    for _ in 0..<5 { #expect(try outcome(of: .tcp(check)) == fine) }
    var heard = 0
    while case let connection = accept(listener, nil, nil), connection >= 0 {
      heard += 1
      close(connection)
    }
    #expect(heard == (completes ? 5 : 0))
  }

  @Test(.enabled(if: isRoot, rootOnly)) func `without a route, or without the neighbour, there is no connection`()
    async throws
  {
    try await isolated {
      let cable = try Cable()
      let far = ProbeConnection(to: .v4(IPv4Address(192, 0, 2, 1)), port: 80)
      #expect(try outcome(of: .tcp(TCPCheck(connection: far))) == fault(.connect, .unreachable))
      let nobody = ProbeConnection(to: .v4(IPv4Address(10, 0, 0, 77)), port: 80)
      let short = timing(connectTimeout: 200)
      #expect(try outcome(of: .tcp(TCPCheck(connection: nobody)), timing: short) == fault(.connect, .timedOut))
      let lost = ProbeConnection(to: .v4(IPv4Address(10, 0, 0, 2)), port: 80)
      #expect(try outcome(of: .tcp(TCPCheck(connection: lost))) == fault(.connect, .refused))
      #expect(cable.left.name == "left")
    }
  }

  @Test func `a local address that is not ours says nothing about the target`() throws {
    let server = try StreamServer { _ in }
    var connection = loopback(server.port)
    connection.localAddress = .v4(IPv4Address(192, 0, 2, 1))
    #expect(
      try outcome(of: .tcp(TCPCheck(connection: connection)))
        == .inconclusive(.system(errno: EADDRNOTAVAIL)))
    connection.localAddress = nil
    connection.interface = "none-such"
    #expect(try outcome(of: .tcp(TCPCheck(connection: connection))) == .inconclusive(.system(errno: ENODEV)))
  }

  @Test func `a script of sending and expecting is followed over the wire`() throws {
    let server = try StreamServer { connection in
      say("+OK ready\r\n", on: connection)
      _ = hear(until: "PING\r\n", on: connection)
      say("+PO", on: connection)
      say("NG\r\n", on: connection)
    }
    let script: [TCPCheck.Step] = [
      .expect(Array("+OK".utf8)), .send(Array("PING\r\n".utf8)), .expect(Array("+PONG".utf8)),
    ]
    #expect(try outcome(of: .tcp(TCPCheck(connection: loopback(server.port), script: script))) == fine)
    let wrong = script + [.expect(Array("more".utf8))]
    #expect(
      try outcome(of: .tcp(TCPCheck(connection: loopback(server.port), script: wrong)))
        == fault(.script(3), .closedEarly))
  }

  @Test(arguments: [
    ("up 50%\n", Finding.Outcome.success(.percentage(50))), ("drain", .success(.percentage(0))),
    ("down # disk full\n", fault(.reply, .agent(.down))), ("", fault(.reply, .closedEarly)),
  ])
  func `an agent is asked over the wire and says how its server is`(answer: String, wanted: Finding.Outcome) throws {
    let server = try StreamServer { connection in
      let heard = hear(until: "state?\n", on: connection)
      guard heard == Array("state?\n".utf8) else { return }
      // In pieces, as the network may deliver it.
      for byte in answer.utf8 { say([byte], on: connection) }
    }
    let check = AgentCheck(connection: loopback(server.port), greeting: Array("state?\n".utf8))
    #expect(try outcome(of: .agent(check)) == wanted)
  }

  @Test func `sockets are bounded, the rest waits in order, and each probe ends once`() throws {
    let server = try StreamServer(backlog: 1024) { _ in }
    let closed = try unusedPort()
    var bench = try ProbeBench(socketLimit: 7)
    var wanted: [ProbeID: Finding.Outcome] = [:]
    for number in 0..<2000 {
      let isUp = number % 3 != 0
      let id = bench.start(.tcp(TCPCheck(connection: loopback(isUp ? server.port : closed))))
      wanted[id] = isUp ? fine : fault(.connect, .refused)
      #expect(bench.table.openProbeCount <= 7)
    }
    let findings = try bench.findings(2000)
    #expect(findings.mapValues(\.outcome) == wanted)
    #expect(bench.table.openProbeCount == 0 && bench.table.waitingProbeCount == 0)
  }

  @Test func `a probe that found no socket in time says nothing about its target`() throws {
    let server = try StreamServer { connection in _ = hear(on: connection) }
    let check = TCPCheck(connection: loopback(server.port), script: [.expect([1])])
    var bench = try ProbeBench(socketLimit: 1)
    let first = bench.start(.tcp(check), timing: timing(connectTimeout: 300))
    let second = bench.start(.tcp(check), timing: timing(connectTimeout: 100, deadline: 100))
    let findings = try bench.findings(2)
    #expect(findings[first]?.outcome == fault(.script(0), .timedOut))
    #expect(findings[second]?.outcome == .inconclusive(.system(errno: EMFILE)))
  }

  @Test func `a cancelled probe makes no finding and gives its socket to the next`() throws {
    let server = try StreamServer { _ in }
    var bench = try ProbeBench(socketLimit: 1)
    let silent = try StreamServer { connection in _ = hear(on: connection) }
    let first = bench.start(.tcp(TCPCheck(connection: loopback(silent.port), script: [.expect([1])])))
    let second = bench.start(.tcp(TCPCheck(connection: loopback(server.port))))
    let third = bench.start(.tcp(TCPCheck(connection: loopback(server.port))))
    let now = SystemClock.monotonic()
    bench.table.cancel(second, reactor: &bench.reactor, now: now)
    bench.table.cancel(first, reactor: &bench.reactor, now: now)
    let findings = try bench.findings(1)
    #expect(findings.keys.sorted { $0.rawValue < $1.rawValue } == [third])
    #expect(bench.table.openProbeCount == 0 && bench.table.waitingProbeCount == 0)
  }

  @Test func `what is not probed over the network ends at once`() throws {
    #expect(try outcome(of: .bfd(BFDCheck(session: "x"))) == .inconclusive(.unusableDefinition))
  }
}

@Suite struct DatagramProbeTests {
  @Test func `UDP hears an answer, a refusal and silence`() throws {
    let echo = try DatagramServer { $0 }
    let silent = try DatagramServer { _ in nil }
    let reply = UDPCheck.Reply()
    #expect(try outcome(of: .udp(UDPCheck(connection: loopback(echo.port), reply: reply))) == fine)
    let closed = try unusedPort()
    #expect(try outcome(of: .udp(UDPCheck(connection: loopback(closed)))) == fault(.reply, .refused))
    let short = timing(connectTimeout: 100)
    #expect(try outcome(of: .udp(UDPCheck(connection: loopback(silent.port))), timing: short) == fine)
    #expect(
      try outcome(of: .udp(UDPCheck(connection: loopback(silent.port), reply: reply)), timing: short)
        == fault(.reply, .timedOut))
  }

  @Test func `a ping is answered by loopback, over either family`() throws {
    for address in [IPAddress.v4(IPv4Address(127, 0, 0, 1)), .v6(IPv6Address(high: 0, low: 1))] {
      let check = PingCheck(connection: ProbeConnection(to: address, port: 0))
      #expect(try outcome(of: .ping(check)) == fine, "\(address)")
    }
  }

  @Test(.enabled(if: isRoot, rootOnly))
  func `pings in a namespace: raw sockets where ping sockets are forbidden, and a neighbour that is not there`()
    async throws
  {
    try await isolated {
      let cable = try Cable()
      for (near, far) in [("10.0.0.1", "10.0.0.2"), ("fe80::1", "fe80::2")] {
        let address = try #require(IPAddress(far))
        let check = PingCheck(
          connection: ProbeConnection(to: address, port: 0, localAddress: IPAddress(near), interface: "left", mark: 7))
        #expect(try outcome(of: .ping(check)) == fine, "\(far)")
      }
      let nobody = ProbeConnection(to: .v4(IPv4Address(10, 0, 0, 77)), port: 0)
      let outcome = try outcome(of: .ping(PingCheck(connection: nobody)), timing: timing(connectTimeout: 200))
      #expect(outcome == fault(.reply, .timedOut))
      #expect(cable.left.name == "left")
    }
  }
}
