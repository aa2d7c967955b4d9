import CLinuxShims
import Foundation
import Glibc
import HealthCheck
import LinuxNetworking
import NetPrimitives
import Testing
import VRRPRuntime

/// A server on a thread: listens on an address of loopback and hands each connection, blocking, to `serve`, one after
/// another. It serves until the process ends.
struct StreamServer: Sendable {
  let port: UInt16

  /// Listens on `port`, or on a free one.
  init(port wanted: UInt16 = 0, backlog: Int32 = 64, _ serve: @escaping @Sendable (Int32) -> Void) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(listener >= 0)
    port = try bindToLoopback(listener, port: wanted)
    try #require(listen(listener, backlog) == 0)
    let thread = Thread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        serve(connection)
        close(connection)
      }
    }
    thread.start()
  }
}

/// A UDP server on a thread that answers each datagram with what `reply` makes of it; `nil` is silence.
struct DatagramServer: Sendable {
  let port: UInt16

  init(_ reply: @escaping @Sendable ([UInt8]) -> [UInt8]?) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    try #require(descriptor >= 0)
    port = try bindToLoopback(descriptor)
    let thread = Thread {
      var buffer = [UInt8](repeating: 0, count: 2048)
      while true {
        var from = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let count = withUnsafeMutableBytes(of: &from) { name in
          recvfrom(descriptor, &buffer, 2048, 0, name.assumingMemoryBound(to: sockaddr.self).baseAddress, &length)
        }
        guard count > 0 else { return }
        guard let answer = reply(Array(buffer[0..<count])) else { continue }
        _ = withUnsafeBytes(of: &from) { name in
          sendto(descriptor, answer, answer.count, 0, name.assumingMemoryBound(to: sockaddr.self).baseAddress, length)
        }
      }
    }
    thread.start()
  }
}

/// Binds to a port of 127.0.0.1, 0 for a free one, and says which.
func bindToLoopback(_ descriptor: Int32, port: UInt16 = 0) throws -> UInt16 {
  var name = sockaddr_in()
  name.sin_family = sa_family_t(AF_INET)
  name.sin_port = port.bigEndian
  name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutableBytes(of: &name) { bytes in
    let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
    return address.map { bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0 } ?? false
  }
  try #require(isBound)
  return UInt16(bigEndian: name.sin_port)
}

/// A port of loopback on which nobody listens.
func unusedPort() throws -> UInt16 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  return try bindToLoopback(descriptor)
}

/// Sends all of a text or gives up.
@discardableResult
func say(_ text: String, on connection: Int32) -> Bool { say(Array(text.utf8), on: connection) }

@discardableResult
func say(_ bytes: [UInt8], on connection: Int32) -> Bool {
  var sent = 0
  while sent < bytes.count {
    let count = bytes.withUnsafeBytes { buffer in
      send(connection, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
    }
    guard count > 0 else { return false }
    sent += count
  }
  return true
}

/// A listener that accepts nothing by itself, non-blocking, and its port.
func quietListener() throws -> (descriptor: Int32, port: UInt16) {
  let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
  try #require(listener >= 0)
  let port = try bindToLoopback(listener)
  try #require(listen(listener, 64) == 0)
  return (listener, port)
}

/// Reads until `end` was seen, to the end of what comes, or so many bytes.
@discardableResult
func hear(until end: String = "\r\n\r\n", on connection: Int32, limit: Int = .max) -> [UInt8] {
  var heard: [UInt8] = []
  var byte: UInt8 = 0
  while heard.count < limit, !heard.suffix(end.utf8.count).elementsEqual(end.utf8) || heard.isEmpty {
    guard recv(connection, &byte, 1, 0) == 1 else { break }
    heard.append(byte)
  }
  return heard
}

/// An address of loopback and a port.
func loopback(_ port: UInt16) -> ProbeConnection { ProbeConnection(to: .v4(IPv4Address(127, 0, 0, 1)), port: port) }

/// Times in milliseconds.
func timing(connectTimeout: UInt64 = 5000, deadline: UInt64 = 15_000) -> CheckTiming {
  CheckTiming(
    connectTimeoutNanoseconds: connectTimeout * 1_000_000, deadlineNanoseconds: deadline * 1_000_000)
}

/// A table, its reactor, and a clock: runs probes to their ends.
struct ProbeBench: ~Copyable {
  var reactor: EpollReactor
  var table: ProbeTable
  private var lastID: UInt64 = 0

  init(socketLimit: Int? = nil) throws {
    reactor = try EpollReactor()
    table = ProbeTable(firstReactorKey: 100, socketLimit: socketLimit)
  }

  /// Starts a probe and names it.
  @discardableResult
  mutating func start(
    _ probe: CheckDefinition.Probe, timing: CheckTiming = timing(), step: UInt16 = 0, nonce: UInt64 = 0x1234_5678
  ) -> ProbeID {
    lastID += 1
    let now = SystemClock.monotonic()
    let start = ProbeStart(
      id: ProbeID(rawValue: lastID), definition: CheckDefinition(probe, timing: timing), step: step,
      deadline: now.advanced(byNanoseconds: timing.deadlineNanoseconds), nonce: nonce)
    table.start(start, reactor: &reactor, now: now)
    return start.id
  }

  /// One turn of the loop; what ended in it.
  mutating func turn() throws -> [(ProbeID, Finding)] {
    let early = table.takeFindings()
    if !early.isEmpty { return early }
    let turn = try reactor.wait(until: table.nextDeadline)
    while let event = reactor.nextReady() { table.take(event, reactor: &reactor, now: turn.now) }
    if turn.deadlinePassed { table.advance(to: turn.now, reactor: &reactor) }
    return table.takeFindings()
  }

  /// Turns until as many probes have ended as were started.
  mutating func findings(_ count: Int) throws -> [ProbeID: Finding] {
    var findings: [ProbeID: Finding] = [:]
    while findings.count < count {
      for (id, finding) in try turn() {
        #expect(findings[id] == nil, "a second finding of \(id)")
        findings[id] = finding
      }
    }
    return findings
  }

  /// What comes of one probe.
  mutating func finding(
    _ probe: CheckDefinition.Probe, timing: CheckTiming = timing(), step: UInt16 = 0
  ) throws -> Finding {
    let id = start(probe, timing: timing, step: step)
    return try #require(try findings(1)[id])
  }
}

/// What comes of one probe, on a table of its own.
func outcome(
  of probe: CheckDefinition.Probe, timing: CheckTiming = timing(), step: UInt16 = 0
) throws -> Finding.Outcome {
  var bench = try ProbeBench()
  let finding = try bench.finding(probe, timing: timing, step: step)
  #expect(bench.table.openProbeCount == 0)
  #expect(bench.table.nextDeadline == nil)
  return finding.outcome
}

let fine = Finding.Outcome.success(.unchanged)
func fault(_ step: ProbeStep, _ reason: ProbeFailure.Reason) -> Finding.Outcome { .failure(ProbeFailure(step, reason)) }
