public import ConfigParser
import Glibc

/// The parser's window on this host: its files and its environment.
public struct FileSources: SourceProvider {
  /// The host's files.
  public init() {}

  /// The most it reads of one file.
  private static let byteLimit = 256 << 20

  public func read(_ path: String) throws(SourceError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.error(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.error(errno) }
    // A file that may be run is no configuration: a typing mistake that read a script would go unnoticed.
    guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o111 == 0 else { throw .notRegular }
    guard status.st_size <= Self.byteLimit else { throw .tooLarge }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: max(4096, Int(status.st_size) + 1))
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Self.error(errno) }
      if bytes.isEmpty, count == status.st_size, count < chunk.count {
        // The whole file, as a rule: there is room for one more byte, so this was the end.
        chunk.removeLast(chunk.count - count)
        return chunk
      }
      guard count > 0 else { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= Self.byteLimit else { throw .tooLarge }
    }
  }

  public func list(_ directory: String) -> [String] {
    guard let handle = opendir(directory.isEmpty ? "." : directory) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  public func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
  }

  public func random(below bound: UInt64) -> UInt64 { UInt64.random(in: 0..<bound) }

  private static func error(_ code: Int32) -> SourceError {
    switch code {
    case ENOENT, ENOTDIR: .missing
    case EACCES, EPERM: .permissionDenied
    case EISDIR: .notRegular
    default: .other(String(cString: strerror(code)))
    }
  }
}
