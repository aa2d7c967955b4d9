import CLinuxShims
import Glibc

/// Files others read while we write them anew.
enum FileCopy {
  private static let byteLimit = 256 << 20

  /// Puts the content of `source` at `path`, all at once: a reader sees the old file or the new one, never a part. A
  /// link at `path` is replaced, not followed.
  static func replace(_ path: String, with source: String) throws(SystemCallError) {
    let content = try FileReader.read(source, limit: byteLimit)
    let temporary = "\(path).\(getpid())"
    _ = unlink(temporary)
    let file = try FileDescriptor.open(temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    try file.writeAll(content)
    _ = try SystemCallError.check("rename(\(path))") { rename(temporary, path) }
  }
}

extension FileDescriptor {
  /// A file without a name that holds `content`.
  static func inMemory(_ content: [UInt8]) throws(SystemCallError) -> FileDescriptor {
    let file = try FileDescriptor("memfd_create") { shim_memory_file("vrrpd") }
    try file.writeAll(content)
    return file
  }

  /// Writes everything, in as many calls as it takes.
  fileprivate func writeAll(_ content: [UInt8]) throws(SystemCallError) {
    var rest = content
    while !rest.isEmpty {
      guard let count = try write(rest), count > 0 else { throw SystemCallError(call: "write", errno: ENOSPC) }
      rest.removeFirst(count)
    }
  }
}
