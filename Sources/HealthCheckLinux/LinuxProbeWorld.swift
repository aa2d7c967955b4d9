public import HealthCheck
public import LinuxNetworking
import NetPrimitives

/// The world of a `CheckRunner` on Linux: real clock, real sockets, every kind of probe the daemon makes.
///
/// ```swift
/// let runner = CheckRunner(in: try LinuxProbeWorld(), seed: .random(in: .min ... .max))
/// for await report in runner.findings(of: definition) { … }
/// ```
/// One thread with one reactor makes all probes of a world, thousands at a time, whatever Swift's own threads do. It
/// ends with the world. OpenSSL and PCRE2 are loaded when the first probe needs them.
public final class LinuxProbeWorld: ProbeWorld, Sendable {
  /// What tools call the thread of a world.
  public static let threadName = "probes"

  private let loop: ProbeLoop

  /// A world with its thread, which may fail for want of descriptors or threads. At most `socketLimit` sockets, at
  /// least 1, are open at a time; see `ProbeTable`.
  public init(socketLimit: Int? = nil) throws(SystemCallError) {
    loop = try ProbeLoop()
    let loop = loop
    try SystemThread.start(Self.threadName) { loop.run(socketLimit: socketLimit) }
  }

  deinit { loop.stop() }

  public var now: MonotonicInstant { SystemClock.monotonic() }

  @concurrent public func sleep(until instant: MonotonicInstant) async throws {
    try await Task.sleep(for: .nanoseconds(instant.nanoseconds(since: now)), clock: .suspending)
  }

  @concurrent public func probe(_ start: ProbeStart) async -> Finding {
    let ticket = loop.nextTicket()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in loop.begin(start, ticket) { continuation.resume(returning: $0) } }
    } onCancel: {
      loop.cancel(ticket)
    }
  }

  /// What kept probes from being made and the host's owner can mend: patterns that do not compile, files that cannot be
  /// read, libraries that are not there. Each is told once.
  public func takeProblems() -> [String] { loop.takeProblems() }
}
