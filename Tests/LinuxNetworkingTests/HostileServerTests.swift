import CAllocationCounter
import Foundation
import HealthCheck
import LinuxNetworking
import NetPrimitives
import Testing
import VRRPRuntime

private func get(
  _ port: UInt16, _ url: HTTPCheck.URL = HTTPCheck.URL(path: "/"), version: HTTPCheck.Version = .http1_1,
  framing: HTTPCheck.Framing = .standard
) -> CheckDefinition.Probe {
  .http(HTTPCheck(connection: loopback(port), urls: [url], version: version, framing: framing))
}

/// A web server that reads a request and then does what it likes.
private func web(_ serve: @escaping @Sendable (Int32) -> Void) throws -> UInt16 {
  try StreamServer { connection in
    _ = hear(on: connection)
    serve(connection)
  }.port
}

/// Sends the same 64 KiB over and over, until the peer has had enough or so many bytes are out. Returns how many.
@discardableResult
private func pour(_ connection: Int32, limit: Int) -> Int {
  let block = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536)
  var count = 0
  while count < limit, say(block, on: connection) { count += block.count }
  return count
}

@Suite struct HostileServerTests {
  private let short = timing(connectTimeout: 200, deadline: 600)

  @Test func `a server that never answers is named by the step it is silent at`() throws {
    let mute = try web { connection in _ = hear(until: "never", on: connection) }
    #expect(try outcome(of: get(mute), timing: short) == fault(.statusLine, .timedOut))
    let half = try web { connection in
      say("HTTP/1.1 200 OK\r\nContent-Le", on: connection)
      _ = hear(until: "never", on: connection)
    }
    #expect(try outcome(of: get(half), timing: short) == fault(.header, .timedOut))
    let body = try web { connection in
      say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", on: connection)
      _ = hear(until: "never", on: connection)
    }
    #expect(try outcome(of: get(body), timing: short) == fault(.body, .timedOut))
  }

  @Test func `a byte now and then is a sign of life, but not for ever`() throws {
    let slow = try web { connection in
      say("HTTP/1.1 200 OK\r\n", on: connection)
      while say("X-A: b\r\n", on: connection) { usleep(20_000) }
    }
    #expect(try outcome(of: get(slow), timing: short) == fault(.header, .deadlinePassed))
  }

  @Test func `endless lines, headers and answers are cut off`() throws {
    let line = try web { connection in pour(connection, limit: 64 << 20) }
    #expect(try outcome(of: get(line)) == fault(.statusLine, .tooLong))
    let header = try web { connection in
      say("HTTP/1.1 200 OK\r\n", on: connection)
      while say("X-Header: value\r\n", on: connection) {}
    }
    #expect(try outcome(of: get(header)) == fault(.header, .tooLong))
    let interim = try web { connection in while say("HTTP/1.1 100 Continue\r\n\r\n", on: connection) {} }
    #expect(try outcome(of: get(interim)) == fault(.statusLine, .tooLong))
  }

  @Test func `a gigabyte nobody asked for is left where it is`() throws {
    let sent = Counter()
    let huge = try web { connection in
      say("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n", on: connection)
      sent.set(pour(connection, limit: 1 << 30))
    }
    #expect(try outcome(of: get(huge)) == fine)
    while sent.value < 0 { usleep(1000) }
    // What the two ends' socket buffers hold, and no more.
    #expect(sent.value < 32 << 20)
  }

  @Test func `a body to be searched is read up to a limit, in constant memory`() throws {
    let huge = try web { connection in
      say("HTTP/1.1 200 OK\r\n\r\n", on: connection)
      pour(connection, limit: 1 << 30)
    }
    let before = residentBytes()
    let url = HTTPCheck.URL(path: "/", pattern: PatternDefinition("y"))
    #expect(try outcome(of: get(huge, url), timing: timing(deadline: 120_000)) == fault(.body, .tooLong))
    // The address sanitizer keeps what was freed.
    if allocation_count_is_live() { #expect(residentBytes() - before < 32 << 20) }
  }

  @Test func `a redirect is an answer, not an order`() throws {
    let loop = try web { connection in
      say("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", on: connection)
    }
    #expect(try outcome(of: get(loop)) == fault(.statusLine, .unexpectedStatus(302)))
    let wanted = HTTPCheck.URL(path: "/", statusCodes: StatusCodeSet([300...399]))
    #expect(try outcome(of: get(loop, wanted)) == fine)
  }

  @Test func `garbage, early ends and resets`() throws {
    let garbage = try web { connection in say([0, 1, 2, 0xff, 10, 13, 10], on: connection) }
    #expect(try outcome(of: get(garbage)) == fault(.statusLine, .malformed))
    let frames = try StreamServer { connection in
      say([UInt8](repeating: 0x55, count: 64), on: connection)
      _ = hear(until: "never", on: connection)
    }
    #expect(try outcome(of: get(frames.port, version: .http2)) == fault(.frame, .malformed))
    let cut = try web { connection in say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", on: connection) }
    #expect(try outcome(of: get(cut)) == fault(.body, .closedEarly))
    let reset = try web { connection in
      var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
      setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }
    #expect(try outcome(of: get(reset)) == fault(.statusLine, .reset))
  }

  @Test func `one that keeps the connection open is done when its answer is`() throws {
    let open = try web { connection in
      say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", on: connection)
      _ = hear(until: "never", on: connection)
    }
    let url = HTTPCheck.URL(path: "/", digest: Array("5d41402abc4b2a76b9719d911017c592".hexadecimal))
    #expect(try outcome(of: get(open, url)) == fine)
    // keepalived waits for the close and fails.
    #expect(try outcome(of: get(open, url, framing: .untilClose), timing: short) == fault(.body, .timedOut))
  }

  @Test func `one that floods does not keep the others waiting`() throws {
    let flood = try web { connection in
      say("HTTP/1.1 200 OK\r\n\r\n", on: connection)
      pour(connection, limit: 1 << 30)
    }
    let good = try web { connection in say("HTTP/1.1 204 No Content\r\n\r\n", on: connection) }
    var bench = try ProbeBench()
    bench.start(get(flood, HTTPCheck.URL(path: "/", pattern: PatternDefinition("y"))), timing: timing(deadline: 60_000))
    let id = bench.start(get(good))
    #expect(try bench.findings(1)[id]?.outcome == fine)
  }

  @Test func `SMTP in several lines, and servers that are none`() throws {
    let smtp = { (port: UInt16) in CheckDefinition.Probe.smtp(SMTPCheck(connection: loopback(port))) }
    let good = try StreamServer { connection in
      say("220-welcome\r\n220 here\r\n", on: connection)
      let greeting = String(decoding: hear(until: "\r\n", on: connection), as: UTF8.self)
      say(greeting == "HELO smtpchecker.keepalived.org\r\n" ? "250-a\r\n250 b\r\n" : "501 who?\r\n", on: connection)
      _ = hear(until: "QUIT\r\n", on: connection)
      say("221 bye\r\n", on: connection)
    }
    #expect(try outcome(of: smtp(good.port)) == fine)
    let busy = try StreamServer { connection in say("421 busy\r\n", on: connection) }
    #expect(try outcome(of: smtp(busy.port)) == fault(.banner, .unexpectedReplyCode(421)))
    let endless = try StreamServer { connection in while say("220-more\r\n", on: connection) {} }
    #expect(try outcome(of: smtp(endless.port)) == fault(.banner, .tooLong))
    let silent = try StreamServer { connection in
      say("220 here\r\n", on: connection)
      _ = hear(until: "never", on: connection)
    }
    #expect(try outcome(of: smtp(silent.port), timing: short) == fault(.hello, .timedOut))
  }

  @Test func `DNS answers, refusals and forgeries`() throws {
    let dns = { (port: UInt16, expectation: DNSCheck.Expectation) in
      CheckDefinition.Probe.dns(
        DNSCheck(connection: loopback(port), type: .a, name: "good.test", expectation: expectation))
    }
    let address = DNSCheck.Expectation.address(.v4(IPv4Address(192, 0, 2, 7)))
    let answer: @Sendable ([UInt8]) -> [UInt8] = { query in
      // The same question, one answer: its name a pointer to the question's.
      var reply = query
      reply[2] |= 0x80
      reply[7] = 1
      return reply + [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 7]
    }
    let good = try DatagramServer(answer)
    #expect(try outcome(of: dns(good.port, .any)) == fine)
    #expect(try outcome(of: dns(good.port, address)) == fine)
    #expect(
      try outcome(of: dns(good.port, .address(.v4(IPv4Address(192, 0, 2, 8))))) == fault(.reply, .unexpectedContent))
    let refusing = try DatagramServer { query in
      var reply = query
      reply[2] |= 0x80
      reply[3] |= 5
      return reply
    }
    #expect(try outcome(of: dns(refusing.port, .any)) == fault(.reply, .responseCode(5)))
    let forging = try DatagramServer { query in
      var reply = answer(query)
      reply[0] ^= 0xff
      return reply
    }
    #expect(try outcome(of: dns(forging.port, .any), timing: short) == fault(.reply, .timedOut))
  }
}

@Suite(.enabled(if: hasNginx, nginxOnly)) struct NginxTests {
  @Test func `status, digest, pattern and virtual host`() throws {
    let server = try ServerProcess.nginx(
      """
      listen PORT; location / { return 200 "$host\\n"; } location /gone { return 410; }
      """)
    var url = HTTPCheck.URL(path: "/", virtualHost: "shop.test")
    url.pattern = PatternDefinition("^shop\\.test$")
    url.digest = md5("shop.test\n")
    #expect(try outcome(of: get(server.port, url)) == fine)
    url.virtualHost = "other.test"
    #expect(try outcome(of: get(server.port, url)) == fault(.digest, .digestMismatch))
    url.digest = nil
    #expect(try outcome(of: get(server.port, url)) == fault(.content, .patternMissing))
    #expect(
      try outcome(of: get(server.port, HTTPCheck.URL(path: "/gone"))) == fault(.statusLine, .unexpectedStatus(410)))
  }

  @Test func `every way to end a body`() throws {
    let server = try ServerProcess.nginx("listen PORT; location / { return 200 hello; }")
    for version in [HTTPCheck.Version.http1_0, .http1_0Closing, .http1_1] {
      for framing in [HTTPCheck.Framing.standard, .untilClose] {
        let url = HTTPCheck.URL(path: "/", digest: md5("hello"))
        #expect(try outcome(of: get(server.port, url, version: version, framing: framing)) == fine)
      }
    }
  }
}

private func md5(_ text: String) -> [UInt8] {
  var digest = MD5Sum()
  digest.update(Array(text.utf8).span.bytes)
  return digest.finish()
}

extension String {
  fileprivate var hexadecimal: [UInt8] {
    let digits = compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}

/// A number another thread sets; -1 before.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var number = -1
  var value: Int { lock.withLock { number } }
  func set(_ value: Int) { lock.withLock { number = value } }
}

private func residentBytes() -> Int {
  let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
  return pages * 4096
}
