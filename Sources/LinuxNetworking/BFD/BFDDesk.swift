import Glibc
import NetPrimitives
import VRRPRuntime

/// The BFD process's dealings with its parent: it tells of sessions, and has dumps written.
struct BFDDesk: ~Copyable {
  private let channel: HookChannel?
  /// What could not be told yet: states, of which only the newest counts.
  private var pending: [String: SessionNews] = [:]
  private var retryAt: MonotonicInstant?
  private var files: [UInt64: OpenFile] = [:]
  private var lastNumber: UInt64 = 0
  private var buffer = [UInt8](repeating: 0, count: 256)

  /// Keeps a file open until its copy is made.
  private final class OpenFile {
    private let file: FileDescriptor
    let path: String
    init(_ file: consuming FileDescriptor, path: String) {
      self.file = file
      self.path = path
    }
  }

  /// - Parameter channel: To the parent; without one nobody is told.
  init(channel: HookChannel?) { self.channel = channel }

  /// For the reactor.
  var channelDescriptor: Int32? { channel?.descriptor.rawValue }

  /// When to call ``flush(now:)``.
  var nextDeadline: MonotonicInstant? { retryAt }

  /// Tells the parent that the configuration has been read.
  func tellRead() { if let bytes = HookRequest.configurationRead.encoded { _ = channel?.send(bytes) } }

  /// Tells the parent of a session, as soon as it listens.
  mutating func tell(_ news: SessionNews, now: MonotonicInstant) {
    pending[news.name] = news
    flush(now: now)
  }

  /// Tells what could not be told before.
  mutating func flush(now: MonotonicInstant) {
    retryAt = nil
    for (name, news) in pending {
      guard channel?.send(news.encoded) != false else {
        retryAt = now.advanced(byNanoseconds: SessionRelay.retryNanoseconds)
        return
      }
      pending[name] = nil
    }
  }

  /// Has the parent write `text` to `path`; a slow disk is nothing to wait for. Lines for the log.
  mutating func write(_ text: String, to path: String) -> [LogLine] {
    let file: FileDescriptor
    do { file = try FileDescriptor.inMemory(Array(text.utf8)) } catch {
      return [LogLine(.error, "cannot write \(path): \(error)")]
    }
    lastNumber += 1
    let request = HookRequest.copy(number: lastNumber, descriptor: file.rawValue, path: path)
    if let bytes = request.encoded, channel?.send(bytes) == true { files[lastNumber] = OpenFile(file, path: path) }
    return []
  }

  /// Reads what the parent answered. Lines for the log.
  mutating func takeReplies() -> [LogLine] {
    var lines: [LogLine] = []
    while let bytes = channel?.receive(into: &buffer) {
      guard let reply = try? HookReply(decoding: bytes), let file = files.removeValue(forKey: reply.number) else {
        continue
      }
      if reply.end != .exited(0) { lines.append(LogLine(.error, "cannot write \(file.path)")) }
    }
    return lines
  }
}
