import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

@Suite struct LogSinkTests {
  static func read(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 100_000)
    let count = Foundation.read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }

  static func sink(to descriptor: Int32) -> LogSink {
    var configuration = LogSink.Configuration(identifier: "test")
    configuration.consoleDescriptor = descriptor
    return LogSink(configuration)
  }

  @Test func `a console line has the time, and nothing from outside can forge a second`() throws {
    let pipe = try PipeDescriptors()
    Self.sink(to: pipe.writeEnd.rawValue).write(.info, "one\ntwo\u{1b}[31m")
    let line = Self.read(pipe.readEnd.rawValue)
    #expect(line.wholeMatch(of: /\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}: one\?two\?\[31m\n/) != nil, "\(line)")
  }

  @Test func `a line is cut at a thousand bytes`() throws {
    let pipe = try PipeDescriptors()
    Self.sink(to: pipe.writeEnd.rawValue).write(.info, String(repeating: "x", count: 2000))
    #expect(Self.read(pipe.readEnd.rawValue).count { $0 == "x" } == 1000)
  }

  @Test func `lines less grave than wanted are not even made`() throws {
    let pipe = try PipeDescriptors()
    var made = 0
    Self.sink(to: pipe.writeEnd.rawValue).write(
      .debug,
      {
        made += 1
        return "x"
      }())
    #expect(made == 0)
    #expect(Self.read(pipe.readEnd.rawValue) == "")
  }

  /// The descriptor is blocking and stays so for those who share it; the sink does not wait all the same.
  @Test(.timeLimit(.minutes(20))) func `a pipe that nobody reads costs lines, not time`() throws {
    let pipe = try PipeDescriptors(isNonBlocking: false)
    let sink = Self.sink(to: pipe.writeEnd.rawValue)
    let long = String(repeating: "x", count: 900)
    for _ in 0..<200 { sink.write(.info, long) }
    #expect(sink.droppedCount > 100)
    #expect(fcntl(pipe.writeEnd.rawValue, F_GETFL) & O_NONBLOCK == 0)
    var text = Self.read(pipe.readEnd.rawValue)
    sink.write(.info, "again")
    text += Self.read(pipe.readEnd.rawValue)
    let told = text.matches(of: /: (\d+) log lines were lost\n/).compactMap { UInt64($0.1) }
    #expect(told.reduce(0, +) == sink.droppedCount)
    #expect(text.matches(of: /: x{900}\n/).count == 200 - Int(sink.droppedCount))
    #expect(text.hasSuffix(": again\n"))
  }

  @Test func `syslog gets priority, name and number, and is found again after a restart`() throws {
    let path = NSTemporaryDirectory() + "vrrpd-log-\(UUID().uuidString.prefix(8))"
    defer { unlink(path) }
    var listener = try listen(path)
    var configuration = LogSink.Configuration(identifier: "Keepalived_vrrp")
    configuration.writesConsole = false
    configuration.syslogPath = path
    configuration.facility = .local1
    let sink = LogSink(configuration)
    sink.write(.warning, "first")
    #expect(Self.read(listener) == "<140>Keepalived_vrrp[\(getpid())]: first")
    close(listener)
    unlink(path)
    sink.write(.warning, "nobody hears")
    #expect(sink.droppedCount == 1)
    listener = try listen(path)
    defer { close(listener) }
    sink.write(.info, "second")
    #expect(Self.read(listener) == "<140>Keepalived_vrrp[\(getpid())]: 1 log lines were lost")
    #expect(Self.read(listener) == "<142>Keepalived_vrrp[\(getpid())]: second")
  }

  private func listen(_ path: String) throws -> Int32 {
    let listener = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0)
    return listener
  }

  @Test func `a kind of line passes in a burst, then at its rate, and tells what was left out`() {
    var limit = LogRateLimit(burst: 2, intervalNanoseconds: 100)
    func judge(_ key: UInt64, _ time: UInt64) -> LogRateLimit.Verdict {
      limit.judge(key, now: MonotonicInstant(nanoseconds: 1000 + time))
    }
    #expect(judge(1, 0) == .pass(suppressedBefore: 0))
    #expect(judge(1, 0) == .pass(suppressedBefore: 0))
    #expect(judge(1, 0) == .suppress)
    #expect(judge(1, 99) == .suppress)
    #expect(judge(2, 99) == .pass(suppressedBefore: 0))
    #expect(judge(1, 100) == .pass(suppressedBefore: 2))
    #expect(judge(1, 150) == .suppress)
    #expect(judge(1, 1000) == .pass(suppressedBefore: 1))
    #expect(judge(1, 1000) == .pass(suppressedBefore: 0))
    #expect(judge(1, 1000) == .suppress)
    for key in UInt64(10)..<2000 { _ = judge(key, 1000) }
    #expect(judge(5000, 1000) == .suppress, "when the table is full, strangers share one allowance")
  }
}
