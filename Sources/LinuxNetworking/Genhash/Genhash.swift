import Glibc
import HealthCheck
import NetPrimitives
import VRRPRuntime

/// `genhash`: prints the MD5 of a page, for `digest` of a check. Options and output are those of keepalived's; see
/// genhash(1).
///
/// Two things differ: a page that could not be had is an exit status of 1 and a reason on standard error, and the body
/// of a response in chunks is what the chunks carry, as our checks read it.
public enum Genhash {
  /// Runs the command with the arguments behind its name and returns its exit status.
  public static func run(_ arguments: [String]) -> Int32 {
    let options: GenhashOptions
    do {
      options = try GenhashOptions(parsing: arguments)
    } catch {
      if case .complaint(let text) = error { write("\(text)\n", to: STDERR_FILENO) }
      write(GenhashOptions.usage, to: STDERR_FILENO)
      return 1
    }
    let begin = SystemClock.monotonic()
    let status = print(options)
    if options.isVerbose {
      let microseconds = SystemClock.monotonic().nanoseconds(since: begin) / 1000
      write("\nGlobal response time for [\(options.check.urls[0].path)] = \(microseconds) usecs\n", to: STDOUT_FILENO)
    }
    return status
  }

  private static func print(_ options: GenhashOptions) -> Int32 {
    let check = options.check
    guard let request = check.request(for: check.urls[0]) else {
      write("genhash: blanks in the url or the virtual host\n", to: STDERR_FILENO)
      return 1
    }
    var page = Page(isVerbose: options.isVerbose)
    do {
      let fetch = try PageFetch(check, timeoutNanoseconds: options.timeoutNanoseconds)
      try fetch.exchange(request) { bytes throws(ProbeFailure) in try page.take(bytes) }
      try page.close()
    } catch let failure as ProbeFailure {
      return complain(failure, isSecure: check.tls != nil)
    } catch PageFetch.Failure.connection(let failure) {
      return complain(failure, isSecure: check.tls != nil)
    } catch {
      write("genhash: \(error)\n", to: STDERR_FILENO)
      return 1
    }
    let sum = page.finish()
    if options.isVerbose {
      write("\n\(heading("   HTML hash resulting   "))\(HexDump.text(sum))", to: STDOUT_FILENO)
      write(heading("HTML hash final resulting"), to: STDOUT_FILENO)
    }
    write(sum.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "\n", to: STDOUT_FILENO)
    return 0
  }

  private static func complain(_ failure: ProbeFailure, isSecure: Bool) -> Int32 {
    let isHandshake = failure.step == .tlsHandshake
    write(isHandshake ? "SSL handshake/communication error\n" : "Connection failed\n", to: STDOUT_FILENO)
    write("genhash: \(failure)\n", to: STDERR_FILENO)
    return 1
  }

  fileprivate static func heading(_ title: String) -> String {
    "-----------------------[ \(title) ]-----------------------\n"
  }

  fileprivate static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

  fileprivate static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
      }
      guard count > 0 || errno == EINTR else { return }
      offset += max(count, 0)
    }
  }

  /// The response as it comes: its header, which is only shown, and the sum of its body.
  private struct Page {
    let isVerbose: Bool
    private var parser = HTTPResponseParser()
    private var header: [UInt8] = []
    private var hasHeader = false
    private var hasBody = false
    private var sum = MD5Sum()

    init(isVerbose: Bool) { self.isVerbose = isVerbose }

    /// True when the response is complete.
    mutating func take(_ bytes: borrowing RawSpan) throws(ProbeFailure) -> Bool {
      var offset = 0
      while true {
        let begin = offset
        let element = try parser.next(in: bytes, from: &offset)
        if !hasHeader { for place in begin..<offset { header.append(bytes.byte(at: place)) } }
        switch element {
        case .needsMore:
          return false
        case .head:
          hasHeader = true
          if isVerbose { showHeader() }
        case .body(let range):
          let content = bytes.extracting(range)
          sum.update(content)
          if isVerbose { show(content) }
        case .end:
          return true
        }
      }
    }

    mutating func close() throws(ProbeFailure) { try parser.close() }

    mutating func finish() -> [UInt8] { sum.finish() }

    private func showHeader() {
      write("\(heading("   HTTP Header Buffer   "))\(HexDump.text(header))", to: STDOUT_FILENO)
      write(heading("HTTP Header Ascii Buffer"), to: STDOUT_FILENO)
      write(header + [UInt8(ascii: "\n")], to: STDOUT_FILENO)
    }

    private mutating func show(_ content: borrowing RawSpan) {
      if !hasBody { write(heading("       HTML Buffer       "), to: STDOUT_FILENO) }
      hasBody = true
      write(HexDump.text(content.withUnsafeBytes { Array($0) }), to: STDOUT_FILENO)
    }
  }
}
