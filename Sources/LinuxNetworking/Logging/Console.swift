import CLinuxShims
import Glibc

/// A terminal, pipe, file or socket that lines are written to without waiting.
struct Console {
  private let descriptor: Int32
  /// Our own open file description of a pipe or terminal: ours alone does not wait, those who share the other do.
  private let own: FileOwner?
  private let isSocket: Bool

  /// Keeps a ``FileDescriptor`` in a copyable value.
  private final class FileOwner {
    let file: FileDescriptor
    init(_ file: consuming FileDescriptor) { self.file = file }
  }

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    var status = stat()
    let kind = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    isSocket = kind == S_IFSOCK
    var own: FileOwner?
    if kind == S_IFIFO || kind == S_IFCHR,
      let file = try? FileDescriptor.open("/proc/self/fd/\(descriptor)", flags: O_WRONLY | O_NONBLOCK | O_NOCTTY)
    {
      own = FileOwner(file)
    }
    self.own = own
  }

  /// Writes a line with the time before it; false when it was not taken whole.
  func write(_ line: [UInt8]) -> Bool {
    var bytes = Self.timestamp()
    bytes.append(contentsOf: line)
    bytes.append(UInt8(ascii: "\n"))
    let count = bytes.withUnsafeBytes { bytes in
      if isSocket { return Int(shim_send_nowait(descriptor, bytes.baseAddress, bytes.count)) }
      if let own { return Glibc.write(own.file.rawValue, bytes.baseAddress, bytes.count) }
      // Could not be opened anew: ask before writing.
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&request, 1, 0) == 1 else { return -1 }
      return Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    }
    return count == bytes.count
  }

  /// `Sat Nov 21 03:00:00 2026: `, local time.
  static func timestamp() -> [UInt8] {
    var now = time(nil)
    var parts = tm()
    guard localtime_r(&now, &parts) != nil else { return [] }
    return [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { buffer in
        strftime(buffer.baseAddress, 64, "%a %b %e %H:%M:%S %Y: ", &parts)
      }
    }
  }
}
