import HealthCheck
import NetPrimitives
import Testing

@testable import LinuxNetworking

@Suite struct GenhashTests {
  @Test func `short and long options, bundled, attached and shortened`() throws {
    let options = try GenhashOptions(parsing: [
      "-vS", "-s127.0.0.1", "-p", "443", "--url=/a", "--use-virt", "x.test", "-I",
    ])
    #expect(options.isVerbose)
    #expect(options.check.connection == ProbeConnection(to: .v4(IPv4Address(127, 0, 0, 1)), port: 443))
    #expect(options.check.urls.map(\.path) == ["/a"] && options.check.virtualHost == "x.test")
    #expect(options.check.tls?.serverName == "x.test")
    let other = try GenhashOptions(parsing: ["-s", "::1", "-p", "80", "-u", "/", "-P", "1.1", "-m", "7", "-t", "3"])
    #expect(other.check.version == .http1_1 && other.check.connection.mark == 7 && other.check.tls == nil)
    #expect(other.timeoutNanoseconds == 3_000_000_000)
  }

  @Test(arguments: [
    (["-h"], GenhashOptions.Failure.usage), ([], .usage), (["-x"], .usage), (["-s"], .usage),
    (["-s", "::1", "-p", "80"], .usage), (["--use"], .usage), (["--verbose=1"], .usage),
    (["-s", "bad", "-p", "80", "-u", "/"], .complaint("server should be an IP, not bad")),
    (["-s", "::1", "-p", "xx", "-u", "/"], .complaint("invalid port number 'xx'")),
    (["-s", "::1", "-p", "80", "-u", "/", "-P", "2"], .complaint("invalid HTTP protocol version '2'")),
    (["-s", "::1", "-p", "80", "-u", "/", "more"], .complaint("Unexpected argument(s): more")),
  ])
  func `what cannot be carried out`(arguments: [String], failure: GenhashOptions.Failure) {
    #expect(throws: failure) { try GenhashOptions(parsing: arguments) }
  }

  @Test func `a dump has keepalived's columns`() {
    #expect(
      HexDump.text(Array("hello 127.0.0.1 HTTP/1.0\n".utf8)) == """
        0000  68 65 6c 6c 6f 20 31 32 - 37 2e 30 2e 30 2e 31 20   hello 127.0.0.1 \("")
        0016  48 54 54 50 2f 31 2e 30 - 0a                        HTTP/1.0.       \("")

        """)
  }

  @Test func `a page over the wire, in every framing, and none`() throws {
    let chunked = try StreamServer { connection in
      _ = hear(on: connection)
      say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", on: connection)
      _ = hear(until: "never", on: connection)
    }
    #expect(try fetch(chunked.port).body == "hello")
    let plain = try StreamServer { connection in
      _ = hear(on: connection)
      say("HTTP/1.0 404 Not Found\r\n\r\ngone", on: connection)
    }
    #expect(try fetch(plain.port).body == "gone")
    let closed = try unusedPort()
    #expect(throws: ProbeFailure(.connect, .refused)) { try fetch(closed) }
    let silent = try StreamServer { connection in _ = hear(until: "never", on: connection) }
    #expect(throws: ProbeFailure(.statusLine, .timedOut)) { try fetch(silent.port) }
  }

  private func fetch(_ port: UInt16) throws -> (status: UInt16, body: String) {
    let check = HTTPCheck(connection: loopback(port), urls: [HTTPCheck.URL(path: "/")], version: .http1_1)
    var parser = HTTPResponseParser()
    var status: UInt16 = 0
    var body: [UInt8] = []
    do {
      let fetch = try PageFetch(check, timeoutNanoseconds: 300_000_000)
      try fetch.exchange(try #require(check.request(for: check.urls[0]))) { bytes throws(ProbeFailure) in
        var offset = 0
        while true {
          switch try parser.next(in: bytes, from: &offset) {
          case .needsMore: return false
          case .head(let code): status = code
          case .body(let range): for place in range { body.append(bytes.byte(at: place)) }
          case .end: return true
          }
        }
      }
    } catch PageFetch.Failure.connection(let failure) {
      throw failure
    }
    return (status, String(decoding: body, as: UTF8.self))
  }
}
